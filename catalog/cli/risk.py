"""The combination risk at the command line: count it, look at it, take it on.

``risk PROJECT`` prints the tables and, with ``--picture FILE``, writes the picture; the rarest
values it prints stand nowhere else. ``accept-risk PROJECT DIGEST --reason WORDS`` takes exactly
that report on; a build of anything else is refused.
"""

import argparse
from pathlib import Path
from typing import Any

from catalog.adapters.producer import open_producer
from catalog.adapters.tables import RiskTables
from catalog.combination_risk import BUCKETS, Assessment, Classes, RiskReport
from catalog.policy import parse_catalog_policy
from catalog.risk_picture import bucket_name, risk_picture
from catalog.use_cases.assess_risk import RiskDesk, RiskLimits
from enclave.adapters.database import Transaction
from enclave.adapters.durable_files import write_durably
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.policy import PolicySet
from enclave.ports import Work
from enclave.sentences import say

_ONLY_FOR_THE_STEWARD = 0o600


def register(room: Any) -> None:
    """Add ``risk`` and ``accept-risk`` to the steward's commands."""
    text = "count how well the people of the next extract hide in each other"
    counting = room.add_parser("risk", help=text, description=text)
    counting.set_defaults(run=_assess)
    counting.add_argument("project")
    counting.add_argument("--picture", type=Path, metavar="FILE.svg", help="write the picture there")
    text = "take on the risk that was counted; without it nothing is built"
    accepting = room.add_parser("accept-risk", help=text, description=text)
    accepting.set_defaults(run=_accept)
    accepting.add_argument("project")
    accepting.add_argument("digest", help="as 'risk' printed it")
    accepting.add_argument("--reason", required=True)
    for parser in (counting, accepting):
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def risk_desk(house: Foundation) -> RiskDesk:
    """The desk over this deployment's foundation and producer zone."""
    producer = open_producer(house.settings, house.fresh)
    return RiskDesk(house.database, risks_of, producer.source, producer.risk, producer.schema)


def risks_of(work: Work) -> RiskTables:
    """The risks of a transaction of the deployment's database."""
    if not isinstance(work, Transaction):
        raise TypeError("risks are kept in the deployment's database")
    return RiskTables(work.connection)


def limits_of(policies: PolicySet) -> RiskLimits:
    """The numbers of the policy that an assessment needs."""
    policy = parse_catalog_policy(policies.document("catalog"))
    return RiskLimits(
        policy.anon_k, policy.rare_persons, policy.transforms, policy.all_providers, policy.shown_rarest
    )


def _assess(arguments: argparse.Namespace, open_house: Any) -> int:
    house: Foundation = open_house()
    proof = prove(house, arguments.username)
    policies = house.policies()
    limits = limits_of(policies)
    assessment = risk_desk(house).assess(proof.username, arguments.project, policies.digest, limits)
    for line in lines(assessment):
        print(line)
    if arguments.picture:
        write_durably(arguments.picture, risk_picture(assessment.report).encode(), _ONLY_FOR_THE_STEWARD)
    tell(
        say(
            "Take it on with: enclave catalog accept-risk {project} {digest} --reason …",
            project=arguments.project,
            digest=assessment.report.digest,
        )
    )
    return 0


def _accept(arguments: argparse.Namespace, open_house: Any) -> int:
    house: Foundation = open_house()
    proof = prove(house, arguments.username)
    policies = house.policies()
    risk_desk(house).accept(
        proof.username,
        arguments.project,
        arguments.digest,
        arguments.reason,
        policies.digest,
        limits_of(policies),
    )
    tell(say("Recorded. The extract can be built now."))
    return 0


def lines(assessment: Assessment) -> list[str]:
    """The assessment as a table for a terminal."""
    report = assessment.report
    head = "  ".join(f"{bucket_name(bucket):>7}" for bucket in BUCKETS)
    shown = [f"{'':24} {'members':>8} {'min':>5}  {head}"]
    for label, classes in _rows(report):
        counts = "  ".join(f"{count:>7}" for count in classes.histogram)
        shown.append(f"{label:24} {classes.members:>8} {classes.smallest:>5}  {counts}")
    shown += [f"  {table.table}: {', '.join(table.quasi) or '-'} ({table.rows})" for table in report.tables]
    shown += [
        f"  {c.table}.{c.column}: {c.rare} / {c.values} rare, {c.persons} persons" for c in report.codes
    ]
    shown += [f"    {r.table}.{r.column} = {r.value}: {r.persons}" for r in assessment.rarest]
    return shown


def _rows(report: RiskReport) -> list[tuple[str, Classes]]:
    rows = [(table.table, table.classes) for table in report.tables if table.quasi]
    joined = (("(steady)", report.steady), ("(everything)", report.everything))
    return rows + [(label, classes) for label, classes in joined if classes is not None]
