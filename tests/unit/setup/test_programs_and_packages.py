"""Every program that our code calls is there on a bare machine, or comes with a package that set-up asks for.

The census is taken from the source: words that are run, looked up, or written as a path of a program.
Where the machine is a Debian, its own package database is asked whether the table is right. What runs
inside an image comes with the image; a shell's own script, where one is used, calls coreutils alone.
"""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup import packages

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("setup", "hub", "enclave", "catalog", "output_review", "demo", "verifier", "docs", "benchmarks")
PROGRAM = re.compile(r"[a-z][a-z0-9_+-]*|/[a-z][a-z0-9_.+/-]*")
PLACE = re.compile(r"/(usr/)?(local/)?s?bin/[\w.+-]+")
OPTION = re.compile(r"--?[a-zA-Z][\w-]*(=.*)?")
RUNNERS = {"run", "Popen", "answers", "check_output", "check_call", "_account", "create_subprocess_exec"}
ELSEWHERE = ("/opt/", "/usr/bin/R")
"""Where programs of the images are."""

BARE = {"apt", "coreutils", "dash", "login", "mount", "passwd", "util-linux"}
"""What every Debian machine has, however small."""
PROVIDED = {
    "/bin/sh": "dash",
    "/usr/bin/chromium": "chromium",
    "/usr/bin/env": "coreutils",
    "/usr/bin/python3": "python3-venv",
    "/usr/bin/setpriv": "util-linux",
    "/usr/bin/unshare": "util-linux",
    "/usr/sbin/mkfs.ext4": "e2fsprogs",
    "/usr/sbin/nologin": "login",
    "apt-cache": "apt",
    "apt-config": "apt",
    "apt-get": "apt",
    "docker": "docker-cli",
    "dockerd": "docker.io",
    "groupadd": "passwd",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "python3": "python3-venv",
    "setpriv": "util-linux",
    "setsid": "util-linux",
    "umount": "mount",
    "useradd": "passwd",
    "usermod": "passwd",
}
OPTIONAL = {
    "systemctl": "where there is no systemd the engine is started by itself",
    "uv": "for `make lock` alone, which a developer runs; it says what is missing",
    "/usr/local/bin/python3": "one of the places where a Python is looked for",
    "/usr/bin/python3.": "one of the places where a Python is looked for",
}
OTHERWISE = {
    "ca-certificates": "TLS of package indexes",
    "iptables": "the engine calls it",
    "apparmor": "the engine calls its parser",
    "debian-archive-keyring": "mmdebstrap checks signatures with it",
    "fonts-noto-cjk": "the browser draws Japanese with it",
    "postgresql": "its programs lie in a folder of their own, found by its version (tests/support/postgres.py)",
    "libatomic1": "the browser driver's own node is linked to it",
}
"""Packages that are asked for although no program of theirs is called by name."""
SAME = {
    "docker-cli": {"docker-cli", "docker.io", "docker-ce-cli"},
    "python3-venv": {"python3-minimal", "python3"},
}
"""What brings the same: by release, or by dependency."""


def sources() -> Iterator[tuple[Path, bool]]:
    """Every file of ours, and whether it is part of the product."""
    for top in PRODUCT:
        yield from ((path, True) for path in sorted((ROOT / top).rglob("*.py")))
    yield from ((path, False) for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__))


def text_of(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def called_in(tree: ast.AST, *, product: bool) -> Iterator[str]:
    """Words that are programs; in tests a list with options counts when this machine knows its first word."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.List, ast.Tuple)) and node.elts and PROGRAM.fullmatch(text_of(node.elts[0])):
            word = text_of(node.elts[0])
            options = any(OPTION.fullmatch(text_of(part)) for part in node.elts[1:])
            if options and (product or (shutil.which(word) and word not in COMMAND_WORDS)):
                yield word
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            listed = first.elts[0] if isinstance(first, (ast.List, ast.Tuple)) and first.elts else first
            if (name in RUNNERS and listed is not first) or name in {"which", "_account"}:
                yield text_of(listed)
        if PLACE.fullmatch(text_of(node)):
            yield text_of(node)


COMMAND_WORDS = {"up", "keys", "people", "catalog"}
"""First words of our own command lines that a machine may have a program of."""


@pytest.fixture(name="census", scope="module")
def _census() -> set[str]:
    found = {
        word
        for path, product in sources()
        for word in called_in(ast.parse(path.read_text("utf-8")), product=product)
    }
    return {word for word in found if word and not word.startswith(ELSEWHERE)}


def asked_for() -> set[str]:
    lists = (packages.ENVIRONMENT, packages.ENGINE, packages.IMAGES, packages.TESTING)
    return {need.package for needs in lists for need in needs}


def test_every_program_that_is_called_stands_in_the_table(census: set[str]) -> None:
    known = {*PROVIDED, *OPTIONAL}
    assert sorted(census - known) == [], "name the package that brings it, and let set-up ask for it"
    assert sorted(known - census) == [], "nobody calls these any more"


def test_every_package_is_there_or_asked_for_and_none_in_vain() -> None:
    assert set(PROVIDED.values()) - BARE <= asked_for()
    assert asked_for() == (set(PROVIDED.values()) - BARE) | set(OTHERWISE)


@pytest.mark.parametrize(("known", "asked"), [(None, ["docker.io"]), ("", ["docker.io", "docker-cli"])])
def test_what_only_newer_releases_split_off_is_asked_for_there_alone(
    monkeypatch: pytest.MonkeyPatch, known: str | None, asked: list[str]
) -> None:
    run: list[list[str]] = []
    monkeypatch.setattr(packages, "answers", lambda _command: known)
    monkeypatch.setattr(packages, "run", lambda command, **_: run.append(list(command)))
    packages.install(["docker.io", "docker-cli"], as_root=True)
    assert run[-1][5:] == asked


def test_a_program_that_nobody_named_is_found() -> None:
    lines = 'run(["frobnicate", "x"])\nwords = ("losetup", "--find")\nshutil.which("gpg")\nX = "/usr/sbin/cryptsetup"'
    assert set(called_in(ast.parse(lines), product=True)) == {
        "frobnicate",
        "losetup",
        "gpg",
        "/usr/sbin/cryptsetup",
    }


def owners(program: str) -> set[str]:
    """The packages of this machine that have the file; /bin and /usr/bin are one folder with two names."""
    place = shutil.which(program, path="/usr/bin:/usr/sbin:/bin:/sbin")
    if place is None:
        return set()
    plain = "/" + place.removeprefix("/usr").removeprefix("/")
    wanted = [place, plain, f"/usr{plain}"]
    told = subprocess.run(["dpkg", "-S", *wanted], capture_output=True, text=True, check=False).stdout
    lines = [line for line in told.splitlines() if not line.startswith("diversion")]
    return {name.strip().partition(":")[0] for line in lines for name in line.rpartition(": ")[0].split(",")}


@pytest.mark.skipif(
    shutil.which("dpkg") is None, reason="only a Debian machine has a package database to ask"
)
@pytest.mark.parametrize("program", PROVIDED)
def test_the_machines_own_package_database_says_the_same(program: str) -> None:
    package = PROVIDED[program]
    found = owners(program)
    assert not found or found & SAME.get(package, {package}), (program, found)


@pytest.mark.skipif(
    shutil.which("dpkg") is None, reason="only a Debian machine has a package database to ask"
)
@pytest.mark.parametrize("package", sorted(BARE - {"apt"}))
def test_what_is_called_bare_is_on_every_machine(package: str) -> None:
    words = ["dpkg-query", "--show", "--showformat", "${Essential} ${Priority}", package]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "yes" in told or "required" in told, told
