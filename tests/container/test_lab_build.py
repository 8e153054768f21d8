"""The real build of the JupyterLab extension: the same sources give the same bytes, wherever the clone lies."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from setup import lab
from setup.commands import run
from setup.places import find
from setup.stamps import Stamps
from tests.support.hub_home import ROOT

BASE = "hanare/base:local"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def clone(root: Path) -> dict[str, str]:
    """Build in a clone elsewhere, with the packages of this one."""
    ours = find(ROOT, {}, as_root=os.geteuid() == 0)
    lab.prepare(ours, Stamps(ours.var / "stamps"))
    shutil.copytree(ROOT / lab.SOURCE, root / lab.SOURCE)
    (root / ".venv").symlink_to(ROOT / ".venv")
    places = find(root, {}, as_root=False)
    target = lab.folder(places)
    target.mkdir(parents=True)
    packages = lab.folder(ours) / "node_modules"
    shutil.copytree(packages, target / "node_modules", symlinks=True, copy_function=link_or_copy)
    stamps = Stamps(places.var / "stamps")
    stamps.write("lab-packages", lab.packages_stamp(root))
    folder, words = lab.ensure(places, stamps, BASE, lambda: None)
    assert words == "extension built"
    return digests(folder)


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def test_two_clones_build_the_same_bytes(tmp_path: Path) -> None:
    one, two = clone(tmp_path / "one"), clone(tmp_path / "Another-Place")
    assert one == two
    assert any(name.startswith("static/remoteEntry.") for name in one)


def test_the_desk_image_carries_exactly_what_is_built_from_these_sources() -> None:
    ours = find(ROOT, {}, as_root=os.geteuid() == 0)
    built = digests(lab.folder(ours) / "dist")
    code = "cd /opt/desk/share/jupyter/labextensions/hanare-lab && find . -type f -exec sha256sum {} +"
    listed = run(
        ["docker", "run", "--rm", "--network", "none", "--entrypoint", "sh", "hanare/desk:local", "-c", code],
        what="Looking into the desk",
        what_ja="desk の確認",
    )
    rows = (line.split(maxsplit=1) for line in listed.splitlines())
    assert {name.removeprefix("./"): value for value, name in rows} == built


@pytest.mark.parametrize("path", ["/opt/desk/share/jupyter/labextensions", "/etc/jupyter/labconfig"])
def test_nobody_in_the_desk_can_change_it(path: str) -> None:
    written = run(
        [
            *("docker", "run", "--rm", "--network", "none", "--entrypoint", "sh", "hanare/desk:local"),
            *("-c", f"find {path} -writable | wc -l"),
        ],
        what="Looking into the desk",
        what_ja="desk の確認",
    )
    assert written.strip() == "0"
