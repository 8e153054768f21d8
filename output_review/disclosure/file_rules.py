"""What kind of file may be examined at all, and how large it may be.

1. A kind that no rule can read is refused: what was not examined does not leave.
2. A file with nothing in it was not examined either.
3. Size and number of rows are limited by the policy; a result has few rows.
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import READABLE, FileKind

UNKNOWN_FORMAT = "FILE.unknown_format"
UNREADABLE = "FILE.unreadable"
TOO_LARGE = "FILE.too_large"
TOO_MANY_ROWS = "FILE.too_many_rows"
EMPTY = "FILE.empty"


def check_file(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Refuse a file that no rule can judge."""
    kind = examined.file.kind
    text = examined.file.text
    if kind is FileKind.UNREADABLE:
        yield Finding(
            UNREADABLE,
            Severity.REJECT,
            Place(),
            say("The file cannot be read as text of its format."),
            say("Save it again as UTF-8 text without control characters."),
        )
    elif kind is FileKind.TOO_LARGE or len(text.encode()) > policy.max_file_bytes:
        yield Finding(
            TOO_LARGE,
            Severity.REJECT,
            Place(),
            say("The file is larger than {limit} bytes.", limit=policy.max_file_bytes),
            say("Send the results only, in a smaller file."),
        )
    elif kind not in READABLE:
        yield Finding(
            UNKNOWN_FORMAT,
            Severity.REJECT,
            Place(),
            say("Files of this format cannot be checked, so they cannot leave."),
            say("Send tables as csv, tsv or json and text as txt or md."),
        )
    elif not text.strip():
        yield Finding(
            EMPTY, Severity.REJECT, Place(), say("The file is empty; nothing in it could be checked.")
        )
    elif kind is not FileKind.TEXT and sum(len(table.rows) for table in examined.tables) > policy.max_rows:
        yield Finding(
            TOO_MANY_ROWS,
            Severity.REJECT,
            Place(),
            say("The table has more than {limit} rows.", limit=policy.max_rows),
            say("Send a table of groups; results have few rows."),
        )
