"""Building a project's extract: only from an adopted permit and adopted views, and on the record.

The build is an effect outside the database, so it stands between an intent and an outcome. All
of it happens under one lock; whoever takes the lock first settles what a killed build left
open: a version whose signed manifest was handed over is done, anything else is undone and its
remains are removed. So a version is either recorded as done and there, or not there at all.

A build takes the project's newest data key. What older keys open is gone with its outcome, and
then the keys: that is what makes a rotation of a data key (``enclave keys rotate-data``) whole.
"""

from collections.abc import Mapping

from catalog.builds import Build, Keys
from catalog.extracts import ExtractPlan
from catalog.manifests import Manifest
from catalog.ports import Builds, BuildsOf, ExtractBuilder, RisksOf, SourceStore, StaleOf
from catalog.schema.columns import Schema
from catalog.time_boxes import Purpose
from catalog.use_cases.assess_risk import RiskLimits, require_accepted
from catalog.use_cases.may import may_as_steward
from catalog.use_cases.officers import Officers
from catalog.use_cases.plan import plan_extract
from enclave.actions import Action
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.data_keys import data_keys
from enclave.decisions import require
from enclave.errors import ConflictError
from enclave.ports import Work, Works
from enclave.sentences import say

PLATFORM = "platform"


class Steward:
    """Builds extracts with the ports of one deployment."""

    def __init__(
        self,
        works: Works,
        builds_of: BuildsOf,
        risks_of: RisksOf,
        stale_of: StaleOf,
        limits: RiskLimits,
        source: SourceStore,
        builder: ExtractBuilder,
        officers: Officers,
        schema: Schema,
    ) -> None:
        self._works = works
        self._builds_of = builds_of
        self._risks_of = risks_of
        self._stale_of = stale_of
        self._limits = limits
        self._source = source
        self._builder = builder
        self._officers = officers
        self._schema = schema

    def build(self, username: str, project: str, policy_digest: str) -> Manifest:
        """The next version of the project's extract is handed over; its manifest.

        Raises:
            DeniedError: not a steward. ConflictError: something was not adopted, its risk was not
                accepted, the officers' box is closed, or a build is running.
            InvalidInputError: an adopted view would be refused today.
        """
        with self._builder.exclusive():
            self._settle_open()
            self._officers.settle()
            with self._works.begin() as work:
                build, plan, keys = self._intend(work, username, project, policy_digest)
            try:
                manifest = self._builder.build(plan, keys)
            except BaseException:
                self._undo(build, "failed")
                raise
            with self._works.begin() as work:
                self._finish(work, build, _facts(manifest.facts()))
            self._renew(build)
        return manifest

    def settle(self) -> None:
        """What a killed build left open is done or undone. Waits for no running build: it is refused."""
        with self._builder.exclusive():
            self._settle_open()

    def _intend(
        self, work: Work, username: str, project: str, policy_digest: str
    ) -> tuple[Build, ExtractPlan, Keys]:
        require(may_as_steward(work, username, Action.BUILD_EXTRACT, project))
        builds = self._builds_of(work)
        build = Build(project, builds.next_number(project), "intended", username)
        plan = plan_extract(
            work,
            self._source.version(),
            project,
            build.version,
            policy_digest,
            self._schema,
            self._limits.transforms,
            everywhere=self._limits.everywhere,
        )
        risk = require_accepted(self._risks_of(work), plan, self._limits)
        time_box = self._officers.require_open(work, Purpose.BUILD)
        names = data_keys(work.keyring.purposes(project))
        data_key = work.keyring.find(project, names[-1]) if names else None
        if data_key is None:
            raise ConflictError(
                "no_data_key",
                say("This project's data key does not exist or was destroyed. Nothing can be built for it."),
            )
        builds.put(build, work.now)
        pseudonym_key = self._pseudonym_key(work, username, project)
        facts: dict[str, Value] = {
            "version": build.version,
            "permit": plan.permit_digest,
            "policy": policy_digest,
            "source": plan.source_version,
            "risk": risk.report.digest,
            "views": {view.view.table: view.digest for view in plan.views},
        }
        subject = f"{project}/{build.version}"
        work.record(EventDraft(Kind.EXTRACT_INTENDED, username, project, subject, facts))
        _record_key(work, Kind.KEY_USED, username, project, "pseudonym", time_box.id)
        _record_key(work, Kind.KEY_USED, username, project, names[-1])
        return build, plan, Keys(pseudonym_key, data_key, names[-1])

    def _pseudonym_key(self, work: Work, username: str, project: str) -> bytes:
        found = self._officers.keys.find(project)
        if found is None:
            _record_key(work, Kind.KEY_MADE, username, project, "pseudonym")
            found = self._officers.keys.make(project)
        return found

    def _settle_open(self) -> None:
        with self._works.begin() as work:
            left = self._builds_of(work).open()
        for build in left:
            facts = self._builder.handed_over(build.project, build.version)
            if facts is None:
                self._undo(build, "interrupted")
            else:
                self._builder.remove_build_folder(build.project, build.version)
                with self._works.begin() as work:
                    self._finish(work, build, _facts(facts))
                self._renew(build)

    def _renew(self, build: Build) -> None:
        """Older versions that hold somebody who opted out, or lie under an older key, are gone; what runs on them ends first."""
        with self._works.begin() as work:
            stale = [
                one.version for one in self._stale_of(work).of(build.project) if one.version != build.version
            ]
        living = self._builder.living(build.project)
        under = living.get(build.version)
        outdated = [version for version, name in living.items() if name != under] if under else []
        for version in dict.fromkeys((*stale, *outdated)):
            self._builder.remove_extract(build.project, version)
            with self._works.begin() as work:
                self._stale_of(work).clear(build.project, [version])
                subject = f"{build.project}/{version}"
                facts: dict[str, Value] = {"version": version, "by": build.version}
                work.record(EventDraft(Kind.EXTRACT_RENEWED, PLATFORM, build.project, subject, facts))
        if under:
            self._retire_keys(build.project, under)

    def _retire_keys(self, project: str, under: str) -> None:
        """Data keys older than the one in use open nothing that is left: they are destroyed."""
        with self._works.begin() as work:
            names = data_keys(work.keyring.purposes(project))
        for name in names[: names.index(under)] if under in names else ():
            with self._works.begin() as work:
                work.keyring.destroy(project, name)
                _record_key(work, Kind.KEY_DESTROYED, PLATFORM, project, name)

    def _undo(self, build: Build, reason: str) -> None:
        self._builder.remove_remains(build.project, build.version)
        with self._works.begin() as work:
            _close(self._builds_of(work), build, "undone", work)
            work.record(
                EventDraft(
                    Kind.EXTRACT_UNDONE,
                    person=PLATFORM,
                    project=build.project,
                    subject=f"{build.project}/{build.version}",
                    facts={"version": build.version, "reason": reason},
                )
            )

    def _finish(self, work: Work, build: Build, facts: Mapping[str, Value]) -> None:
        _close(self._builds_of(work), build, "done", work)
        work.record(
            EventDraft(
                Kind.EXTRACT_DONE,
                person=build.person,
                project=build.project,
                subject=f"{build.project}/{build.version}",
                facts=facts,
            )
        )


def _close(builds: Builds, build: Build, state: str, work: Work) -> None:
    builds.put(Build(build.project, build.number, state, build.person), work.now)


def _record_key(
    work: Work, kind: Kind, username: str, project: str, purpose: str, time_box: str = ""
) -> None:
    facts = {"purpose": purpose, "time_box": time_box} if time_box else {"purpose": purpose}
    work.record(EventDraft(kind, person=username, project=project, facts=facts))


def _facts(manifest: Mapping[str, Value]) -> dict[str, Value]:
    """What the ledger keeps of a manifest: counts and hashes."""
    kept = (
        "version",
        "tables",
        "persons",
        "pseudonyms",
        "left_out",
        "left_out_found",
        "content_sha256",
        "ids_sha256",
        "source",
        "profile",
    )
    return {name: manifest[name] for name in kept}
