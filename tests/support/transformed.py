"""Views with transforms over a few rows of a real DuckDB, with the side tables of a real build."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import create_tables
from catalog.adapters.prepared_source import LEFT_OUT, make_pseudonyms, show_cohort
from catalog.adapters.transform_tables import fill_transform_tables
from catalog.profiles import PSEUDO, Profile
from catalog.schema.canonical import CANONICAL
from catalog.shifts import shift_days
from catalog.view_compiler import CompiledView, compile_view
from enclave.projects import Cohort

KEY = bytes(range(32))
MOST_DAYS = 30
Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def compiled(text: str, profile: Profile = PSEUDO) -> CompiledView:
    compilation = compile_view(text, CANONICAL, profile)
    assert compilation.view is not None, [(r.rule, r.sentence.en) for r in compilation.refusals]
    return compilation.view


def refused(text: str, profile: Profile = PSEUDO) -> set[str]:
    """The rules by which a view is refused: at least one."""
    compilation = compile_view(text, CANONICAL, profile)
    assert compilation.view is None
    assert all(r.line >= 1 and r.column >= 1 and r.remedy.en for r in compilation.refusals)
    return {refusal.rule for refusal in compilation.refusals}


def run(text: str, rows: Rows, profile: Profile = PSEUDO, persons: int = 2) -> list[tuple[Any, ...]]:
    """What a view gives over these rows; ``persons`` are enough for a value to be common."""
    view = compiled(text, profile)
    with duckdb.connect(":memory:") as connection:
        connection.execute("ATTACH ':memory:' AS origin")
        create_tables(connection, CANONICAL, "origin.")
        for table, listed in rows.items():
            connection.register("arriving", pd.DataFrame(list(listed)))
            connection.execute(f"INSERT INTO origin.{table} BY NAME SELECT * FROM arriving")
            connection.unregister("arriving")
        connection.execute(
            f"CREATE TABLE {LEFT_OUT} AS SELECT patient_key FROM origin.patient WHERE coalesce(optout_flag, false)"
        )
        show_cohort(connection, CANONICAL, Cohort(everyone=True))
        for entity in view.entities:
            make_pseudonyms(connection, CANONICAL, entity, KEY)
        fill_transform_tables(connection, CANONICAL, view.needs, persons, offsets)
        return connection.execute(view.sql).fetchall()


def offsets(people: Iterable[int]) -> list[int]:
    return shift_days(KEY, people, MOST_DAYS)


def column(text: str, rows: Rows, profile: Profile = PSEUDO, persons: int = 2) -> list[Any]:
    """The values of a view of one column, sorted, nothing last."""
    found = [row[0] for row in run(text, rows, profile, persons)]
    return sorted((v for v in found if v is not None), key=str) + [v for v in found if v is None]
