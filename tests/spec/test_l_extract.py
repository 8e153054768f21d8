"""Extracts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from catalog.adapters.duckdb_setup import connect, literal, name
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass
from tests.support.extract_scan import HEAD, Decimals, Numbers, Strings
from tests.support.whole_extract import WholeExtract, columns_of, make_whole, write_plain

PATIENTS, SEED = 20_000, 3
AMBIGUOUS = 40
"""So many identifiers at most may be, by chance, also a value of an honest column of the source."""


@dataclass(frozen=True)
class Scene:
    """The extract, written out, and every identifier of its source."""

    whole: WholeExtract
    plain: Path
    text: Path
    identifiers: frozenset[str]
    keys: NDArray[np.int64]


@pytest.fixture(name="scene", scope="module")
def _scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("whole")
    whole = make_whole(folder, PATIENTS, SEED)
    plain, text = folder / "plain.duckdb", folder / "cells.txt"
    write_plain(whole, plain, text)
    yield Scene(whole, plain, text, *_identifiers(whole.source))
    for path in (whole.source, plain, text, whole.sealed):
        path.unlink()


def _places(*classes: ColumnClass) -> list[tuple[str, str, str]]:
    return [
        (table.name, column.name, column.type)
        for table in CANONICAL.tables.values()
        for column in table.columns
        if column.column_class in classes
    ]


def _identifiers(source: Path) -> tuple[frozenset[str], NDArray[np.int64]]:
    """Every value of every DI column and text key, and every number that is a key."""
    places = _places(ColumnClass.DIRECT_IDENTIFIER, ColumnClass.LINKABLE)
    with duckdb.connect(str(source), read_only=True) as connection:
        texts = " UNION ALL ".join(
            f"SELECT DISTINCT {name(c)} AS v FROM {name(t)}" for t, c, type_ in places if type_ == "VARCHAR"
        )
        numbers = " UNION ALL ".join(
            f"SELECT DISTINCT {name(c)} AS v FROM {name(t)}" for t, c, type_ in places if type_ != "VARCHAR"
        )
        rows = connection.execute(f"SELECT DISTINCT v FROM ({texts}) WHERE v IS NOT NULL").fetchall()
        keys = connection.execute(f"SELECT DISTINCT v FROM ({numbers}) WHERE v IS NOT NULL").fetchnumpy()["v"]
    return frozenset(str(row[0]) for row in rows), np.asarray(keys, dtype=np.int64)


def _by_chance(scene: Scene) -> frozenset[str]:
    """Identifiers that a column of the source holds which identifies nobody: a branch 02, a prefecture 02."""
    honest = [
        (t, c)
        for t, c, type_ in _places(
            *set(ColumnClass)
            - {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.LINKABLE, ColumnClass.STAFF, ColumnClass.FREE_TEXT}
        )
        if type_ in {"VARCHAR", "SMALLINT", "INTEGER", "BIGINT"}
    ]
    with duckdb.connect(str(scene.whole.source), read_only=True) as connection:
        cells = " UNION ALL ".join(
            f"SELECT DISTINCT {name(c)}::VARCHAR AS v FROM {name(t)}" for t, c in honest
        )
        rows = connection.execute(f"SELECT DISTINCT v FROM ({cells}) WHERE v IS NOT NULL").fetchall()
    return scene.identifiers & {str(row[0]) for row in rows}


def _cells_that_are(scene: Scene, database: Path) -> tuple[set[str], set[int]]:
    """Identifiers and keys that are a whole cell of any column of a plain file but its pseudonyms."""
    with connect() as connection:
        connection.execute(f"ATTACH {literal(str(database))} AS plain (READ_ONLY)")
        cells = " UNION ALL ".join(
            f"SELECT DISTINCT {name(c)}::VARCHAR AS cell FROM plain.{name(t)}"
            for t, c, kind in columns_of(connection, "plain")
            if kind != "UUID"
        )
        found = connection.execute(f"SELECT DISTINCT cell FROM ({cells})").fetchall()
    values = {str(row[0]) for row in found}
    whole = [int(v) for v in values if v.isascii() and v.isdigit() and int(v) < 2**63]
    keys = np.intersect1d(np.array(whole, dtype=np.int64), scene.keys)
    return set(scene.identifiers & values), set(keys.tolist())


def _is_long(one: str) -> bool:
    """Whether it stands nowhere by chance."""
    return len(one.encode()) >= HEAD and not (one.isdigit() and len(one) < 12)


def _runs_of_digits(text: Path) -> set[str]:
    return {run.decode() for run in re.findall(rb"[0-9]{7,}", text.read_bytes())}


def test_63_no_identifier_of_any_patient_stands_in_an_extract(scene: Scene, tmp_path: Path) -> None:
    """No direct identifier and no key of the source, of any of 20,000 patients, stands in an extract of everything that views may show: not as a cell, not within its bytes decrypted, written as text or encrypted, and a key not as eight bytes in either order.

    What is shorter than eight bytes, or a number of fewer than twelve digits, stands in any large
    file by chance: it is compared with whole cells, and a number with whole runs of digits in them.
    The same search over a copy with the identifiers in it finds each of them.
    """
    chance = _by_chance(scene)
    assert len(scene.identifiers) > 8 * PATIENTS
    assert len(scene.keys) > 50 * PATIENTS
    assert len(chance) <= AMBIGUOUS, "an identifier that an honest column holds as well proves nothing"
    wanted = Strings(one for one in scene.identifiers - chance if _is_long(one))
    in_text = Decimals(scene.keys)
    numbers = Numbers(scene.keys)
    cells, keys = _cells_that_are(scene, scene.plain)
    assert (cells - chance, keys) == (set(), set())
    assert _runs_of_digits(scene.text) & (scene.identifiers - chance) == set()
    for path in (scene.plain, scene.text, scene.whole.sealed, scene.whole.ids):
        assert wanted.found_in(path) == set(), path.name
    for path in (scene.plain, scene.text):
        assert in_text.found_in(path) == set(), path.name
    for path in (scene.plain, scene.whole.sealed, scene.whole.ids):
        assert numbers.found_in(path) == set(), path.name
    _check_that_it_finds(scene, wanted, in_text, numbers, tmp_path / "leaky.duckdb")


def _check_that_it_finds(
    scene: Scene, wanted: Strings, in_text: Decimals, numbers: Numbers, leaky: Path
) -> None:
    """A file with every identifier and key in it is searched the same way."""
    some = np.sort(scene.keys)[:: len(scene.keys) // 20_000]
    with connect() as connection:
        connection.execute("SET force_compression = 'uncompressed'")
        connection.execute(f"ATTACH {literal(str(leaky))} AS leaky")
        connection.execute("CREATE TABLE leaky.texts (v VARCHAR)")
        connection.execute("CREATE TABLE leaky.keys (v BIGINT, t VARCHAR)")
        connection.register("texts", pd.DataFrame({"v": sorted(scene.identifiers)}))
        connection.register("keys", pd.DataFrame({"k": some}))
        connection.execute("INSERT INTO leaky.texts SELECT v FROM texts")
        connection.execute("INSERT INTO leaky.keys SELECT k, k::VARCHAR FROM keys")
    cells, keys = _cells_that_are(scene, leaky)
    assert cells == scene.identifiers
    assert keys == set(some.tolist())
    assert wanted.found_in(leaky) == wanted.all
    assert in_text.found_in(leaky) >= set(some.tolist()), "an image's number holds its key: more are found"
    assert numbers.found_in(leaky) == set(some.tolist())
