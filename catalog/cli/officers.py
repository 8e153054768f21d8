"""The officers' commands: the box made, opened for a while, closed, its passphrases changed.

Each of the two types their own passphrase, after their password and one-time code; when standard
input is no terminal these are three lines a person, in the order of ``--as`` and ``--with``. A
new passphrase comes after everything else. Passphrases stand in no argument and no file of ours.
"""

import argparse
from typing import Any

from catalog.adapters.officer_tables import TimeBoxTables
from catalog.adapters.producer import Producer, open_producer
from catalog.policy import parse_catalog_policy
from catalog.time_boxes import Purpose, TimeBox
from catalog.use_cases.inquire import Limits
from catalog.use_cases.officers import Both, Officers
from enclave.adapters.database import Transaction
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.cli.proving import (
    OpenHouse,
    add_command,
    as_person,
    ask_new_secret,
    ask_secret,
    with_person,
)
from enclave.policy import PolicySet
from enclave.ports import Work
from enclave.sentences import say

_NEW = "{name} new passphrase"


def register(room: Any) -> None:
    """Add ``officers`` and its commands."""
    text = "the producer's two re-identification officers and their box"
    group = room.add_parser("officers", help=text, description=__doc__).add_subparsers(required=True)
    with_person(add_command(group, "init", _init, "make the box and seal what lies unsealed"))
    opening = add_command(group, "open", _open, "open the box for builds, for so many minutes")
    opening.add_argument("--minutes", type=int, required=True)
    opening.add_argument("--reason", required=True)
    with_person(opening)
    as_person(add_command(group, "close", _close, "close whatever is open"))
    add_command(group, "status", _status, "say who the officers are and what is open")
    with_person(add_command(group, "passphrase", _passphrase, "whoever acts gets another passphrase"))
    replacing = add_command(group, "replace", _replace, "another officer takes the place of one")
    replacing.add_argument("leaving")
    replacing.add_argument("arriving")
    with_person(replacing)


def officers_of(house: Foundation, producer: Producer | None = None) -> Officers:
    """The officers' acts over this deployment's foundation and producer zone."""
    zone = producer or open_producer(house.settings, house.fresh)
    return Officers(house.database, time_boxes_of, zone.box, zone.box.opened, zone.pseudonym_keys)


def time_boxes_of(work: Work) -> TimeBoxTables:
    """The time boxes of a transaction of the deployment's database."""
    if not isinstance(work, Transaction):
        raise TypeError("time boxes are kept in the deployment's database")
    return TimeBoxTables(work.connection)


def limits_of(policies: PolicySet) -> Limits:
    """What the policy says of time boxes and inquiries."""
    policy = parse_catalog_policy(policies.document("catalog"))
    return Limits(policy.most_minutes, policy.most_pseudonyms, policy.kept_years)


def prove_both(house: Foundation, arguments: argparse.Namespace, *, new: bool = False) -> Both:
    """Ask both officers for everything they know."""
    ask, proofs, passphrases = (ask_new_secret if new else ask_secret), [], {}
    for username in (arguments.username, arguments.other):
        proofs.append(prove(house, username))
        passphrases[username] = ask(f"{username} passphrase")
    first, second = proofs
    return Both(first, second, passphrases)


def _init(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    box = officers_of(house).make(prove_both(house, arguments, new=True))
    first, second = box.officers
    tell(say("The officers' box is made. Its officers are {first} and {second}.", first=first, second=second))
    return 0


def _open(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    most = limits_of(house.policies()).most_minutes
    both = prove_both(house, arguments)
    time_box = officers_of(house).open(both, Purpose.BUILD, "", arguments.minutes, most, arguments.reason)
    tell_open(time_box)
    return 0


def tell_open(time_box: TimeBox) -> None:
    """Say until when it is open."""
    tell(
        say("The officers' box is open until {time}.", time=time_box.expires_at.isoformat(timespec="seconds"))
    )


def _close(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    officers_of(house).close(prove(house, arguments.username))
    tell(say("The officers' box is closed."))
    return 0


def _status(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    officers = officers_of(open_house())
    box = officers.box.find()
    if box is None:
        tell(say("There is no officers' box yet. Two officers make it: enclave catalog officers init"))
        return 0
    print(f"{box.officers[0]} {box.officers[1]} ({box.organisation})")
    living = officers.settle()
    for time_box in living:
        print(f"{time_box.id} {time_box.purpose.value} {time_box.subject}".rstrip())
        tell_open(time_box)
    if not living:
        tell(say("The officers' box is closed."))
    return 0


def _passphrase(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    both = prove_both(house, arguments)
    new = ask_new_secret(_NEW.format(name=arguments.username))
    officers_of(house).change_passphrase(both, arguments.username, new)
    tell(say("{name} has another passphrase from now on.", name=arguments.username))
    return 0


def _replace(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    both = prove_both(house, arguments)
    arriving = prove(house, arguments.arriving)
    new = ask_new_secret(_NEW.format(name=arguments.arriving))
    box = officers_of(house).replace(both, arguments.leaving, arriving, new)
    first, second = box.officers
    tell(say("The officers of the box are {first} and {second} now.", first=first, second=second))
    return 0
