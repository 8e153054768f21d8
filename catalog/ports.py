"""What the steward's room needs from the world. No class here does anything."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from catalog.builds import Build, Keys
from catalog.extracts import ExtractPlan
from catalog.hospital.tables import TableData
from catalog.manifests import Manifest
from catalog.rows import RowSet
from catalog.sources import SourceFile, Taken
from catalog.uke import QuarantinedLine
from catalog.view_compiler import CompiledView
from enclave.ports import Work


class SourceStore(Protocol):
    """The identified source, in the producer's zone."""

    def take_rows(
        self, file: SourceFile, rows: RowSet, quarantined: Iterable[QuarantinedLine], at: datetime
    ) -> Taken:
        """Everything of a file is in the source afterwards, or nothing; the same file twice adds nothing."""
        ...

    def take_tables(self, file: SourceFile, tables: Mapping[str, TableData], at: datetime) -> Taken:
        """The same for whole columns."""
        ...

    def files(self) -> tuple[SourceFile, ...]:
        """All that was taken in, in order."""
        ...

    def version(self) -> str:
        """A digest of everything that was taken in."""
        ...


class ViewTrial(Protocol):
    """Tries a compiled view on empty tables."""

    def types_of(self, view: CompiledView) -> tuple[tuple[str, str], ...]:
        """Names and types of its columns.

        Raises:
            InvalidInputError: types in it do not fit.
        """
        ...


class ExtractBuilder(Protocol):
    """Cuts an extract and hands it over."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Held while building: a second build at the same time is a ``ConflictError``."""
        ...

    def build(self, plan: ExtractPlan, keys: Keys) -> Manifest:
        """The extract lies in the enclave's zone afterwards, its signed manifest last; or nothing does."""
        ...

    def handed_over(self, project: str, version: str) -> Mapping[str, Any] | None:
        """The signed facts of an extract that was handed over whole, or None."""
        ...

    def remove_build_folder(self, project: str, version: str) -> None:
        """Nothing is left where a version was built; what was handed over stays."""
        ...

    def remove_remains(self, project: str, version: str) -> None:
        """Nothing of an unfinished build is left in either zone."""
        ...


class PseudonymKeys(Protocol):
    """One pseudonym key per project, in the producer's zone."""

    def find(self, project: str) -> bytes | None: ...
    def make(self, project: str) -> bytes:
        """The key, made now when there was none."""
        ...


class Builds(Protocol):
    """Builds within one transaction."""

    def next_number(self, project: str) -> int: ...
    def put(self, build: Build, at: datetime) -> None: ...
    def open(self) -> tuple[Build, ...]:
        """Those that were intended and neither done nor undone."""
        ...


class BuildsOf(Protocol):
    """Gives the builds of a transaction."""

    def __call__(self, work: Work) -> Builds: ...
