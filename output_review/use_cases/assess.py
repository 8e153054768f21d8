"""The platform's own steps before people look: canonical bytes, then the automatic checks.

Each step is stored with its event in one transaction and only if the request is still as it
was when the work began, so a step that was done twice, or after a withdrawal, changes nothing.
Whatever cannot be read, or cannot be checked, stops here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from enclave.audit.canonical import Value
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import Sentence, say
from enclave.use_cases.propose import adopted_policy
from output_review.disclosure.reports import Report
from output_review.ports import ReviewWork
from output_review.requests import Assessment, CanonicalForm, ReleaseRequest
from output_review.use_cases.moves import make_step
from output_review.use_cases.standing import get_request
from output_review.workflow import State

_KINDS = {"csv": "table", "text": "text"}
"""A canonical kind to the output kind that a permit names."""


def store_canonical(
    work: ReviewWork, read: ReleaseRequest, forms: Sequence[CanonicalForm], image: str
) -> ReleaseRequest:
    """The request with its canonical digests, waiting for its author."""
    request = unchanged(work, read)
    permit = work.register.find_permit(request.project)
    allowed = permit.output_kinds if permit else ()
    if any(_KINDS.get(form.kind) not in allowed for form in forms) or len(forms) != len(request.files):
        return refuse(
            work, read, "kind_not_permitted", say("The project's permit does not allow this kind of output.")
        )
    files = tuple(replace(f, canonical=form) for f, form in zip(request.files, forms, strict=True))
    made: list[Value] = [
        {"upload": f.sha256, "canonical": form.sha256, "kind": form.kind, "size": form.size}
        for f, form in zip(files, forms, strict=True)
    ]
    dropped: list[Value] = [list(form.dropped) for form in forms]
    return make_step(
        work,
        request,
        State.AWAITING_AUTHOR,
        facts={"files": made, "reader": image},
        body={"dropped": dropped},
        files=files,
        reader_image=image,
    )


def moment_after(since: datetime, now: datetime, every: timedelta) -> datetime:
    """The first whole multiple of ``every`` after ``since`` that is not before ``now``; 0 is now itself."""
    if every <= timedelta(0):
        return now
    return since + every * max(1, -(-(now - since) // every))


def store_report(
    work: ReviewWork,
    read: ReleaseRequest,
    report: Report,
    policy_digest: str,
    *,
    told_at: datetime | None = None,
) -> ReleaseRequest:
    """The request after the checks: with the checkers, or back with its author.

    ``told_at`` is the time that stands on the request; without one it is now.

    Raises:
        ConflictError: the checks ran under a policy that is not the adopted one.
        InvalidInputError: the report speaks of other files.
    """
    request = unchanged(work, read)
    if not policy_digest or policy_digest != adopted_policy(work):
        raise ConflictError("policy_not_adopted", say("The policy files are not those that were adopted."))
    if [f.path for f in report.files] != [f.name for f in request.files]:
        raise InvalidInputError("other_files", say("The checks did not speak of exactly these files."))
    assessment = Assessment(policy_digest, report, work.now)
    work.requests.put_assessment(request.id, request.project, assessment)
    found = [f for file in report.files for f in file.findings]
    facts: dict[str, Value] = {
        "policy": policy_digest,
        "verdict": report.verdict.value,
        "rules": sorted({f.rule for f in found}),
        "findings": len(found),
    }
    changes: dict[str, Any] = {"policy_digest": policy_digest, "changed_at": told_at or work.now}
    if assessment.stops:
        code, reason = "findings", say("The checks found something to change. Each finding says where.")
        return make_step(work, request, State.RETURNED, facts=facts, code=code, reason=reason, **changes)
    return make_step(work, request, State.IN_REVIEW, facts=facts, **changes)


def refuse(work: ReviewWork, read: ReleaseRequest, code: str, reason: Sentence) -> ReleaseRequest:
    """The request, stopped for good, with a code; the author hands in anew."""
    request = unchanged(work, read)
    return make_step(work, request, State.REFUSED, facts={"code": code}, code=code, reason=reason)


def check_again(work: ReviewWork, read: ReleaseRequest) -> ReleaseRequest:
    """The request, back at the checks because another policy was adopted; its reviews are void."""
    request = unchanged(work, read)
    for review in work.reviews.of(request.id):
        if not review.void:
            work.reviews.make_void(review.id, "policy_changed")
    return make_step(work, request, State.CHECKING, facts={"code": "policy_changed"})


def unchanged(work: ReviewWork, read: ReleaseRequest) -> ReleaseRequest:
    """The request as stored, which must be the one the work was done on.

    Raises:
        ConflictError: somebody changed it meanwhile.
    """
    request = get_request(work, read.id)
    if (request.version, request.state) != (read.version, read.state):
        raise ConflictError("stale", say("The request changed meanwhile. Read it again."))
    return request
