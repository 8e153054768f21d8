"""The side table of ``scrub``: every text of the cohort without its identifiers, made before access is closed.

The recognisers with their dictionaries, the drugs of the source's code table, the source's own identifiers (all people's, under a key that is forgotten after the build) and
the names of the person whose text it is are known here only; the view reads the result. What was quarantined
has a status and no text. Texts go through in pieces, so a large source needs no more memory than a small one.
"""

from collections.abc import Sequence

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import name
from catalog.adapters.japan_post import read_gazetteer
from catalog.adapters.own_source import own_set_of
from catalog.adapters.sudachi_words import SudachiWords
from catalog.identifiers.hits import Hit
from catalog.identifiers.known_codes import KnownCodes
from catalog.identifiers.own_set import KEY_BYTES
from catalog.identifiers.recognise import Dictionaries, recognise
from catalog.identifiers.scrubbing import Scrubber
from catalog.schema.columns import Schema
from catalog.views.places import SOURCE
from catalog.views.transforms_needs import (
    SCRUB_HITS,
    SCRUB_SOURCE,
    SCRUB_STATUS,
    SCRUB_TEXT,
    SHIFT_KEY,
    TRANSFORM,
    Scrubbed,
)
from catalog.views.transforms_rows import person_column
from enclave.ports import Randomness

_ROWS = 2_000
_DRUGS, _DRUG_CODES = "code_drug", ("hot9", "yj", "receipt")
_COMING = "coming_scrubbed"
_COLUMNS = (SHIFT_KEY, SCRUB_SOURCE, SCRUB_TEXT, SCRUB_STATUS, SCRUB_HITS)


def make_scrubber(connection: duckdb.DuckDBPyConnection, schema: Schema, fresh: Randomness) -> Scrubber:
    """The scrubber of one build, over the source that is attached as ``origin``."""
    own = own_set_of(connection, schema, fresh.token(KEY_BYTES))
    words = SudachiWords()
    dictionaries = Dictionaries(words=words, places=read_gazetteer())

    def recognised(text: str) -> Sequence[Hit]:
        return recognise(text, dictionaries=dictionaries)

    return Scrubber(recognised, own.kinds_of, words, drug_codes(connection, schema))


def drug_codes(connection: duckdb.DuckDBPyConnection, schema: Schema) -> KnownCodes:
    """The codes in the source's code table of drugs; none where the source has no such table."""
    table = schema.tables.get(_DRUGS)
    there = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'origin' AND table_name = ?", [_DRUGS]
    ).fetchall()
    if table is None or not there[0][0]:
        return KnownCodes()
    columns = [column for column in _DRUG_CODES if column in table.names]
    # Names come from the schema and are quoted.
    rows = [
        connection.execute(f"SELECT DISTINCT {name(column)} FROM origin.{name(_DRUGS)}").fetchall()  # noqa: S608
        for column in columns
    ]
    return KnownCodes.of(str(code) for found in rows for (code,) in found if code is not None)


def fill_scrubbed(
    connection: duckdb.DuckDBPyConnection, schema: Schema, need: Scrubbed, scrubber: Scrubber
) -> None:
    """Every text of this column that somebody of the cohort has, once for each person."""
    table = schema.tables[need.source_table]
    key, text = name(person_column(table)), name(need.source_column)
    with connection.cursor() as asking:
        # Names come from the schema and are quoted.
        asking.execute(
            f"SELECT DISTINCT t.{key}, t.{text}, i.name_kanji, i.name_kana"  # noqa: S608
            f" FROM {SOURCE}.{name(table.name)} t LEFT JOIN origin.patient_identity i ON i.patient_key = t.{key}"
            f" WHERE t.{key} IS NOT NULL AND t.{text} IS NOT NULL"
        )
        while rows := asking.fetchmany(_ROWS):
            _insert(connection, need, [_scrubbed(scrubber, *row) for row in rows])


def _scrubbed(
    scrubber: Scrubber, key: int, text: str, kanji: str | None, kana: str | None
) -> tuple[int, str, str | None, str, int]:
    done = scrubber.scrub(text, [one for one in (kanji, kana) if one])
    return key, text, done.text, done.status.value, done.hits


def _insert(
    connection: duckdb.DuckDBPyConnection, need: Scrubbed, rows: Sequence[tuple[object, ...]]
) -> None:
    connection.register(_COMING, pd.DataFrame(list(rows), columns=list(_COLUMNS)))
    # A person of whom two identities are known gives one text twice; the first is enough, they say the same.
    connection.execute(
        f"INSERT INTO {TRANSFORM}.{name(need.table)} SELECT {', '.join(_COLUMNS)} FROM {_COMING} c"  # noqa: S608
        f" QUALIFY row_number() OVER (PARTITION BY {SHIFT_KEY}, {SCRUB_SOURCE}) = 1"
    )
    connection.unregister(_COMING)
