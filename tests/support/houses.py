"""Real foundations for tests: a SQLite file in a folder, keys beside it, a clock we move."""

from pathlib import Path

from enclave.adapters.database import Database
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.tables import metadata
from tests.support.fakes import CountingRandomness, FakeClock


class SqliteHouse:
    """The real database and keyring over a folder."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.fresh = CountingRandomness()
        (folder / "keys" / "projects").mkdir(parents=True)
        (folder / "keys" / "master.key").write_bytes(bytes(range(32)))
        self.keyring = KeyringFiles(folder / "keys", self.fresh)
        self.database = Database(f"sqlite:///{folder}/enclave.sqlite", self.clock, self.fresh, self.keyring)
        metadata.create_all(self.database.engine)
        self.begin = self.database.begin
        self.read = self.database.read
