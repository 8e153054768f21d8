"""The virtual environment of the host side, from the locks.

Rules: every wheel is checked against its hash; no package source is named here, the machine's own pip configuration
says where they come from; the interpreter lies where service users can execute it, never inside a private home; an
environment that already holds exactly the locked versions is adopted.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from setup.commands import answers, run
from setup.console import SetupError
from setup.places import Places
from setup.stamps import Stamps, digest

CANDIDATES = (
    "/usr/bin/python3",
    *(f"/usr/bin/python3.{minor}" for minor in range(11, 20)),
    "/usr/local/bin/python3",
)
PROBE = "import sys, venv, ensurepip; print(sys.version_info >= (3, 11))"
INSTALLED = (
    "import importlib.metadata as m, json; "
    "print(json.dumps({d.metadata['Name'].lower().replace('_', '-').replace('.', '-'): d.version for d in m.distributions()}))"
)


def everyone_can_execute(program: Path) -> bool:
    """No folder on the way to the real program is closed to other users."""
    real = program.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (real, *real.parents))


def base_python(candidates: Iterable[str], *, as_root: bool) -> Path:
    """The first interpreter that is new enough, complete, and executable by the service users."""
    for name in candidates:
        program = Path(name)
        if program.exists() and (not as_root or everyone_can_execute(program)):
            told = answers([program, "-I", "-c", PROBE])
            if told and told.strip() == "True":
                return program
    raise SetupError(
        "Python 3.11 or newer with its venv module is needed outside any private home: install python3 and python3-venv.",
        "venv を含む Python 3.11 以上が(個人のホームの外に)必要です。python3 と python3-venv をインストールしてください。",
    )


def locked_versions(*locks: Path) -> dict[str, str]:
    """Name and version of every entry of the lock files."""
    found: dict[str, str] = {}
    for lock in locks:
        for match in re.finditer(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8")):
            found[re.sub(r"[._-]+", "-", match[1].lower())] = match[2]
    return found


def _holds(python: Path, locked: dict[str, str]) -> bool:
    told = answers([python, "-I", "-c", INSTALLED])
    if not told:
        return False
    installed = json.loads(told)
    return all(installed.get(name) == version for name, version in locked.items())


def _usable(places: Places) -> bool:
    if answers([places.python, "-I", "-c", PROBE]) is None:
        return False
    return not places.as_root or everyone_can_execute(places.python)


def _pip(places: Places, *arguments: str | Path) -> None:
    command = [
        places.python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        *arguments,
    ]
    run(
        command,
        what="Installing the locked packages",
        what_ja="固定版パッケージのインストール",
        cwd=places.root,
    )


def ensure(places: Places, stamps: Stamps) -> str:
    """Have .venv as the locks say, with our rooms in it; the words say what was done."""
    host, build = places.root / "requirements" / "host.txt", places.root / "requirements" / "build.txt"
    project = places.root / "pyproject.toml"
    value = digest([host, build, project, str(places.root)])
    if stamps.fresh("environment", value) and _usable(places):
        return "unchanged"
    words = "adopted, it holds the locked versions"
    locked = locked_versions(host, build)
    if not _usable(places) or not _holds(places.python, locked):
        if not _usable(places):
            shutil.rmtree(places.venv, ignore_errors=True)
            python = base_python([*CANDIDATES, sys.executable], as_root=places.as_root)
            run(
                [python, "-m", "venv", places.venv], what="Making .venv", what_ja=".venv の作成", env=_clean()
            )
        _pip(places, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", host, "-r", build)
        words = f"{len(locked)} locked packages"
    _pip(places, "--no-deps", "--no-build-isolation", "--editable", places.root)
    stamps.write("environment", value)
    return words


def _clean() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    }
