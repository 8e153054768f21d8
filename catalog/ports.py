"""What the steward's room needs from the world. No class here does anything."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from catalog.builds import Build, Keys
from catalog.catalogue import Catalogue, CatalogueTable
from catalog.combination_risk import AssessedRisk, Assessment
from catalog.extracts import ExtractPlan
from catalog.hospital.coded import Tables
from catalog.inquiries import Inquiry
from catalog.manifests import Manifest
from catalog.officers_box import Box
from catalog.optouts import Named, Stale
from catalog.registration import FoundTable, Names, Registration
from catalog.rows import RowSet
from catalog.sources import SourceFile, Taken
from catalog.time_boxes import Opened, Purpose, TimeBox
from catalog.uke import QuarantinedLine
from catalog.view_compiler import CompiledView
from enclave.ports import Work
from enclave.projects import Cohort


class SourceStore(Protocol):
    """The identified source, in the producer's zone."""

    def take_rows(
        self, file: SourceFile, rows: RowSet, quarantined: Iterable[QuarantinedLine], at: datetime
    ) -> Taken:
        """Everything of a file is in the source afterwards, or nothing; the same file twice adds nothing."""
        ...

    def take_tables(self, file: SourceFile, parts: Iterable[Tables], at: datetime) -> Taken:
        """The same for whole columns, a part at a time; nothing is asked of ``parts`` when the file is known."""
        ...

    def files(self) -> tuple[SourceFile, ...]:
        """All that was taken in, in order."""
        ...

    def version(self) -> str:
        """A digest of everything that was taken in."""
        ...


class SourceRegister(Protocol):
    """The source, for a file of another's making that is being registered."""

    def digest(self) -> str:
        """SHA-256 of the file as it is now."""
        ...

    def look(self, source: str) -> tuple[tuple[FoundTable, ...], Names]:
        """What the file holds, and what a source of this name may not call its tables."""
        ...

    def take(self, content: str, registration: Registration, at: datetime, *, replace: bool) -> Taken:
        """Rows and classes are in the source, or nothing; the same file under the same classes adds nothing.

        Raises:
            ConflictError: registered already, or the file is no longer the one of this digest.
            InvalidInputError: a key that is no patient's, or a value that does not fit.
        """
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

    def living(self, project: str) -> Mapping[str, str]:
        """Every version that a workspace could start on, with the name of its data key."""
        ...

    def remove_build_folder(self, project: str, version: str) -> None:
        """Nothing is left where a version was built; what was handed over stays."""
        ...

    def remove_extract(self, project: str, version: str) -> None:
        """Nothing starts on this version any more; its id set stays for whoever checks outputs."""
        ...

    def remove_remains(self, project: str, version: str) -> None:
        """Nothing of an unfinished build is left in either zone."""
        ...


class PseudonymKeys(Protocol):
    """One pseudonym key per project, in the producer's zone, sealed to the officers' box."""

    def find(self, project: str, purpose: Purpose = Purpose.BUILD, subject: str = "") -> bytes | None:
        """The key, or None when it was never made. A ``ConflictError`` while no time box is open for this."""
        ...

    def make(self, project: str) -> bytes:
        """The key, made now when there was none."""
        ...

    def known(self, project: str) -> bool:
        """Whether there is a key, open or not."""
        ...

    def seal_plain(self) -> tuple[str, ...]:
        """Keys from before there was a box are sealed to it; the projects they are of."""
        ...


class OfficersBox(Protocol):
    """The box of the producer's two officers (``catalog.officers_box``)."""

    def find(self) -> Box | None: ...
    def propose(self, organisation: str, passphrases: Mapping[str, str], private: bytes | None = None) -> Box:
        """A box that is not kept yet: a new one, or this private half under these passphrases."""
        ...

    def keep(self, box: Box) -> None:
        """It is the box from now on."""
        ...

    def seal(self, content: bytes, label: str = "") -> bytes:
        """What only the box opens. A ``ConflictError`` when there is no box."""
        ...

    def unseal(
        self, sealed: bytes, label: str = "", purpose: Purpose = Purpose.BUILD, subject: str = ""
    ) -> bytes:
        """What was sealed. A ``ConflictError`` while no time box is open for this."""
        ...


class OpenedBoxes(Protocol):
    """The opened private halves, in memory only, for the producer's zone alone."""

    def put(self, opened: Opened) -> None: ...
    def find(self, purpose: Purpose, subject: str, now: datetime) -> Opened | None: ...
    def ids(self, now: datetime) -> frozenset[str]:
        """The time boxes that are open; what has come to its end is removed."""
        ...

    def drop(self, time_box: str) -> None: ...
    def exclusive(self) -> AbstractContextManager[None]:
        """Held while something is opened or settled; whoever comes second waits."""
        ...


class TimeBoxes(Protocol):
    """Time boxes within one transaction."""

    def put(self, time_box: TimeBox) -> None: ...
    def living(self) -> tuple[TimeBox, ...]:
        """Those that are intended or open, the oldest first."""
        ...

    def find_inquiry(self, number: str) -> Inquiry | None: ...
    def inquiries(self) -> tuple[Inquiry, ...]: ...
    def put_inquiry(self, inquiry: Inquiry, at: datetime) -> None: ...


class TimeBoxesOf(Protocol):
    """Gives the time boxes of a transaction."""

    def __call__(self, work: Work) -> TimeBoxes: ...


class InquirySource(Protocol):
    """The source as an inquiry looks at it."""

    def records(self, key: bytes, wanted: Iterable[str]) -> tuple[dict[str, Any], ...]:
        """Every pseudonym that stands for something, with all records of its patient."""
        ...


class Builds(Protocol):
    """Builds within one transaction."""

    def next_number(self, project: str) -> int: ...
    def put(self, build: Build, at: datetime) -> None: ...
    def open(self) -> tuple[Build, ...]:
        """Those that were intended and neither done nor undone."""
        ...

    def done(self, project: str, before: datetime | None = None) -> tuple[Build, ...]:
        """Those of a project that were done (by then), in order."""
        ...


class BuildsOf(Protocol):
    """Gives the builds of a transaction."""

    def __call__(self, work: Work) -> Builds: ...


class RiskMeter(Protocol):
    """Counts the combination risk of an extract that is not built."""

    def assess(self, plan: ExtractPlan, rare_below: int, shown: int) -> Assessment:
        """A code is rare when fewer than ``rare_below`` persons hold it; ``shown`` of a column's are named."""
        ...


class Risks(Protocol):
    """Assessed risks within one transaction, one per project and basis."""

    def find(self, project: str, basis: str) -> AssessedRisk | None: ...
    def latest(self, project: str) -> AssessedRisk | None: ...
    def put(self, risk: AssessedRisk, at: datetime) -> None: ...


class RisksOf(Protocol):
    """Gives the risks of a transaction."""

    def __call__(self, work: Work) -> Risks: ...


class SourceFigures(Protocol):
    """What can be told of the source without telling of anybody in it."""

    def count(self, least: int) -> tuple[CatalogueTable, ...]:
        """Every data set, with figures that at least so many persons stand behind."""
        ...


class Catalogues(Protocol):
    """The catalogue that is published."""

    def find(self) -> Catalogue | None: ...
    def put(self, catalogue: Catalogue, at: datetime) -> None:
        """It is what is published; nothing of a former one is left."""
        ...


class CataloguesOf(Protocol):
    """The published catalogue within a transaction."""

    def __call__(self, work: Work) -> Catalogues: ...


class Optouts(Protocol):
    """Who opted out, in the producer's zone."""

    def add(self, number: str, named: Named, at: datetime) -> tuple[str, datetime]:
        """Kept under this number since then, or under those that the same name has already."""
        ...

    def persons(self, number: str, *, everywhere: bool) -> int:
        """How many persons of the source this opt-out leaves out."""
        ...

    def holds(self, number: str, cohort: Cohort, *, everywhere: bool) -> bool:
        """Whether a cohort would have one of them."""
        ...


class StaleExtracts(Protocol):
    """Extracts that hold someone who opted out, within one transaction."""

    def put(self, stale: Stale) -> None:
        """An earlier mark of the same version stays: it is due first."""
        ...

    def of(self, project: str) -> tuple[Stale, ...]: ...
    def all(self) -> tuple[Stale, ...]: ...
    def clear(self, project: str, versions: Iterable[str]) -> None: ...


class StaleOf(Protocol):
    """Gives the stale extracts of a transaction."""

    def __call__(self, work: Work) -> StaleExtracts: ...
