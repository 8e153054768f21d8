"""Two assessed risks and a stale extract, as a portal is shown them."""

from datetime import UTC, datetime, timedelta

from catalog.adapters.stale_tables import StaleTables
from catalog.adapters.tables import RiskTables
from catalog.combination_risk import AssessedRisk, Classes, RareCodes, RiskReport, TableRisk
from catalog.optouts import Stale
from enclave.adapters.database import Transaction
from tests.support.people import PERMIT

AT = datetime(2026, 3, 1, tzinfo=UTC)
PROJECT, OTHER = PERMIT.project, "p-stroke"
HOSTILE = "<script>alert(1)</script>"

REPORT = RiskReport(
    "b" * 64,
    "pseudo",
    (
        TableRisk(
            "patients",
            ("sex", "birth_month"),
            4_200,
            by_person=True,
            classes=Classes(4_200, 1, 37, (37, 60, 203, 900, 1_600, 1_000, 400)),
        ),
        TableRisk(
            HOSTILE,
            ("icd10",),
            9_000,
            by_person=True,
            classes=Classes(4_000, 2, 0, (0, 12, 88, 300, 600, 1_000, 2_000)),
        ),
        TableRisk("counts", (), 2, by_person=False, classes=Classes(2, 2, 0, (0, 2, 0, 0, 0, 0, 0))),
    ),
    Classes(4_200, 1, 37, (37, 60, 203, 900, 1_600, 1_000, 400)),
    Classes(4_200, 1, 4_000, (4_000, 150, 50, 0, 0, 0, 0)),
    (RareCodes("diagnoses", "icd10", 512, 40, 93),),
)


def put_assessed(work: Transaction) -> None:
    """An earlier and a later assessment of one project, the later taken on; another project's; what is due."""
    risks = RiskTables(work.connection)
    earlier = RiskReport("a" * 64, "pseudo", (), None, None, ())
    risks.put(AssessedRisk(PROJECT, earlier, "nobody-now"), AT - timedelta(days=1))
    risks.put(AssessedRisk(PROJECT, REPORT, "ste"), AT)
    risks.put(AssessedRisk(OTHER, RiskReport("c" * 64, "anon", (), None, None, ())), AT)
    stale = StaleTables(work.connection)
    stale.put(Stale(PROJECT, "v3", work.now - timedelta(days=31), work.now - timedelta(days=1)))
    stale.put(Stale(OTHER, "v1", work.now, work.now + timedelta(days=30)))
