"""Real foundations for tests: SQLite in a folder or PostgreSQL, keys in files, a clock we move."""

from pathlib import Path

from enclave.adapters.database import Database
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.tables import metadata
from tests.support.fakes import CountingRandomness, FakeClock


class SqliteHouse:
    """The real database and keyring over a folder; ``url`` puts another database under it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.clock = FakeClock()
        self.fresh = CountingRandomness()
        (folder / "keys" / "projects").mkdir(parents=True)
        (folder / "keys" / "master.key").write_bytes(bytes(range(32)))
        self.keyring = KeyringFiles(folder / "keys", self.fresh)
        self.database = Database(
            url or f"sqlite:///{folder}/enclave.sqlite", self.clock, self.fresh, self.keyring
        )
        metadata.drop_all(self.database.engine)
        metadata.create_all(self.database.engine)
        self.begin = self.database.begin
        self.read = self.database.read
