"""Registering a source that is not ours: ``register FILE --classes FILE.yaml``, or its template.

``--template`` writes a classes file to fill in, and changes nothing. With ``--classes`` every
problem of the file is printed with its line; nothing is registered while there is one.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.adapters.producer import open_producer
from catalog.cli.own import renew_own
from catalog.registration import template
from catalog.sources import Taken
from catalog.use_cases.register_source import register_source
from enclave.adapters.foundation import Foundation
from enclave.adapters.lined_yaml import read_lined
from enclave.cli import prove, tell
from enclave.errors import InvalidInputError
from enclave.sentences import say

_MOST_BYTES = 4 * 1024 * 1024


def register(room: Any) -> None:
    """Add ``register`` to the steward's commands."""
    text = "take a DuckDB or Parquet file into the source, every column classified"
    parser = room.add_parser("register", help=text, description=text)
    parser.set_defaults(run=_register)
    parser.add_argument("file", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--classes", type=Path, metavar="FILE.yaml", help="what every column is")
    what.add_argument("--template", action="store_true", help="print a classes file to fill in")
    parser.add_argument("--replace", action="store_true", help="let the source's former rows give way")
    parser.add_argument("--as", dest="username", metavar="USERNAME", help="who acts; not for --template")


def _register(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    arriving = open_producer(house.settings, house.fresh).register_of(arguments.file)
    if arguments.template:
        print(template(arriving.title, arriving.look("")[0]), end="")
        return 0
    if not arguments.username:
        raise InvalidInputError("nobody_acts", say("Say who acts, with --as."))
    document, line_of = read_lined(_read(arguments.classes))
    proof = prove(house, arguments.username)
    outcome = register_source(
        house.database, arriving, proof.username, document, line_of, replace=arguments.replace
    )
    if isinstance(outcome, Taken):
        renew_own(house)
        if outcome.known:
            tell(say("This was taken in before; nothing was added."))
        for table, count in outcome.added.items():
            print(f"  {table}: {count}")
        return 0
    for problem in outcome:
        print(f"{arguments.classes.name}:{problem.line}: ", end="")
        tell(problem.sentence)
    raise InvalidInputError(
        "bad_classes",
        say("The classes have {count} problems, so nothing was registered.", count=len(outcome)),
    )


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidInputError("too_long", say("The file {file} is too long.", file=path.name))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInputError(
            "unreadable", say("The file {file} cannot be read.", file=path.name)
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "not_utf8", say("The file {file} is not UTF-8 text.", file=path.name)
        ) from error
