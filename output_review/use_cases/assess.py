"""The platform's own steps before people look: canonical bytes, then the automatic checks.

Each step is stored with its event in one transaction and only if the request is still as it
was when the work began, so a step that was done twice, or after a withdrawal, changes nothing.
Whatever cannot be read, or cannot be checked, stops here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import Sentence, say
from enclave.use_cases.propose import adopted_policy
from output_review.asked_checks import Mended
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.history_rules import ALERTS
from output_review.disclosure.reports import Report
from output_review.permissions import PLATFORM
from output_review.ports import ReviewWork
from output_review.requests import (
    RECORD_NAME,
    Assessment,
    CanonicalForm,
    ReleaseRequest,
    SubmittedFile,
    leaving_names,
)
from output_review.use_cases.moves import make_step
from output_review.use_cases.standing import get_request
from output_review.workflow import State

_KINDS = {"csv": "table", "text": "text", "picture": "figure"}
"""A canonical kind to the output kind that a permit names."""
MAX_LEAVING = 60
"""Files that one request may become."""

Made = Sequence[tuple[CanonicalForm, str]]
"""What one upload became: each form with the ending under which it leaves."""


def store_canonical(
    work: ReviewWork, read: ReleaseRequest, made: Sequence[Made], image: str
) -> ReleaseRequest:
    """The request with its canonical digests, waiting for its author.

    ``made`` says for each upload, in their order, what it became.
    """
    request = unchanged(work, read)
    permit = work.register.find_permit(request.project)
    allowed = permit.output_kinds if permit else ()
    kinds = [_KINDS.get(form.kind) for forms in made for form, _ in forms]
    if len(made) != len(request.files) or not all(made) or any(kind not in allowed for kind in kinds):
        return refuse(
            work, read, "kind_not_permitted", say("The project's permit does not allow this kind of output.")
        )
    files = tuple(
        file for sent, forms in zip(request.files, made, strict=True) for file in _become(sent, forms)
    )
    if len(files) > MAX_LEAVING:
        return refuse(
            work,
            read,
            "too_many_tables",
            say(
                "Together the files hold more than {limit} tables and pictures. Hand in fewer.",
                limit=MAX_LEAVING,
            ),
        )
    if len({file.name.casefold() for file in files} | {RECORD_NAME}) != len(files) + 1:
        return refuse(work, read, "same_name", say("Two files would leave under the same name. Rename one."))
    became: list[Value] = [
        {"upload": f.sha256, "canonical": form.sha256, "kind": form.kind, "size": form.size}
        for f in files
        if (form := f.canonical)
    ]
    dropped: list[Value] = [list(f.canonical.dropped) for f in files if f.canonical]
    return make_step(
        work,
        request,
        State.AWAITING_AUTHOR,
        facts={"files": became, "reader": image},
        body={"dropped": dropped},
        files=files,
        reader_image=image,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks made of a request: the report, what would mend it, and what its files state."""

    report: Report
    stated: tuple[StatedFile, ...] = ()
    version: str = ""
    """Of the extract the checks compared with."""
    remedies: tuple[Mended, ...] = ()


def _become(sent: SubmittedFile, forms: Made) -> list[SubmittedFile]:
    """The files that one upload became, each with the name under which it would leave."""
    names = leaving_names(sent.name, [suffix for _, suffix in forms])
    return [
        replace(sent, name=name, canonical=form, upload="" if name == sent.name else sent.name)
        for name, (form, _) in zip(names, forms, strict=True)
    ]


def moment_after(since: datetime, now: datetime, every: timedelta) -> datetime:
    """The first whole multiple of ``every`` after ``since`` that is not before ``now``; 0 is now itself."""
    if every <= timedelta(0):
        return now
    return since + every * max(1, -(-(now - since) // every))


def store_report(
    work: ReviewWork,
    read: ReleaseRequest,
    checked: Checked,
    policy_digest: str,
    *,
    told_at: datetime | None = None,
) -> ReleaseRequest:
    """The request after the checks: with the checkers, or back with its author.

    What its files state is kept with it: who asks again and again is seen, whatever leaves.
    ``told_at`` is the time that stands on the request; without one it is now.

    Raises:
        ConflictError: the checks ran under a policy that is not the adopted one.
        InvalidInputError: the report speaks of other files.
    """
    request, report = unchanged(work, read), checked.report
    if not policy_digest or policy_digest != adopted_policy(work):
        raise ConflictError("policy_not_adopted", say("The policy files are not those that were adopted."))
    if [f.path for f in report.files] != [f.name for f in request.files]:
        raise InvalidInputError("other_files", say("The checks did not speak of exactly these files."))
    assessment = Assessment(policy_digest, report, work.now, checked.remedies)
    work.requests.put_assessment(request.id, request.project, assessment)
    work.numbers.put_asked(request.id, request.project, checked.version, checked.stated, work.now)
    found = [f for file in report.files for f in file.findings]
    facts: dict[str, Value] = {
        "policy": policy_digest,
        "verdict": report.verdict.value,
        "rules": sorted({f.rule for f in found}),
        "findings": len(found),
    }
    _alert(work, request, report)
    changes: dict[str, Any] = {"policy_digest": policy_digest, "changed_at": told_at or work.now}
    if assessment.stops:
        code, reason = "findings", say("The checks found something to change. Each finding says where.")
        return make_step(work, request, State.RETURNED, facts=facts, code=code, reason=reason, **changes)
    return make_step(work, request, State.IN_REVIEW, facts=facts, **changes)


def _alert(work: ReviewWork, request: ReleaseRequest, report: Report) -> None:
    """Who seems to search is on the record, for the checkers of the project."""
    rules = sorted({f.rule for file in report.files for f in file.findings} & ALERTS)
    if rules:
        facts: dict[str, Value] = {"rules": [*rules], "round": request.round}
        work.record(
            EventDraft(
                Kind.REQUEST_ALERTED,
                person=PLATFORM.username,
                project=request.project,
                subject=request.id,
                facts=facts,
            )
        )


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
