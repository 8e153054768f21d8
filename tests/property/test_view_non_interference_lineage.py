"""What a compiled view says of its columns is true: nothing else can change them.

For every column of an accepted view the compiler names the source columns that can influence it
and the rows it stands in. Here everything else in the source is drawn anew for one column of each
view, values and keys alike, and the column must hold the same values as before. A view that then fails (a cast, or a
subquery that gives two rows) shows no values, and says nothing.

What stands beside the source is not named with a column: whose offset ``date_shift`` takes, and
who has the codes that ``rare_to_other`` calls common. So the keys of persons stay where a view
needs either.
"""

import os
import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from catalog.view_compiler import compile_view
from catalog.views.transforms_needs import Common
from tests.support.view_cases import Case, accepted_cases
from tests.support.view_sources import make_source
from tests.support.view_worlds import Extract, Worlds

SOAK = os.environ.get("HANARE_SOAK") == "1"
CASES_PER_SOURCE = 10
SOURCES = 300 if SOAK else 20


def column_of(case: Case, extract: Extract, place: int) -> list[str] | None:
    """The values in one column, in no order; none when the view failed.

    Where duplicates are removed it depends on the other columns how often a value stands there.
    """
    if isinstance(extract, str):
        return None
    values = [repr(row[place]) for row in extract]
    return sorted(set(values) if case.features & {"DISTINCT", "UNION"} else values)


def beside(case: Case) -> frozenset[str]:
    """What the side tables of a view are made of."""
    if not case.view.needs:
        return frozenset()
    counted = {f"{n.source_table}.{n.source_column}" for n in case.view.needs if isinstance(n, Common)}
    return frozenset(counted) | {
        f"{table.name}.{column.name}"
        for table in case.worlds.schema.tables.values()
        for column in table.columns
        if column.entity == "patient"
    }


def changed_column(case: Case, chance: random.Random) -> str:
    """One of the columns when it changed although nothing that may influence it did; empty otherwise."""
    place = chance.randrange(len(case.view.columns))
    column = case.view.columns[place]
    world = case.worlds.redrawn(beside(case).union(column.sources), chance)
    after = column_of(case, case.worlds.extract(case.view, world), place)
    return "" if after is None or after == column_of(case, case.first, place) else column.name


@pytest.mark.slow
@settings(max_examples=SOURCES, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**48))
def test_only_its_sources_can_change_a_column(seed: int) -> None:
    chance = random.Random(seed)
    for case in accepted_cases(seed, CASES_PER_SOURCE):
        assert changed_column(case, chance) == "", f"{case.seed}\n{case.text}\n{case.view.columns}"


@pytest.mark.parametrize("lost", ["patient.sex", "patient.birth_date"])
def test_a_source_that_was_left_out_would_be_found(lost: str) -> None:
    chance = random.Random(0)
    source = make_source(chance)
    text = "SELECT count(*) AS n FROM patient WHERE sex = 'F' AND year(birth_date) < 1980"
    view = compile_view(text, source.schema).view
    assert view is not None
    with Worlds(source, chance) as worlds:
        kept = view.influence - {lost}
        found = {worlds.extract(view, worlds.redrawn(kept, chance)) for _ in range(20)}
    assert len(found) > 1
