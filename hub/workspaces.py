"""A workspace's life in the ledger: intended, started, undone, stopped.

A start is bracketed (DESIGN section 6): the intent stands in the ledger together with the row
before anything is made, the outcome after. Eligibility is asked in the intent's transaction
with the facts of that moment. A refusal is an event too. Every ending goes through ``end``,
which is true once and harmless the second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enclave.access import researcher_rules
from enclave.actions import Action
from enclave.adapters.database import Database, Transaction
from enclave.adapters.workspace_tables import Workspace, WorkspaceState, WorkspaceTables
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import NO_RULE, Decision, Refusal, decide, require
from enclave.errors import ConflictError, InvalidInputError
from enclave.identity import Person, check_project_id
from enclave.sentences import say
from hub.sessions import Session
from hub.sessions_house import House, workspace_id
from hub.workspaces_extracts import Extract

PLATFORM = "platform"
REMOVED = "(removed)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What Docker says of both containers of a workspace that was brought up."""

    desk: Mapping[str, Any]
    kernel: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """A project that a person may enter today."""

    id: str
    title: str


def intend_start(
    database: Database, house: House, person: str, project: str, extract: Extract, token: str
) -> Session:
    """The start is recorded as intended and the workspace's row says ``starting``.

    Raises:
        DeniedError: not eligible, or another workspace of this person lives; recorded.
    """
    wid = workspace_id(person, project)
    number = 0
    with database.begin() as work:
        decision = _may_start(work, person, project, wid)
        if decision.allowed:
            _close_stale(work, wid)
            number = (
                WorkspaceTables(work.connection)
                .begin_start(wid, person, project, extract.name, work.now)
                .number
            )
            facts: dict[str, Value] = {"number": number, **_extract_facts(extract), **_image_facts(house)}
            work.record(EventDraft(Kind.WORKSPACE_INTENDED, person, project, wid, facts))
            work.record(EventDraft(Kind.KEY_USED, PLATFORM, project, wid, {"purpose": "data"}))
        else:
            known = work.register.find_permit(project) is not None
            codes = tuple(refusal.code for refusal in decision.refusals)
            work.record(
                EventDraft(Kind.WORKSPACE_REFUSED, person, project if known else "", wid, {"codes": codes})
            )
    require(decision)
    return Session(person, project, number, extract.name, token)


def finish_start(
    database: Database, house: House, session: Session, extract: Extract, evidence: Evidence
) -> None:
    """The workspace is live; the ledger holds what was started and how it is sealed.

    Raises:
        ConflictError: it was ended while it started (eligibility lost); it must not live.
    """
    facts: dict[str, Value] = {
        "number": session.number,
        "container_desk": str(evidence.desk["Id"]),
        "container_kernel": str(evidence.kernel["Id"]),
        **_extract_facts(extract),
        **_image_facts(house),
    }
    body = {
        "desk": without_secret(evidence.desk, session.token),
        "kernel": without_secret(evidence.kernel, session.token),
    }
    with database.begin() as work:
        row = WorkspaceTables(work.connection).find(session.wid)
        if row is None or row.state is not WorkspaceState.STARTING:
            raise ConflictError(
                "ended_meanwhile", say("The workspace was ended while it started. Ask the operator why.")
            )
        WorkspaceTables(work.connection).put_live(session.wid)
        work.record(
            EventDraft(Kind.WORKSPACE_STARTED, session.person, session.project, session.wid, facts, body)
        )


def end(database: Database, wid: str, reason: str, code: str = "") -> None:
    """The workspace's row says ``stopped`` and the ledger says why, if it was not so already."""
    with database.begin() as work:
        _end(work, WorkspaceTables(work.connection).find(wid), reason, code)


def _end(work: Transaction, workspace: Workspace | None, reason: str, code: str = "") -> None:
    if workspace is None or workspace.state is WorkspaceState.STOPPED:
        return
    WorkspaceTables(work.connection).put_stopped(workspace.wid, work.now)
    kind = Kind.WORKSPACE_STOPPED if workspace.state is WorkspaceState.LIVE else Kind.WORKSPACE_UNDONE
    facts: dict[str, Value] = {"reason": reason, "code": code, "number": workspace.number}
    person = workspace.person if reason == "stop" else PLATFORM
    work.record(EventDraft(kind, person, workspace.project, workspace.wid, facts))


def _close_stale(work: Transaction, wid: str) -> None:
    """A row that outlived its containers is closed before the workspace starts again."""
    _end(work, WorkspaceTables(work.connection).find(wid), "replaced")


def _may_start(work: Transaction, person: str, project: str, wid: str) -> Decision:
    others = [w for w in WorkspaceTables(work.connection).live_of(person) if w.wid != wid]
    rules = list(_researcher_answers(work, person, project))
    if others:
        sentence = say(
            "Your workspace for '{project}' is still running. Stop it first: one at a time.",
            project=others[0].project,
        )
        rules.append(Refusal("other_live", sentence))
    account = work.register.find_account(person)
    return decide(account.person() if account else Person(person), Action.START_WORKSPACE, wid, rules)


def _researcher_answers(work: Transaction, person: str, project: str) -> tuple[Refusal | None, ...]:
    account = work.register.find_account(person)
    organisation = work.register.find_organisation(account.organisation) if account else None
    permit = work.register.find_permit(project)
    return tuple(researcher_rules(account, organisation, permit, work.now.date()))


def no_longer_eligible(database: Database) -> tuple[tuple[Workspace, Refusal], ...]:
    """Every workspace that is starting or live and may not be, with the first reason."""
    found = []
    with database.read() as work:
        for workspace in WorkspaceTables(work.connection).live():
            answers = _researcher_answers(work, workspace.person, workspace.project)
            refusals = [answer for answer in answers if answer is not None]
            if refusals or not answers:
                found.append((workspace, refusals[0] if refusals else NO_RULE))
    return tuple(found)


def live(database: Database) -> tuple[Workspace, ...]:
    """Every workspace whose row says starting or live."""
    with database.read() as work:
        return WorkspaceTables(work.connection).live()


def state_of(database: Database, wid: str) -> WorkspaceState:
    """What the row says; a workspace without a row is stopped."""
    with database.read() as work:
        row = WorkspaceTables(work.connection).find(wid)
    return WorkspaceState.STOPPED if row is None else row.state


def projects_of(database: Database, person: str) -> tuple[Project, ...]:
    """The projects a person may enter today, by id."""
    with database.read() as work:
        return tuple(
            Project(permit.project, permit.title)
            for permit in sorted(work.register.permits(), key=lambda p: p.project)
            if not any(_researcher_answers(work, person, permit.project))
        )


def check_names(person: str, project: str) -> str:
    """The workspace's id, when both names have the right form; the unnamed server has none."""
    if not project:
        raise InvalidInputError(
            "no_project", say("A workspace belongs to a project. Choose one on the start page.")
        )
    return workspace_id(person, check_project_id(project))


def _extract_facts(extract: Extract) -> dict[str, Value]:
    return {"extract": extract.version, "manifest": extract.manifest_sha256}


def _image_facts(house: House) -> dict[str, Value]:
    return {"image_desk": house.images.desk, "image_kernel": house.images.kernel}


def without_secret(value: Any, secret: str) -> Any:
    """A JSON value fit for the ledger: the secret's text removed wherever it stands, no floats."""
    if isinstance(value, Mapping):
        return {str(k): without_secret(v, secret) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_secret(v, secret) for v in value]
    if isinstance(value, str):
        return value.replace(secret, REMOVED)
    return str(value) if isinstance(value, float) else value
