"""A question before handing in as a desk sends it, and its answer as the kernel may know it.

The answer is what an author may know: verdict, codes, places and sentences, what would mend the files,
and the mended text where it was asked for.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.asked_checks import MAX_CHECK_BYTES, AskedCheck, Mended
from output_review.intake_drafts import Both, finding_of
from output_review.intake_fields import word

MAX_CHECK_MESSAGE = MAX_CHECK_BYTES * 2
"""Of one message: base64 makes four characters of three bytes, and names stand beside them."""


def question_of(message: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, bytes], ...], str]:
    """The id, the files and the wanted remedy of a question.

    Raises:
        InvalidInputError: a field is missing or has another form.
    """
    try:
        files = tuple(
            (str(file["name"]), base64.b64decode(str(file["content"]), validate=True))
            for file in message["files"]
        )
        asked_id = message["check_id"]
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise InvalidInputError("bad_message", say("The check lacks a field.")) from error
    if not isinstance(asked_id, str):
        raise InvalidInputError("bad_message", say("The check lacks a field."))
    return asked_id, files, word(message, "remedy")


def check_answer(check: AskedCheck, both: Both) -> dict[str, Any]:
    """A question as the kernel may know it."""
    answer = check.answer
    told: dict[str, Any] = {"state": check.state.value}
    if answer is None:
        return told
    if answer.report is None:
        reason = {"reason": dict(both(answer.reason))} if answer.reason else {}
        return {**told, "verdict": "", "code": answer.code, **reason}
    report = answer.report
    return {
        **told,
        "verdict": report.verdict.value,
        "files": [{"name": file.path, "verdict": file.verdict.value} for file in report.files],
        "findings": [
            finding_of(file.path, finding, both) for file in report.files for finding in file.findings
        ],
        "remedies": [_remedy(mended, check, both) for mended in answer.remedies],
    }


def _remedy(mended: Mended, check: AskedCheck, both: Both) -> dict[str, Any]:
    wanted = {"text": mended.text} if mended.kind == check.remedy else {}
    return {
        "kind": mended.kind,
        "file": mended.file,
        "message": dict(both(mended.message)),
        "verdict": mended.report.verdict.value,
        "left": sorted({finding.rule for file in mended.report.files for finding in file.findings}),
        **wanted,
    }
