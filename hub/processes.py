"""The processes of a house: ``python -m hub.processes NAME``.

The composition root: each process is put together in its own module (``hub.process_<name>``) and
loads no other's, adapters are made there, handed to a room's loop, and nothing is decided. A process
brings the tables up to date before it reads them (whoever is first does it), ends on SIGTERM,
and ends at once when what it needs is missing, so that the supervisor says so.
"""

import importlib
import json
import logging
import sys

from enclave.errors import EnclaveError

NAMES = ("gate", "disks", "recorder", "portal", "intake", "worker", "sweeper", "matcher")
log = logging.getLogger("hanare")


def main(words: list[str]) -> int:
    """Run one process until it is told to end."""
    if len(words) != 1 or words[0] not in NAMES:
        sys.stderr.write(f"usage: python -m hub.processes {{{','.join(NAMES)}}}\n")
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for noisy in ("httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        importlib.import_module(f"hub.process_{words[0]}").serve()
    except EnclaveError as error:
        log.critical("%s", json.dumps({"code": error.code, "en": error.sentence.en}, ensure_ascii=False))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
