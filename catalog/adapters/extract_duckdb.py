"""Cutting an extract with DuckDB: the compiled SQL and nothing else, into an encrypted file.

In this order: an empty database in memory; the source attached read-only and the new file
attached encrypted; the people of the cohort who did not opt out; one view per canonical table
that shows their rows only; a table of pseudonyms per kind of key that the views show. Then
external access is closed and the configuration locked, and only then the compiled SQL runs. Its
DESCRIBE must be what was compiled. What does not fit into memory spills encrypted into the
build's own folder. The file is written under the producer's build folder and handed over whole.
"""

import hashlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from catalog.adapters.duckdb_setup import connect, create_tables, literal, load_openssl, name
from catalog.adapters.extract_folders import EXTRACT, ExtractFolders
from catalog.adapters.id_sets import seal_ids
from catalog.adapters.prepared_source import (
    attach_source,
    close,
    make_pseudonym_table,
    make_pseudonyms,
    show_cohort,
)
from catalog.adapters.producer_keys import SigningKeyFile
from catalog.builds import Keys
from catalog.extracts import ExtractPlan, PlannedView
from catalog.manifests import Manifest, TableFacts, signed_manifest
from catalog.schema.columns import Schema
from catalog.view_compiler import CompiledView
from catalog.views.projections import PSEUDONYM
from catalog.views.queries import SOURCE
from enclave.errors import EnclaveError, InvalidInputError, UnavailableError
from enclave.ports import Randomness
from enclave.sentences import say

_NONCE = 12
_MEMORY = "4GB"


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
            close(connection)
            return _described(connection, view)


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a file that was cut holds."""

    rows: Mapping[str, int]
    persons: int
    ids: tuple[str, ...]


class DuckdbExtracts:
    """The ``ExtractBuilder`` port."""

    def __init__(
        self,
        source: Path,
        folders: ExtractFolders,
        signing: SigningKeyFile,
        schema: Schema,
        fresh: Randomness,
    ) -> None:
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
        folder = self._folders.make_build_folder(plan.project, plan.version)
        try:
            built = folder / f"{plan.version}{EXTRACT}"
            cut = self._cut(plan, keys, built, types)
            sealed = seal_ids(cut.ids, keys.data, self._fresh.token(_NONCE), plan.project, plan.version)
            manifest = _manifest(plan, cut, _sha256_of(built), hashlib.sha256(sealed).hexdigest())
            public = self._signing.public_key()
            self._folders.publish_key(public)
            signed = signed_manifest(manifest, self._signing.sign, public)
            self._folders.hand_over(built, plan.project, plan.version, sealed, signed)
        except duckdb.Error as error:
            raise _build_failed(error) from None  # the cause could repeat a statement with a key in it
        except OSError as error:
            raise UnavailableError(
                "build_failed", say("The extract could not be written. Look at the disk's free space.")
            ) from error
        finally:
            self._folders.remove_build_folder(plan.project, plan.version)
        return manifest

    def handed_over(self, project: str, version: str) -> Mapping[str, Any] | None:
        return self._folders.handed_over(project, version, self._signing.public_key())

    def remove_build_folder(self, project: str, version: str) -> None:
        self._folders.remove_build_folder(project, version)

    def remove_remains(self, project: str, version: str) -> None:
        self._folders.remove_remains(project, version)

    def _cut(
        self, plan: ExtractPlan, keys: Keys, built: Path, types: Mapping[str, tuple[tuple[str, str], ...]]
    ) -> _Cut:
        with connect(built.parent / "spill", _MEMORY) as connection:
            load_openssl(connection)
            attach_source(connection, self._source)
            connection.execute(
                f"ATTACH {literal(str(built))} AS extract"
                f" (ENCRYPTION_KEY {literal(keys.data.hex())}, ENCRYPTION_CIPHER 'GCM')"
            )
            show_cohort(connection, self._schema, plan.cohort)
            for entity in sorted({entity for planned in plan.views for entity in planned.compiled.entities}):
                make_pseudonyms(connection, self._schema, entity, keys.pseudonym)
            close(connection)
            rows = {p.view.table: _cut_view(connection, p, types[p.view.table]) for p in plan.views}
            persons = _distinct(connection, plan.views, only="patient")
            ids = _distinct(connection, plan.views)
            connection.execute("DETACH extract")
        built.chmod(0o600)
        return _Cut(rows, len(persons), ids)


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
    connection.execute(f"CREATE TABLE {table} AS {planned.compiled.sql}")
    connection.execute(f"COMMENT ON TABLE {table} IS {literal(planned.view.label.ja)}")
    for column, label in planned.view.columns:
        connection.execute(f"COMMENT ON COLUMN {table}.{name(column)} IS {literal(label.ja)}")
    counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(counted[0]) if counted else 0


def _distinct(
    connection: duckdb.DuckDBPyConnection, views: tuple[PlannedView, ...], only: str = ""
) -> tuple[str, ...]:
    """Every pseudonym in the extract, or those of one kind of thing."""
    parts = [
        f"SELECT {name(column.name)} AS id FROM extract.main.{name(planned.view.table)}"  # noqa: S608
        for planned in views
        for column in planned.compiled.columns
        if column.entity and only in {"", column.entity}
    ]
    if not parts:
        return ()
    query = f"SELECT DISTINCT id::VARCHAR FROM ({' UNION ALL '.join(parts)}) WHERE id IS NOT NULL"  # noqa: S608
    return tuple(str(row[0]) for row in connection.execute(query).fetchall())


def _manifest(plan: ExtractPlan, cut: _Cut, content: str, ids: str) -> Manifest:
    return Manifest(
        project=plan.project,
        version=plan.version,
        tables=tuple(TableFacts(p.view.table, p.digest, cut.rows[p.view.table]) for p in plan.views),
        persons=cut.persons,
        pseudonyms=len(cut.ids),
        content_sha256=content,
        ids_sha256=ids,
        permit_digest=plan.permit_digest,
        policy_digest=plan.policy_digest,
        schema_digest=plan.schema_digest,
        source_version=plan.source_version,
        profile=plan.views[0].view.profile,
        built_at=plan.planned_at.isoformat(),
    )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _build_failed(error: duckdb.Error) -> EnclaveError:
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return UnavailableError(
            "build_failed", say("The extract could not be written. Look at the disk's free space.")
        )
    return InvalidInputError(
        "build_failed", say("A view failed while it ran over the source. Look at casts and divisions in it.")
    )
