"""What the demo's data steward does: a claims file, a hospital for volume, views, the extract.

The claims file is a real one that nobody here wrote when it lies beside the product
(``HANARE_THIRDPARTY``, by default ``../shared/thirdparty``); otherwise our own generator writes one
in the same format, and the summary says so.
"""

import json
import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from catalog.adapters.producer import open_producer
from catalog.cli import steward_of, tell_taken
from catalog.extracts import permit_digest
from catalog.hospital.tables import make_tables
from catalog.hospital.uke_writer import write_uke
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.propose_view import propose_view
from catalog.use_cases.take_in import check_scale, generate, ingest_uke
from catalog.views.files import read_view
from enclave.adapters.foundation import Foundation
from enclave.adapters.ledger_tables import EventFilter
from enclave.adoptions import Proposal, ProposalKind
from enclave.audit.kinds import Kind

PATIENTS, SEED = 2000, 20260401
THIRD_PARTY_FILE = "uke/RECEIPTC_GAIRAI_SAMPLE.UKE"
OWN_FILE = "RECEIPTC_GENERATED.UKE"


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What went into the source. ``kind`` is ``third-party`` or ``generated``."""

    kind: str
    name: str
    rows_in_file: int
    rows_read: int
    rows_quarantined: int
    patients_generated: int


def fill_source(house: Foundation, root: Path, username: str) -> SourceSummary:
    """Take both sources in; a second run adds nothing."""
    producer = open_producer(house.settings, house.fresh)
    beside = Path(os.environ.get("HANARE_THIRDPARTY", str(root.resolve().parent / "shared" / "thirdparty")))
    found = beside / THIRD_PARTY_FILE
    third_party = found.is_file()
    scale = check_scale(PATIENTS, SEED)
    content = found.read_bytes() if third_party else write_uke(scale, date(2024, 11, 1), 75)
    name = found.name if third_party else OWN_FILE
    taken = ingest_uke(house.database, producer.source, username, name, content)
    tell_taken(taken)
    generate(house.database, producer.source, username, scale, make_tables(scale))
    return SourceSummary(
        kind="third-party" if third_party else "generated",
        name=name,
        rows_in_file=taken.file.lines,
        rows_read=taken.file.read,
        rows_quarantined=taken.file.quarantined,
        patients_generated=PATIENTS,
    )


def propose_views(house: Foundation, root: Path, project: str, username: str) -> list[Proposal]:
    """Every view of the demo, proposed; one that is in force as it stands is its own proposal."""
    trial = open_producer(house.settings, house.fresh).trial
    views = [
        read_view(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted((root / "demo" / "views").glob("*.sql"))
    ]
    return [propose_view(house.database, trial, CANONICAL, username, project, view) for view in views]


def build_extract(house: Foundation, project: str, username: str) -> None:
    """The project's extract, unless the newest was built from exactly what is in force now."""
    policies = house.policies().digest
    with house.database.read() as looking:
        permit = looking.register.find_permit(project)
        views = looking.proposals.adopted_under(ProposalKind.VIEW, f"{project}/")
        wanted = EventFilter(kind=Kind.EXTRACT_INTENDED.value, project=project)
        last = house.reader(looking.connection).last(wanted)
        done = house.reader(looking.connection).last(replace(wanted, kind=Kind.EXTRACT_DONE.value))
    if last is not None and done is not None and permit is not None and done.number > last.number:
        facts = json.loads(last.data)["facts"]
        current = {
            "permit": permit_digest(permit),
            "policy": policies,
            "source": open_producer(house.settings, house.fresh).source.version(),
            "views": {view.subject.partition("/")[2]: view.digest for view in views},
        }
        if all(facts.get(name) == value for name, value in current.items()):
            return
    steward_of(house).build(username, project, policies)
