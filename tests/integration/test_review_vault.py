"""The vault on a disk: sealed, verified, and rows that do not speak without their key."""

import os
from pathlib import Path

import pytest

from enclave.errors import ConflictError, InvalidInputError, TamperedError
from output_review.adapters.file_vault import VaultFolder
from tests.support.houses import SqliteHouse
from tests.support.review_houses import sqlite_story
from tests.support.review_story import PROJECT

SECRET = "患者の数 4711".encode()


@pytest.fixture
def vault(tmp_path: Path) -> VaultFolder:
    house = SqliteHouse(tmp_path)
    house.database.close()
    (tmp_path / "vault").mkdir()
    for project in (PROJECT, "p-other"):
        house.keyring.make(project, "vault")
    return VaultFolder(tmp_path / "vault", house.keyring, house.fresh)


def kept(folder: Path) -> Path:
    (path,) = (folder / "vault" / PROJECT).iterdir()
    return path


def test_what_lies_on_the_disk_is_sealed(vault: VaultFolder, tmp_path: Path) -> None:
    digest = vault.put(PROJECT, SECRET)
    path = kept(tmp_path)
    assert path.name == digest
    assert SECRET not in path.read_bytes()
    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 200])
def test_a_damaged_file_is_not_handed_out_and_is_written_anew(
    vault: VaultFolder, tmp_path: Path, damage: bytes
) -> None:
    digest = vault.put(PROJECT, SECRET)
    kept(tmp_path).write_bytes(damage)
    with pytest.raises(TamperedError):
        vault.get(PROJECT, digest)
    vault.put(PROJECT, SECRET)
    assert vault.get(PROJECT, digest) == SECRET


def test_a_file_that_was_renamed_or_moved_does_not_open(vault: VaultFolder, tmp_path: Path) -> None:
    digest, other = vault.put(PROJECT, SECRET), vault.put("p-other", b"x")
    path = tmp_path / "vault" / PROJECT / digest
    moved = tmp_path / "vault" / "p-other" / digest
    os.link(path, moved)
    with pytest.raises(TamperedError):
        vault.get("p-other", digest)
    os.link(path, tmp_path / "vault" / PROJECT / other)
    with pytest.raises(TamperedError):
        vault.get(PROJECT, other)


@pytest.mark.parametrize("name", ["../keys", "a" * 63, "A" * 64, "", "../" + "a" * 61])
def test_a_name_that_is_no_digest_is_refused(vault: VaultFolder, name: str) -> None:
    with pytest.raises(InvalidInputError):
        vault.get(PROJECT, name)
    with pytest.raises(InvalidInputError):
        vault.get("../keys", "a" * 64)


def test_without_a_key_nothing_is_kept_or_read(vault: VaultFolder, tmp_path: Path) -> None:
    with pytest.raises(ConflictError):
        vault.put("p-none", SECRET)
    assert not (tmp_path / "vault" / "p-none").exists()


def test_rows_of_a_project_do_not_speak_without_its_key(tmp_path: Path) -> None:
    story, house = sqlite_story(tmp_path)
    request_id = story.to_release()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("enclave.sqlite*"))
    for word in ("糖尿病の男女別人数", "Counts by sex", "table.csv"):
        assert word.encode() not in raw
    house.keyring.destroy(PROJECT, "body")
    with story.works.read() as work:
        assert work.requests.find(request_id) is None
        assert work.releases.find(request_id) is None
        assert work.requests.of_project(PROJECT) == ()
    house.database.close()
