"""Approved files go through the door: intent, effect, outcome.

1. ``intend``: in one transaction both reviewers' eligibility, the digests and the policy are
   asked anew; then the release, with the exact bytes of its record, is stored and recorded.
2. The effect: the package is made from that record and the vault's canonical bytes, put into
   the vault, read back and verified. It can be repeated: the same release is the same bytes.
3. ``finish``: in one transaction everything is asked again; only then the request is
   released, with the package's digest in ``release.done``.

Whoever lost eligibility in between takes the release back to the checkers: ``undo``.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Permit, require
from enclave.errors import ConflictError, TamperedError
from enclave.sentences import say
from enclave.use_cases.propose import adopted_policy
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.record import sdc_records
from output_review.disclosure.reports import finding_as_mapping
from output_review.permissions import PLATFORM, Facts, lost_reviews, may_release
from output_review.ports import FileVault, ReviewWork
from output_review.releases import Release, ReleaseState, make_package, make_record
from output_review.requests import CanonicalForm, ReleaseRequest, SubmittedFile
from output_review.reviews import Review, outcome
from output_review.use_cases.assess import check_again, unchanged
from output_review.use_cases.moves import make_release_move, make_step
from output_review.use_cases.own import check_compared
from output_review.use_cases.standing import facts_of
from output_review.workflow import State


def intend(work: ReviewWork, read: ReleaseRequest, made_with: Mapping[str, Value]) -> Release | None:
    """The release that is about to happen, or None when it went back.

    ``made_with`` goes into the record: extract and image digests.
    """
    request = unchanged(work, read)
    check_compared(work, request)
    known = work.releases.find(request.id)
    if known is not None and known.state is ReleaseState.INTENDED:
        return known
    permit = _ask(work, request)
    if permit is None:
        return None
    attempt = known.attempt + 1 if known else 1
    release = _plan(work, request, made_with, attempt)
    work.releases.put(release)
    work.record(
        EventDraft(
            Kind.RELEASE_INTENDED,
            person=permit.person.username,
            project=request.project,
            subject=request.id,
            facts={
                "attempt": attempt,
                "record": hashlib.sha256(release.record).hexdigest(),
                "files": [sha256 for _, sha256 in release.files],
                "reviewers": list(release.reviewers),
                "policy": request.policy_digest,
            },
        )
    )
    return release


def package(vault: FileVault, release: Release) -> tuple[str, int]:
    """The digest and size of the package, which is in the vault and was read back.

    Raises:
        TamperedError: what the vault holds is not what was approved, or not what was written.
    """
    files = {name: vault.get(release.project, sha256) for name, sha256 in release.files}
    content = make_package(release.record, files)
    digest = vault.put(release.project, content)
    if digest != hashlib.sha256(content).hexdigest() or vault.get(release.project, digest) != content:
        raise TamperedError(
            "other_package", say("The stored package is not the released one. Tell the operator.")
        )
    return digest, len(content)


def finish(
    work: ReviewWork,
    read: ReleaseRequest,
    release: Release,
    digest: str,
    size: int,
    stated: Sequence[StatedFile] = (),
) -> ReleaseRequest | None:
    """The released request; or None when it went back because somebody lost eligibility.

    What the files that leave state of persons is kept in the same transaction, under the version of the
    extract that the release was made with: no number is out that history does not know.
    """
    request = unchanged(work, read)
    stored = work.releases.find(request.id)
    if stored != release or release.state is not ReleaseState.INTENDED:
        raise ConflictError("other_release", say("Another release of this request is under way."))
    permit = _ask(work, request, intended=release)
    if permit is None:
        return None
    released, leaf = make_release_move(
        work,
        permit,
        request,
        facts={
            "attempt": release.attempt,
            "package": digest,
            "size": size,
            "files": [sha256 for _, sha256 in release.files],
            "reviewers": list(release.reviewers),
            "policy": request.policy_digest,
            "record": hashlib.sha256(release.record).hexdigest(),
        },
    )
    work.numbers.put_released(request.id, request.project, _version(release), stated, work.now)
    done = replace(release, state=ReleaseState.DONE, package_sha256=digest, package_size=size, leaf=leaf)
    work.releases.put(done)
    return released


def _version(release: Release) -> str:
    """The version of the extract, as the release's own record names it."""
    extract = json.loads(release.record).get("extract") or {}
    return str(extract.get("version", ""))


def undo(work: ReviewWork, release: Release, code: str) -> None:
    """The intent is closed without effect, on the record."""
    work.releases.put(replace(release, state=ReleaseState.UNDONE))
    work.record(
        EventDraft(
            Kind.RELEASE_UNDONE,
            person=PLATFORM.username,
            project=release.project,
            subject=release.request_id,
            facts={"attempt": release.attempt, "code": code},
        )
    )


def _ask(work: ReviewWork, request: ReleaseRequest, intended: Release | None = None) -> Permit | None:
    """The permit to release; without one the request is sent back where it belongs."""
    reviews = work.reviews.of(request.id)
    facts = _reviewer_facts(work, request, reviews)
    decision = may_release(request, reviews, facts, adopted_policy(work))
    if decision.allowed and (intended is None or _same(request, reviews, intended)):
        return require(decision)
    if request.state is not State.APPROVED:
        raise ConflictError("not_now", say("Only an approved request can be released."))
    code = decision.refusals[0].code if decision.refusals else "other_files"
    if intended is not None:
        undo(work, intended, code)
    if code == "policy_changed":
        check_again(work, request)
    else:
        _send_back(work, request, lost_reviews(request, reviews, facts), code)
    return None


def _send_back(work: ReviewWork, request: ReleaseRequest, lost: tuple[Review, ...], code: str) -> None:
    """To the checkers again, without the reviews whose makers may not check any more."""
    for review in lost:
        work.reviews.make_void(review.id, "not_eligible")
    make_step(work, request, State.IN_REVIEW, facts={"code": code, "void": [review.id for review in lost]})


def _same(request: ReleaseRequest, reviews: tuple[Review, ...], release: Release) -> bool:
    decision = outcome(reviews, request)
    leaving = tuple(sha256 for _, sha256 in release.files)
    return set(leaving) == decision.approved and set(release.reviewers) == set(decision.reviewers)


def _reviewer_facts(
    work: ReviewWork, request: ReleaseRequest, reviews: tuple[Review, ...]
) -> dict[str, Facts]:
    names = {review.reviewer for review in reviews}
    return {name: facts_of(work, name, request.project, request.author) for name in sorted(names)}


def _plan(work: ReviewWork, request: ReleaseRequest, made_with: Mapping[str, Value], attempt: int) -> Release:
    decision = outcome(work.reviews.of(request.id), request)
    leaving = tuple(
        (f.name, f.canonical.sha256)
        for f in request.files
        if f.canonical and f.canonical.sha256 in decision.approved
    )
    return Release(
        request_id=request.id,
        project=request.project,
        state=ReleaseState.INTENDED,
        record=make_record(_record(work, request, leaving, decision.reviewers, made_with)),
        files=leaving,
        reviewers=decision.reviewers,
        intended_at=work.now,
        attempt=attempt,
    )


def _record(
    work: ReviewWork,
    request: ReleaseRequest,
    leaving: tuple[tuple[str, str], ...],
    reviewers: tuple[str, ...],
    made_with: Mapping[str, Value],
) -> dict[str, Value]:
    """What travels with the files. It holds nothing that only checkers may know."""
    permit = work.register.find_permit(request.project)
    assessment = work.requests.find_assessment(request.id)
    report = assessment.report.for_author() if assessment else None
    names = {name for name, _ in leaving}
    findings: list[Value] = [
        {"file": file.path, **finding_as_mapping(f)}
        for file in (report.files if report else ())
        if file.path in names
        for f in file.findings
    ]
    files: list[Value] = [
        _as_record(f, f.canonical) for f in request.files if f.canonical and f.name in names
    ]
    digests = {f.name: f.canonical.sha256 for f in request.files if f.canonical and f.name in names}
    versions = {"reader": request.reader_image, "extract": _extract_version(made_with)}
    records: list[Value] = [*sdc_records(report, digests, versions)] if report else []
    return {
        "request": request.id,
        "round": request.round,
        "replaces": request.replaces,
        "project": request.project,
        "author": request.author,
        "title": request.title,
        "what_it_shows": request.what_it_shows,
        "purpose": permit.purpose if permit else "",
        "files": files,
        "findings": findings,
        "sdc": records,
        "profile": (report.profile if report else "") or "",
        "policy_digest": request.policy_digest,
        "reviewers": list(reviewers),
        "reader_image": request.reader_image,
        "decided_at": work.now.isoformat(),
        **made_with,
    }


def _as_record(file: SubmittedFile, form: CanonicalForm) -> Value:
    return {
        "name": file.name,
        "sha256": form.sha256,
        "upload_sha256": file.sha256,
        "kind": form.kind,
        "dropped": list(form.dropped),
    }


def _extract_version(made_with: Mapping[str, Value]) -> str:
    extract = made_with.get("extract")
    return str(extract.get("version", "")) if isinstance(extract, dict) else ""
