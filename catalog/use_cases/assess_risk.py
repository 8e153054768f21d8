"""The combination risk of a project's next extract: counted, looked at, accepted, and only then built.

An assessment belongs to its basis (views, permit, policies, source): a change to any of them asks
for a new one. What is accepted is the digest of the report, with a reason in words; both are on
record, the reason sealed like other words of people. Under ``anon`` a report that falls short of
the policy's k cannot be accepted and is never built, whatever anyone accepts. No assessment, no
acceptance: no build.
"""

from dataclasses import dataclass, replace

from catalog.combination_risk import AssessedRisk, Assessment, RiskReport, below, plan_basis
from catalog.extracts import ExtractPlan
from catalog.policy import TransformRules
from catalog.ports import RiskMeter, Risks, RisksOf, SourceStore
from catalog.profiles import ANON
from catalog.schema.columns import Schema
from catalog.use_cases.may import may_as_steward
from catalog.use_cases.plan import plan_extract
from enclave.actions import Action
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import ConflictError, InvalidInputError
from enclave.ports import Work, Works
from enclave.sentences import say

_LONGEST_REASON = 2000
_NEXT = "next"
"""An assessment speaks of the next version, whichever number that gets."""


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """The policy's numbers."""

    anon_k: int
    """Persons that every class has under ``anon``."""
    rare_below: int
    """A code is rare when fewer persons hold it."""
    transforms: TransformRules
    everywhere: bool = True
    """Whoever opted out at one provider is left out at all of them."""
    shown: int = 0
    """So many of a column's rarest values are shown to the steward."""


class RiskDesk:
    """Assesses and accepts with the ports of one deployment."""

    def __init__(
        self, works: Works, risks_of: RisksOf, source: SourceStore, meter: RiskMeter, schema: Schema
    ) -> None:
        self._works = works
        self._risks_of = risks_of
        self._source = source
        self._meter = meter
        self._schema = schema

    def assess(self, username: str, project: str, policy_digest: str, limits: RiskLimits) -> Assessment:
        """The risk of what is in force now, counted and recorded.

        Raises:
            DeniedError: not a steward. ConflictError: something was not adopted.
        """
        with self._works.begin() as work:
            require(may_as_steward(work, username, Action.ASSESS_RISK, project))
            plan = self._plan(work, project, policy_digest, limits)
        assessment = self._meter.assess(plan, limits.rare_below, limits.shown)
        report = assessment.report
        with self._works.begin() as work:
            if plan_basis(self._plan(work, project, policy_digest, limits)) != report.basis:
                raise ConflictError(
                    "plan_changed", say("What is in force changed meanwhile. Assess the risk again.")
                )
            risks = self._risks_of(work)
            held = risks.find(project, report.basis)
            if held is None or held.report != report:
                risks.put(AssessedRisk(project, report), work.now)
            work.record(
                EventDraft(
                    Kind.RISK_ASSESSED,
                    username,
                    project,
                    report.digest,
                    {"basis": report.basis, **_told(report)},
                )
            )
        return assessment

    def accept(
        self, username: str, project: str, digest: str, reason: str, policy_digest: str, limits: RiskLimits
    ) -> None:
        """The steward takes the counted risk on, for this reason.

        Raises:
            DeniedError: not a steward. InvalidInputError: no reason.
            ConflictError: it is not the risk of what is in force, or ``anon`` refuses it.
        """
        if not reason.strip() or len(reason) > _LONGEST_REASON:
            raise InvalidInputError("no_reason", say("A reason is needed, of at most 2,000 characters."))
        with self._works.begin() as work:
            require(may_as_steward(work, username, Action.ACCEPT_RISK, project))
            plan = self._plan(work, project, policy_digest, limits)
            risks = self._risks_of(work)
            held = risks.find(project, plan_basis(plan))
            if held is None or held.report.digest != digest:
                raise ConflictError(
                    "risk_not_assessed",
                    say("This is not the risk of what is in force now. Assess it, look at it, accept that."),
                )
            _refuse_under_k(held, limits)
            risks.put(replace(held, accepted_by=username), work.now)
            work.record(
                EventDraft(
                    Kind.RISK_ACCEPTED,
                    username,
                    project,
                    digest,
                    {"basis": held.report.basis},
                    {"reason": reason},
                )
            )

    def _plan(self, work: Work, project: str, policy_digest: str, limits: RiskLimits) -> ExtractPlan:
        version = self._source.version()
        return plan_extract(
            work,
            version,
            project,
            _NEXT,
            policy_digest,
            self._schema,
            limits.transforms,
            everywhere=limits.everywhere,
        )


def require_accepted(risks: Risks, plan: ExtractPlan, limits: RiskLimits) -> AssessedRisk:
    """The accepted risk of exactly this plan.

    Raises:
        ConflictError: it was not assessed, not accepted, or ``anon`` refuses it.
    """
    held = risks.find(plan.project, plan_basis(plan))
    if held is None or not held.accepted_by:
        raise ConflictError(
            "risk_not_accepted",
            say("The combination risk of this extract was not accepted. Assess it and accept it first."),
        )
    _refuse_under_k(held, limits)
    return held


def _refuse_under_k(held: AssessedRisk, limits: RiskLimits) -> None:
    if held.report.profile != ANON.name:
        return
    short = below(held.report, limits.anon_k)
    if short:
        raise ConflictError(
            "under_k",
            say(
                "Under 'anon' every class needs {k} persons; it is smaller in: {where}. Coarsen these views.",
                k=limits.anon_k,
                where=", ".join(short),
            ),
        )


def _told(report: RiskReport) -> dict[str, int]:
    """What the ledger says of a report: the smallest class and how many stand alone."""
    return {
        "smallest": report.smallest or 0,
        "unique": max((table.classes.unique for table in report.tables), default=0),
        "unique_joined": report.steady.unique if report.steady else 0,
    }
