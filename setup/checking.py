"""`make check`: what a change must pass before it is worth a full test run, in under a minute.

Rules: two lanes side by side (types and properties; everything else); a check that passes prints one line, one that fails prints what
it said; nothing is repaired.
"""

import os
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setup import environment, lab
from setup.console import indented, line, step
from setup.places import Places
from setup.stamps import Stamps

FAST = (("unit", "architecture"), ("contract", "property"))
"""The fast tests, one lane's and the other's."""
IMAGE_PACKAGES = (
    ("images/analysis/desk", "hanare_desk"),
    ("images/analysis/kernel", "hanare_broker"),
    ("images/analysis/kit", "enclave_kit"),
    ("images/reader", "hanare_reader"),
)
Check = tuple[str, list[str], Mapping[str, str]]


def _fast(python: str, kinds: tuple[str, ...]) -> Check:
    folders = [f"tests/{kind}" for kind in kinds]
    return (f"fast tests, {kinds[0]}", [python, "-m", "pytest", "-q", "-m", "not slow", *folders], {})


def _python_lane(python: str) -> list[Check]:
    return [
        ("ruff check", [python, "-m", "ruff", "check", "--quiet", "."], {}),
        ("ruff format", [python, "-m", "ruff", "format", "--quiet", "--check", "."], {}),
        ("import contracts", [str(Path(python).parent / "lint-imports")], {}),
        _fast(python, FAST[0]),
    ]


def _type_lane(places: Places) -> list[Check]:
    python, root = str(places.python), places.root
    mypy = [python, "-m", "mypy"]
    beside = [
        name
        for name in ("setup", "tests", "demo", "benchmarks", "verifier")
        if any((root / name).rglob("*.py"))
    ]
    checks: list[Check] = [
        ("types of the rooms", mypy, {}),
        ("types beside them", [*mypy, "--explicit-package-bases", *beside], {}),
    ]
    for folder, package in IMAGE_PACKAGES:
        command = [*mypy, "--ignore-missing-imports", "-p", package]
        checks.append((f"types of {package}", command, {"MYPYPATH": str(root / folder)}))
    checks += [(name, command, {}) for name, command in lab.checks(places)]
    return [*checks, _fast(python, FAST[1])]


def _run(root: Path, check: Check) -> bool:
    name, command, extra = check
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    held = done.returncode == 0
    seconds = time.monotonic() - started
    said = "" if held else "\n" + indented((done.stdout + done.stderr).decode("utf-8", "replace"))
    line(f"[check] {name:<24} {'holds' if held else 'FAILS':<8} {seconds:6.1f} s{said}")
    return held


def check(places: Places, arguments: list[str]) -> int:
    """`make check`."""
    del arguments
    with step("Python environment") as say:
        say(environment.ensure(places, Stamps(places.var / "stamps")))
    with step("TypeScript packages") as say:
        say(lab.prepare(places, Stamps(places.var / "stamps")))
    started = time.monotonic()
    lanes = (_type_lane(places), _python_lane(str(places.python)))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda lane: [_run(places.root, one) for one in lane], lanes))
    held = [one for lane in results for one in lane]
    line(f"[check] {sum(held)} hold, {len(held) - sum(held)} fail, {time.monotonic() - started:.0f} s")
    return 0 if all(held) else 1
