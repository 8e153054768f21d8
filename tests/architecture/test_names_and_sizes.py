"""Names come from the field, files fit on a few screens, functions on one."""

import ast
import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house_tree import (
    IMAGE_PACKAGES,
    ROOMS,
    ROOT,
    all_modules,
    files_below,
    modules_below,
    nodes_of,
    shown,
    tree_of,
)

MOST_LINES, MOST_FUNCTION_LINES = 400, 50
FORBIDDEN = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
    "core",
    "handler",
}
OF_THE_WORKSHOP = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\braise NotImplementedError\b")
GOOGLE_WORD = re.compile(r"[a-z0-9]+")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(path: Path) -> Iterator[Function]:
    for node in nodes_of(path):
        if isinstance(node, Function):
            yield node


def test_no_module_has_a_name_that_says_nothing() -> None:
    exempt = {"base_image", "images/base"}
    bad = []
    for path in all_modules():
        words = {word for part in path.relative_to(ROOT).with_suffix("").parts for word in part.split("_")}
        if words & FORBIDDEN and not any(name in shown(path) for name in exempt):
            bad.append(shown(path))
    assert bad == []


def test_no_class_is_a_manager_or_a_helper() -> None:
    bad = [
        f"{shown(path)}: {node.name}"
        for path in modules_below(*ROOMS)
        for node in nodes_of(path)
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager|Misc)$", node.name)
    ]
    assert bad == []


def test_no_file_is_longer_than_its_limit() -> None:
    long = {
        shown(path): lines
        for path in all_modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_its_limit() -> None:
    long = {
        f"{shown(path)}:{node.lineno} {node.name}": length
        for path in all_modules()
        for node in functions_of(path)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_opens_with_a_docstring() -> None:
    silent = [
        shown(path) for path in all_modules() if tree_of(path).body and not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


def test_nothing_is_left_to_be_done() -> None:
    here = Path(__file__)
    left = [
        f"{shown(path)}: {found[0]}"
        for path in all_modules()
        if path != here and (found := OF_THE_WORKSHOP.search(path.read_text("utf-8")))
    ]
    assert left == []


def test_root_modules_of_rooms_are_packages_with_type_information() -> None:
    for room in ROOMS:
        assert (ROOT / room / "__init__.py").is_file(), room
        assert (ROOT / room / "py.typed").is_file(), room


def test_nobody_else_installs_a_package_of_our_names() -> None:
    ours = {*ROOMS, *IMAGE_PACKAGES, "demo", "verifier", "setup"}
    others = {
        (name, distribution)
        for name, distributions in importlib.metadata.packages_distributions().items()
        if name in ours
        for distribution in distributions
        if distribution.lower() != "hanare"
    }
    assert others == set()


def test_the_boards_room_is_data_only() -> None:
    assert [shown(p) for p in files_below("policies") if p.suffix not in {".yaml", ".csv", ".md"}] == []


def test_japanese_and_english_catalogues_lie_where_rooms_keep_them() -> None:
    for room in ROOMS:
        translated = ROOT / room / "locale" / "ja" / "LC_MESSAGES"
        assert list(translated.glob("*.po")), room
