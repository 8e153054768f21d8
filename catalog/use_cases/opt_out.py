"""Taking an opt-out: kept in the source, on record by a number, and what it makes stale is marked.

The source comes first, then the ledger: killed in between, the command run again finds the same
person under the same number and records what was not recorded yet. No event says who it is.
"""

from catalog.optouts import Named, Stale, check_named, due_by
from catalog.ports import BuildsOf, ExtractBuilder, Optouts, StaleOf
from catalog.use_cases.may import may_as_steward
from enclave.actions import Action
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.ports import Work, Works

_NUMBER_BYTES = 8


class OptoutDesk:
    """Takes opt-outs with the ports of one deployment."""

    def __init__(
        self,
        works: Works,
        optouts: Optouts,
        builder: ExtractBuilder,
        builds_of: BuildsOf,
        stale_of: StaleOf,
    ) -> None:
        self._works = works
        self._optouts = optouts
        self._builder = builder
        self._builds_of = builds_of
        self._stale_of = stale_of

    def add(
        self, username: str, named: Named, rebuild_days: int, *, everywhere: bool
    ) -> tuple[str, tuple[Stale, ...]]:
        """The opt-out's number, and the extracts that are stale by it.

        Raises:
            DeniedError: not a steward. InvalidInputError: nobody is named.
            ConflictError: a build is running, or the source is in use.
        """
        check_named(named)
        with self._builder.exclusive():
            with self._works.begin() as work:
                require(may_as_steward(work, username, Action.ADD_OPTOUT, "source"))
                now, number = work.now, f"o-{work.fresh.token(_NUMBER_BYTES).hex()}"
                permits = work.register.permits()
            number, since = self._optouts.add(number, named, now)
            persons = self._optouts.persons(number, everywhere=everywhere)
            holding = [
                permit.project
                for permit in permits
                if self._optouts.holds(number, permit.cohort, everywhere=everywhere)
            ]
            with self._works.begin() as work:
                facts: dict[str, Value] = {"persons": persons, "everywhere": everywhere}
                work.record(
                    EventDraft(
                        Kind.OPTOUT_ADDED, username, subject=number, facts=facts, event_id=f"optout:{number}"
                    )
                )
                stale = [
                    Stale(project, build.version, since, due_by(since, rebuild_days))
                    for project in holding
                    for build in self._builds_of(work).done(project, before=since)
                ]
                for one in stale:
                    self._mark(work, username, number, one)
        return number, tuple(stale)

    def _mark(self, work: Work, username: str, number: str, stale: Stale) -> None:
        self._stale_of(work).put(stale)
        facts: dict[str, Value] = {
            "version": stale.version,
            "optout": number,
            "due": stale.due.isoformat(),
        }
        work.record(
            EventDraft(
                Kind.EXTRACT_STALE,
                username,
                stale.project,
                f"{stale.project}/{stale.version}",
                facts,
                event_id=f"stale:{stale.project}:{stale.version}:{number}",
            )
        )
