"""What the demo's data steward does: a claims file, a hospital for volume, views, the extract.

The claims file is a real one that nobody here wrote when it lies beside the product
(``HANARE_THIRDPARTY``, by default ``../shared/thirdparty``); otherwise our own generator writes one
in the same format, and the summary says so.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from catalog.adapters.producer import open_producer
from catalog.cli import steward_of, tell_taken
from catalog.cli.datasets import publish
from catalog.cli.officers import officers_of
from catalog.cli.own import renew_own
from catalog.cli.risk import limits_of, risk_desk
from catalog.extracts import permit_digest
from catalog.hospital.tables import make_parts
from catalog.hospital.uke_writer import write_uke
from catalog.time_boxes import Purpose
from catalog.use_cases.officers import Both
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
BUILD_MINUTES = 30
BUILD_REASON = "デモの抽出データを作成する。 / The demo's extract is built."


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
    generate(house.database, producer.source, username, scale, make_parts(scale))
    renew_own(house)
    publish_figures(house, username)
    return SourceSummary(
        kind="third-party" if third_party else "generated",
        name=name,
        rows_in_file=taken.file.lines,
        rows_read=taken.file.read,
        rows_quarantined=taken.file.quarantined,
        patients_generated=PATIENTS,
    )


def publish_figures(house: Foundation, username: str) -> None:
    """The catalogue speaks of the source as it is now; it is published anew only when that moved."""
    with house.database.read() as looking:
        last = house.reader(looking.connection).last(EventFilter(kind=Kind.CATALOGUE_PUBLISHED.value))
    source = open_producer(house.settings, house.fresh).source.version()
    if last is None or json.loads(last.data)["facts"]["source"] != source:
        publish(house, username)


def propose_views(house: Foundation, root: Path, project: str, username: str) -> list[Proposal]:
    """Every view of the demo, proposed; one that is in force as it stands is its own proposal."""
    producer = open_producer(house.settings, house.fresh)
    views = [
        read_view(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted((root / "demo" / "views").glob("*.sql"))
    ]
    return [
        propose_view(house.database, producer.trial, producer.schema, username, project, view)
        for view in views
    ]


def build_extract(house: Foundation, project: str, username: str, prove_officers: Callable[[], Both]) -> None:
    """The project's extract, unless the newest was built from exactly what is in force now.

    Both officers open their box for the build and close it after; the first time they make it.
    """
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
    take_on_risk(house, project, username)
    both, officers = prove_officers(), officers_of(house)
    if officers.box.find() is None:
        officers.make(both)
    if not officers.settle():
        officers.open(both, Purpose.BUILD, "", BUILD_MINUTES, BUILD_MINUTES, BUILD_REASON)
    try:
        steward_of(house).build(username, project, policies)
    finally:
        officers.close(both.first)


def take_on_risk(house: Foundation, project: str, username: str) -> None:
    """The demo's steward looks at the combination risk and takes it on: nobody in it exists."""
    policies = house.policies()
    limits, desk = limits_of(policies), risk_desk(house)
    report = desk.assess(username, project, policies.digest, limits).report
    reason = (
        "デモ用の生成データであり、実在の人はいない。 / Generated for the demo: none of these people exist."
    )
    desk.accept(username, project, report.digest, reason, policies.digest, limits)
