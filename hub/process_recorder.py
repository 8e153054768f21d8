"""The recorder's process, as ``hanare-recorder``: the only holder of the checkpoint key."""

from collections.abc import Iterator
from contextlib import contextmanager

from enclave.adapters.checkpoint_files import CheckpointSigner
from enclave.adapters.ledger_tables import LedgerTables
from enclave.recorder import Recorder, run
from hub.process_start import beating, open_house, stopping


def serve() -> None:
    """Sign until told to end."""
    house = open_house()
    origin = house.settings.origin
    signer = CheckpointSigner(house.settings.recorder, house.settings.checkpoints, origin)

    @contextmanager
    def readers() -> Iterator[LedgerTables]:
        with house.database.read() as looking:
            yield house.reader(looking.connection)

    recorder = Recorder(readers, house.notes, signer, house.clock, origin=origin, key_name=origin)
    run(recorder, stopping(), beat=beating(house.settings, "recorder"))
