"""The data steward's commands: ``enclave catalog …``.

Exit codes: 0 done or accepted, 3 a view was refused, 2 wrong use, 1 refused. ``check-view`` and
``write-uke`` need no home; whatever changes something proves who acts (``--as``).
"""

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from catalog.adapters.extract_duckdb import DuckdbTrial
from catalog.adapters.producer import Producer, open_producer
from catalog.adapters.tables import BuildTables
from catalog.cli import datasets, generating, inquiries, officers, optout, registering, risk
from catalog.cli.own import renew_own
from catalog.hospital.uke_writer import write_uke
from catalog.profiles import PROFILES, PSEUDO, find_profile
from catalog.schema.canonical import CANONICAL
from catalog.sources import Taken
from catalog.use_cases.build import Steward
from catalog.use_cases.propose_view import propose_view
from catalog.use_cases.take_in import check_scale, ingest_uke
from catalog.view_compiler import Compilation, compile_view
from catalog.views.files import profile_line, read_view
from catalog.views.refusals import ViewRefusal
from enclave.adapters.database import Transaction
from enclave.adapters.foundation import Foundation
from enclave.adapters.translations import both
from enclave.cli import prove, tell
from enclave.errors import EnclaveError, InvalidInputError
from enclave.sentences import Sentence, say

OpenHouse = Callable[[], Foundation]
ACCEPTED, WRONG_USE, REFUSED = 0, 2, 3


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    text = "the data steward's room: sources, views, extracts"
    room = commands.add_parser("catalog", help=text, description=__doc__).add_subparsers(required=True)
    ingest = room.add_parser("ingest", help="take a file into the source").add_subparsers(required=True)
    uke = _command(ingest, "uke", _ingest_uke, "take a レセプト電算 file into the source")
    uke.add_argument("file", type=Path)
    _as_person(uke)
    generating.register(room)
    writing = _command(room, "write-uke", _write_uke, "write an invented hospital's claims of a month")
    writing.add_argument("file", type=Path)
    _scale(writing)
    writing.add_argument("--month", type=_month, default=date(2024, 11, 1), metavar="YYYY-MM")
    writing.add_argument("--receipts", type=int, default=75, help="at most so many")
    _views(room)
    building = _command(room, "build", _build, "build a project's extract from what was adopted")
    building.add_argument("project")
    _as_person(building)
    risk.register(room)
    optout.register(room, steward_of, _builds_of)
    officers.register(room)
    inquiries.register(room)
    registering.register(room)
    datasets.register(room)
    _command(room, "source", _source, "list what was taken into the source")


def _views(room: Any) -> None:
    checking = _command(room, "check-view", _check_view, "check a view's file; exit 3 when it is refused")
    checking.add_argument("file", type=Path)
    checking.add_argument("--profile", choices=PROFILES)
    checking.add_argument("--json", action="store_true")
    checking.add_argument("--source", action="store_true", help="with the sources registered here, too")
    proposing = _command(room, "propose-view", _propose_views, "put views forward for a project")
    proposing.add_argument("project")
    proposing.add_argument("files", nargs="+", type=Path)
    _as_person(proposing)


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace, OpenHouse], int], text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _as_person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def _scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--patients", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no zone


def _producer(house: Foundation) -> Producer:
    return open_producer(house.settings, house.fresh)


def _ingest_uke(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    content = _read(arguments.file)
    house = open_house()
    proof = prove(house, arguments.username)
    taken = ingest_uke(house.database, _producer(house).source, proof.username, arguments.file.name, content)
    renew_own(house)
    tell_taken(taken)
    return ACCEPTED


def tell_taken(taken: Taken) -> None:
    """Print what became of the lines of a file."""
    file = taken.file
    tell(
        say(
            "rows read {read} + rows quarantined {quarantined} = rows in the file {lines}",
            read=file.read,
            quarantined=file.quarantined,
            lines=file.lines,
        )
    )
    if taken.known:
        tell(say("This was taken in before; nothing was added."))
    for table, count in taken.added.items():
        print(f"  {table}: {count}")


def _write_uke(arguments: argparse.Namespace, _open_house: OpenHouse) -> int:
    scale = check_scale(arguments.patients, arguments.seed)
    content = write_uke(scale, arguments.month, arguments.receipts)
    arguments.file.write_bytes(content)
    tell(say("Wrote {file}: {lines} lines.", file=str(arguments.file), lines=content.count(b"\n")))
    return ACCEPTED


def _check_view(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    view = read_view(arguments.file.stem, _read_text(arguments.file), arguments.profile or PSEUDO.name)
    schema = _producer(open_house()).schema if arguments.source else CANONICAL
    compilation = compile_view(view.text, schema, find_profile(view.profile))
    if arguments.profile and arguments.profile != view.profile:
        compilation = _other_profile(compilation, profile_line(view.text) or 1)
    problem: Sentence | None = None
    if compilation.view is not None:
        try:
            DuckdbTrial(schema).types_of(compilation.view)
        except EnclaveError as error:
            problem = error.sentence
    answer = as_json(compilation, problem)
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print_check(answer)
    return ACCEPTED if answer["accepted"] else REFUSED


def _other_profile(compilation: Compilation, line: int) -> Compilation:
    """The compilation, refused besides for a head that states another profile than was asked for."""
    contradiction = ViewRefusal(
        "profile_contradiction",
        line,
        1,
        say("The head of the file states another profile than --profile asks for."),
        say("Change the head, or leave --profile out: what the file states is what is proposed."),
    )
    return Compilation(None, (contradiction, *compilation.refusals))


def as_json(compilation: Compilation, problem: Sentence | None = None) -> dict[str, Any]:
    """The answer to ``check-view`` in the form that others rely on."""
    refusals = [
        {
            "rule": refusal.rule,
            "line": refusal.line,
            "column": refusal.column,
            "message": both(refusal.sentence),
            "remedy": both(refusal.remedy),
        }
        for refusal in compilation.refusals
    ]
    if problem is not None:
        remedy = say("Try the SELECT on the schema's types: a date with dates, a number with numbers.")
        refusals.append(
            {"rule": "types", "line": 1, "column": 1, "message": both(problem), "remedy": both(remedy)}
        )
    view = compilation.view
    return {
        "accepted": not refusals,
        "refusals": refusals,
        "columns": [
            {
                "name": column.name,
                "sources": list(column.sources),
                "values": list(column.values),
                "transforms": list(column.transforms),
            }
            for column in (view.columns if view is not None and not refusals else ())
        ],
    }


def _print_check(answer: dict[str, Any]) -> None:
    for refusal in answer["refusals"]:
        print(f"{refusal['line']}:{refusal['column']} [{refusal['rule']}] {refusal['message']['ja']}")
        print(f"    {refusal['message']['en']}")
        print(f"    → {refusal['remedy']['ja']} / {refusal['remedy']['en']}")
    for column in answer["columns"]:
        print(
            f"{column['name']}: {', '.join(column['sources']) or '-'} {' '.join(column['transforms'])}".rstrip()
        )
    tell(say("The view is accepted.") if answer["accepted"] else say("The view is refused."))


def _propose_views(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    views = [read_view(path.stem, _read_text(path)) for path in arguments.files]
    house = open_house()
    proof = prove(house, arguments.username)
    producer = _producer(house)
    for view in views:
        proposal = propose_view(
            house.database, producer.trial, producer.schema, proof.username, arguments.project, view
        )
        tell(
            say(
                "Proposed. Another person adopts it with: enclave proposals adopt {what}",
                what=f"{proposal.id}:{proposal.digest}",
            )
        )
    return ACCEPTED


def steward_of(house: Foundation) -> Steward:
    """The builder of extracts over this deployment's foundation and producer zone."""
    producer = _producer(house)
    return Steward(
        house.database,
        _builds_of,
        risk.risks_of,
        optout.stale_of,
        risk.limits_of(house.policies()),
        producer.source,
        producer.extracts,
        officers.officers_of(house, producer),
        producer.schema,
    )


def _builds_of(work: Any) -> BuildTables:
    if not isinstance(work, Transaction):
        raise TypeError("builds are kept in the deployment's database")
    return BuildTables(work.connection)


def _build(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    manifest = steward_of(house).build(proof.username, arguments.project, house.policies().digest)
    tell(
        say(
            "Built {project} {version}: {persons} persons.",
            project=manifest.project,
            version=manifest.version,
            persons=manifest.persons,
        )
    )
    for table in manifest.tables:
        print(f"  {table.name}: {table.rows}")
    print(f"  sha256 {manifest.content_sha256}")
    return ACCEPTED


def _source(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    for file in _producer(open_house()).source.files():
        print(f"{file.digest} {file.kind:9} {file.read} + {file.quarantined} = {file.lines} {file.name}")
    return ACCEPTED


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            "unreadable", say("The file {file} cannot be read.", file=str(path))
        ) from error


def _read_text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "not_utf8", say("The file {file} is not UTF-8 text.", file=str(path))
        ) from error
