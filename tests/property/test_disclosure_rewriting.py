"""A bad table stays bad however it is rewritten, and nothing unexpected ever passes."""

import csv
import io
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import check, shipped_policy

Grid = list[list[str]]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")

HEADERS = st.sampled_from(
    ["男", "女", "人数", "2019年", "n", "対照群", "東京都", "大学病院", "件数", "F", "stage2", "高血圧", ""]
)


@st.composite
def bad_tables(draw: st.DrawFn) -> Grid:
    """A table of labelled rows and counts, at least one of them small."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    header = ["診断", *draw(st.lists(HEADERS, min_size=width, max_size=width))]
    counts = st.integers(0, 500).map(str)
    rows = [
        [f"疾患{chr(65 + i)}", *draw(st.lists(counts, min_size=width, max_size=width))] for i in range(height)
    ]
    rows[draw(st.integers(0, height - 1))][draw(st.integers(1, width))] = str(draw(st.integers(1, 9)))
    return [header, *rows]


def _text(grid: Grid) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(grid)
    return out.getvalue()


def _digits(table: dict[int, int]) -> Callable[[Grid], Grid]:
    return lambda grid: [
        grid[0],
        *([row[0], *(cell.translate(table) for cell in row[1:])] for row in grid[1:]),
    ]


REWRITINGS: dict[str, Callable[[Grid], Grid]] = {
    "full width": _digits(FULL_WIDTH),
    "kanji": _digits(KANJI),
    "decimals": lambda grid: [grid[0], *([row[0], *(f"{cell}.0" for cell in row[1:])] for row in grid[1:])],
    "persons": lambda grid: [grid[0], *([row[0], *(f"{cell}人" for cell in row[1:])] for row in grid[1:])],
    "quotes": lambda grid: [grid[0], *([row[0], *(f"'{cell}" for cell in row[1:])] for row in grid[1:])],
    "title": lambda grid: [["表1 結果"], *grid],
    "note": lambda grid: [*grid, ["注記"]],
}


@given(bad_tables())
@settings(deadline=None)
def test_a_small_count_never_passes(grid: Grid) -> None:
    assert check(_text(grid)).verdict in (Verdict.FIX, Verdict.REJECT)


@given(bad_tables(), st.randoms(use_true_random=False), st.sampled_from(sorted(REWRITINGS)))
@settings(deadline=None)
def test_permuting_and_rewriting_never_mends_a_table(grid: Grid, order: object, how: str) -> None:
    rows, columns = list(range(1, len(grid))), list(range(len(grid[0])))
    order.shuffle(rows)  # type: ignore[attr-defined]
    order.shuffle(columns)  # type: ignore[attr-defined]
    rewritten = REWRITINGS[how](grid)
    assert check(_text(rewritten)).verdict in (Verdict.FIX, Verdict.REJECT)
    permuted = [[grid[row][column] for column in columns] for row in [0, *rows]]
    assert check(_text(permuted)).verdict in (Verdict.FIX, Verdict.REJECT)


@given(bad_tables())
@settings(deadline=None)
def test_the_same_table_inside_a_text_does_not_pass(grid: Grid) -> None:
    markdown = "\n".join(
        "| " + " | ".join(row) + " |" for row in [grid[0], ["---"] * len(grid[0]), *grid[1:]]
    )
    assert check(f"# 結果\n\n{markdown}\n", "md").verdict in (Verdict.FIX, Verdict.REJECT)


@given(st.text(max_size=300), st.sampled_from(["csv", "txt"]))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_verdict_and_the_same_one_twice(text: str, kind: str) -> None:
    assert check(text, kind) == check(text, kind)


@given(st.binary(max_size=200), st.sampled_from([FileKind.UNKNOWN, FileKind.UNREADABLE, FileKind.TOO_LARGE]))
@settings(deadline=None)
def test_what_has_no_text_never_passes(content: bytes, kind: FileKind) -> None:
    file = SubmittedFile("f", kind, content.decode("latin-1"))
    assert run_checks(Submission("r", (file,)), shipped_policy(), None, []).verdict is Verdict.REJECT
