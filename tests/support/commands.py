"""Every subcommand of ``enclave``, run in this process with arguments that a person could give.

``COMMANDS`` is the census: a subcommand that the parser has and this table has not fails the test
that compares them. Each entry makes an argument list from the house as it is.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from enclave.adapters.foundation import Foundation
from enclave.errors import EnclaveError
from hub.cli import parser

ROOT = Path(__file__).resolve().parents[2]
Words = Callable[["Commands", str, tuple[int, ...]], list[str]]


def _ids(commands: "Commands") -> list[str]:
    with commands.open_house().database.read() as looking:
        return [f"{one.id}:{one.digest}" for one in looking.proposals.all()] or ["none:none"]


def _proposal(commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
    ids = _ids(commands)
    return [ids[choices[0] % len(ids)], "--as", person]


def _enrol(_commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
    role = ("checker", "researcher", "board")[choices[0] % 3]
    who = ("eve", "mei", person)[choices[1] % 3]
    words = [
        who,
        "--name",
        "Eve",
        "--organisation",
        "sakusei",
        "--role",
        role,
        "--trained-until",
        "2027-01-01",
    ]
    return [*words, "--credential", "0" * 64, "--as", person]


def _organisation(_commands: "Commands", person: str, _choices: tuple[int, ...]) -> list[str]:
    words = ["shin", "--name", "新機構", "--kind", "producer", "--certificate", "作-9"]
    return [*words, "--certified-from", "2026-01-01", "--certified-until", "2027-01-01", "--as", person]


def _training(_commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
    days = ["--completed", "2026-03-01", "--valid-until", f"2027-0{choices[0] % 9 + 1}-01"]
    return [_somebody(person, choices), "--course", "基礎", *days, "--as", person]


def _contract(_commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
    words = [f"k-{choices[0] % 4}", "--organisation", ("daigaku", "sakusei")[choices[1] % 2]]
    days = ["--from", "2026-01-01", "--until", "2027-01-01"]
    return [*words, *days, "--sha256", "c" * 64, "--as", person]


def _ending(what: tuple[str, ...]) -> Words:
    def words(_commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
        return [what[choices[0] % len(what)], "--reason", "調査のため、直ちに終える", "--as", person]

    return words


def _somebody(person: str, choices: tuple[int, ...]) -> str:
    return ("mei", "aoi", "bo", person)[choices[1] % 4]


def _closing(_commands: "Commands", person: str, choices: tuple[int, ...]) -> list[str]:
    return [_somebody(person, choices), "--reason", "調査が済むまで停止する", "--as", person]


def _two(person: str, choices: tuple[int, ...]) -> list[str]:
    return ["--as", person, "--with", _somebody(person, choices)]


def _fresh_file(commands: "Commands", choices: tuple[int, ...]) -> str:
    return str(commands.folder / f"out-{choices[0]}-{choices[1]}")


COMMANDS: dict[str, Words] = {
    "audit verify": lambda *_: [],
    "audit export": lambda c, _p, n: [_fresh_file(c, n)],
    "proposals list": lambda *_: [],
    "proposals adopt": _proposal,
    "project apply": lambda _c, p, _n: [str(ROOT / "demo" / "permit.yaml"), "--as", p],
    "policy propose": lambda _c, p, _n: ["--as", p],
    "policy show": lambda *_: [],
    "people credential": lambda _c, p, n: [("eve", p)[n[0] % 2]],
    "people enrol": _enrol,
    "people organisation": _organisation,
    "people list": lambda *_: [],
    "people show": lambda _c, p, _n: [p],
    "people training": _training,
    "people suspend": lambda c, p, n: [*_closing(c, p, n), "--wait", "0"],
    "people reinstate": _closing,
    "organisations list": lambda *_: [],
    "organisations withdraw": _ending(("daigaku", "seiyaku", "sakusei")),
    "contracts propose": _contract,
    "contracts list": lambda *_: [],
    "contracts end": _ending(("k-daigaku", "k-0", "k-1")),
    "projects list": lambda *_: [],
    "projects show": lambda *_: ["p-diabetes"],
    "project erase": lambda _c, p, _n: ["p-none", "--reason", "over", "--as", p],
    "catalog ingest uke": lambda _c, p, _n: [str(ROOT / "pyproject.toml"), "--as", p],
    "catalog generate": lambda _c, p, _n: ["--patients", "1", "--seed", "1", "--as", p],
    "catalog write-uke": lambda c, _p, n: [
        _fresh_file(c, n),
        "--patients",
        "3",
        "--seed",
        "1",
        "--receipts",
        "1",
    ],
    "catalog check-view": lambda *_: [str(ROOT / "demo" / "views" / "patients.sql")],
    "catalog propose-view": lambda _c, p, _n: [
        "p-diabetes",
        str(ROOT / "demo" / "views" / "patients.sql"),
        "--as",
        p,
    ],
    "catalog risk": lambda _c, p, _n: ["p-diabetes", "--as", p],
    "catalog accept-risk": lambda _c, p, _n: ["p-diabetes", "0" * 64, "--reason", "seen", "--as", p],
    "catalog optout add": lambda _c, p, n: ["--patient-key", str(n[0] + 1), "--as", p],
    "catalog optout stale": lambda *_: [],
    "catalog build": lambda _c, p, _n: ["p-diabetes", "--as", p],
    "catalog source": lambda *_: [],
    "catalog register": lambda _c, p, n: [
        str(ROOT / "README.md"),
        *(("--template",) if n[0] % 2 else ("--classes", str(ROOT / "demo" / "permit.yaml"), "--as", p)),
    ],
    "catalog publish": lambda _c, p, _n: ["--as", p],
    "catalog datasets": lambda _c, _p, n: [[], ["--json"], ["--search", "検査"]][n[0] % 3],
    "catalog officers init": lambda _c, p, n: _two(p, n),
    "catalog officers open": lambda _c, p, n: [
        "--minutes",
        "5",
        "--reason",
        "抽出データを作成する",
        *_two(p, n),
    ],
    "catalog officers close": lambda _c, p, _n: ["--as", p],
    "catalog officers status": lambda *_: [],
    "catalog officers passphrase": lambda _c, p, n: _two(p, n),
    "catalog officers replace": lambda _c, p, n: [p, _somebody(p, n), *_two(p, n)],
    "catalog inquiry open": lambda _c, p, n: [
        *("p-diabetes", "--number", f"A-{n[0] % 3}", "--authority", "pmda", "--minutes", "5"),
        *("--reason", "照会への回答のため", *_two(p, n)),
    ],
    "catalog inquiry answer": lambda c, p, n: [
        *(f"A-{n[0] % 3}", "--pseudonyms", str(ROOT / "README.md"), "--out", _fresh_file(c, n), "--as", p),
    ],
    "catalog inquiry list": lambda *_: [],
    "keys seal-master": lambda _c, p, n: _two(p, n),
    "keys rotate-master": lambda _c, p, n: _two(p, n),
    "keys rotate-data": lambda _c, p, n: ["p-diabetes", *_two(p, n)],
    "workspaces list": lambda *_: [],
    "workspaces erase": lambda _c, p, n: [("mei", p)[n[0] % 2], "p-diabetes", "--as", p],
    "doctor": lambda *_: ["--host"],
    "check": lambda *_: [str(ROOT / "README.md")],
}


def leaves(top: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every subcommand a parser knows, words joined by spaces."""
    groups = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield " ".join(before)
    for group in groups:
        for name, below in group.choices.items():
            yield from leaves(below, (*before, name))


@dataclass
class Commands:
    """Runs subcommands over one house."""

    folder: Path
    open_house: Callable[[], Foundation]
    code: Callable[[str], str]

    def run(self, name: str, person: str, choices: tuple[int, ...]) -> int:
        """The exit code; a refusal on purpose is 1. ``person`` proves who they are when asked."""
        words = [*name.split(), *COMMANDS[name](self, person, choices)]
        arguments = parser().parse_args(words)
        answers = io.StringIO(f"pw\n{self.code(person) if choices[3] % 8 else '000000'}\n")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            before, sys.stdin = sys.stdin, answers
            try:
                return int(arguments.run(arguments, self.open_house))
            except (EnclaveError, FileExistsError):
                return 1
            finally:
                sys.stdin = before
