"""The one entry: `python3 -m setup STEP`, which the Makefile calls.

Rules: a step that cannot go on ends with its sentence and status 1; nothing is asked interactively; the umask is 022
whatever the shell had, because service users must read what set-up writes (secrets get their modes explicitly).
"""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from setup import checking, demo, locks, places, supervision, testing, tidying, whole
from setup.console import SetupError, failure, line
from setup.places import Places

STEPS: dict[str, Callable[[Places, list[str]], int]] = {
    "setup": whole.setup,
    "images": whole.images,
    "up": supervision.up,
    "down": supervision.down,
    "seed": demo.seeded,
    "demo": demo.demo,
    "clean-demo": tidying.clean_demo,
    "test": testing.test,
    "soak": testing.soak,
    "bench": testing.bench,
    "check": checking.check,
    "lock": locks.lock,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in STEPS:
        line(f"usage: python3 -m setup {{{','.join(STEPS)}}}")
        return 2
    os.umask(0o022)
    root = Path(__file__).resolve().parent.parent
    try:
        return STEPS[arguments[0]](places.find(root, os.environ, as_root=os.geteuid() == 0), arguments[1:])
    except SetupError as error:
        line(failure(error))
        return 1
    except KeyboardInterrupt:
        line("[setup] stopped")
        return 130
    except OSError:
        line(traceback.format_exc())
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
