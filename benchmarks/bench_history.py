"""Comparing a table with everything that was released before, against a join by labels in the same run.

``history_RxC_N``: a table of R×C counts against N released tables of the same size, every rule of history
(two numbers, sums, three numbers, copies, series). The peer is what a careful analyst would write: each pair
of tables joined by row and column with pandas, and the cells that differ by one to nine listed. It finds the
same labels only. ``check_RxC``: every rule on a table without a history, with the join of the same size as
its peer. Counts are uniform, seeds are fixed. ``HANARE_BENCH_TIMES`` repeats.
"""

import io
import random
import sys
from pathlib import Path

import pandas as pd

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import in_turns, tell, whole_number  # noqa: E402  the folder above must be known first
from enclave.adapters.policy_files import load_policies  # noqa: E402
from output_review.disclosure.checks import run_checks  # noqa: E402
from output_review.disclosure.examined import examine  # noqa: E402
from output_review.disclosure.history import History, KeptFile  # noqa: E402
from output_review.disclosure.history_numbers import stated_in  # noqa: E402
from output_review.disclosure.history_rules import check_history  # noqa: E402
from output_review.disclosure.policy import policy_from_mapping  # noqa: E402
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
POLICY = policy_from_mapping(load_policies(ROOT / "policies").document("disclosure"))
TIMES = whole_number("HANARE_BENCH_TIMES", 5)
SIZES = ((10, 3, 10), (10, 3, 200), (50, 20, 5), (400, 5, 5))


def a_csv(chance: random.Random, height: int, width: int) -> str:
    """A table of uniform counts with the same labels every time."""
    rows = [["疾患", *(f"施設{chr(65 + j)}" for j in range(width))]]
    rows += [[f"病型{i}", *(str(chance.randint(100, 9000)) for _ in range(width))] for i in range(height)]
    return "\n".join(",".join(row) for row in rows) + "\n"


def joined(now: str, before: list[str]) -> int:
    """The peer: cells that differ by one to nine, by row and column."""
    new = pd.read_csv(io.StringIO(now)).melt("疾患", value_name="new")
    found = 0
    for text in before:
        old = pd.read_csv(io.StringIO(text)).melt("疾患", value_name="old")
        both = new.merge(old, on=["疾患", "variable"])
        gap = (both["new"] - both["old"]).abs()
        found += int(((gap > 0) & (gap < POLICY.min_persons)).sum())
    return found


def main() -> None:
    for height, width, releases in SIZES:
        chance = random.Random(3)
        before = [a_csv(chance, height, width) for _ in range(releases)]
        now = a_csv(chance, height, width)
        kept = tuple(
            KeptFile(str(n), "", "", stated_in(examine(SubmittedFile("t.csv", FileKind.CSV, text))))
            for n, text in enumerate(before)
        )
        file = SubmittedFile("t.csv", FileKind.CSV, now)

        def ours(kept: tuple[KeptFile, ...] = kept, file: SubmittedFile = file) -> None:
            list(check_history(examine(file), (), History(released=kept, asked=kept), POLICY))

        def peer(now: str = now, before: list[str] = before) -> None:
            joined(now, before)

        mine, theirs = in_turns(ours, peer, TIMES)
        tell(f"history_{height}x{width}_{releases}", mine, "s", "join by labels (pandas)", theirs)
    table = a_csv(random.Random(4), 10, 3)
    given = Submission("r", (SubmittedFile("t.csv", FileKind.CSV, table),))
    mine, theirs = in_turns(
        lambda: run_checks(given, POLICY, None, []), lambda: joined(table, [table]), TIMES
    )
    tell("check_10x3", mine, "s", "join by labels (pandas)", theirs)


if __name__ == "__main__":
    main()
