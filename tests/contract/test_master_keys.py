"""What every holder of the master key promises, and what a keyring makes of it when the key is changed."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.master_keys import (
    CREDENTIAL,
    NEXT,
    CredentialStore,
    FileStore,
    LocalMasterKey,
    PassphraseStore,
    master_key,
    seal_master_file,
)
from enclave.adapters.memory_files import lies_in_memory
from enclave.errors import ConflictError, EnclaveError, InvalidInputError, TamperedError, UnavailableError
from enclave.ports import MasterKey
from enclave.settings import Settings
from tests.support.fakes import CountingRandomness

ROOT = Path(__file__).resolve().parents[2]
FRESH = CountingRandomness()
KEY, NAME = bytes(range(32)), b"hanare:p-a:data"
Make = Callable[[Path], MasterKey]


def in_file(folder: Path) -> MasterKey:
    (folder / "master.key").write_bytes(b"m" * 32)
    return LocalMasterKey(FileStore(folder / "master.key", FRESH), FRESH)


def under_passphrase(folder: Path) -> MasterKey:
    store = PassphraseStore(folder / "master.sealed", lambda: "a passphrase", FRESH, memory_kib=8)
    store.make(b"m" * 32)
    return LocalMasterKey(store, FRESH)


def in_credentials(folder: Path) -> MasterKey:
    (folder / CREDENTIAL).write_bytes(b"m" * 32)
    return LocalMasterKey(CredentialStore(folder), FRESH)


HOLDERS = pytest.mark.parametrize("make", [in_file, under_passphrase, in_credentials])


def give_next_credential(folder: Path) -> None:
    (folder / f"{CREDENTIAL}{NEXT}").write_bytes(b"n" * 32)


@HOLDERS
def test_nothing_opens_what_was_not_wrapped(tmp_path: Path, make: Make) -> None:
    master = make(tmp_path)
    for wrapped in (b"", b"short", bytes(60)):
        with pytest.raises(TamperedError):
            master.unwrap(wrapped, NAME)


@HOLDERS
def test_a_key_opens_under_its_own_name_only(tmp_path: Path, make: Make) -> None:
    master = make(tmp_path)
    wrapped = master.wrap(KEY, NAME)
    assert master.unwrap(wrapped, NAME) == KEY
    assert KEY not in wrapped
    assert wrapped != master.wrap(KEY, NAME)
    with pytest.raises(TamperedError):
        master.unwrap(wrapped, b"hanare:p-b:data")
    with pytest.raises(TamperedError):
        master.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]), NAME)


@HOLDERS
def test_during_a_rotation_both_open_and_after_it_the_newer_one_alone(tmp_path: Path, make: Make) -> None:
    master = make(tmp_path)
    old = master.wrap(KEY, NAME)
    if make is in_credentials:
        give_next_credential(tmp_path)
    master.begin_rotation()
    master.begin_rotation()
    assert master.rotating()
    new = master.wrap(KEY, NAME)
    assert master.unwrap(old, NAME) == master.unwrap(new, NAME) == KEY
    master.finish_rotation()
    if make is in_credentials:
        (tmp_path / f"{CREDENTIAL}{NEXT}").replace(tmp_path / CREDENTIAL)
    assert not master.rotating()
    assert master.unwrap(new, NAME) == KEY
    with pytest.raises(TamperedError):
        master.unwrap(old, NAME)
    assert sorted(p.name for p in tmp_path.iterdir()) in (["master.key"], ["master.sealed"], [CREDENTIAL])


@HOLDERS
def test_a_missing_master_key_is_said(tmp_path: Path, make: Make) -> None:
    master = make(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(UnavailableError):
        master.wrap(KEY, NAME)


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    under_passphrase(tmp_path)
    other = PassphraseStore(tmp_path / "master.sealed", lambda: "another one", FRESH, memory_kib=8)
    with pytest.raises(TamperedError):
        LocalMasterKey(other, FRESH).wrap(KEY, NAME)


def test_a_credential_is_changed_only_when_the_deployment_gave_the_newer_one(tmp_path: Path) -> None:
    with pytest.raises(ConflictError):
        in_credentials(tmp_path).begin_rotation()


def settings(folder: Path, **chosen: object) -> Settings:
    return Settings(folder, folder / "p", folder, "sqlite://", **chosen)  # type: ignore[arg-type]


def test_the_settings_choose_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    in_file(tmp_path / "keys")
    master_key(settings(tmp_path), FRESH).wrap(KEY, NAME)
    in_credentials(tmp_path)
    master_key(settings(tmp_path, master_key="credential"), FRESH, str(tmp_path)).wrap(KEY, NAME)
    for chosen in ({"master_key": "credential"}, {"master_key": "passphrase"}, {"master_key": "hsm"}):
        with pytest.raises(InvalidInputError):
            master_key(settings(tmp_path, **chosen), FRESH)


def test_a_passphrase_beside_what_it_opens_is_refused(tmp_path: Path) -> None:
    word = tmp_path / "passphrase"
    word.write_text("a passphrase")
    assert not lies_in_memory(word), "the test needs a disk"
    (tmp_path / "keys").mkdir()
    PassphraseStore(tmp_path / "keys" / "master.sealed", lambda: "a passphrase", FRESH, memory_kib=8).make(
        KEY
    )
    master = master_key(settings(tmp_path, master_key="passphrase", master_passphrase=word), FRESH)
    with pytest.raises(UnavailableError):
        master.wrap(KEY, NAME)


@pytest.mark.slow
@pytest.mark.skipif(not lies_in_memory(Path("/dev/shm")), reason="no memory file system here")
def test_a_file_is_put_under_a_passphrase_and_every_key_still_opens(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path / "keys")
    key = keyring.make("p-a", "data")
    with pytest.raises(InvalidInputError):
        seal_master_file(settings(tmp_path), FRESH)
    word = Path("/dev/shm") / f"hanare-test-{tmp_path.name}-{os.getpid()}"
    try:
        word.write_text("a passphrase of some length\n")
        chosen = settings(tmp_path, master_key="passphrase", master_passphrase=word)
        seal_master_file(chosen, FRESH)
        assert not (tmp_path / "keys" / "master.key").exists()
        for path in (p for p in tmp_path.rglob("*") if p.is_file()):
            assert b"m" * 32 not in path.read_bytes()
        assert KeyringFiles(tmp_path / "keys", FRESH, master_key(chosen, FRESH)).find("p-a", "data") == key
        (tmp_path / "keys" / "master.key").write_bytes(b"z" * 32)
        with pytest.raises(ConflictError):
            seal_master_file(chosen, FRESH)
        assert (tmp_path / "keys" / "master.key").read_bytes() == b"z" * 32
    finally:
        word.unlink(missing_ok=True)


def a_keyring(folder: Path) -> KeyringFiles:
    folder.mkdir()
    (folder / "master.key").write_bytes(b"m" * 32)
    return KeyringFiles(folder, FRESH)


ALL = [("p-a", "data"), ("p-a", "body"), ("p-b", "vault"), ("house", "credential")]


def test_after_a_rotation_every_key_is_the_same_and_the_old_master_opens_none(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path / "keys")
    before = {one: keyring.make(*one) for one in ALL}
    shutil.copytree(tmp_path / "keys", tmp_path / "copy")
    assert keyring.rotate() == len(ALL)
    assert {one: keyring.find(*one) for one in ALL} == before
    assert (tmp_path / "keys" / "master.key").read_bytes() != b"m" * 32
    for path in (tmp_path / "keys").rglob("*"):
        assert not path.is_file() or b"m" * 32 not in path.read_bytes()
    (tmp_path / "keys" / "master.key").write_bytes(b"m" * 32)
    with pytest.raises(TamperedError):
        keyring.find(*ALL[0])


def test_a_destroyed_key_does_not_come_back_by_a_rotation(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path / "keys")
    keyring.make("p-a", "data")
    half = tmp_path / "keys" / "projects" / "p-a" / "data.key"
    content = half.read_bytes()
    keyring.destroy("p-a", "data")
    half.write_bytes(content)  # as a destruction leaves it that was killed after its tombstone
    assert keyring.rotate() == 0
    assert not half.exists()
    with pytest.raises(ConflictError):
        keyring.make("p-a", "data")


def test_one_key_that_does_not_open_stops_the_rotation_before_it_begins(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path / "keys")
    for one in ALL:
        keyring.make(*one)
    (tmp_path / "keys" / "projects" / "p-b" / "vault.key").write_bytes(bytes(60))
    before = {path: path.read_bytes() for path in (tmp_path / "keys").rglob("*") if path.is_file()}
    with pytest.raises(EnclaveError):
        keyring.rotate()
    assert before == {path: path.read_bytes() for path in (tmp_path / "keys").rglob("*") if path.is_file()}


_KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from enclave.adapters import durable_files
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.system import SystemRandomness
left = [{count}]
for name in ("replace", "link", "unlink"):
    real = getattr(os, name)
    def counted(*a, _real=real, **k):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return _real(*a, **k)
    setattr(os, name, counted)
KeyringFiles(Path({folder!r}), SystemRandomness()).rotate()
"""


def test_killed_at_any_point_every_key_opens_and_asking_again_finishes(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path / "whole")
    keys = {one: keyring.make(*one) for one in ALL}
    for count in range(20):
        folder = tmp_path / f"killed-{count}"
        shutil.copytree(tmp_path / "whole", folder)
        script = _KILLED.format(root=str(ROOT), count=count, folder=str(folder))
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
        left = KeyringFiles(folder, FRESH)
        assert {one: left.find(*one) for one in ALL} == keys, count
        left.rotate()
        assert {one: left.find(*one) for one in ALL} == keys, count
        assert not left.rotating()
        assert not [
            p.name
            for p in folder.iterdir()
            if p.name not in {"master.key", "projects"} and p.suffix != ".part"
        ]
        if done.returncode == 0:
            assert count > len(ALL), "it ended before it could be killed between two keys"
            return
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    pytest.fail("the rotation never came to its end")
