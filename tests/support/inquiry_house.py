"""A house with an extract that was built and handed over, and an authority that asks about it."""

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from catalog.inquiries import Authority, Inquiry, InquiryState
from catalog.time_boxes import TimeBox
from catalog.use_cases.inquire import Inquiries, Limits
from enclave.adapters.ledger_tables import LedgerTables
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import PROJECT, CatalogHouse
from tests.support.officers import WHY, both_at

LIMITS = Limits(most_minutes=480, most_pseudonyms=100, kept_years=10)
NUMBER = "PMDA-2026-0417"
UNKNOWN = "00000000-0000-8000-8000-000000000000"


@cache
def _built() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hanare-built-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house = CatalogHouse(folder)
    house.fill(patients=40)
    house.adopt_demo_views()
    house.build()
    house.close_box()
    house.database.close()
    return folder


class InquiryHouse(CatalogHouse):
    """Built; the box closed again, as between two builds. It is built once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(_built(), folder, dirs_exist_ok=True)
        self.reopen(folder)
        self.fresh._count = 1_000_000  # nothing that was drawn while it was built is drawn again

    @property
    def inquiries(self) -> Inquiries:
        zone = self.producer
        return Inquiries(
            self.database,
            self.officers.boxes_of,
            self.officers,
            zone.pseudonym_keys,
            zone.source,
            zone.inquiries,
            lambda work, project: {"v1": self.source_version},
        )

    @property
    def source_version(self) -> str:
        return self.producer.source.version()

    def unseal(self, number: str = NUMBER, minutes: int = 30, project: str = PROJECT) -> TimeBox:
        """Both officers open an inquiry."""
        asked = Inquiry(number, project, Authority.PMDA, InquiryState.REGISTERED)
        _, time_box = self.inquiries.open(both_at(self.clock.now()), asked, minutes, WHY, LIMITS)
        return time_box

    def answer(self, *wanted: str, number: str = NUMBER, who: str = "emi") -> dict[str, Any]:
        """What one of them is given."""
        handed: list[bytes] = []
        proof = SecondFactor(who, self.clock.now())
        self.inquiries.answer(proof, number, "\n".join(wanted), LIMITS, handed.append)
        answer: dict[str, Any] = json.loads(handed[0])
        return answer

    def shown(self, table: str = "patients") -> list[str]:
        """The pseudonyms of persons that a researcher sees."""
        with self.opened("v1") as extract:
            rows = extract.execute(f"SELECT DISTINCT patient_key::VARCHAR FROM {table} ORDER BY 1").fetchall()
        return [str(row[0]) for row in rows]

    def source_rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the source itself says."""
        with duckdb.connect(str(self.producer.source.path), read_only=True) as source:
            return source.execute(query).fetchall()

    def ledger(self) -> str:
        """Everything the ledger says, bodies included."""
        with self.read() as looking:
            entries = LedgerTables(looking.connection, self.keyring, "x").entries()
            return b"\n".join(entry.data + (entry.body or b"") for entry in entries).decode(
                "utf-8", "replace"
            )
