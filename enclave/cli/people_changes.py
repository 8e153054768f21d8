"""``enclave people``: renewing training, suspending an account at once, proposing to open it again.

Suspending writes the state and its event, then waits until no workspace of the person is live
any more (the sweeper ends them) and says how long it took: an operator who suspends someone
wants to know that it is over, not that it was asked for.
"""

import argparse
import time
from datetime import date
from typing import Any

from enclave.adapters.foundation import Foundation
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.cli.proving import OpenHouse, add_command, as_person, proposed, prove, tell
from enclave.errors import UnavailableError
from enclave.people import Training
from enclave.sentences import say
from enclave.use_cases.narrow import suspend
from enclave.use_cases.propose_eligibility import propose_reinstatement, propose_training

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.1


def register(people: Any) -> None:
    """Add the commands."""
    training = add_command(people, "training", _train, "propose that a person completed a course")
    training.add_argument("name")
    training.add_argument("--course", required=True)
    training.add_argument("--completed", type=date.fromisoformat, required=True)
    training.add_argument("--valid-until", type=date.fromisoformat, required=True)
    as_person(training)
    suspending = add_command(people, "suspend", _suspend, "suspend an account now and see its workspaces end")
    suspending.add_argument("name")
    suspending.add_argument("--reason", required=True)
    suspending.add_argument(
        "--wait", type=int, default=PATIENCE_SECONDS, metavar="SECONDS", help="how long to wait at most"
    )
    as_person(suspending)
    opening = add_command(people, "reinstate", _reinstate, "propose that a closed account is opened again")
    opening.add_argument("name")
    opening.add_argument("--reason", required=True)
    as_person(opening)


def _train(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    training = Training(arguments.name, arguments.course, arguments.completed, arguments.valid_until)
    with house.database.begin() as work:
        proposal = propose_training(work, proof.username, training)
    return proposed(proposal)


def _reinstate(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_reinstatement(work, proof.username, arguments.name, arguments.reason)
    return proposed(proposal)


def _suspend(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        suspend(work, proof, arguments.name, arguments.reason)
    began = time.monotonic()
    tell(say("{name} is suspended.", name=arguments.name))
    ended = _until_ended(house, arguments.name, began + arguments.wait)
    tell(
        say(
            "Workspaces that were running: {count}. All are ended, after {seconds} seconds.",
            count=ended,
            seconds=f"{time.monotonic() - began:.1f}",
        )
    )
    return 0


def _until_ended(house: Foundation, username: str, deadline: float) -> int:
    """How many workspaces ran when the waiting began, once none does.

    Raises:
        UnavailableError: some still run at the deadline.
    """
    first = _live(house, username)
    while _live(house, username):
        if time.monotonic() >= deadline:
            raise UnavailableError(
                "still_running",
                say(
                    "The account is suspended, but {count} of its workspaces still run. Is the sweeper running? "
                    "Look at its log.",
                    count=_live(house, username),
                ),
            )
        time.sleep(PAUSE_SECONDS)
    return first


def _live(house: Foundation, username: str) -> int:
    with house.database.read() as looking:
        return len(WorkspaceTables(looking.connection).live_of(username))
