"""What set-up does about disks: confined, started only where there is root, closed before anything is removed."""

import os
import subprocess
from pathlib import Path

import pytest

from setup import mounts, programs
from setup.places import Places, find

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="users, owners and mounts are made as root")


def places_in(root: Path, *, as_root: bool) -> Places:
    return find(root, {}, as_root=as_root)


KEPT = {"gate": "-all,+chown,+fowner,+dac_override", "disks": "-all,+sys_admin,+chown,+fowner,+dac_override"}


def test_only_gate_and_disks_keep_capabilities_and_none_can_gain_any() -> None:
    places = places_in(Path("/srv/hanare"), as_root=True)
    for program in programs.PROGRAMS:
        words = programs.command(places, program)
        alone = ["/usr/bin/unshare", "--net", "--"] if program.name in {"disks", "matcher"} else []
        assert words[: len(alone) + 1] == [*alone, "/usr/bin/setpriv"]
        assert (program.user == "root") is (program.name == "disks")
        assert f"--reuid={program.user}" in words
        assert "--no-new-privs" in words
        kept = KEPT.get(program.name, "-all")
        assert f"--bounding-set={kept}" in words
        assert f"--ambient-caps={kept}" in words


def test_without_root_nothing_that_needs_root_is_started() -> None:
    assert {
        program.name for program in programs.supervised(places_in(Path("/srv/hanare"), as_root=True))
    } == {program.name for program in programs.PROGRAMS}
    text = programs.configuration(places_in(Path("/srv/hanare"), as_root=False))
    assert "program:gate" in text
    assert "program:disks" not in text


@needs_root
def test_what_is_mounted_in_a_home_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "home-too"
    for point in (home / "a", home / "a" / "b", other):
        point.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "test", point], check=True)
    try:
        with (home / "a" / "held").open("w"):
            assert mounts.unmount_below(home) == 2
        assert mounts.mount_points_below(home) == []
        assert mounts.is_mount_point(other)
    finally:
        subprocess.run(["umount", other], check=True)
