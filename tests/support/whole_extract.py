"""An extract of everything that views may show of a source, written out again in the plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import connect, literal, load_openssl, name
from catalog.adapters.extract_duckdb import DuckdbExtracts
from catalog.adapters.extract_folders import ExtractFolders
from catalog.adapters.producer_keys import SigningKeyFile
from catalog.adapters.source_duckdb import SourceDuckdb
from catalog.builds import Keys
from catalog.extracts import ExtractPlan, PlannedView
from catalog.hospital.scale import Scale
from catalog.hospital.tables import make_parts
from catalog.policy import TransformRules
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Column, Table
from catalog.sources import SourceFile
from catalog.view_compiler import CompiledView, compile_view
from catalog.views.files import Label, ViewFile
from enclave.projects import Cohort
from tests.support.fakes import CountingRandomness

DATA_KEY = b"\x33" * 32
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WholeExtract:
    """Where everything lies."""

    source: Path
    sealed: Path
    ids: Path
    shown: Mapping[str, tuple[str, ...]]
    """Table to the source columns that its view shows, keys as pseudonyms."""


def make_whole(folder: Path, patients: int, seed: int) -> WholeExtract:
    """A hospital is invented and an extract built of it, by the builder that builds for projects."""
    source = folder / "source.duckdb"
    file = SourceFile("0" * 64, "invented", "generated", 0, 0, 0)
    SourceDuckdb(source, CANONICAL).take_tables(file, make_parts(Scale(patients, seed)), WHEN)
    views = {table.name: widest_view(table) for table in CANONICAL.tables.values()}
    planned = tuple(
        PlannedView(_file(table, columns), "0" * 64, compiled)
        for table, (columns, compiled) in sorted(views.items())
        if compiled is not None
    )
    fresh = CountingRandomness()
    (folder / "extracts").mkdir()
    folders = ExtractFolders(folder / "builds", folder / "extracts")
    signing = SigningKeyFile(folder / "signing.key", fresh)
    builder = DuckdbExtracts(source, folders, signing, CANONICAL, fresh)
    builder.build(_plan(planned), Keys(b"\x44" * 32, DATA_KEY))
    own = folder / "extracts" / "p-whole"
    return WholeExtract(
        source, own / "v1.duckdb", own / "v1.ids", {table: columns for table, (columns, _) in views.items()}
    )


def widest_view(table: Table) -> tuple[tuple[str, ...], CompiledView | None]:
    """Every column of a table that the compiler lets stand alone, and the view of all of them."""
    columns = tuple(column.name for column in table.columns if _compiled(table, (column,)))
    return columns, _compiled(table, tuple(c for c in table.columns if c.name in columns))


def write_plain(whole: WholeExtract, plain: Path, text: Path) -> None:
    """The extract's rows in an unencrypted, uncompressed file, and each distinct cell as a line of text.

    Pseudonyms are left out of the text: the random digits of millions of them hold any short number.
    """
    with connect() as connection:
        load_openssl(connection)
        connection.execute(
            f"ATTACH {literal(str(whole.sealed))} AS x (READ_ONLY, ENCRYPTION_KEY {literal(DATA_KEY.hex())})"
        )
        connection.execute("SET force_compression = 'uncompressed'")
        connection.execute(f"ATTACH {literal(str(plain))} AS plain")
        connection.execute("COPY FROM DATABASE x TO plain")
        cells = " UNION ALL ".join(
            f"SELECT DISTINCT {name(column)}::VARCHAR AS cell FROM x.{name(table)}"
            for table, column, kind in columns_of(connection, "x")
            if kind != "UUID"
        )
        connection.execute(
            f"COPY (SELECT DISTINCT cell FROM ({cells})) TO {literal(str(text))} (HEADER false)"
        )


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str, str]]:
    """Tables, columns and types of a database."""
    return connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ?", [database]
    ).fetchall()


def _compiled(table: Table, columns: tuple[Column, ...]) -> CompiledView | None:
    if not columns:
        return None
    listed = ", ".join(
        f"pseudonym({name(c.name)}) AS {name(_shown_as(c))}"
        if c.entity
        else f"{name(c.name)} AS {name(_shown_as(c))}"
        for c in columns
    )
    return compile_view(f"SELECT {listed} FROM {name(table.name)}", CANONICAL).view


def _shown_as(column: Column) -> str:
    return column.name if column.entity else column.name.removesuffix("_key")


def _file(table: str, columns: tuple[str, ...]) -> ViewFile:
    label = Label("表", "a table")
    found = CANONICAL.tables[table]
    labels = tuple((_shown_as(c), label) for c in found.columns if c.name in columns)
    return ViewFile(table, label, "pseudo", labels, "")


def _plan(views: tuple[PlannedView, ...]) -> ExtractPlan:
    return ExtractPlan(
        project="p-whole",
        version="v1",
        views=views,
        cohort=Cohort(everyone=True),
        permit_digest="0" * 64,
        policy_digest="0" * 64,
        schema_digest="0" * 64,
        source_version="0" * 64,
        planned_at=WHEN,
        transforms=TransformRules(10, 30),
    )
