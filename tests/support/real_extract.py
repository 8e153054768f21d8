"""A running hub's home with a producer's zone: a project with a real extract, built as a steward builds it.

The source is an invented hospital with one value planted in it, in a column that the project's
views show. Everything is the product's own use case over the home's own files and database; only
what the officers open lies on the disk and is stretched quickly.
"""

import secrets
from dataclasses import dataclass, replace

import duckdb

from catalog.adapters.producer import Producer, open_producer
from catalog.cli import optout, risk
from catalog.cli.inquiries import inquiries_of
from catalog.cli.officers import time_boxes_of
from catalog.hospital.tables import make_parts
from catalog.time_boxes import Purpose
from catalog.use_cases.assess_risk import RiskDesk
from catalog.use_cases.build import Steward
from catalog.use_cases.inquire import Inquiries
from catalog.use_cases.officers import Officers
from catalog.use_cases.propose_view import propose_view
from catalog.use_cases.take_in import check_scale, generate
from catalog.views.files import read_view
from enclave.adapters.foundation import Foundation
from enclave.use_cases.adopt import adopt
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import DEMO_VIEWS, PROJECT, WIDE_PERMIT, builds_of
from tests.support.officers import QUICK, WHY, OpenedAnywhere, both_at, settle_officers
from tests.support.people import settle

PERSONS, SEED, MINUTES = 40, 7, 30


@dataclass(frozen=True)
class RealExtract:
    """What a test of a whole home has of the producer's side."""

    house: Foundation
    producer: Producer
    planted: str
    person: int
    """The source's key of the person whose record holds the planted value."""

    @property
    def officers(self) -> Officers:
        zone = self.producer
        return Officers(self.house.database, time_boxes_of, zone.box, zone.box.opened, zone.pseudonym_keys)

    @property
    def inquiries(self) -> Inquiries:
        """As the command has them, but for where it is opened."""
        zone = self.producer
        return replace(inquiries_of(self.house), officers=self.officers, keys=zone.pseudonym_keys)


def make_real_extract(house: Foundation) -> RealExtract:
    """People, permit, source, views, risk and build of ``PROJECT`` in a home that was furnished."""
    home = house.settings.producer_home
    home.mkdir(mode=0o700)
    room = OpenedAnywhere(home / "opened", home)
    producer = open_producer(house.settings, house.fresh, house.clock, QUICK, room)
    with house.database.begin() as work:
        settle(work)
        settle_officers(work)
        work.register.put_permit(WIDE_PERMIT)
    scale = check_scale(PERSONS, SEED)
    generate(house.database, producer.source, "ste", scale, make_parts(scale))
    planted, person = _plant(producer)
    made = RealExtract(house, producer, planted, person)
    made.officers.make(both_at(house.clock.now()))
    made.officers.open(both_at(house.clock.now()), Purpose.BUILD, "", MINUTES, MINUTES, WHY)
    _adopt_views(house, producer)
    _build(made)
    made.officers.close(SecondFactor("emi", house.clock.now()))
    return made


def _plant(producer: Producer) -> tuple[str, int]:
    value = f"PLANTED{secrets.token_hex(8)}"
    with duckdb.connect(str(producer.source.path)) as source:
        row = source.execute("SELECT rowid, patient_key FROM diagnosis ORDER BY rowid LIMIT 1").fetchone()
        assert row is not None
        source.execute("UPDATE diagnosis SET receipt_disease_code = ? WHERE rowid = ?", [value, row[0]])
    return value, int(row[1])


def _adopt_views(house: Foundation, producer: Producer) -> None:
    for path in DEMO_VIEWS:
        view = read_view(path.stem, path.read_text(encoding="utf-8"))
        proposal = propose_view(house.database, producer.trial, producer.schema, "ste", PROJECT, view)
        with house.database.begin() as work:
            adopt(work, SecondFactor("bo", house.clock.now()), proposal.id, proposal.digest)


def _build(made: RealExtract) -> None:
    house, producer = made.house, made.producer
    policies = house.policies()
    limits = risk.limits_of(policies)
    desk = RiskDesk(house.database, risk.risks_of, producer.source, producer.risk, producer.schema)
    digest = desk.assess("ste", PROJECT, policies.digest, limits).report.digest
    desk.accept("ste", PROJECT, digest, "a test of the build", policies.digest, limits)
    steward = Steward(
        house.database, builds_of, risk.risks_of, optout.stale_of, limits,
        producer.source, producer.extracts, made.officers, producer.schema,
    )  # fmt: skip
    steward.build("ste", PROJECT, policies.digest)
