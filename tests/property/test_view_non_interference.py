"""Changing only identifiers of the source never changes an extract, up to its pseudonyms.

A case is a generated source (schema and rows) and a generated view that the compiler accepted
and the database ran. Each is run over the source as it was made and over two in which keys were
renamed, direct identifiers and free text drawn anew, and rows put in another order; a person has
the same pseudonym in all of them, and the extracts must be the same, row for row. One view in five carries a slip, an expression that
breaks a rule; where the compiler accepts it after all, it must not interfere either.

One limit: rows that are alike in all that a query reads, keys included, may be taken in one order
by one of its windows and in another by the next. Nobody can be told from it; where rows tie, a
generated view has one window that depends on their order.
"""

import os
from collections import Counter
from functools import cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.view_cases import Found, accepted_cases, judged_views, shown

SOAK = os.environ.get("HANARE_SOAK") == "1"
CASES_PER_SOURCE = 20
SOURCES = 1000 if SOAK else 50
"""1,000 cases; 20,000 where time is no matter."""


@pytest.mark.slow
@settings(max_examples=SOURCES, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**48))
def test_identifiers_never_change_an_extract(seed: int) -> None:
    for case in accepted_cases(seed, CASES_PER_SOURCE):
        difference = case.difference()
        assert difference is None, shown(case, difference)


@cache
def looked_at() -> tuple[float, Counter[str]]:
    """The share of views that are accepted, and the features of those."""
    judged = [view for seed in range(40) for view in judged_views(seed, 20)]
    features = Counter(feature for found, accepted in judged if accepted for feature in found)
    return sum(accepted for _, accepted in judged) / len(judged), features


@pytest.mark.slow
def test_most_views_that_are_written_count_as_cases() -> None:
    assert looked_at()[0] > 0.7


@pytest.mark.slow
@pytest.mark.parametrize(
    "feature",
    [
        "pseudonym", "CTE", "derived table", "grouped inside", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN",
        "SEMI JOIN", "ANTI JOIN", "USING", "join on values", "EXISTS", "NOT EXISTS", "key IN query",
        "key NOT IN query", "correlated", "scalar subquery", "keys equal", "keys differ", "keys not distinct",
        "key IS NULL", "GROUP BY", "GROUP BY position", "GROUP BY key alone", "HAVING", "COUNT(DISTINCT)", "FILTER",
        "window", "PARTITION BY key", "QUALIFY", "row_number OVER", "UNION", "UNION ALL", "EXCEPT", "INTERSECT",
        "CASE", "COALESCE", "CAST", "TRY_CAST", "LIKE", "IN list", "ORDER BY", "DISTINCT", "DISTINCT ON", "star",
        "star inside", "star beside", "stars in a set operation", "star of a join", "key without a home beside ties",
        "window inside", "window with ties", "key in CASE", "pseudonym inside", "pseudonym in COALESCE", "GROUP BY ALL",
        "ROLLUP", "LATERAL", "VALUES", "UNNEST", "series", "list", "struct", "map", "key = ANY", "row comparison",
        "birth_month", "age_band", "date_shift", "bin", "top_code", "bottom_code", "rare_to_other", "region_up",
    ],
)  # fmt: skip
def test_the_cases_cover_the_language(feature: str) -> None:
    assert looked_at()[1][feature] > 0


def test_a_found_interference_is_shown_with_its_view() -> None:
    case = next(iter(accepted_cases(1, 1)))
    text = shown(case, Found(1, ((1,),), ((2,),)))
    assert case.text in text
    assert "(2,)" in text
