"""A reader's answer, taken as what a stranger says: only codes and numbers of ours pass.

The reader parsed an upload and may have been taken over by it, and its words are shown outside
the sealed rooms. So no text of it is: a code is looked up in ``REASONS``, a sentence is kept
only as our own template and the numbers in it, and what it dropped is a short list of codes.
The digest and the size of the canonical bytes are computed here, never believed.
"""

import hashlib
import json
import re
from typing import Any

from enclave.sentences import Sentence, say
from output_review.ports import ReaderAnswer
from output_review.requests import MAX_FILE_BYTES, CanonicalForm

MAX_RESULT_BYTES = 65_536
KINDS = frozenset({"csv", "text"})
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}(?::[0-9]{1,6})?")
_GAP = re.compile(r"\\\{([a-z]+)\\\}")

FAILED = say("The file could not be read.")
TOO_SLOW = say("Reading takes too long. Make the file smaller and simpler.")
REASONS: dict[str, Sentence] = {
    "format_refused": say("This kind of file is not accepted. Use csv, txt or md."),
    "job_unreadable": say("The description of the file cannot be read. Submit it again."),
    "not_a_file": say("This is not a regular file."),
    "too_large": say("The file is too large (at most {limit} bytes). Aggregate it."),
    "too_many_rows": say("There are too many rows (at most {limit}). Aggregate them."),
    "too_many_columns": say("There are too many columns (at most {limit})."),
    "cell_too_long": say("Row {row} has a cell that is too long (at most {limit} characters)."),
    "too_slow": TOO_SLOW,
    "empty": say("The file is empty."),
    "encoding": say("The text is neither UTF-8 nor CP932 (Shift_JIS)."),
    "control_character": say("Row {row} holds a control character (U+{point}). Remove it."),
    "quoting": say("Near row {row} the quotation marks are not closed correctly."),
    "line_break_in_cell": say("Row {row} has a line break inside a cell. Write one record per line."),
    "ragged_row": say("Row {row} has {found} columns; the header has {expected}."),
    "blank_header": say("Column {column} has no name in the header."),
    "duplicate_header": say("Column {column} has the same name as an earlier column."),
    "separator": say("The cells do not seem to be separated by commas. Use commas."),
    "reader_failed": FAILED,
}


def refused(code: str = "reader_failed") -> ReaderAnswer:
    """A refusal of ours, in general words."""
    known = REASONS.get(code)
    plain = known if known is not None and "{" not in known.text else FAILED
    return ReaderAnswer(None, code=code if known else "reader_failed", reason=plain)


def parse_answer(result: bytes, content: bytes | None) -> ReaderAnswer:
    """What a reader's ``result.json`` and canonical bytes amount to; doubt is a refusal."""
    try:
        answer: Any = json.loads(result)
        if answer["ok"] is True and content is not None:
            return _admitted(answer, content)
        if answer["ok"] is False:
            return _refusal(str(answer["code"]), str(answer["en"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return refused()


def _admitted(answer: dict[str, Any], content: bytes) -> ReaderAnswer:
    rows, columns, dropped = answer["rows"], answer["columns"], answer["dropped"]
    counts = all(type(number) is int and 0 <= number <= MAX_FILE_BYTES for number in (rows, columns))
    codes = isinstance(dropped, list) and len(dropped) <= 20 and all(_is_code(code) for code in dropped)
    if answer["kind"] not in KINDS or not counts or not codes or not 0 < len(content) <= MAX_FILE_BYTES:
        return refused()
    content.decode("utf-8")
    form = CanonicalForm(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        kind=answer["kind"],
        rows=rows,
        columns=columns,
        dropped=tuple(dropped),
    )
    return ReaderAnswer(form, content)


def _is_code(text: object) -> bool:
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def _refusal(code: str, english: str) -> ReaderAnswer:
    template = REASONS.get(code)
    if template is None:
        return refused()
    pattern = _GAP.sub(r"(?P<\1>[0-9A-F]{1,8})", re.escape(template.text))
    match = re.fullmatch(pattern, english)
    if match is None:
        return refused(code)
    values = {name: int(text) if text.isdecimal() else text for name, text in match.groupdict().items()}
    return ReaderAnswer(None, code=code, reason=Sentence(template.text, values))
