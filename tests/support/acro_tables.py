"""Tables of the synthetic data by which ACRO tests itself, made again from its description.

Three levels in four variables, eleven rows in every cell and five where the first, third and fourth are C;
``depvar`` counts the rows of a cell from 0. Subsets fix the fourth variable at C (three variables left), the
third as well (two), the second as well (one); the safe twin of each leaves out the small cells. In *holes* all
values of one cell are 0; in *dominance* one value is 10,000.

Only pandas is needed, so ACRO's own environment can import this: what it judges and what is judged here bare
come from the same calls.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

VARIABLES = ("indvar1", "indvar2", "indvar3", "indvar4")
MEASURE = "depvar"
_HUGE = 10_000
_SHAPES: dict[int, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    1: ((("indvar1",), ()),),
    2: ((("indvar1",), ("indvar2",)), (("indvar1", "indvar2"), ())),
    3: ((("indvar1", "indvar2"), ("indvar3",)), (("indvar1",), ("indvar2", "indvar3"))),
    4: (
        (("indvar1", "indvar2"), ("indvar3", "indvar4")),
        (("indvar1",), ("indvar2",)),
        (("indvar1", "indvar3"), ("indvar4",)),
        (("indvar1", "indvar2", "indvar3"), ("indvar4",)),
    ),
}
_FUNCTIONS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("count",), False),
    (("count",), True),
    (("mean",), False),
    (("mean",), True),
    (("sum",), False),
    (("sum",), True),
    (("std",), False),
    (("std",), True),
    (("count", "mean"), True),
    (("count", "sum"), True),
    (("mean", "std"), True),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One table: which subset, by which variables, of which statistics."""

    data: str
    index: tuple[str, ...]
    columns: tuple[str, ...]
    functions: tuple[str, ...]
    is_listed: bool
    """Whether the statistics are given as a list, so that pandas writes their names over the columns."""
    margins: bool
    is_crosstab: bool = False

    @property
    def name(self) -> str:
        """A name for records and files; it begins with the statistics, as an author names a file."""
        parts = (
            "_".join(self.functions),
            self.data,
            "+".join(self.index),
            "+".join(self.columns) or "none",
            "crosstab" if self.is_crosstab else "list" if self.is_listed else "word",
            "margins" if self.margins else "plain",
        )
        return "-".join(parts)

    def beside(self, functions: tuple[str, ...]) -> "Call":
        """The same table of other statistics."""
        return Call(self.data, self.index, self.columns, functions, is_listed=True, margins=self.margins)


def synthetic() -> pd.DataFrame:
    """All rows."""
    rows = [
        [*labels, repeat]
        for labels in itertools.product("ABC", repeat=4)
        for repeat in range(5 if labels[0] == labels[2] == labels[3] == "C" else 11)
    ]
    return pd.DataFrame(rows, columns=[*VARIABLES, MEASURE])


def subsets() -> dict[str, pd.DataFrame]:
    """Every subset by name; the last letters are how many variables are tabulated at most."""
    whole = synthetic()
    cut = {4: whole}
    for left, fixed in ((3, "indvar4"), (2, "indvar3"), (1, "indvar2")):
        cut[left] = cut[left + 1][cut[left + 1][fixed] == "C"]
    made = {f"unsafe_{n}d": data for n, data in cut.items()}
    for n, data in cut.items():
        small = (data["indvar1"] == "C") & (data["indvar3"] == "C") & (data["indvar4"] == "C")
        made[f"safe_{n}d"] = data[~small].copy()
    holes = made["safe_2d"].copy()
    holes.loc[(holes["indvar1"] == "A") & (holes["indvar2"] == "A"), MEASURE] = 0
    made["holes_2d"] = holes
    tall = whole.copy()
    tall.loc[tall[(tall[list(VARIABLES)] == "C").all(axis=1)].index[-1], MEASURE] = _HUGE
    made["dominance_4d"] = tall
    made["dominance_2d"] = tall[(tall["indvar4"] == "C") & (tall["indvar3"] == "C")].copy()
    return made


def calls() -> Iterator[Call]:
    """Every table of the comparison."""
    for data in subsets():
        for index, columns in _SHAPES[int(data[-2])]:
            for margins in (False, True):
                for functions, is_listed in _FUNCTIONS:
                    yield Call(data, index, columns, functions, is_listed, margins)
                if columns:
                    yield Call(data, index, columns, ("count",), False, margins, is_crosstab=True)


def arguments(call: Call, data: pd.DataFrame) -> dict[str, Any]:
    """What ``pivot_table`` or ``crosstab`` is called with, here and in ACRO alike."""
    if call.is_crosstab:
        return {
            "index": [data[name] for name in call.index],
            "columns": [data[name] for name in call.columns],
            "margins": call.margins,
        }
    functions: Any = list(call.functions) if call.is_listed else call.functions[0]
    return {
        "index": list(call.index),
        "columns": list(call.columns),
        "values": MEASURE,
        "aggfunc": functions,
        "margins": call.margins,
    }


def table(call: Call, data: pd.DataFrame) -> pd.DataFrame:
    """What pandas makes of a call."""
    if call.is_crosstab:
        return pd.crosstab(**arguments(call, data))
    return pd.pivot_table(data, **arguments(call, data))
