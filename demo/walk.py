"""Walk one result through the whole house, from outside, and keep the evidence.

    python demo/walk.py [CAST] [--evidence FILE]

Rules of this client, and of every ``walk_*`` module beside it:

1. It imports nothing of the house: the standard library, ``httpx`` and ``websockets`` only.
2. It reads one file, ``cast.json``: the people, their secrets, the two addresses. All else it
   learns as anybody would, over HTTP and the notebook's websocket.
3. Each step says what must hold, shows its evidence, and ends the walk with status 1 when it
   does not hold. Nothing is retried until it fits.
4. What it saw is written to ``var/demo/evidence.json``, which ``verify_evidence.py`` checks
   again offline.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from demo.walk_story import main  # noqa: E402  the folder above must be known first

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
