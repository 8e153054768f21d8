"""The producer's zone put together: source, keys, builder. One line per place it uses.

What rests on the schema is made when it is first asked for: the schema stands in the source,
beside what was registered there, and a source in use must not keep the officers from their box.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from catalog.adapters.extract_duckdb import DuckdbExtracts, DuckdbTrial
from catalog.adapters.extract_folders import ExtractFolders
from catalog.adapters.inquiry_duckdb import InquiryDuckdb
from catalog.adapters.opened_files import OpenedFiles
from catalog.adapters.optout_duckdb import OptoutsDuckdb
from catalog.adapters.own_set_files import OwnSetFiles
from catalog.adapters.own_source import OwnIdentifiers
from catalog.adapters.producer_keys import OfficersBoxFile, PseudonymKeyFiles, SigningKeyFile
from catalog.adapters.registered_files import ArrivingFile
from catalog.adapters.risk_duckdb import DuckdbRisk
from catalog.adapters.source_duckdb import SourceDuckdb
from catalog.adapters.source_registered import RegisteredSources
from catalog.officers_box import Stretching
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Schema
from enclave.adapters.system import SystemClock
from enclave.ports import Clock, Randomness
from enclave.settings import Settings

OWN_SET = "matcher"
"""The folder of the set, as ``Settings.own_set`` has it."""


@dataclass(frozen=True)
class Producer:
    """What the steward's commands work with."""

    home: Path
    source: SourceDuckdb
    folders: ExtractFolders
    signing: SigningKeyFile
    pseudonym_keys: PseudonymKeyFiles
    box: OfficersBoxFile
    fresh: Randomness

    @cached_property
    def schema(self) -> Schema:
        """The canonical schema and what was registered beside it."""
        return self.source.schema()

    @cached_property
    def trial(self) -> DuckdbTrial:
        return DuckdbTrial(self.schema)

    @cached_property
    def extracts(self) -> DuckdbExtracts:
        return DuckdbExtracts(self.source.path, self.folders, self.signing, self.schema, self.fresh, self.own)

    @cached_property
    def own(self) -> OwnIdentifiers:
        return OwnIdentifiers(self.source.path, OwnSetFiles(self.home / OWN_SET), self.fresh)

    @cached_property
    def risk(self) -> DuckdbRisk:
        return DuckdbRisk(self.source.path, self.home / "risk-spill", self.schema)

    @property
    def optouts(self) -> OptoutsDuckdb:
        return OptoutsDuckdb(self.source.path, self.source.opened)

    @cached_property
    def inquiries(self) -> InquiryDuckdb:
        return InquiryDuckdb(self.source.path, self.schema)

    def register_of(self, file: Path) -> RegisteredSources:
        """The source, for registering this file."""
        return RegisteredSources(self.source.opened, CANONICAL, ArrivingFile(file))


def open_producer(
    settings: Settings,
    fresh: Randomness,
    clock: Clock | None = None,
    cost: Stretching | None = None,
    opened: OpenedFiles | None = None,
) -> Producer:
    """The producer's zone of this deployment; its home must exist."""
    home = settings.producer_home
    room = opened or OpenedFiles(settings.opened, home)
    box = OfficersBoxFile(
        home / "keys" / "officers" / "box.json", room, fresh, clock or SystemClock(), cost or Stretching()
    )
    return Producer(
        home=home,
        source=SourceDuckdb(home / "source.duckdb", CANONICAL),
        folders=ExtractFolders(home / "builds", settings.extracts),
        signing=SigningKeyFile(home / "keys" / "signing.key", fresh),
        pseudonym_keys=PseudonymKeyFiles(home / "keys" / "pseudonym", fresh, box),
        box=box,
        fresh=fresh,
    )
