"""A hand-in as a desk announces it, and the answer a kernel may know of it.

The answer is the author's view: codes, places and sentences, and nothing of the reviews.
"""

from collections.abc import Callable, Mapping
from typing import Any

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say
from output_review.disclosure.findings import Finding
from output_review.disclosure.reports import place_as_mapping
from output_review.requests import Draft
from output_review.use_cases.read import RequestPage

Both = Callable[[Sentence], Mapping[str, str]]
"""A sentence as ``{"ja", "en"}``."""


def draft_of(message: Mapping[str, Any]) -> Draft:
    """The draft that a message announces.

    Raises:
        InvalidInputError: a field is missing or has another form.
    """
    try:
        files = tuple((file["name"], file["size"], file["sha256"]) for file in message["files"])
        words = (message["draft_id"], message["title"], message["what_it_shows"])
        replaces = message.get("replaces") or ""
        sql = tuple((message.get("sql") or {}).items())
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise InvalidInputError("bad_message", say("The draft lacks a field.")) from error
    texts = (
        *words,
        replaces,
        *(text for one in sql for text in one),
        *(text for name, _, sha256 in files for text in (name, sha256)),
    )
    if not all(isinstance(text, str) for text in texts) or not all(type(size) is int for _, size, _ in files):
        raise InvalidInputError("bad_message", say("A field of the draft has another form."))
    return Draft(*words, files=files, replaces=replaces, sql=sql)


def finding_of(path: str, finding: Finding, both: Both) -> dict[str, Any]:
    """One finding as the kernel may know it."""
    return {
        "file": path,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": place_as_mapping(finding.where),
        "message": dict(both(finding.message)),
        **({"remedy": dict(both(finding.remedy))} if finding.remedy else {}),
    }


def answer_of(page: RequestPage, both: Both) -> dict[str, Any]:
    """One request as the kernel may know it."""
    request, found = page.request, page.report.files if page.report else ()
    verdicts = {file.path: file.verdict.value for file in found}
    findings = [finding_of(file.path, finding, both) for file in found for finding in file.findings]
    return {
        "request_id": request.id,
        "draft_id": request.draft_id,
        "title": request.title,
        "state": request.state.value,
        "round": request.round,
        "files": [
            {
                "name": f.name,
                **({"verdict": verdicts[f.name]} if f.name in verdicts else {}),
                **({"released": f.name in page.released_files} if page.release else {}),
            }
            for f in request.files
        ],
        "findings": findings,
        **({"code": request.code} if request.code else {}),
        **({"reason": dict(both(request.reason))} if request.reason else {}),
        **({"comment": request.return_comment} if request.return_comment else {}),
        **({"comments": list(page.comments)} if page.comments else {}),
    }
