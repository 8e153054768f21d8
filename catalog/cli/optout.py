"""Opt-outs at the command line: take one, and see which extracts have to be rebuilt until when.

``optout add`` names a person as their provider does (``--facility`` and ``--chart-no``) or by the
source's key. Nothing printed or recorded says who it was. ``optout stale`` lists what is due.
"""

import argparse
from collections.abc import Callable
from typing import Any

from catalog.adapters.producer import open_producer
from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Named, Stale
from catalog.policy import parse_catalog_policy
from catalog.use_cases.opt_out import OptoutDesk
from enclave.adapters.database import Transaction
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.ports import Work
from enclave.sentences import say

OpenHouse = Callable[[], Foundation]


def register(room: Any, steward: Callable[[Foundation], Any], builds_of: Any) -> None:
    """Add ``optout`` to the steward's commands."""
    group = room.add_parser("optout", help="people who asked to be left out").add_subparsers(required=True)
    text = "leave a person out of every extract from now on"
    adding = group.add_parser("add", help=text, description=text)
    adding.add_argument("--facility", type=int, help="the provider's code in the source")
    adding.add_argument("--chart-no", default="", help="the person's chart number there")
    adding.add_argument("--patient-key", type=int, help="or the key that the source has for them")
    adding.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")

    def add(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
        house = open_house()
        proof = prove(house, arguments.username)
        # What a killed build left is settled first, so that a version's time says what it holds.
        steward(house).settle()
        policy = parse_catalog_policy(house.policies().document("catalog"))
        named = Named(arguments.facility, arguments.chart_no, arguments.patient_key)
        number, stale = optout_desk(house, builds_of).add(
            proof.username, named, policy.rebuild_days, everywhere=policy.all_providers
        )
        tell(say("Recorded as {number}. The person is left out of every build from now on.", number=number))
        _tell_stale(stale)
        return 0

    adding.set_defaults(run=add)
    text = "extracts that hold somebody who opted out, and until when they have to be rebuilt"
    listing = group.add_parser("stale", help=text, description=text)
    listing.set_defaults(run=_list)


def optout_desk(house: Foundation, builds_of: Any) -> OptoutDesk:
    """The desk over this deployment's foundation and producer zone."""
    producer = open_producer(house.settings, house.fresh)
    return OptoutDesk(house.database, producer.optouts, producer.extracts, builds_of, stale_of)


def stale_of(work: Work) -> StaleTables:
    """The stale extracts of a transaction of the deployment's database."""
    if not isinstance(work, Transaction):
        raise TypeError("stale extracts are kept in the deployment's database")
    return StaleTables(work.connection)


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as work:
        _tell_stale(StaleTables(work.connection).all())
    return 0


def _tell_stale(stale: tuple[Stale, ...]) -> None:
    for one in stale:
        tell(
            say(
                "Stale: {project} {version}. Rebuild it before {due}.",
                project=one.project,
                version=one.version,
                due=one.due.date().isoformat(),
            )
        )
