"""Who may import whom, who may make a permit, who may read a clock: the walls of the house."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house_tree import (
    IMAGE_PACKAGES,
    ROOMS,
    ROOT,
    all_modules,
    called_name,
    calls_in,
    imported_by,
    modules_below,
    roots_imported_by,
    shown,
    tree_of,
)

INWARDS = {
    "enclave": {"enclave"},
    "catalog": {"catalog", "enclave"},
    "output_review": {"output_review", "catalog", "enclave"},
    "hub": set(ROOMS),
}
OURS = {*ROOMS, *IMAGE_PACKAGES, "tests", "docs", "setup", "benchmarks"}
CLIENT_LIBRARIES = {"httpx", "websockets"}
EDGES = ("adapters", "web", "cli", "worker", "lane", "intake", "processes", "gate", "recorder", "seed")
"""Where the outside may be touched. In the hub only the modules named in ``PURE_OF_THE_HUB`` may not."""
PURE_OF_THE_HUB = {"isolation", "sessions", "sessions_house", "gate_judge"}
TOUCHES_THE_WORLD = {
    "os", "io", "shutil", "socket", "subprocess", "tempfile", "sqlite3", "urllib", "http", "random", "secrets",
    "sqlalchemy", "duckdb", "docker", "jupyterhub", "traitlets", "fastapi", "starlette", "httpx", "yaml", "pandas",
}  # fmt: skip
HARMLESS = {"urllib.parse"}
"""Taking an address apart touches nothing."""
MEMORY_ONLY = {
    "output_review/releases.py": {"io"},
    "output_review/disclosure/edits.py": {"io"},
    "output_review/disclosure/text_tables.py": {"io"},
    "catalog/hospital/places.py": {"sqlite3"},
}
"""``io`` for buffers in memory is not the world, nor is a table that an installed, pinned package carries."""


def pure_modules() -> list[Path]:
    """The modules in the middle: values, rules, use cases, ports."""
    found = []
    for path in modules_below(*ROOMS):
        room, *inside = path.relative_to(ROOT).with_suffix("").parts
        edge = any(word in EDGES for part in inside for word in (part, *part.split("_")))
        if room == "hub" and inside[0] not in PURE_OF_THE_HUB:
            continue
        if not edge:
            found.append(path)
    return found


def test_rooms_lean_inwards() -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in modules_below(*ROOMS)
        for name in sorted(roots_imported_by(path) & set(ROOMS))
        if name not in INWARDS[path.relative_to(ROOT).parts[0]]
    ]
    assert wrong == []


def test_no_room_imports_tests_set_up_images_or_the_outsiders() -> None:
    foreign = (OURS | {"demo", "verifier"}) - set(ROOMS)
    wrong = [
        f"{shown(path)} imports {name}"
        for path in modules_below(*ROOMS)
        for name in sorted(roots_imported_by(path) & foreign)
    ]
    assert wrong == []


def test_what_runs_in_images_imports_nothing_of_ours_but_itself() -> None:
    wrong = []
    for package, folder in IMAGE_PACKAGES.items():
        modules = modules_below(folder)
        assert modules, folder
        for path in modules:
            strangers = roots_imported_by(path) & (OURS | {"demo", "verifier"}) - {package}
            wrong += [f"{shown(path)} imports {name}" for name in sorted(strangers)]
    assert wrong == []


def test_nobody_imports_what_runs_in_images() -> None:
    beside = [
        path for path in all_modules() if path.relative_to(ROOT).parts[0] in {*ROOMS, "demo", "verifier"}
    ]
    wrong = [shown(path) for path in beside if roots_imported_by(path) & set(IMAGE_PACKAGES)]
    assert wrong == []


def test_the_outside_client_knows_nothing_but_two_libraries() -> None:
    modules = modules_below("demo")
    assert any(path.name == "walk.py" for path in modules)
    for path in modules:
        allowed = {*sys.stdlib_module_names, *CLIENT_LIBRARIES, "demo"}
        assert roots_imported_by(path) <= allowed, shown(path)
        assert not {name for name in imported_by(path) if name.startswith(".")}, shown(path)


def test_the_verifier_knows_nothing_but_cryptography() -> None:
    (path,) = modules_below("verifier")
    assert roots_imported_by(path) <= {*sys.stdlib_module_names, "cryptography"}
    assert len(path.read_text("utf-8").splitlines()) < 200


def test_the_middle_touches_nothing_outside() -> None:
    assert len(pure_modules()) > 60
    wrong = [
        f"{shown(path)} imports {name}"
        for path in pure_modules()
        for name in sorted(imported_by(path) - HARMLESS)
        if name.partition(".")[0] in TOUCHES_THE_WORLD - MEMORY_ONLY.get(shown(path), set())
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", ["use_cases", "web", "disclosure"])
def test_adapters_are_known_at_the_edge_only(layer: str) -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in modules_below(*ROOMS)
        if layer in path.relative_to(ROOT).parts
        for name in sorted(imported_by(path))
        if "adapters" in name.split(".")
    ]
    assert wrong == []


def test_only_require_makes_a_permit() -> None:
    makers = [
        shown(path)
        for path in modules_below(*ROOMS)
        for call in calls_in(path)
        if called_name(call).split(".")[-1] == "Permit"
    ]
    assert makers == ["enclave/decisions.py"]
    tree = tree_of(ROOT / "enclave" / "decisions.py")
    (maker,) = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "require"]
    assert any(isinstance(n, ast.Call) and called_name(n) == "Permit" for n in ast.walk(maker))


def test_no_permit_is_copied_with_changes() -> None:
    wrong = [
        f"{shown(path)}:{call.lineno}"
        for path in modules_below(*ROOMS)
        for call in calls_in(path)
        if called_name(call) in {"replace", "dataclasses.replace"}
        and call.args
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id == "permit"
    ]
    assert wrong == []


def test_time_and_chance_come_in_as_arguments() -> None:
    forbidden = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "uuid.uuid4"}
    wrong = [
        f"{shown(path)}:{call.lineno} {called_name(call)}"
        for path in pure_modules()
        for call in calls_in(path)
        if called_name(call).removeprefix("datetime.") in {f.removeprefix("datetime.") for f in forbidden}
        or called_name(call) in forbidden
    ]
    assert wrong == []


def test_nothing_prints_but_the_command_line() -> None:
    wrong = [
        f"{shown(path)}:{call.lineno}"
        for path in modules_below(*ROOMS)
        if not path.stem.endswith("cli") and path.parent.name != "cli"
        for call in calls_in(path)
        if called_name(call) == "print"
    ]
    assert wrong == []


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(lint), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
