"""A workspace's life in the ledger: intended, started, undone, stopped.

A start is bracketed (DESIGN section 6): the intent stands in the ledger together with the row
before anything is made, the outcome after. Eligibility is asked in the intent's transaction
with the facts of that moment, and so is whether the host and the policies are such that
anything may start. A refusal is an event too. An end is bracketed as well: ``begin_end`` writes
the reason before a container is touched, ``finish_end`` says that none is left. Hub and sweeper
may both end the same workspace; the first to begin names the reason, every other call is
harmless. Who finds dead what belongs to somebody no longer eligible says that, not what it found.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from catalog.adapters.stale_tables import StaleTables
from enclave.access import researcher_rules
from enclave.actions import Action
from enclave.adapters.database import Database, Transaction
from enclave.adapters.ledger_tables import EventFilter, LedgerTables
from enclave.adapters.workspace_tables import Workspace, WorkspaceState, WorkspaceTables
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Decision, Refusal, decide, require
from enclave.display import pause_rule
from enclave.errors import ConflictError, InvalidInputError
from enclave.identity import Person, check_project_id
from enclave.sentences import Sentence, say
from enclave.use_cases.propose import adopted_policy
from hub.sessions import Session
from hub.sessions_house import House, workspace_id
from hub.workspaces_extracts import Extract

PLATFORM = "platform"
REMOVED = "(removed)"
INELIGIBLE, IDLE, OPERATOR = "ineligible", "idle", "operator"
FOUND = frozenset({"found_dead", "open_intent", "no_server", IDLE})
"""Reasons that say what was found, not what somebody wanted."""
WHY_ENDED: Mapping[str, Sentence] = {
    IDLE: say("Your last workspace was ended because nobody worked in it for long. Your files are kept."),
    INELIGIBLE: say(
        "Your last workspace was ended because you were not allowed to use it. Your files are kept."
    ),
    OPERATOR: say("Your last workspace was ended by an operator. Your files are kept."),
    "found_dead": say(
        "Your last workspace ended unexpectedly, perhaps for lack of memory. Your files are kept."
    ),
    "no_server": say("Your last workspace was ended because the hub had lost it. Your files are kept."),
}


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
    ended: Sentence | None = None
    """Why the person's last workspace for it ended, when it was not by the person's own will."""


def intend_start(
    database: Database,
    house: House,
    person: str,
    project: str,
    extract: Extract,
    token: str,
    *,
    asked_by: str = "",
) -> Session:
    """The start is recorded as intended and the workspace's row says ``starting``.

    Whoever asked for it (nobody named: the person), what is asked about are the rights of the person whose it is.

    Raises:
        DeniedError: not eligible, another workspace of this person lives, or nothing may start here; recorded.
        ConflictError: the workspace is just being ended.
    """
    wid = workspace_id(person, project)
    number = 0
    with database.begin() as work:
        decision = _may_start(work, house, person, project, wid, extract)
        if decision.allowed:
            _close_stale(work, wid)
            number = (
                WorkspaceTables(work.connection)
                .begin_start(wid, person, project, extract.name, work.now)
                .number
            )
            facts: dict[str, Value] = {"number": number, "asked_by": asked_by or person}
            facts.update(**_extract_facts(extract), **_image_facts(house))
            work.record(EventDraft(Kind.WORKSPACE_INTENDED, person, project, wid, facts))
            work.record(EventDraft(Kind.KEY_USED, PLATFORM, project, wid, {"purpose": extract.data_key}))
        else:
            known = work.register.find_permit(project) is not None
            codes = tuple(refusal.code for refusal in decision.refusals)
            facts = {"codes": codes, "asked_by": asked_by or person}
            work.record(EventDraft(Kind.WORKSPACE_REFUSED, person, project if known else "", wid, facts))
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


def begin_end(database: Database, wid: str, reason: str, code: str = "") -> bool:
    """Whether there is something to end. The first to begin names the reason, in the row and the ledger."""
    with database.begin() as work:
        row = WorkspaceTables(work.connection).find(wid)
        if row is None or row.state is WorkspaceState.STOPPED:
            return False
        if not row.ending:
            reason, code = _true_reason(work, row, reason, code)
            WorkspaceTables(work.connection).put_ending(wid, reason, code)
            work.record(_end_event(Kind.WORKSPACE_ENDING, row, reason, code))
        return True


def finish_end(database: Database, wid: str) -> None:
    """No container is left: the row says ``stopped`` and the ledger says so, if an end had begun."""
    with database.begin() as work:
        row = WorkspaceTables(work.connection).find(wid)
        if row is not None and row.ending:
            WorkspaceTables(work.connection).put_stopped(wid, work.now)
            done = row.state is WorkspaceState.ENDING
            kind = Kind.WORKSPACE_STOPPED if done else Kind.WORKSPACE_UNDONE
            work.record(_end_event(kind, row, row.end_reason, row.end_code))


def _true_reason(work: Transaction, row: Workspace, reason: str, code: str) -> tuple[str, str]:
    """What was merely found is not why it ended, when the person may not have a workspace any more."""
    refusal = _lost(work, row) if reason in FOUND else None
    return (INELIGIBLE, refusal.code) if refusal else (reason, code)


def _end_event(kind: Kind, row: Workspace, reason: str, code: str) -> EventDraft:
    """The person of an end is who asked for it: the owner, the operator whom ``code`` names, or nobody."""
    facts: dict[str, Value] = {"reason": reason, "code": code, "number": row.number}
    person = {"stop": row.person, OPERATOR: code}.get(reason, PLATFORM)
    return EventDraft(kind, person, row.project, row.wid, facts)


def _close_stale(work: Transaction, wid: str) -> None:
    """A row that outlived its containers is closed before the workspace starts again.

    Raises:
        ConflictError: its end has begun and is not done; a new start must not meet it.
    """
    row = WorkspaceTables(work.connection).find(wid)
    if row is None or row.state is WorkspaceState.STOPPED:
        return
    if row.ending:
        raise just_ended()
    WorkspaceTables(work.connection).put_stopped(wid, work.now)
    kind = Kind.WORKSPACE_STOPPED if row.state is WorkspaceState.LIVE else Kind.WORKSPACE_UNDONE
    work.record(_end_event(kind, row, "replaced", ""))


def built(database: Database, project: str, version: str) -> str:
    """SHA-256 of an extract's file as the ledger says it was built; nothing when it does not say so."""
    wanted = EventFilter(kind=Kind.EXTRACT_DONE.value, project=project, subject=f"{project}/{version}")
    with database.read() as work:
        entry = LedgerTables(work.connection, work.keyring, "").last(wanted)
    return "" if entry is None else str(json.loads(entry.data)["facts"].get("content_sha256", ""))


def refuse_start(database: Database, person: str, project: str, code: str, asked_by: str) -> None:
    """That a start was refused before anybody's rights were asked is on record."""
    wid = workspace_id(person, project)
    with database.begin() as work:
        known = project if work.register.find_permit(project) is not None else ""
        facts: dict[str, Value] = {"codes": (code,), "asked_by": asked_by}
        work.record(EventDraft(Kind.WORKSPACE_REFUSED, person, known, wid, facts))


def just_ended() -> ConflictError:
    """What a start meets that comes during the end."""
    return ConflictError("ending", say("This workspace is just being ended. Try again in a moment."))


def _may_start(
    work: Transaction, house: House, person: str, project: str, wid: str, extract: Extract
) -> Decision:
    others = [w for w in WorkspaceTables(work.connection).live_of(person) if w.wid != wid]
    rules = list(_researcher_answers(work, person, project))
    if others:
        sentence = say(
            "Your workspace for '{project}' is still running. Stop it first: one at a time.",
            project=others[0].project,
        )
        rules.append(Refusal("other_live", sentence))
    rules += house_rules(house, adopted_policy(work))
    rules.append(_overdue(work, project, extract))
    account = work.register.find_account(person)
    return decide(account.person() if account else Person(person), Action.START_WORKSPACE, wid, rules)


def _overdue(work: Transaction, project: str, extract: Extract) -> Refusal | None:
    """An extract that still holds somebody who opted out is used only until the policy's days have passed."""
    stale = StaleTables(work.connection).find(project, extract.version)
    if stale is None or work.now < stale.due:
        return None
    return Refusal(
        "extract_overdue",
        say(
            "This extract holds data of someone who opted out and was not rebuilt in time. Ask the data steward."
        ),
    )


def house_rules(house: House, adopted: str) -> Iterator[Refusal]:
    """That this host, with these policies, may start anything at all."""
    for part in house.missing:
        sentence = say(
            "This machine lacks '{part}' of the host baseline, and no adopted policy excepts it. Ask the operator.",
            part=part,
        )
        yield Refusal(f"host_{part}", sentence)
    if not house.policy_digest or house.policy_digest != adopted:
        yield Refusal(
            "policy_not_adopted",
            say("The policies as they lie on the disk were not adopted by two people. Ask the operator."),
        )


def _researcher_answers(work: Transaction, person: str, project: str) -> tuple[Refusal | None, ...]:
    account = work.register.find_account(person)
    organisation = work.register.find_organisation(account.organisation) if account else None
    permit = work.register.find_permit(project)
    contracts = work.register.contracts_of(permit.organisation) if permit else ()
    rules = researcher_rules(account, organisation, permit, contracts, work.now.date())
    return (*rules, pause_rule(work.displays.paused_until(person), work.now))


def _lost(work: Transaction, workspace: Workspace) -> Refusal | None:
    """Why the person may not have this workspace now; None while they may."""
    answers = _researcher_answers(work, workspace.person, workspace.project)
    return next((answer for answer in answers if answer is not None), None)


def no_longer_eligible(database: Database) -> tuple[tuple[Workspace, Refusal], ...]:
    """Every workspace that is not stopped and may not be, with the first reason."""
    with database.read() as work:
        return _with_reasons(work, WorkspaceTables(work.connection).live())


def shut_out(database: Database) -> tuple[tuple[Workspace, Refusal], ...]:
    """Those of people who are suspended, disabled or paused: the quick question, asked every second."""
    with database.read() as work:
        return _with_reasons(work, WorkspaceTables(work.connection).of_shut_out(work.now))


def _with_reasons(work: Transaction, found: tuple[Workspace, ...]) -> tuple[tuple[Workspace, Refusal], ...]:
    reasons = ((workspace, _lost(work, workspace)) for workspace in found)
    return tuple((workspace, refusal) for workspace, refusal in reasons if refusal is not None)


def idle(database: Database, after: timedelta) -> tuple[Workspace, ...]:
    """Every live workspace in which nobody worked for so long."""
    with database.read() as work:
        found = WorkspaceTables(work.connection).live()
        return tuple(w for w in found if w.state is WorkspaceState.LIVE and work.now - w.last_used >= after)


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
        last = {row.project: row for row in WorkspaceTables(work.connection).of_person(person)}
        return tuple(
            Project(permit.project, permit.title, _why_ended(last.get(permit.project)))
            for permit in sorted(work.register.permits(), key=lambda p: p.project)
            if not any(_researcher_answers(work, person, permit.project))
        )


def pause_of(database: Database, person: str) -> Sentence | None:
    """Why a person may enter nothing for some minutes; None while nothing is paused."""
    with database.read() as work:
        refusal = pause_rule(work.displays.paused_until(person), work.now)
    return refusal.sentence if refusal else None


def _why_ended(row: Workspace | None) -> Sentence | None:
    """Told at the next visit, until the workspace is started again."""
    if row is None or row.state is not WorkspaceState.STOPPED:
        return None
    return WHY_ENDED.get(row.end_reason)


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
