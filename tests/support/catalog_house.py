"""A house with a producer's zone: a source to fill, views to adopt, extracts to open."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from catalog.adapters.extract_duckdb import DuckdbExtracts
from catalog.adapters.producer import Producer, open_producer
from catalog.adapters.tables import BuildTables
from catalog.cli.officers import time_boxes_of
from catalog.cli.optout import stale_of
from catalog.cli.risk import risks_of
from catalog.hospital.tables import make_parts
from catalog.manifests import Manifest
from catalog.policy import TransformRules
from catalog.sources import Taken
from catalog.time_boxes import MOST_MINUTES, Purpose, TimeBox
from catalog.use_cases.assess_risk import RiskDesk, RiskLimits
from catalog.use_cases.build import Steward
from catalog.use_cases.officers import Officers
from catalog.use_cases.opt_out import OptoutDesk
from catalog.use_cases.propose_view import propose_view
from catalog.use_cases.take_in import check_scale, generate, ingest_uke
from catalog.views.files import read_view
from enclave.adapters.database import Database, Transaction
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adoptions import ProposalKind
from enclave.ports import Work
from enclave.projects import ProjectPermit
from enclave.settings import Settings
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import POLICIES, propose
from enclave.use_cases.sign_in import SecondFactor
from tests.support.fakes import CountingRandomness, FakeClock
from tests.support.houses import SqliteHouse
from tests.support.officers import QUICK, WHY, OpenedAnywhere, both_at, settle_officers
from tests.support.people import PERMIT, settle

ROOT = Path(__file__).resolve().parents[2]
DEMO_VIEWS = sorted((ROOT / "demo" / "views").glob("*.sql"))
PROJECT = PERMIT.project
POLICY_DIGEST = "0" * 64
LIMITS = RiskLimits(anon_k=10, rare_below=10, transforms=TransformRules(10, 30), shown=20)

WIDE_PERMIT = replace(
    PERMIT,
    datasets={
        "patient": ("sex", "birth_date", "prefecture", "first_seen", "last_seen"),
        "diagnosis": ("icd10", "receipt_disease_code", "suspected", "start_date"),
        "lab_result": ("specimen_ts", "jlac10", "value_num", "unit_ucum", "abn_flag", "status"),
        "claim": ("month", "in_out", "total_points", "days"),
    },
)


class CatalogHouse(SqliteHouse):
    """The real database, keys and files of both zones below one folder."""

    def __init__(self, folder: Path, permit: ProjectPermit = WIDE_PERMIT) -> None:
        super().__init__(folder)
        self.settings = _settings(folder)
        self.limits = LIMITS
        self.settings.producer_home.mkdir(mode=0o700)
        self.settings.extracts.mkdir()
        self._open_producer()
        with self.begin() as work:
            settle(work)
            settle_officers(work)
            work.register.put_permit(permit)
            policy = propose(work, "bo", ProposalKind.POLICY, POLICIES, {"set": POLICY_DIGEST})
            adopt(work, SecondFactor("ben", work.now), policy.id, policy.digest)
        self.officers.make(both_at(self.clock.now()))
        self.open_box()

    def _open_producer(self) -> None:
        home = self.settings.producer_home
        room = OpenedAnywhere(home / "opened", home)
        self.producer: Producer = open_producer(self.settings, self.fresh, self.clock, QUICK, room)

    @property
    def officers(self) -> Officers:
        zone = self.producer
        return Officers(self.database, time_boxes_of, zone.box, zone.box.opened, zone.pseudonym_keys)

    def open_box(self, minutes: int = MOST_MINUTES) -> TimeBox:
        """Both officers open their box for builds."""
        return self.officers.open(both_at(self.clock.now()), Purpose.BUILD, "", minutes, MOST_MINUTES, WHY)

    def close_box(self) -> None:
        """One of them closes it."""
        self.officers.close(SecondFactor("emi", self.clock.now()))

    def reopen(self, folder: Path) -> None:
        """Everything of a house that another process made."""
        self.clock, self.fresh = FakeClock(), CountingRandomness()
        self.keyring = KeyringFiles(folder / "keys", self.fresh)
        self.settings = _settings(folder)
        self.limits = LIMITS
        self.database = Database(self.settings.database_url, self.clock, self.fresh, self.keyring)
        self.begin, self.read = self.database.begin, self.database.read
        self._open_producer()

    @property
    def steward(self) -> Steward:
        return self.steward_with(self.producer.extracts)

    def steward_with(self, builder: DuckdbExtracts) -> Steward:
        return Steward(
            self.database,
            builds_of,
            risks_of,
            stale_of,
            self.limits,
            self.producer.source,
            builder,
            self.officers,
            self.producer.schema,
        )

    @property
    def risks(self) -> RiskDesk:
        return RiskDesk(
            self.database, risks_of, self.producer.source, self.producer.risk, self.producer.schema
        )

    @property
    def optouts(self) -> OptoutDesk:
        return OptoutDesk(self.database, self.producer.optouts, self.producer.extracts, builds_of, stale_of)

    def take_on_risk(self) -> str:
        """The risk of what is in force is assessed and accepted; the report's digest."""
        digest = self.risks.assess("ste", PROJECT, POLICY_DIGEST, self.limits).report.digest
        self.risks.accept("ste", PROJECT, digest, "a test of the build", POLICY_DIGEST, self.limits)
        return digest

    def build(self) -> Manifest:
        """The next extract, its risk taken on."""
        self.take_on_risk()
        return self.steward.build("ste", PROJECT, POLICY_DIGEST)

    def fill(self, patients: int = 60, seed: int = 7) -> Taken:
        scale = check_scale(patients, seed)
        return generate(self.database, self.producer.source, "ste", scale, make_parts(scale))

    def ingest(self, content: bytes, name: str = "claims.UKE") -> Taken:
        return ingest_uke(self.database, self.producer.source, "ste", name, content)

    def propose(self, name: str, text: str) -> tuple[str, str]:
        proposal = propose_view(
            self.database, self.producer.trial, self.producer.schema, "ste", PROJECT, read_view(name, text)
        )
        return proposal.id, proposal.digest

    def adopt_views(self, views: Iterable[tuple[str, str]]) -> None:
        for name, text in views:
            proposal, digest = self.propose(name, text)
            with self.begin() as work:
                adopt(work, SecondFactor("bo", self.clock.now()), proposal, digest)

    def adopt_demo_views(self) -> None:
        self.adopt_views((path.stem, path.read_text(encoding="utf-8")) for path in DEMO_VIEWS)

    def kinds(self) -> list[str]:
        """The kinds of all events, in order."""
        with self.read() as work:
            rows = work.connection.exec_driver_sql("SELECT kind FROM ledger_leaf ORDER BY n")
            return [str(row[0]) for row in rows]

    def extract_path(self, version: str) -> Path:
        return self.settings.extracts / PROJECT / f"{version}.duckdb"

    @contextmanager
    def opened(self, version: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """An extract, opened with the project's data key as a kernel opens it."""
        key = self.keyring.find(PROJECT, "data")
        assert key is not None
        with duckdb.connect(":memory:") as connection:
            connection.execute(
                f"ATTACH '{self.extract_path(version)}' AS x (ENCRYPTION_KEY '{key.hex()}', READ_ONLY)"
            )
            connection.execute("USE x")
            yield connection


def _settings(folder: Path) -> Settings:
    return Settings(
        enclave_home=folder,
        producer_home=folder / "producer",
        policies=ROOT / "policies",
        database_url=f"sqlite:///{folder}/enclave.sqlite",
    )


def builds_of(work: Work) -> BuildTables:
    assert isinstance(work, Transaction)
    return BuildTables(work.connection)


def all_values(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every value of every column of every table, as text, with names and comments."""
    found: set[str] = set()
    tables = connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
    columns = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
    for row in (*tables, *columns):
        found.update(str(cell) for cell in row)
    for table, _ in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
            found.update(str(cell) for cell in row)
    return found


def third_party_uke() -> bytes:
    """A real claims file that nobody here wrote; the test is skipped, and says so, without it."""
    folder = Path(os.environ.get("HANARE_THIRDPARTY", str(ROOT.parent / "shared" / "thirdparty")))
    path = folder / "uke" / "RECEIPTC_GAIRAI_SAMPLE.UKE"
    if not path.is_file():
        pytest.skip("third-party file absent")
    return path.read_bytes()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reopened(folder: Path) -> CatalogHouse:
    """The same house in another process: nothing is made anew."""
    house = CatalogHouse.__new__(CatalogHouse)
    house.reopen(folder)
    return house
