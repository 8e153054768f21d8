"""A bad result stays bad: turned, sorted, renamed, rounded, split, printed in another form."""

from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_review.disclosure import checks
from output_review.disclosure.checks import Rule, run_checks
from output_review.disclosure.findings import Verdict
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.disclosure_cases_counts import A, E
from tests.support.disclosure_cases_models import MODELS
from tests.support.disclosure_cases_positions import POSITIONS
from tests.support.disclosure_written import Case, turned, written
from tests.unit.output_review.disclosure.checked_files import shipped_policy

Grid = list[list[str]]
KINDS = {"csv": FileKind.CSV, "tsv": FileKind.TSV, "json": FileKind.JSON, "md": FileKind.TEXT}
NEUTRAL = ["列", "項目", "x", "value", "item", "甲", "乙", "group"]
BAD = [case for case in (*A, *E, *POSITIONS, *MODELS) if case.grid and case.least in ("fix", "reject")]
SHAPES = [case for case in E if case.grid and case.name[:3] in {"E01", "E02", "E03", "E04", "E10"}]


def _verdict(*texts: tuple[str, str]) -> Verdict:
    files = tuple(SubmittedFile(f"{i}.{kind}", KINDS[kind], text) for i, (kind, text) in enumerate(texts))
    return run_checks(Submission("s", files), shipped_policy(), None, []).verdict


def _shuffled(grid: Grid, order: Random, *, columns: bool) -> Grid:
    rows = list(range(1, len(grid)))
    order.shuffle(rows)
    places = list(range(len(grid[0])))
    if columns:
        order.shuffle(places)
    return [[grid[row][place] for place in places] for row in [0, *rows]]


@pytest.mark.slow
@given(st.sampled_from(BAD), st.sampled_from(sorted(KINDS)), st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None, max_examples=150)
def test_sorting_turning_and_rewriting_never_mends(case: Case, kind: str, order: Random, turn: bool) -> None:
    grid = [list(row) for row in case.grid or []]
    # A curve is one only in its order; everything else may stand in any.
    grid = (
        grid
        if case.name[:3] in {"D08", "D12", "D20", "D21"}
        else _shuffled(grid, order, columns=len(grid) < 40)
    )
    if turn and case.turned:
        grid = turned(grid)
    if kind in case.kinds:
        assert _verdict((kind, written(grid, kind, case.notes))) is not Verdict.PASS


@st.composite
def small(draw: st.DrawFn) -> Grid:
    """A table of counts with labels, at least one of them of one to nine persons."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    header = [
        "診断",
        *draw(
            st.lists(
                st.sampled_from(["男", "女", "人数", "2019年", "n", "対照群"]), min_size=width, max_size=width
            )
        ),
    ]
    rows = [
        [f"疾患{chr(65 + i)}", *(str(draw(st.integers(10, 500))) for _ in range(width))]
        for i in range(height)
    ]
    rows[draw(st.integers(0, height - 1))][draw(st.integers(1, width))] = str(draw(st.integers(3, 9)))
    return [header, *rows]


def _each(change: Callable[[int], str], grid: Grid) -> Grid:
    return [grid[0], *([row[0], *(change(int(cell)) for cell in row[1:])] for row in grid[1:])]


ROUNDINGS: dict[str, Callable[[int], str]] = {
    "to fives": lambda n: str(5 * round(n / 5)),
    "up to fives": lambda n: str(-(-n // 5) * 5),
    "down to fives": lambda n: str(n // 5 * 5),
    "midpoint six": lambda n: str(0 if n == 0 else 6 * ((n - 1) // 6) + 3),
    "to evens": lambda n: str(2 * round(n / 2)),
    "as fractions": lambda n: f"{n:.2f}",
    "with blanks": lambda n: f" {n} ",
}


@given(small(), st.sampled_from(sorted(ROUNDINGS)), st.booleans())
@settings(deadline=None, max_examples=150)
def test_rounding_finely_never_mends(grid: Grid, how: str, turn: bool) -> None:
    rounded = _each(ROUNDINGS[how], grid)
    assert _verdict(("csv", written(turned(rounded) if turn else rounded, "csv"))) is not Verdict.PASS


@given(small(), st.lists(st.sampled_from(NEUTRAL), min_size=6, max_size=6), st.sampled_from(sorted(KINDS)))
@settings(deadline=None, max_examples=100)
def test_renaming_a_small_count_never_mends(grid: Grid, names: list[str], kind: str) -> None:
    renamed = [[f"{name}{i}" for i, name in enumerate(names[: len(grid[0])])], *grid[1:]]
    assert _verdict((kind, written(renamed, kind))) is not Verdict.PASS


@pytest.mark.slow
@given(st.sampled_from(SHAPES), st.sampled_from(NEUTRAL), st.sampled_from(["csv", "tsv", "json"]))
@settings(deadline=None, max_examples=30)
def test_renaming_rows_of_persons_never_mends(case: Case, name: str, kind: str) -> None:
    grid = [list(row) for row in case.grid or []]
    renamed = [[f"{name}{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(len(grid[0]))], *grid[1:]]
    assert _verdict((kind, written(renamed, kind))) is not Verdict.PASS


@pytest.mark.slow
@given(st.sampled_from([c for c in BAD if c.turned]), st.integers(1, 6), st.booleans())
@settings(deadline=None, max_examples=80)
def test_splitting_never_mends(case: Case, place: int, by_columns: bool) -> None:
    grid = [list(row) for row in case.grid or []]
    if by_columns:
        cut = 1 + place % (len(grid[0]) - 1)
        parts = [[row[:cut] for row in grid], [[row[0], *row[cut:]] for row in grid]]
    else:
        cut = 1 + place % max(len(grid) - 1, 1)
        parts = [grid[:cut], [grid[0], *grid[cut:]]]
    texts = [("csv", written(part, "csv", case.notes)) for part in parts if len(part) > 1]
    assert _verdict(*texts) is not Verdict.PASS


def _failing(error: type[BaseException]) -> Rule:
    def check(*_: object) -> Iterable[object]:
        raise error

    return Rule("fails", check)  # type: ignore[arg-type]


@given(
    st.sampled_from([ValueError, KeyError, RecursionError, TimeoutError, MemoryError, ZeroDivisionError]),
    st.integers(0, 20),
)
@settings(deadline=None, max_examples=30)
def test_a_rule_that_fails_blocks_wherever_it_stands(error: type[BaseException], place: int) -> None:
    rules = [*checks.RULES]
    rules.insert(place % len(rules), _failing(error))
    file = SubmittedFile("a.csv", FileKind.CSV, "診断,人数\nA,120\nB,340\n")
    assert run_checks(Submission("s", (file,)), shipped_policy(), None, [], rules).verdict is Verdict.REJECT
