"""``enclave keys``: the master key and the data keys of projects, changed by an operator together with a member of the board."""

import argparse

from enclave.adapters.master_keys import seal_master_file
from enclave.cli.proving import OpenHouse, add_command, prove, tell, with_person
from enclave.sentences import say
from enclave.use_cases.rotate_data import rotate_data
from enclave.use_cases.rotate_master import rotate_master, seal_master


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    group = commands.add_parser("keys", help="the keys of the enclave's zone").add_subparsers(required=True)
    text = "wrap every key by a new master key; --with is a member of the board"
    with_person(add_command(group, "rotate-master", _rotate, text))
    text = "make a newer data key, which the project's next build encrypts under"
    changing = add_command(group, "rotate-data", _rotate_data, text)
    changing.add_argument("project")
    with_person(changing)
    text = "put the master key's file under the passphrase that HANARE_MASTER_PASSPHRASE names"
    with_person(add_command(group, "seal-master", _seal, text))


def _rotate_data(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    operator, board = prove(house, arguments.username), prove(house, arguments.other)
    rotate_data(house.database, operator, board, arguments.project)
    tell(
        say("The project has a newer data key. Build its extract now: then what the older key opens is gone.")
    )
    return 0


def _seal(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    operator, board = prove(house, arguments.username), prove(house, arguments.other)
    seal_master(house.database, lambda: seal_master_file(house.settings, house.fresh), operator, board)
    tell(say("The master key lies under its passphrase. Set HANARE_MASTER_KEY=passphrase and start anew."))
    return 0


def _rotate(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    operator, board = prove(house, arguments.username), prove(house, arguments.other)
    count = rotate_master(house.database, house.keyring, operator, board)
    tell(say("The master key was changed. Keys wrapped anew: {count}.", count=count))
    return 0
