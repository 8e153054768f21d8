"""A researcher hands files in: a draft is announced, its files arrive, it is complete.

Every step may be repeated: the same draft id of the same person in the same project is the
same request, and a file that arrived once is not taken twice. What was announced cannot be
changed; another content is another draft. The vault has the bytes before the database says
that they arrived, so nothing that was acknowledged is ever missing.
"""

import hashlib
from dataclasses import replace

from enclave.actions import Action
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Permit, require
from enclave.display import CEILING, DisplayRules
from enclave.errors import ConflictError, DeniedError, InvalidInputError, NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from output_review.permissions import may_act, may_hand_in
from output_review.ports import FileVault, ReviewWork, ReviewWorks
from output_review.requests import Draft, ReleaseRequest, SubmittedFile, check_draft, request_id_for
from output_review.use_cases.author_sight import words_fit
from output_review.use_cases.moves import make_move
from output_review.use_cases.standing import facts_of, get_request, request_facts
from output_review.workflow import CLOSED, State

OPEN_REQUESTS_ALLOWED = 20
"""Requests of one person and project that may be open at once."""


def begin_draft(
    work: ReviewWork, person: Person, project: str, draft: Draft, rules: DisplayRules = CEILING
) -> ReleaseRequest:
    """The request this draft is, made now unless it was made before.

    Raises:
        ConflictError: the draft id was used for other content, too many are open, or its words are
            more than what the author may be shown now.
    """
    permit = require(may_hand_in(person, project, facts_of(work, person.username, project)))
    check_draft(draft)
    known = work.requests.find(request_id_for(person.username, project, draft.draft_id))
    if known is not None:
        if _announced(known) == draft:
            return known
        raise ConflictError(
            "draft_changed", say("This draft was announced with other content. Make a new request.")
        )
    words_fit(work, rules, permit.person.username, project, draft)
    return _begin(work, permit, project, draft)


def _announced(request: ReleaseRequest) -> Draft:
    return Draft(
        request.draft_id,
        request.title,
        request.what_it_shows,
        tuple((f.sent_as, f.size, f.sha256) for f in request.uploads()),
        request.replaces,
        request.sql,
    )


def _begin(work: ReviewWork, permit: Permit, project: str, draft: Draft) -> ReleaseRequest:
    author = permit.person.username
    account = work.register.find_account(author)
    mine = [r for r in work.requests.of_author(author) if r.project == project]
    if sum(r.state not in CLOSED for r in mine) >= OPEN_REQUESTS_ALLOWED:
        raise ConflictError(
            "too_many_open",
            say("You have {limit} open requests. Withdraw one or wait.", limit=OPEN_REQUESTS_ALLOWED),
        )
    request = ReleaseRequest(
        id=request_id_for(author, project, draft.draft_id),
        draft_id=draft.draft_id,
        project=project,
        author=author,
        author_organisation=account.organisation if account else "",
        title=draft.title,
        what_it_shows=draft.what_it_shows,
        files=tuple(SubmittedFile(name, size, sha256) for name, size, sha256 in draft.files),
        state=State.DRAFT,
        created_at=work.now,
        changed_at=work.now,
        round=_round_after(mine, draft.replaces),
        replaces=draft.replaces,
        sql=draft.sql,
    )
    work.requests.add(request)
    uploads: list[Value] = [{"sha256": f.sha256, "size": f.size} for f in request.files]
    work.record(
        EventDraft(
            Kind.REQUEST_HANDED_IN,
            person=author,
            project=project,
            subject=request.id,
            facts={"step": "announced", "round": request.round, "replaces": draft.replaces, "files": uploads},
            body={
                "title": request.title,
                "what_it_shows": request.what_it_shows,
                "names": [f.name for f in request.files],
                "sql": dict(request.sql),
            },
        )
    )
    return request


def _round_after(mine: list[ReleaseRequest], replaces: str) -> int:
    if not replaces:
        return 1
    before = next((r for r in mine if r.id == replaces), None)
    if before is None or before.state not in CLOSED - {State.RELEASED}:
        raise ConflictError(
            "cannot_replace", say("Only a request of yours that was closed unreleased can be replaced.")
        )
    if any(r.replaces == replaces and r.state is not State.WITHDRAWN for r in mine):
        raise ConflictError(
            "replaced_already", say("That request was replaced already. Replace the later one.")
        )
    return before.round + 1


def add_file(
    works: ReviewWorks,
    vault: FileVault,
    person: Person,
    project: str,
    draft_id: str,
    index: int,
    content: bytes,
) -> None:
    """One announced file has arrived, if its bytes are the announced ones; twice is once.

    Raises:
        InvalidInputError: other bytes than were announced.
    """
    with works.read() as work:
        file = _file_of(_draft_of(work, person, project, draft_id), index)
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise InvalidInputError(
            "other_bytes", say("File {n} is not what was announced. Send it again.", n=index + 1)
        )
    if file.received:
        return
    vault.put(project, content)
    with works.begin() as work:
        request = _draft_of(work, person, project, draft_id)
        if _file_of(request, index).received:
            return
        require(may_act(person, request, Action.HAND_IN, request_facts(work, person, request)))
        files = list(request.files)
        files[index] = replace(files[index], received=True)
        work.requests.put(replace(request, files=tuple(files), changed_at=work.now))
        work.record(
            EventDraft(
                Kind.REQUEST_HANDED_IN,
                person=person.username,
                project=project,
                subject=request.id,
                facts={"step": "file", "index": index, "sha256": file.sha256, "size": file.size},
            )
        )


def complete_draft(work: ReviewWork, person: Person, project: str, draft_id: str) -> ReleaseRequest:
    """The request, handed in. A request that was handed in before is returned as it stands.

    Raises:
        ConflictError: files are missing.
    """
    request = _draft_of(work, person, project, draft_id)
    if request.state is not State.DRAFT:
        return request
    if missing := request.missing():
        raise ConflictError("files_missing", say("{n} files have not arrived. Send them.", n=len(missing)))
    permit = require(may_act(person, request, Action.HAND_IN, request_facts(work, person, request)))
    return make_move(work, permit, request, State.HANDED_IN, facts={"files": len(request.files)})


def _draft_of(work: ReviewWork, person: Person, project: str, draft_id: str) -> ReleaseRequest:
    """The author's own draft; another's does not exist for them."""
    request = get_request(work, request_id_for(person.username, project, draft_id))
    if request.author != person.username or request.project != project:
        raise DeniedError("not_author", say("Only the author of this request can do this."))
    return request


def _file_of(request: ReleaseRequest, index: int) -> SubmittedFile:
    uploads = request.uploads()
    if not 0 <= index < len(uploads):
        raise NotFoundError("no_file", say("This request has no file {n}.", n=index + 1))
    return uploads[index]
