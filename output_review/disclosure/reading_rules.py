"""What the reader noticed, as findings.

1. Each sign of the reader is a finding ``FILE.<sign>`` with the sign's weight.
2. A file from which something was dropped that people wrote or computed is a REVIEW, once: what
   was dropped stands on its page in words.
3. A picture is a REVIEW, because no rule can judge a figure without its numbers.
4. A file that a reader refused is a REJECT, with the reader's reason.
"""

from collections.abc import Iterator

from enclave.sentences import Sentence, say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.submissions import FileKind
from output_review.readings.codes import split_code
from output_review.readings.dropped import held_content
from output_review.readings.refusals import FAILED
from output_review.readings.signs import SIGNS

HIDDEN_CONTENT = "FILE.hidden_content"
PICTURE = "FILE.picture"


def check_reading(examined: ExaminedFile) -> Iterator[Finding]:
    """Every sign of the reader, and what follows from what it left out."""
    file = examined.file
    if file.kind is FileKind.REFUSED:
        code, words = file.refusal or ("reader_failed", FAILED)
        yield Finding(f"FILE.{code}", Severity.REJECT, Place(), words)
    for said in file.signs:
        code, count = split_code(said)
        sign = SIGNS[code]
        gaps = {"n": count} if "{n}" in sign.message.text else {}
        message = Sentence(sign.message.text, gaps)
        yield Finding(f"FILE.{code}", Severity(sign.weight.value), Place(), message, sign.remedy)
    if held_content(file.dropped):
        yield Finding(
            HIDDEN_CONTENT,
            Severity.REVIEW,
            Place(),
            say("The file held more than what leaves. What was left out is listed with it."),
        )
    if file.kind is FileKind.PICTURE:
        yield Finding(
            PICTURE,
            Severity.REVIEW,
            Place(),
            say("People judge a picture; the rules for tables cannot see its numbers."),
            say("Send the table of numbers behind the figure as a csv beside it."),
        )
