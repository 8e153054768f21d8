"""The interval audit of a table with masked counts, and a whole check of it, against named peers in the same run.

``interval_audit_RxC``: from the csv text to the exact interval of every masked cell, against the obvious
way of the same question: two linear programs for each masked cell (SciPy ``linprog``), numbers already
read, bounds over fractions only. ``table_check_RxC``: every rule on that csv, against what ACRO takes to
make and judge the same table from its rows (``crosstab`` with suppression), in an environment of its own.
``remedy_RxC`` has the audit as its peer: how much
longer the search for the fewest further masks takes.

Counts are Poisson around log-normal means, 1 to 9 masked; seeds are fixed. ``HANARE_BENCH_TIMES`` repeats.
"""

import csv
import io
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.acro_environment import acro_python  # noqa: E402  the folder above must be known first
from benchmarks.measured import in_turns, seconds, tell, whole_number  # noqa: E402
from enclave.adapters.policy_files import load_policies  # noqa: E402
from output_review.disclosure.checks import run_checks  # noqa: E402
from output_review.disclosure.examined import examine  # noqa: E402
from output_review.disclosure.masked_cells import audit_tables  # noqa: E402
from output_review.disclosure.policy import policy_from_mapping  # noqa: E402
from output_review.disclosure.remedies import propose  # noqa: E402
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
POLICY = policy_from_mapping(load_policies(ROOT / "policies").document("disclosure"))
SIZES = ((5, 4), (10, 6), (20, 10), (50, 20))
TIMES = whole_number("HANARE_BENCH_TIMES", 5)


def counts(height: int, width: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """The counts of one table."""
    chance = np.random.default_rng(1)
    table: np.ndarray[tuple[int, int], np.dtype[np.int64]] = chance.poisson(
        chance.lognormal(3.2, 1.3, (height, width))
    )
    return table


def as_csv(table: "np.ndarray[tuple[int, int], np.dtype[np.int64]]", *, masked: bool) -> SubmittedFile:
    """The table with both margins."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["地区", *(f"診断{chr(65 + j)}" for j in range(table.shape[1])), "計"])
    for i, row in enumerate(table):
        shown = ["*" if masked and 0 < count < POLICY.min_persons else str(count) for count in row]
        writer.writerow([f"地区{i + 1}", *shown, str(row.sum())])
    writer.writerow(["計", *map(str, table.sum(axis=0)), str(table.sum())])
    return SubmittedFile("table.csv", FileKind.CSV, out.getvalue())


def naive(table: "np.ndarray[tuple[int, int], np.dtype[np.int64]]") -> None:
    """Two linear programs for each masked cell."""
    hidden = (table > 0) & (table < POLICY.min_persons)
    places = {(int(i), int(j)): k for k, (i, j) in enumerate(np.argwhere(hidden))}
    lines = [[(i, j) for j in range(table.shape[1])] for i in range(table.shape[0])]
    lines += [[(i, j) for i in range(table.shape[0])] for j in range(table.shape[1])]
    rows = [[cell for cell in line if cell in places] for line in lines]
    rows = [row for row in rows if row]
    matrix = sparse.lil_matrix((len(rows), len(places)))
    right = [float(sum(table[cell] for cell in row)) for row in rows]
    for number, row in enumerate(rows):
        for cell in row:
            matrix[number, places[cell]] = 1
    matrix = matrix.tocsr()
    for place in range(len(places)):
        for sign in (1, -1):
            objective = np.zeros(len(places))
            objective[place] = sign
            linprog(objective, A_eq=matrix, b_eq=right, bounds=(1, None), method="highs")


def acro_seconds(table: "np.ndarray[tuple[int, int], np.dtype[np.int64]]") -> float:
    """What ACRO takes for the same table from its rows; the median of several calls in one process."""
    rows = [(i, j) for (i, j), count in np.ndenumerate(table) for _ in range(count)]
    random.Random(1).shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_text("area,diagnosis\n" + "".join(f"{i},{j}\n" for i, j in rows), "utf-8")
        ran = subprocess.run(
            [acro_python(), str(ROOT / "benchmarks" / "acro_crosstab.py"), str(path), str(TIMES)],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
    return float(json.loads(ran.stdout.splitlines()[-1])["seconds"])


def main() -> None:
    """One line for each measurement and size."""
    for height, width in SIZES:
        size = f"{height}x{width}"
        table = counts(height, width)
        file = as_csv(table, masked=True)

        def ours(file: SubmittedFile = file) -> object:
            return audit_tables(examine(file), POLICY)

        audit, programs = in_turns(ours, partial(naive, table), TIMES)
        tell(f"interval_audit_{size}", audit, "s", "two scipy linprog per masked cell", programs)
        whole = Submission("request", (file,))

        def check(whole: Submission = whole) -> object:
            return run_checks(whole, POLICY, None, [])

        taken = sorted(seconds(check) for _ in range(TIMES))[TIMES // 2]
        tell(f"table_check_{size}", taken, "s", "acro crosstab of its rows, suppressed", acro_seconds(table))
        open_table = Submission("request", (as_csv(table, masked=False),))
        tell(f"remedy_{size}", seconds(_remedies(open_table)), "s", "interval audit of the table", audit)


def _remedies(submission: Submission) -> Callable[[], object]:
    report = run_checks(submission, POLICY, None, [])
    return lambda: propose(submission, report, POLICY, lambda s: run_checks(s, POLICY, None, []))


if __name__ == "__main__":
    main()
