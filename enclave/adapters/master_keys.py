"""The master key as this machine can hold it: a file, a file under a passphrase, a systemd credential.

All three wrap with AES-256-GCM, ``nonce || ciphertext``, bound to the key's name. What differs is
where the 32 bytes come from; an HSM takes the place of this whole class behind the same port.
During a rotation there are two: the newer wraps, both open. A file is replaced by one rename and
the older one is overwritten; a credential is the deployment's, so it gives the newer one as
``hanare-master.next`` and takes the older away itself.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enclave.adapters.durable_files import create_durably, flush_folder
from enclave.adapters.memory_files import lies_in_memory
from enclave.errors import ConflictError, InvalidInputError, TamperedError, UnavailableError
from enclave.ports import MasterKey, Randomness
from enclave.sentences import say
from enclave.settings import Settings

KEY_BYTES = 32
_NONCE, _SALT = 12, 16
NEXT, PAST = ".next", ".past"
CREDENTIAL = "hanare-master"


class MasterStore(Protocol):
    """Where master keys lie."""

    def held(self) -> tuple[bytes, ...]:
        """Those in force, the newest first."""
        ...

    def add(self) -> None:
        """There is a newer one; twice is as once."""
        ...

    def drop_older(self) -> None: ...


class LocalMasterKey:
    """The ``MasterKey`` port over a store of this machine."""

    def __init__(self, store: MasterStore, fresh: Randomness) -> None:
        self._store = store
        self._fresh = fresh

    def wrap(self, key: bytes, name: bytes) -> bytes:
        nonce = self._fresh.token(_NONCE)
        return nonce + AESGCM(self._store.held()[0]).encrypt(nonce, key, name)

    def unwrap(self, wrapped: bytes, name: bytes) -> bytes:
        for master in self._store.held():
            try:
                return AESGCM(master).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], name)
            except (InvalidTag, ValueError):
                continue
        raise TamperedError("bad_wrapping", say("A wrapped key does not open under the master key."))

    def begin_rotation(self) -> None:
        self._store.add()

    def finish_rotation(self) -> None:
        self._store.drop_older()

    def rotating(self) -> bool:
        return len(self._store.held()) > 1


class FileStore:
    """32 bytes in a file that the house's own users read."""

    def __init__(self, path: Path, fresh: Randomness) -> None:
        self._path = path
        self._fresh = fresh

    def held(self) -> tuple[bytes, ...]:
        newer = _read(_beside(self._path, NEXT))
        older = _read(self._path)
        if older is None:
            raise _missing()
        return (older,) if newer is None else (newer, older)

    def add(self) -> None:
        _forget_past(self._path, self._fresh)
        mode = self._path.stat().st_mode & 0o777
        create_durably(_beside(self._path, NEXT), self._fresh.token(KEY_BYTES), mode)

    def drop_older(self) -> None:
        _switch(self._path, self._fresh)


class PassphraseStore:
    """The same, each file sealed under a passphrase that argon2id stretched."""

    def __init__(
        self, path: Path, passphrase: Callable[[], str], fresh: Randomness, memory_kib: int = 262144
    ) -> None:
        self._path = path
        self._passphrase = passphrase
        self._fresh = fresh
        self._memory_kib = memory_kib
        self._opened: dict[str, bytes] = {}
        """By the digest of the sealed file: stretching takes a second, keys are asked for often."""

    def make(self, key: bytes) -> None:
        """The first master key, when there is none."""
        create_durably(self._path, self._sealed(key), 0o640)

    def held(self) -> tuple[bytes, ...]:
        files = (_beside(self._path, NEXT), self._path)
        found = tuple(self._open(path.read_bytes()) for path in files if path.is_file())
        if not self._path.is_file():
            raise _missing()
        return found

    def add(self) -> None:
        _forget_past(self._path, self._fresh)
        create_durably(_beside(self._path, NEXT), self._sealed(self._fresh.token(KEY_BYTES)), 0o640)

    def drop_older(self) -> None:
        _switch(self._path, self._fresh)

    def _sealed(self, key: bytes) -> bytes:
        salt, nonce = self._fresh.token(_SALT), self._fresh.token(_NONCE)
        sealed = AESGCM(self._stretched(salt, self._memory_kib)).encrypt(nonce, key, b"hanare:master")
        told = {
            "memory_kib": self._memory_kib,
            "salt": salt.hex(),
            "nonce": nonce.hex(),
            "sealed": sealed.hex(),
        }
        return json.dumps(told, sort_keys=True).encode()

    def _open(self, content: bytes) -> bytes:
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._opened:
            try:
                told = json.loads(content)
                key = self._stretched(bytes.fromhex(told["salt"]), int(told["memory_kib"]))
                sealed, nonce = bytes.fromhex(told["sealed"]), bytes.fromhex(told["nonce"])
                self._opened[digest] = AESGCM(key).decrypt(nonce, sealed, b"hanare:master")
            except (InvalidTag, ValueError, KeyError, TypeError) as error:
                raise TamperedError(
                    "bad_master_key", say("The master key does not open under this passphrase.")
                ) from error
        return self._opened[digest]

    def _stretched(self, salt: bytes, memory_kib: int) -> bytes:
        return hash_secret_raw(self._passphrase().encode(), salt, 4, memory_kib, 1, KEY_BYTES, Type.ID)


class CredentialStore:
    """What systemd put into a folder of the service's own (``LoadCredentialEncrypted=hanare-master:…``)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self) -> tuple[bytes, ...]:
        older, newer = _read(self._folder / CREDENTIAL), _read(self._folder / f"{CREDENTIAL}{NEXT}")
        if older is None:
            raise _missing()
        return (older,) if newer is None else (newer, older)

    def add(self) -> None:
        if len(self.held()) < 2:
            raise ConflictError(
                "no_next_credential",
                say("Give every service the newer key as the credential 'hanare-master.next' first."),
            )

    def drop_older(self) -> None:
        """Nothing of ours: the deployment makes the newer one ``hanare-master``."""


def master_key(settings: Settings, fresh: Randomness, credentials: str = "") -> MasterKey:
    """The master key that the settings choose; ``credentials`` is systemd's ``$CREDENTIALS_DIRECTORY``.

    Raises:
        InvalidInputError: there is no such kind, or what it needs was not said.
    """
    match settings.master_key:
        case "file":
            return LocalMasterKey(FileStore(settings.keys / "master.key", fresh), fresh)
        case "credential" if credentials:
            return LocalMasterKey(CredentialStore(Path(credentials)), fresh)
        case "passphrase" if settings.master_passphrase is not None:
            place = settings.master_passphrase
            store = PassphraseStore(settings.keys / "master.sealed", lambda: _passphrase(place), fresh)
            return LocalMasterKey(store, fresh)
    raise _bad_kind()


def _bad_kind() -> InvalidInputError:
    return InvalidInputError(
        "bad_master_key_kind",
        say("HANARE_MASTER_KEY is file, passphrase (with HANARE_MASTER_PASSPHRASE) or credential."),
    )


def seal_master_file(settings: Settings, fresh: Randomness) -> None:
    """The master key that lay in a file lies under the passphrase, and the file is overwritten.

    Raises:
        InvalidInputError: no passphrase was named. ConflictError: another key lies under one already.
    """
    place, file = settings.master_passphrase, settings.keys / "master.key"
    if place is None:
        raise _bad_kind()
    key = _read(file)
    if key is None or _beside(file, NEXT).exists():
        raise _missing()
    store = PassphraseStore(settings.keys / "master.sealed", lambda: _passphrase(place), fresh)
    store.make(key)
    if store.held() != (key,):
        raise ConflictError(
            "other_master_key",
            say("Another master key lies under a passphrase already. Nothing was changed."),
        )
    with file.open("r+b") as handle:
        handle.write(fresh.token(KEY_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    file.unlink()
    flush_folder(file.parent)


def _passphrase(place: Path) -> str:
    """The passphrase's file lies in memory: beside what it opens, on a disk, it would protect nothing."""
    try:
        text = place.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _missing() from error
    if not text or not lies_in_memory(place):
        raise UnavailableError(
            "passphrase_on_disk", say("The master key's passphrase is read from memory (tmpfs) only.")
        )
    return text


def _switch(path: Path, fresh: Randomness) -> None:
    """The newer file takes the place of the older one, whose bytes are overwritten. Killed, it is done again."""
    newer, past = _beside(path, NEXT), _beside(path, PAST)
    if newer.exists():
        past.unlink(missing_ok=True)
        os.link(path, past)
        os.replace(newer, path)  # noqa: PTH105  the crash tests count renames by this name
        flush_folder(path.parent)
    _forget_past(path, fresh)


def _forget_past(path: Path, fresh: Randomness) -> None:
    """A key that is in force no more is overwritten; the name alone goes while it still is."""
    past = _beside(path, PAST)
    if past.exists() and not past.samefile(path):
        with past.open("r+b") as handle:
            handle.write(fresh.token(past.stat().st_size))
            handle.flush()
            os.fsync(handle.fileno())
    past.unlink(missing_ok=True)
    flush_folder(path.parent)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _read(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(key) != KEY_BYTES:
        raise TamperedError("bad_master_key", say("The master key does not have 32 bytes. Restore it."))
    return key


def _missing() -> UnavailableError:
    return UnavailableError("no_master_key", say("The master key is missing. Run the set-up, or restore it."))
