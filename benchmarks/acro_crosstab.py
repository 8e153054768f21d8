"""ACRO's own time for one table: run by the python of ACRO's environment, never imported.

Reads rows (area, diagnosis), calls ``crosstab`` with suppression and margins as often as asked, and prints
the median in seconds as the last line of its output.
"""

import contextlib
import io
import json
import statistics
import sys
import time

import acro
import pandas as pd


def main() -> None:
    """Measure and tell."""
    rows = pd.read_csv(sys.argv[1])
    taken = []
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        session = acro.ACRO(suppress=True)
        for _ in range(int(sys.argv[2])):
            began = time.perf_counter()
            session.crosstab(rows["area"], rows["diagnosis"], margins=True)
            taken.append(time.perf_counter() - began)
    sys.stdout.write(json.dumps({"seconds": statistics.median(taken)}) + "\n")


if __name__ == "__main__":
    main()
