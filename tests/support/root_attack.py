"""Root on a copy of every file of the enclave's zone, looking for the key behind the pseudonyms.

The attacker knows a few persons' keys in the source and has everything that the zone holds. Every
32 bytes anywhere in it are tried as a pseudonym key, at every offset: in the files as they are, in
what the zone's own keys open (wrapped keys, bodies of the ledger, the extract's pages as values,
the id set), and in everything that reads as hex or base64. A key that turns a known person into a
pseudonym of the extract is the whole map.
"""

import base64
import hmac
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog.adapters.id_sets import read_ids
from enclave.adapters.database import Database
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.ledger_tables import LedgerTables
from tests.support.catalog_house import PROJECT, CatalogHouse, all_values
from tests.support.fakes import CountingRandomness, FakeClock

_HEX = re.compile(rb"[0-9a-fA-F]{64,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43,}")


def copy_zone(house: CatalogHouse, target: Path) -> Path:
    """Every file of the enclave's zone, with a backup of its database; nothing of the producer's."""
    home = house.settings.enclave_home
    shutil.copytree(home, target, ignore=shutil.ignore_patterns("producer", "copy*"))
    (target / "backups").mkdir()
    for path in sorted(home.glob("enclave.sqlite*")):
        shutil.copy(path, target / "backups" / path.name)
    return target


def everything_in(zone: Path, house: CatalogHouse) -> Iterator[bytes]:
    """All bytes of the zone, and all that its own keys open."""
    for path in sorted(p for p in zone.rglob("*") if p.is_file()):
        yield path.read_bytes()
    keyring = KeyringFiles(zone / "keys", CountingRandomness())
    for path in sorted(zone.glob("keys/projects/*/*.key")):
        yield keyring.find(path.parent.name, path.stem) or b""
    database = Database(f"sqlite:///{zone}/enclave.sqlite", FakeClock(), CountingRandomness(), keyring)
    with database.read() as looking:
        for entry in LedgerTables(looking.connection, keyring, "x").entries():
            yield entry.data + (entry.body or b"")
    database.close()
    data = keyring.find(PROJECT, "data")
    assert data is not None
    for extract in sorted(zone.glob(f"extracts/{PROJECT}/*.duckdb")):
        yield "\n".join(read_ids(extract.with_suffix(".ids"), data, PROJECT, extract.stem)).encode()
        with house.opened(extract.stem) as opened:
            yield "\n".join(sorted(all_values(opened))).encode()


def candidates(content: bytes) -> Iterator[bytes]:
    """Every 32 bytes that stand in it, as they are or written in hex or base64."""
    texts = [content]
    texts += [bytes.fromhex(m[0][: len(m[0]) & ~1].decode()) for m in _HEX.finditer(content)]
    for found in _BASE64.finditer(content):
        word = found[0].replace(b"-", b"+").replace(b"_", b"/")
        texts += [base64.b64decode(word[: len(word) & ~3] or b"")]
        texts += [base64.b64decode(word[:43] + b"=")]
    for text in texts:
        for offset in range(len(text) - 31):
            yield text[offset : offset + 32]


def find_key(contents: Iterable[bytes], known: int, pseudonyms: Iterable[str]) -> tuple[bytes | None, int]:
    """A key that makes one of the pseudonyms of a known person; and how many were tried."""
    prefixes = {bytes.fromhex(text[:8] + text[9:13]) for text in pseudonyms}
    message, tried, last = f"patient:{known}".encode(), 0, b""
    for content in contents:
        for key in candidates(content):
            if key == last:
                continue
            last, tried = key, tried + 1
            if hmac.digest(key, message, "sha256")[:6] in prefixes:
                return key, tried
    return None, tried
