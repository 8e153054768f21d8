"""The foundation of one process, put together: database, keys, notes, passwords.

Called by the composition root and by the commands; every process of a home makes one.
"""

import os
from dataclasses import dataclass

from sqlalchemy import Connection

from enclave.adapters.checkpoint_files import CheckpointFiles
from enclave.adapters.database import Database
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.master_keys import master_key
from enclave.adapters.passwords import Argon2Passwords
from enclave.adapters.policy_files import load_policies
from enclave.adapters.system import SystemClock, SystemRandomness
from enclave.policy import PolicySet
from enclave.settings import Settings


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every process of a home shares with the others: the same database and keys."""

    settings: Settings
    database: Database
    keyring: KeyringFiles
    notes: CheckpointFiles
    passwords: Argon2Passwords
    clock: SystemClock
    fresh: SystemRandomness

    def reader(self, connection: Connection) -> LedgerTables:
        """The ledger as this connection sees it."""
        return LedgerTables(connection, self.keyring, self.settings.origin)

    def policies(self) -> PolicySet:
        """The policy set as it lies on the disk now; whether it is adopted is asked elsewhere."""
        return load_policies(self.settings.policies)


def open_foundation(settings: Settings) -> Foundation:
    """The foundation over a home that the set-up made."""
    clock, fresh = SystemClock(), SystemRandomness()
    master = master_key(settings, fresh, os.environ.get("CREDENTIALS_DIRECTORY", ""))
    keyring = KeyringFiles(settings.keys, fresh, master)
    return Foundation(
        settings=settings,
        database=Database(settings.database_url, clock, fresh, keyring),
        keyring=keyring,
        notes=CheckpointFiles(settings.checkpoints),
        passwords=Argon2Passwords(),
        clock=clock,
        fresh=fresh,
    )
