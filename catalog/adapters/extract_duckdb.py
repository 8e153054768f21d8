"""Cutting an extract with DuckDB: the compiled SQL and nothing else, into an encrypted file.

In this order: an empty database in memory; the source attached read-only and the new file
attached encrypted; the people of the cohort who did not opt out; one view per canonical table
that shows their rows only; a table of pseudonyms per kind of key that the views show; the side
tables of transforms. Then
external access is closed and the configuration locked, and only then the compiled SQL runs. Its
DESCRIBE must be what was compiled. What does not fit into memory spills encrypted into the
build's own folder. The file is written under the producer's build folder and handed over whole.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from catalog.adapters.duckdb_setup import connect, create_tables, literal, load_openssl, name
from catalog.adapters.extract_folders import EXTRACT, IDS, ExtractFolders
from catalog.adapters.id_sets import PIECE, PREFIX_BYTES, write_ids
from catalog.adapters.optout_duckdb import show_left_out
from catalog.adapters.own_source import OwnIdentifiers
from catalog.adapters.prepared_source import (
    LEFT_OUT,
    attach_source,
    close,
    fill_pseudonyms,
    make_pseudonym_table,
    make_pseudonyms,
    run_failed,
    show_cohort,
)
from catalog.adapters.producer_keys import SigningKeyFile
from catalog.adapters.scrub_tables import fill_scrubbed, make_scrubber
from catalog.adapters.transform_tables import fill_transform_tables, make_transform_tables
from catalog.builds import Keys
from catalog.extracts import ExtractPlan, PlannedView
from catalog.manifests import Manifest, TableFacts, signed_manifest
from catalog.schema.columns import Schema
from catalog.shifts import shift_days
from catalog.view_compiler import CompiledView
from catalog.views.files import Label
from catalog.views.places import PSEUDONYM, SOURCE
from catalog.views.transforms_needs import Scrubbed
from enclave.errors import ConflictError, InvalidInputError, UnavailableError
from enclave.ports import Randomness
from enclave.sentences import say

_PERSON = "patient"
_WATCHED = "memory.main.watched"
"""The pseudonyms that those who opted out would have: columns ``key`` and ``id``."""
_SHOWN = "memory.main.shown"
"""Every pseudonym of the finished extract, once: columns ``id`` and ``person``."""
_MEMORY = "3GB"
"""What DuckDB keeps; Python and what DuckDB does not count come on top and stay below 4 GB."""


class DuckdbTrial:
    """The ``ViewTrial`` port: the compiled SQL described over empty tables."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def types_of(self, view: CompiledView) -> tuple[tuple[str, str], ...]:
        with connect() as connection:
            connection.execute(f"CREATE SCHEMA {SOURCE}")
            connection.execute(f"CREATE SCHEMA {PSEUDONYM}")
            create_tables(connection, self._schema, f"{SOURCE}.")
            for entity in view.entities:
                make_pseudonym_table(connection, entity)
            make_transform_tables(connection, view.needs)
            close(connection)
            return _described(connection, view)


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a file that was cut holds."""

    rows: Mapping[str, int]
    persons: int
    pseudonyms: int
    left_out: int
    """Persons whom an opt-out leaves out; that none of them is in the extract was looked up."""


class DuckdbExtracts:
    """The ``ExtractBuilder`` port."""

    def __init__(
        self,
        source: Path,
        folders: ExtractFolders,
        signing: SigningKeyFile,
        schema: Schema,
        fresh: Randomness,
        own: OwnIdentifiers | None = None,
    ) -> None:
        self._own = own
        self._source = source
        self._folders = folders
        self._signing = signing
        self._schema = schema
        self._fresh = fresh

    def exclusive(self) -> AbstractContextManager[None]:
        return self._folders.exclusive()

    def build(self, plan: ExtractPlan, keys: Keys) -> Manifest:
        trial = DuckdbTrial(self._schema)
        types = {planned.view.table: trial.types_of(planned.compiled) for planned in plan.views}
        if self._own is not None:
            # First, so that nobody can be in an extract whom the matcher does not know.
            self._own.renew(self._schema, plan.source_version, plan.planned_at)
        try:
            folder = self._folders.make_build_folder(plan.project, plan.version)
            built, ids = folder / f"{plan.version}{EXTRACT}", folder / f"{plan.version}{IDS}"
            cut = self._cut(plan, keys, built, ids, types)
            manifest = _manifest(plan, keys, cut, _sha256_of(built), _sha256_of(ids))
            public = self._signing.public_key()
            self._folders.publish_key(public)
            signed = signed_manifest(manifest, self._signing.sign, public)
            self._folders.hand_over(built, ids, plan.project, plan.version, signed)
        except duckdb.Error as error:
            raise run_failed(error) from None  # the cause could repeat a statement with a key in it
        except OSError as error:
            raise UnavailableError(
                "build_failed", say("The extract could not be written. Look at the disk's free space.")
            ) from error
        finally:
            self._folders.remove_build_folder(plan.project, plan.version)
        return manifest

    def handed_over(self, project: str, version: str) -> Mapping[str, Any] | None:
        return self._folders.handed_over(project, version, self._signing.public_key())

    def living(self, project: str) -> Mapping[str, str]:
        return self._folders.living(project, self._signing.public_key())

    def remove_build_folder(self, project: str, version: str) -> None:
        self._folders.remove_build_folder(project, version)

    def remove_extract(self, project: str, version: str) -> None:
        self._folders.remove_extract(project, version)

    def remove_remains(self, project: str, version: str) -> None:
        self._folders.remove_remains(project, version)

    def _cut(
        self,
        plan: ExtractPlan,
        keys: Keys,
        built: Path,
        ids: Path,
        types: Mapping[str, tuple[tuple[str, str], ...]],
    ) -> _Cut:
        with connect(built.parent / "spill", _MEMORY) as connection:
            load_openssl(connection)
            attach_source(connection, self._source)
            connection.execute(
                f"ATTACH {literal(str(built))} AS extract"
                f" (ENCRYPTION_KEY {literal(keys.data.hex())}, ENCRYPTION_CIPHER 'GCM')"
            )
            show_left_out(connection, everywhere=plan.everywhere)
            show_cohort(connection, self._schema, plan.cohort)
            for entity in sorted({entity for planned in plan.views for entity in planned.compiled.entities}):
                make_pseudonyms(connection, self._schema, entity, keys.pseudonym)
            rules = plan.transforms
            fill_transform_tables(
                connection,
                self._schema,
                plan.needs,
                rules.common_persons,
                lambda people: shift_days(keys.pseudonym, people, rules.shift_days_most),
                lambda need: self._scrub(connection, need),
            )
            left_out = _watch_for_left_out(connection, keys.pseudonym)
            close(connection)
            rows = {p.view.table: _cut_view(connection, p, types[p.view.table]) for p in plan.views}
            persons = _list_shown(connection, plan.views)
            _refuse_left_out(connection)
            prefix = self._fresh.token(PREFIX_BYTES)
            shown = write_ids(ids, _shown(connection), keys.data, prefix, plan.project, plan.version)
            connection.execute("DETACH extract")
        built.chmod(0o600)
        return _Cut(rows, persons, shown, left_out)

    def _scrub(self, connection: duckdb.DuckDBPyConnection, need: Scrubbed) -> None:
        fill_scrubbed(connection, self._schema, need, make_scrubber(connection, self._schema, self._fresh))


def _described(connection: duckdb.DuckDBPyConnection, view: CompiledView) -> tuple[tuple[str, str], ...]:
    try:
        rows = connection.execute(f"DESCRIBE {view.sql}").fetchall()
    except duckdb.Error as error:
        raise InvalidInputError(
            "view_types",
            say("The view's types do not fit: a function or comparison cannot take its columns."),
        ) from error
    found = tuple((str(row[0]), str(row[1])) for row in rows)
    expected = [column.name for column in view.columns]
    keys = {column.name for column in view.columns if column.entity}
    if [n for n, _ in found] != expected or any(t != "UUID" for n, t in found if n in keys):
        raise InvalidInputError(
            "view_columns", say("The view gives other columns than were compiled. It is refused.")
        )
    return found


def _cut_view(
    connection: duckdb.DuckDBPyConnection, planned: PlannedView, types: tuple[tuple[str, str], ...]
) -> int:
    """One table of the extract, with its labels; how many rows it has."""
    if _described(connection, planned.compiled) != types:
        raise InvalidInputError(
            "view_columns", say("The view gives other columns than were compiled. It is refused.")
        )
    table = f"extract.main.{name(planned.view.table)}"
    made = connection.execute(f"CREATE TABLE {table} AS {planned.compiled.sql}").fetchone()
    connection.execute(f"COMMENT ON TABLE {table} IS {_comment(planned.view.label)}")
    for column, label in planned.view.columns:
        connection.execute(f"COMMENT ON COLUMN {table}.{name(column)} IS {_comment(label)}")
    return int(made[0]) if made else 0


def _comment(label: Label) -> str:
    return literal(label.ja if label.ja == label.en else f"{label.ja} / {label.en}")


def _list_shown(connection: duckdb.DuckDBPyConnection, views: tuple[PlannedView, ...]) -> int:
    """Every pseudonym that stands in the extract is listed; how many are of persons."""
    parts = [
        f"SELECT {name(column.name)} AS id, {'true' if column.entity == _PERSON else 'false'} AS person"  # noqa: S608
        f" FROM extract.main.{name(planned.view.table)}"
        for planned in views
        for column in planned.compiled.columns
        if column.entity
    ] or ["SELECT NULL::UUID AS id, false AS person"]
    connection.execute(
        f"CREATE TABLE {_SHOWN} AS SELECT id, bool_or(person) AS person FROM ({' UNION ALL '.join(parts)})"  # noqa: S608
        " WHERE id IS NOT NULL GROUP BY id"
    )
    counted = connection.execute(f"SELECT count(*) FROM {_SHOWN} WHERE person").fetchone()  # noqa: S608
    return int(counted[0]) if counted else 0


def _shown(connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """The listed pseudonyms in order, as the pieces of an id set."""
    connection.execute(f"SELECT replace(id::VARCHAR, '-', '') FROM {_SHOWN} ORDER BY id")  # noqa: S608
    while rows := connection.fetchmany(PIECE):
        yield bytes.fromhex("".join(row[0] for row in rows))


def _watch_for_left_out(connection: duckdb.DuckDBPyConnection, key: bytes) -> int:
    """The pseudonyms that those who opted out would have, to look for; how many there are."""
    connection.execute(f"CREATE TABLE {_WATCHED} (key BIGINT, id UUID)")
    fill_pseudonyms(connection, _WATCHED, _PERSON, f"SELECT patient_key FROM {LEFT_OUT}", key)  # noqa: S608
    counted = connection.execute(f"SELECT count(*) FROM {_WATCHED}").fetchone()  # noqa: S608
    return int(counted[0]) if counted else 0


def _refuse_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    """The proof of absence: a query over what was cut, whatever the views and the cohort did."""
    found = connection.execute(f"SELECT 1 FROM {_SHOWN} JOIN {_WATCHED} USING (id) LIMIT 1").fetchone()  # noqa: S608
    if found is not None:
        raise ConflictError(
            "left_out_found",
            say("Somebody who opted out would be in this extract. It is not handed over."),
        )


def _manifest(plan: ExtractPlan, keys: Keys, cut: _Cut, content: str, ids: str) -> Manifest:
    return Manifest(
        project=plan.project,
        version=plan.version,
        tables=tuple(TableFacts(p.view.table, p.digest, cut.rows[p.view.table]) for p in plan.views),
        persons=cut.persons,
        pseudonyms=cut.pseudonyms,
        left_out=cut.left_out,
        content_sha256=content,
        ids_sha256=ids,
        permit_digest=plan.permit_digest,
        policy_digest=plan.policy_digest,
        schema_digest=plan.schema_digest,
        source_version=plan.source_version,
        profile=plan.views[0].view.profile,
        built_at=plan.planned_at.isoformat(),
        data_key=keys.data_name,
    )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
