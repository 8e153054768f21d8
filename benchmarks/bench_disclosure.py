"""All rules over a csv of 5,000 rows, and over one table, against ACRO.

``disclosure_rows``: ``run_checks`` over a csv of 5,000 labelled rows with counts, means, percentages and p
values; its peer reads the same file into pandas and sums every column, which is the least that any check
does. The bar is two seconds. ``disclosure_crosstab``: all rules over a bare table of 50 by 20 without masks,
against ACRO making and judging the same table from its rows (in an environment of its own). CPU seconds of this process, wall seconds for ACRO.
"""

import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.acro_environment import acro_python  # noqa: E402  the folder above must be known first
from benchmarks.measured import tell, whole_number  # noqa: E402
from enclave.adapters.policy_files import load_policies  # noqa: E402
from output_review.disclosure.checks import run_checks  # noqa: E402
from output_review.disclosure.policy import policy_from_mapping  # noqa: E402
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile  # noqa: E402

ROWS = whole_number("HANARE_BENCH_ROWS", 5000)
TIMES = whole_number("HANARE_BENCH_TIMES", 3)
POLICY = policy_from_mapping(load_policies(ROOT / "policies").document("disclosure"))


def rows(count: int) -> str:
    """A csv of labelled rows as a study of claims makes them."""
    draw = Random(1)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["都道府県", "診断", "性別", "年齢階級", "患者数", "平均在院日数", "割合(%)", "p値"])
    for i in range(count):
        age = 5 * (i % 18)
        writer.writerow(
            [
                f"県{i % 47}",
                f"J{i % 90:02}",
                "男女"[i % 2],
                f"{age}-{age + 4}歳",
                str(draw.randint(10, 5000)),
                f"{draw.gauss(14, 3):.1f}",
                f"{draw.random() * 100:.1f}",
                f"{draw.random():.3f}",
            ]
        )
    return out.getvalue()


def crosstab() -> tuple[str, str]:
    """A table of 50 by 20 without small cells, and the rows behind it."""
    draw = Random(2)
    counts = [[draw.randint(10, 60) for _ in range(20)] for _ in range(50)]
    header = ",".join(["area", *(f"D{j:02}" for j in range(20))])
    lines = [",".join([f"A{i:02}", *map(str, line)]) for i, line in enumerate(counts)]
    people = [
        f"A{i:02},D{j:02}" for i, line in enumerate(counts) for j, n in enumerate(line) for _ in range(n)
    ]
    return "\n".join([header, *lines]) + "\n", "\n".join(["area,diagnosis", *people]) + "\n"


def judge(text: str) -> None:
    """Every rule over one csv."""
    run_checks(Submission("s", (SubmittedFile("t.csv", FileKind.CSV, text),)), POLICY, None, [])


def processor_seconds(act: Callable[[], object]) -> float:
    """Median of the CPU time of this process."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return median(taken)


def acro_seconds(people: str) -> float:
    """What ACRO takes for the same table from its rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_text(people, encoding="utf-8")
        done = subprocess.run(
            [acro_python(), str(ROOT / "benchmarks" / "acro_crosstab.py"), str(path), str(TIMES)],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
        )
    return float(json.loads(done.stdout.strip().splitlines()[-1])["seconds"])


def main() -> None:
    """One line each."""
    text = rows(ROWS)
    least = processor_seconds(lambda: pd.read_csv(io.StringIO(text)).sum(numeric_only=True))
    tell("disclosure_rows", processor_seconds(lambda: judge(text)), "s", "pandas reading and summing", least)
    table, people = crosstab()
    tell(
        "disclosure_crosstab",
        processor_seconds(lambda: judge(table)),
        "s",
        "acro crosstab of its rows",
        acro_seconds(people),
    )


if __name__ == "__main__":
    main()
