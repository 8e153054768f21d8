"""What the architecture tests read: files, syntax trees and module names of the house."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("enclave", "catalog", "output_review", "hub")
IMAGE_PACKAGES = {
    "hanare_desk": "images/analysis/desk",
    "hanare_broker": "images/analysis/kernel",
    "enclave_kit": "images/analysis/kit",
    "hanare_reader": "images/reader",
}
OUTSIDERS = ("demo", "verifier")
BESIDE = ("tests", "benchmarks", "docs", "setup")
NOT_OURS = {".venv", ".git", "var", "node_modules", "__pycache__", "build", "dist", ".hypothesis"}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".yaml",
    ".yml",
    ".json",
    ".html",
    ".css",
    ".po",
    ".ini",
    ".sql",
    ".uke",
}


def is_ours(path: Path) -> bool:
    """Whether a file is part of the house, and not of an environment, a cache or a run."""
    parts = path.relative_to(ROOT).parts
    return not any(part in NOT_OURS or part.endswith(("_cache", ".egg-info")) for part in parts)


@cache
def files_below(*folders: str) -> tuple[Path, ...]:
    """Every file of ours below these folders."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return tuple(sorted(path for path in found if path.is_file() and is_ours(path)))


def modules_below(*folders: str) -> tuple[Path, ...]:
    """Every Python file of ours below these folders."""
    return tuple(path for path in files_below(*folders) if path.suffix == ".py")


def all_modules() -> tuple[Path, ...]:
    """Every Python file of ours."""
    return modules_below(*ROOMS, "images", *OUTSIDERS, *BESIDE)


def all_texts() -> tuple[Path, ...]:
    """Every text file of ours, those at the top included."""
    below = files_below(*ROOMS, "images", "policies", *OUTSIDERS, *BESIDE, "requirements", ".ci")
    top = (path for path in ROOT.iterdir() if path.is_file())
    texts = (path for path in (*below, *top) if path.suffix in TEXT or not path.suffix)
    return tuple(sorted(texts))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file, walked once for all tests: the trees of the house hold a million of them."""
    return tuple(ast.walk(tree_of(path)))


def shown(path: Path) -> str:
    """A path as people name it."""
    return path.relative_to(ROOT).as_posix()


def imported_by(path: Path) -> set[str]:
    """The full names of everything a file imports, wherever in it; relative ones start with a dot."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def roots_imported_by(path: Path) -> set[str]:
    """The first parts of what a file imports absolutely."""
    return {name.partition(".")[0] for name in imported_by(path) if not name.startswith(".")}


def calls_in(path: Path) -> list[ast.Call]:
    """Every call in a file."""
    return [node for node in nodes_of(path) if isinstance(node, ast.Call)]


def called_name(call: ast.Call) -> str:
    """What is called, as written: ``say``, ``sys.exit``; empty when it is no plain name."""
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""
