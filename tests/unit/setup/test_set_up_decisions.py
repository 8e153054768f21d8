"""The decisions of set-up: locks, stamps, build contexts, and what counts as a passed run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from setup import __main__, contexts, debian_image, environment, images, testing, wheels
from setup.console import SetupError
from setup.stamps import Stamps, digest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = [*ROOT.glob("requirements/*.txt"), *ROOT.glob("images/**/requirements.txt")]


# ---------------------------------------------------------------- locks, stamps, images


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_names_no_address_and_every_entry_has_a_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.findall(r"(?m)^[a-z0-9][^\s]*==.*(?:\n    .*)*", text)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert entries


def test_the_proxy_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "setup" / "proxy" / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    assert lock["packages"]["node_modules/configurable-http-proxy"]["version"] == "5.3.0"
    assert all(package.get("integrity") for name, package in lock["packages"].items() if name)


def test_the_desk_lock_has_nothing_that_could_run_or_convert_a_notebook() -> None:
    desk = environment.locked_versions(ROOT / "images" / "analysis" / "desk" / "requirements.txt")
    never = {"ipykernel", "ipython", "nbconvert", "nbclient", "terminado", "jupyter-server-terminals"}
    assert not never & set(desk)
    assert not {"jupyter-lsp", "notebook", "rfc3987-syntax", "lark"} & set(desk)
    assert desk["jupyterhub"] == environment.locked_versions(ROOT / "requirements" / "host.txt")["jupyterhub"]


def test_writers_and_readers_of_extracts_have_the_same_duckdb() -> None:
    host = environment.locked_versions(ROOT / "requirements" / "host.txt")
    kernel = environment.locked_versions(ROOT / "images" / "analysis" / "kernel" / "requirements.txt")
    assert {
        host["duckdb"],
        host["duckdb-extension-httpfs"],
        kernel["duckdb"],
        kernel["duckdb-extension-httpfs"],
    } == {"1.5.5"}


def test_a_stamp_is_fresh_only_for_the_same_content(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps")
    assert not stamps.fresh("step", digest(["a"]))
    stamps.write("step", digest(["a"]))
    assert stamps.fresh("step", digest(["a"]))
    assert not stamps.fresh("step", digest(["b"]))
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_a_build_context_depends_on_content_only(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1\n")
    file.chmod(0o600)
    first = contexts.context([("module.py", file)])
    file.chmod(0o777)
    os.utime(file, (1, 1))
    assert contexts.context([("module.py", file)]) == first
    file.write_text("VALUE = 2\n")
    assert contexts.context([("module.py", file)]) != first


def test_image_ids_are_kept_beside_those_not_built_now(tmp_path: Path) -> None:
    path = tmp_path / "home" / "images.json"
    images.record(path, {"desk": "sha256:1", "kernel": "sha256:2"})
    images.record(path, {"desk": "sha256:3"})
    assert json.loads(path.read_text()) == {"desk": "sha256:3", "kernel": "sha256:2"}


def test_pip_in_a_container_sees_the_folders_that_pip_here_is_told_of(tmp_path: Path) -> None:
    index, found = tmp_path / "index" / "simple", tmp_path / "wheels"
    index.mkdir(parents=True)
    found.mkdir()
    texts = [
        f"[global]\nextra-index-url = file://{index}\nindex-url = https://example.org/simple\n",
        f"={found}",
    ]
    assert wheels.shown_paths(texts) == [index.parent, found]


def test_a_folder_with_a_pyproject_becomes_an_installed_distribution(tmp_path: Path) -> None:
    folder, site = tmp_path / "source", tmp_path / "site"
    (folder / "hanare_thing").mkdir(parents=True)
    site.mkdir()
    (folder / "hanare_thing" / "__init__.py").write_text("VALUE = 7\n")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "hanare-thing"\nversion = "1.2"\n'
        '[project.entry-points."some.group"]\nthing = "hanare_thing:VALUE"\n'
    )
    installer = ROOT / "images" / "base" / "install_source.py"
    code = (
        f"import runpy, sys, sysconfig; sysconfig.get_path = lambda name: {str(site)!r}; "
        f"sys.argv = ['install', {str(folder)!r}]; runpy.run_path({str(installer)!r}, run_name='__main__')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    ask = (
        "import importlib.metadata as m; e, = m.entry_points(group='some.group'); "
        "print(e.name, e.load(), m.version('hanare-thing'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask], check=True, capture_output=True, env={"PYTHONPATH": str(site)}
    )
    assert told.stdout.split() == [b"thing", b"7", b"1.2"]


# ---------------------------------------------------------------- make test


def counts(**passed: int) -> list[testing.Count]:
    return [testing.Count(kind, passed.get(kind, 0), 0, 0, 0.0) for kind in testing.KINDS]


def test_a_kind_with_fewer_passed_tests_than_expected_fails_the_run() -> None:
    expected = dict.fromkeys(testing.KINDS, 0) | {"unit": 3}
    assert testing.shortfalls(counts(unit=3), expected) == []
    assert testing.shortfalls(counts(unit=2), expected) == ["unit: 2 passed, at least 3 expected"]


def test_a_skipped_container_or_browser_test_fails_the_run() -> None:
    expected = dict.fromkeys(testing.KINDS, 0)
    for kind in testing.KINDS:
        found = testing.shortfalls([testing.Count(kind, 5, 0, 1, 0.0)], expected)
        assert bool(found) == (kind in {"container", "browser"})


def test_expected_counts_name_every_kind_once() -> None:
    whole = "".join(f"{kind} 1\n" for kind in testing.KINDS)
    assert testing.expected_counts("# comment\n\n" + whole) == dict.fromkeys(testing.KINDS, 1)
    for wrong in ("", whole + "unit 2\n", whole + "other 1\n", whole.replace("spec 1", "spec many")):
        with pytest.raises(SetupError):
            testing.expected_counts(wrong)


TESTS = """
import pytest
def test_passes(): pass
def test_fails(): assert False
def test_skips(): pytest.skip("why")
@pytest.fixture
def broken():
    yield
    raise RuntimeError
def test_passes_but_its_tear_down_fails(broken): pass
"""


def test_the_counts_are_of_tests_not_of_phases(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.kinds", "-p", "no:cacheprovider"]
    subprocess.run(
        [*command, "-c", "/dev/null", f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HANARE_KIND_REPORT": str(report)},
        capture_output=True,
        check=False,
    )
    assert json.loads(report.read_text()) == {"passed": 1, "failed": 2, "skipped": 1}


def test_every_make_target_is_a_step() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.search(r"(?m)^STEPS = (.*)$", makefile)
    assert named is not None
    assert set(named[1].split()) == set(__main__.STEPS)


def test_set_up_uses_the_standard_library_only() -> None:
    """It runs before the virtual environment exists."""
    for module in (ROOT / "setup").glob("*.py"):
        for name in re.findall(r"(?m)^\s*(?:from|import) (\w+)", module.read_text(encoding="utf-8")):
            assert name == "setup" or name in sys.stdlib_module_names, f"{module.name}: {name}"


# ---------------------------------------------------------------- the machine's own package source

DEB822 = """# a comment
Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
"""


@pytest.mark.parametrize(
    ("sources", "mirror"),
    [
        (DEB822, "http://mirror.example/debian"),
        ("deb [arch=amd64] https://other.example/debian trixie main\n", "https://other.example/debian"),
        ("deb https://vendor.example/debian bookworm stable\n", None),
        ("deb http://archive.example/ubuntu noble main\n", None),
        ("", None),
    ],
)
def test_the_mirror_is_the_machines_own_debian_archive(sources: str, mirror: str | None) -> None:
    assert debian_image.mirror_of(sources) == mirror


def test_an_image_with_more_packages_has_a_base_of_its_own() -> None:
    assert debian_image.base_of("desk", ()) == debian_image.COMMON
    own = debian_image.base_of("kernel", ("r-base-core",))
    assert own.tag != debian_image.COMMON.tag
    assert own.packages == (*debian_image.COMMON.packages, "r-base-core")


def test_a_list_of_packages_holds_names_and_remarks() -> None:
    assert debian_image.package_names("# why\n\nr-base-core\n  libpython3.13 \n") == (
        "r-base-core",
        "libpython3.13",
    )
    for line in ("r-base-core; rm -rf /", "-o=x", "a,b", "https://example.org/a.deb"):
        with pytest.raises(ValueError, match="not the name"):
            debian_image.package_names(line)
