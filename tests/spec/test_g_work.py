"""What a researcher keeps is locked with a key of its own, and destroying that key destroys it."""

import json
import os
from pathlib import Path

import pytest

from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.system import SystemRandomness
from enclave.errors import ConflictError
from hub import disks_kernel
from hub.disks import key_purpose, work_is_sealed
from hub.sessions import plan_desk, plan_kernel
from tests.support.disks import NUMBER, WID, disk_home
from tests.support.hub_plans import HOUSE, SESSION

PLANTED = "planted-7c1f90ad-in-the-open"


def make_keyring(folder: Path) -> KeyringFiles:
    (folder / "master.key").write_bytes(os.urandom(32))
    return KeyringFiles(folder, SystemRandomness())


def test_38_each_workspace_has_a_key_that_no_container_is_told(tmp_path: Path) -> None:
    """The disk behind /work has a key for each workspace; it is in no container's description, and once destroyed it is never made again."""
    keyring = make_keyring(tmp_path)
    one, other = key_purpose(WID), key_purpose(WID[::-1])
    key = keyring.make("p-a", one)
    assert len({key, keyring.make("p-a", other), keyring.make("p-b", one), keyring.make("p-a", "data")}) == 4
    assert work_is_sealed(HOUSE.users)
    for plan in (plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION)):
        assert "work-" not in json.dumps(plan.body)
    keyring.destroy("p-a", one)
    assert keyring.find("p-a", one) is None
    assert key not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    with pytest.raises(ConflictError):
        keyring.make("p-a", one)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
def test_39_what_is_kept_is_ciphertext_and_ends_with_its_key(tmp_path: Path) -> None:
    """A workspace's files, contents and names, are not in its image; without its key an old copy of the image opens no file, and erasing leaves no image."""
    with disk_home() as place:
        place.disks.open(WID, NUMBER, place.key)
        (place.work / f"{PLANTED}.txt").write_text(PLANTED * 100)
        os.sync()
        place.disks.close(WID)
        copy, point = tmp_path / "copy.img", tmp_path / "point"
        copy.write_bytes(place.image.read_bytes())
        assert PLANTED.encode() not in copy.read_bytes()
        place.disks.erase(WID)
        assert not place.image.exists()
    point.mkdir()
    with disks_kernel.attached(copy) as device:
        disks_kernel.mount_ext4(device, str(point))
    try:
        (kept,) = (point / "work").iterdir()
        assert PLANTED not in kept.name
        with pytest.raises(OSError, match="Required key not available"):
            kept.read_bytes()
    finally:
        disks_kernel.unmount(str(point))
