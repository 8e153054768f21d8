"""ACRO's verdicts on the tables of its synthetic data, live, beside ours on the bare csv of the same tables.

``acro_agreement_strict`` and ``acro_agreement_apart``: the share of tables on which the verdicts agree, for tables
handed in alone, with their counts, and with counts and spreads (see ``tests/support/acro_agreement``). The peer is
ACRO on the same bare files: it takes each in as *review* and judges none, so it agrees with itself on none.
``acro_passed_fails`` must be 0. ``acro_recorded`` is how many recorded verdicts differ from the live ones.
``acro_seconds``: all tables, ours from csv and ACRO's from rows. What disagrees, and why, goes to stderr.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.acro_environment import acro_python  # noqa: E402  the folder above must be known first
from benchmarks.measured import tell  # noqa: E402
from tests.support.acro_agreement import (  # noqa: E402
    HANDED_IN,
    RECORDED,
    apart,
    disagreements,
    pairs,
    read_verdicts,
    strict,
)

PEER = "acro on bare files"


def main() -> None:
    """All lines."""
    began = time.perf_counter()
    done = subprocess.run(
        [acro_python(), str(ROOT / "benchmarks" / "acro_verdicts.py")],
        check=True,
        capture_output=True,
        text=True,
    )
    theirs = time.perf_counter() - began
    live = read_verdicts(done.stdout)
    recorded = read_verdicts(RECORDED.read_text("utf-8"))
    ours = 0.0
    for handed_in, beside in HANDED_IN.items():
        began = time.perf_counter()
        found = pairs(live, beside)
        ours = ours or time.perf_counter() - began
        tell(f"acro_agreement_strict ({handed_in})", strict(found), "share", PEER, 0.0)
        tell(f"acro_agreement_apart ({handed_in})", apart(found), "share", PEER, 0.0)
        tell(f"acro_passed_fails ({handed_in})", sum(p.is_passed_fail for p in found), "tables", PEER, 0.0)
        sys.stderr.write(json.dumps({handed_in: disagreements(found).most_common()}, indent=1) + "\n")
    differing = sum(recorded.get(name) != status for name, status in live.items())
    tell("acro_recorded", differing, "tables", "live verdicts", len(live))
    tell("acro_seconds", ours, "s", "acro from the rows", theirs)


if __name__ == "__main__":
    main()
