"""What the producer's zone promises of its files: owners only, made once, refused when damaged."""

import os
import shutil
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.adapters.opened_files import OpenedFiles
from catalog.adapters.producer_keys import OfficersBoxFile, PseudonymKeyFiles, SigningKeyFile, holds
from catalog.officers_box import open_box
from catalog.time_boxes import Opened, Purpose
from enclave.adapters.memory_files import lies_in_memory
from enclave.errors import ConflictError, InvalidInputError, TamperedError, UnavailableError
from tests.support.catalog_house import PROJECT, CatalogHouse
from tests.support.fakes import CountingRandomness, FakeClock
from tests.support.officers import PASSPHRASES, QUICK, OpenedAnywhere


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class Room:
    """A box of two officers, open for builds, and pseudonym keys beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, fresh = folder, FakeClock(), CountingRandomness()
        self.opened = OpenedAnywhere(folder / "opened", folder)
        self.box = OfficersBoxFile(folder / "officers" / "box.json", self.opened, fresh, self.clock, QUICK)
        self.keys = PseudonymKeyFiles(folder / "pseudonym", fresh, self.box)

    def make_box(self) -> None:
        self.box.keep(self.box.propose("sakusei", PASSPHRASES))

    def open(self, purpose: Purpose = Purpose.BUILD, subject: str = "") -> None:
        box = self.box.find()
        assert box is not None
        end = self.clock.now() + timedelta(minutes=5)
        self.opened.put(Opened("a1", purpose, subject, end, open_box(box, PASSPHRASES)))


@pytest.fixture(name="room")
def _room(tmp_path: Path) -> Room:
    room = Room(tmp_path)
    room.make_box()
    return room


def sealed(act: Callable[[], object]) -> bool:
    with pytest.raises(ConflictError) as refused:
        act()
    return refused.value.code == "officers_sealed"


def test_without_a_time_box_no_key_is_found_and_none_made(room: Room) -> None:
    assert sealed(lambda: room.keys.find("one"))
    assert sealed(lambda: room.keys.make("one"))
    assert not room.keys.known("one")


def test_a_pseudonym_key_is_made_once_and_is_each_projects_own(room: Room) -> None:
    room.open()
    assert room.keys.find("one") is None
    first = room.keys.make("one")
    assert room.keys.make("one") == room.keys.find("one") == first
    assert room.keys.make("two") != first
    path = room.folder / "pseudonym" / "one.sealed"
    assert mode(path) == 0o600
    assert mode(room.folder / "pseudonym") == 0o700
    for file in (p for p in room.folder.rglob("*") if p.is_file()):
        assert first not in file.read_bytes()
        assert first.hex().encode() not in file.read_bytes()


def test_a_key_is_open_for_what_the_box_was_opened_for(room: Room) -> None:
    room.open()
    first = room.keys.make("one")
    assert sealed(lambda: room.keys.find("one", Purpose.INQUIRY, "A-1"))
    room.opened.drop("a1")
    room.open(Purpose.INQUIRY, "A-1")
    assert room.keys.find("one", Purpose.INQUIRY, "A-1") == first
    assert sealed(lambda: room.keys.find("one", Purpose.INQUIRY, "A-2"))
    assert sealed(lambda: room.keys.find("one"))


def test_after_its_end_the_opened_half_is_removed_by_whoever_asks(room: Room) -> None:
    room.open()
    room.keys.make("one")
    room.clock.forward(timedelta(minutes=5))
    assert sealed(lambda: room.keys.find("one"))
    assert not (room.folder / "opened").exists()


def test_keys_from_before_there_was_a_box_are_sealed_and_their_files_overwritten(tmp_path: Path) -> None:
    room, key = Room(tmp_path), bytes(range(32))
    (tmp_path / "pseudonym").mkdir()
    plain = tmp_path / "pseudonym" / "one.key"
    plain.write_bytes(key)
    other_name = tmp_path / "same-bytes-on-the-disk"
    os.link(plain, other_name)
    assert room.keys.seal_plain() == ()
    assert plain.exists(), "nothing is taken away before there is something to seal it to"
    room.make_box()
    assert room.keys.seal_plain() == ("one",)
    assert not plain.exists()
    assert key not in other_name.read_bytes()
    room.open()
    assert room.keys.find("one") == key


@pytest.mark.parametrize("project", ["", "../x", "a/b", "A", "x" * 40])
def test_a_key_is_never_looked_for_outside_its_folder(room: Room, project: str) -> None:
    room.open()
    with pytest.raises(InvalidInputError):
        room.keys.find(project)


@pytest.mark.parametrize("damaged", [b"", b"short", bytes(92)])
def test_a_damaged_key_is_refused_and_not_replaced(room: Room, damaged: bytes) -> None:
    room.open()
    room.keys.make("one")
    path = room.folder / "pseudonym" / "one.sealed"
    path.write_bytes(damaged)
    with pytest.raises(TamperedError):
        room.keys.make("one")
    assert path.read_bytes() == damaged


def test_a_key_moved_to_another_project_does_not_open(room: Room) -> None:
    room.open()
    room.keys.make("one")
    (room.folder / "pseudonym" / "one.sealed").rename(room.folder / "pseudonym" / "two.sealed")
    with pytest.raises(TamperedError):
        room.keys.find("two")


def test_what_is_opened_lies_in_memory_and_is_nobody_elses(tmp_path: Path) -> None:
    opened = Opened("a1", Purpose.BUILD, "", FakeClock().now() + timedelta(minutes=1), bytes(32))
    with pytest.raises(UnavailableError) as refused:
        OpenedFiles(tmp_path / "on-a-disk", tmp_path).put(opened)
    assert refused.value.code == "not_in_memory"
    assert not list((tmp_path / "on-a-disk").iterdir())
    (tmp_path / "anybodys").mkdir(mode=0o777)
    (tmp_path / "anybodys").chmod(0o777)
    with pytest.raises(ConflictError):
        OpenedAnywhere(tmp_path / "anybodys", tmp_path).put(opened)
    (tmp_path / "link").symlink_to(tmp_path / "on-a-disk")
    with pytest.raises(ConflictError):
        OpenedAnywhere(tmp_path / "link", tmp_path).put(opened)


@pytest.mark.skipif(not lies_in_memory(Path("/dev/shm")), reason="no memory file system here")
def test_a_process_of_its_own_removes_it_at_its_end(tmp_path: Path) -> None:
    folder = Path("/dev/shm") / f"hanare-test-{os.getpid()}"
    try:
        now = datetime.now(UTC)
        OpenedFiles(folder, tmp_path).put(
            Opened("a1", Purpose.BUILD, "", now + timedelta(seconds=2), bytes(32))
        )
        assert mode(folder) == 0o700
        assert mode(folder / "a1.json") == 0o600
        until = time.monotonic() + 15
        while folder.exists() and time.monotonic() < until:
            time.sleep(0.2)
        assert not folder.exists(), "nobody asked, and it is gone"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_signing_key_signs_what_its_public_key_verifies(tmp_path: Path) -> None:
    signing = SigningKeyFile(tmp_path / "keys" / "signing.key", CountingRandomness())
    signature = signing.sign(b"facts")
    assert holds(signing.public_key(), signature, b"facts")
    assert not holds(signing.public_key(), signature, b"other facts")
    assert not holds(b"short", signature, b"facts")
    assert SigningKeyFile(tmp_path / "keys" / "signing.key", CountingRandomness()).sign(b"facts") == signature
    assert mode(tmp_path / "keys" / "signing.key") == 0o600


def test_files_have_the_modes_that_the_zones_need(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    house.fill(patients=5)
    house.adopt_demo_views()
    house.build()
    own = house.settings.extracts / PROJECT
    assert mode(own) == 0o2750
    assert {path.name: mode(path) for path in own.iterdir()} == {
        "v1.duckdb": 0o644,
        "v1.ids": 0o640,
        "v1.manifest.json": 0o644,
    }
    assert mode(house.producer.source.path) == 0o600
    secret = [p for p in (tmp_path / "producer" / "keys").rglob("*") if p.is_file()]
    assert sorted(path.name for path in secret) == ["box.json", f"{PROJECT}.sealed", "signing.key"]
    assert {mode(path) for path in secret} == {0o600}


def test_no_key_of_a_build_stands_in_any_file_of_the_enclaves_zone(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    house.fill(patients=5)
    house.adopt_demo_views()
    house.build()
    pseudonym_key = house.producer.pseudonym_keys.find(PROJECT)
    data_key = house.keyring.find(PROJECT, "data")
    assert pseudonym_key is not None
    assert data_key is not None
    for path in (p for p in tmp_path.rglob("*") if p.is_file() and tmp_path / "producer" not in p.parents):
        content = path.read_bytes()
        for key in (pseudonym_key, data_key):
            assert key not in content, path.name
            assert key.hex().encode() not in content, path.name
