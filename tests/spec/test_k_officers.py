"""Only the producer's two officers, together and on the record, lead a pseudonym back."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from catalog.officers_box import open_box
from catalog.pseudonyms import pseudonym
from catalog.time_boxes import Purpose
from catalog.use_cases.officers import Both
from enclave.access import officer_rules
from enclave.audit.kinds import Kind
from enclave.errors import DeniedError, EnclaveError
from enclave.identity import Role
from enclave.people import Organisation, OrganisationKind
from enclave.use_cases.propose import propose_enrolment
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import PROJECT
from tests.support.fakes import START
from tests.support.inquiry_house import NUMBER, UNKNOWN, InquiryHouse
from tests.support.officers import PASSPHRASES, WHY, both_at
from tests.support.people import BEGAN, ENDS, PRODUCER, UNIVERSITY, account
from tests.support.root_attack import copy_zone, everything_in, find_key

GUESSES = ("", "password", "emi: 夕焼けの坂道を三人で下る", "jun: 雨上がりの庭に飛び石が光る ", "jun")


def refused(act: Any) -> str:
    with pytest.raises(EnclaveError) as caught:
        act()
    return caught.value.code


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> InquiryHouse:
    return InquiryHouse(tmp_path)


def test_58_one_officer_alone_opens_nothing(house: InquiryHouse) -> None:
    """An officer alone opens the box with no passphrase but the other's own: not with theirs twice, not by guessing, not together with an operator or a steward."""
    now, officers = house.clock.now(), house.officers
    box, own = officers.box.find(), PASSPHRASES["emi"]
    assert box is not None
    for guess in GUESSES:
        with pytest.raises(DeniedError):
            open_box(box, {"emi": own, "jun": guess})
    alone = Both(SecondFactor("emi", now), SecondFactor("emi", now), {"emi": own})
    guessed = both_at(now, {"emi": own, "jun": own})
    helped = [both_at(now, {"emi": own, other: PASSPHRASES["jun"]}) for other in ("ota", "ste", "bo", "mei")]
    for attempt in (alone, guessed, *helped):
        for purpose, subject in ((Purpose.BUILD, ""), (Purpose.INQUIRY, NUMBER)):
            refused(lambda a=attempt, p=purpose, s=subject: officers.open(a, p, s, 5, 480, WHY))
    assert officers.settle() == ()
    assert refused(lambda: house.producer.pseudonym_keys.find(PROJECT)) == "officers_sealed"
    assert house.kinds().count(Kind.OFFICERS_REFUSED.value) >= 2
    officers.open(both_at(now), Purpose.BUILD, "", 5, 480, WHY)
    assert house.producer.pseudonym_keys.find(PROJECT) is not None


def test_59_officers_are_the_producers_own(house: InquiryHouse) -> None:
    """A re-identification officer is of a certified producer, never of a contractor or a user, and never an operator, steward, checker or researcher."""
    contractor = Organisation("gaibu", "受託機構", OrganisationKind.CONTRACTOR, ENDS, "受-1", BEGAN)
    for organisation in (contractor, UNIVERSITY):
        one = account("emi", Role.OFFICER, organisation=organisation.id)
        assert "not_of_producer" in {r.code for r in officer_rules(one, organisation, START.date()) if r}
    for role in (Role.OPERATOR, Role.STEWARD, Role.CHECKER, Role.RESEARCHER, Role.AUDITOR):
        both = account("emi", Role.OFFICER, role)
        assert "role_conflict" in {r.code for r in officer_rules(both, PRODUCER, START.date()) if r}
    with house.begin() as work:
        work.register.put_organisation(contractor)
        work.register.put_account(account("jun", Role.OFFICER, organisation="gaibu"))
        candidate = account("kei", Role.OFFICER, organisation="gaibu").person()
        asked = partial(
            propose_enrolment,
            work,
            "bo",
            candidate=candidate,
            trained_until=ENDS,
            credential_digest="0" * 64,
        )
        assert refused(asked) == "not_of_producer"
    now = house.clock.now()
    assert (
        refused(lambda: house.officers.open(both_at(now), Purpose.BUILD, "", 5, 480, WHY))
        == "not_of_producer"
    )


def test_60_what_both_opened_closes_at_its_end_and_every_step_is_recorded(house: InquiryHouse) -> None:
    """A pseudonym key is readable while a time box of both officers lasts and not a moment longer; opening, use, end and closing are in the ledger, and nothing stays where it was open."""
    keys, opened = house.producer.pseudonym_keys, house.settings.producer_home / "opened"
    assert refused(lambda: house.steward.build("ste", PROJECT, "0" * 64)) == "officers_sealed"
    house.open_box(minutes=10)
    house.clock.forward(timedelta(minutes=9, seconds=59))
    house.steward.build("ste", PROJECT, "0" * 64)
    (left,) = opened.iterdir()
    content = left.read_bytes()
    house.clock.forward(timedelta(seconds=1))
    assert refused(lambda: house.steward.build("ste", PROJECT, "0" * 64)) == "officers_sealed"
    assert refused(lambda: keys.find(PROJECT)) == "officers_sealed"
    assert not left.exists()
    opened.mkdir(exist_ok=True)
    left.write_bytes(content)  # put back by somebody who had copied it
    assert refused(lambda: house.steward.build("ste", PROJECT, "0" * 64)) == "officers_sealed"
    wanted = (
        Kind.TIME_BOX_INTENDED,
        Kind.TIME_BOX_OPENED,
        Kind.KEY_USED,
        Kind.EXTRACT_DONE,
        Kind.TIME_BOX_CLOSED,
    )
    told = [kind for kind in house.kinds() if kind in {k.value for k in wanted}]
    assert told[-6:] == [
        Kind.TIME_BOX_INTENDED.value,
        Kind.TIME_BOX_OPENED.value,
        Kind.KEY_USED.value,
        Kind.KEY_USED.value,
        Kind.EXTRACT_DONE.value,
        Kind.TIME_BOX_CLOSED.value,
    ]
    assert '"ending":"expired"' in house.ledger()


def test_61_root_on_the_enclaves_zone_finds_no_key(house: InquiryHouse, tmp_path: Path) -> None:
    """Whoever has every file of the enclave zone, its own keys and its backups, and knows whose record is whose in the source, finds no 32 bytes in it that turn a known person into their pseudonym."""
    house.unseal()
    house.answer(house.shown()[0])
    zone = copy_zone(house, tmp_path / "copy")
    contents, shown = list(everything_in(zone, house)), house.shown()
    known = house.source_rows("SELECT patient_key FROM patient ORDER BY 1")
    for (person,) in known[:2]:
        key, tried = find_key(contents, person, shown)
        assert key is None
        assert tried > 500_000
    house.open_box()
    real = house.producer.pseudonym_keys.find(PROJECT)
    assert real is not None
    assert pseudonym(real, "patient", known[0][0]) in shown
    for planted in (b"x" * 5 + real, real.hex().encode(), b'{"k":"' + real.hex().encode() + b'"}'):
        assert find_key([*contents[:2], planted], known[0][0], shown)[0] == real, "the attack itself works"


def test_62_an_inquiry_is_answered_by_both_for_whom_was_asked_and_nobody_else(house: InquiryHouse) -> None:
    """An authority's inquiry gives the source's records of exactly the persons asked for, once, inside its own time box; the ledger holds counts and a digest and no identity, and it works after the project's keys and extracts are destroyed."""
    asked, other = house.shown()[:2]
    for purpose in ("data", "body", "vault"):
        house.keyring.destroy(PROJECT, purpose)
    for path in (house.settings.extracts / PROJECT).iterdir():
        path.unlink()
    house.open_box()
    assert refused(lambda: house.answer(asked)) == "no_inquiry"
    house.unseal(minutes=5)
    answer = house.answer(asked, UNKNOWN)
    (found,) = answer["found"]
    assert (found["pseudonym"], answer["unknown"]) == (asked, [UNKNOWN])
    (identity,) = found["records"]["patient_identity"]
    person = found["stands_for"]["key"]
    named = house.source_rows(
        f"SELECT name_kanji, source_ref FROM patient_identity WHERE patient_key = {person}"
    )
    assert (identity["name_kanji"], identity["source_ref"]) == named[0]
    assert {row["patient_key"] for rows in found["records"].values() for row in rows} == {person}
    labs = house.source_rows(f"SELECT count(*) FROM lab_result WHERE patient_key = {person}")
    assert len(found["records"].get("lab_result", [])) == labs[0][0]
    assert refused(lambda: house.answer(other)) == "wrong_state", "one answer for each unsealing"
    told = house.ledger()
    for secret in (asked, identity["name_kanji"], str(identity["chart_no"]), PASSPHRASES["emi"]):
        assert secret not in told
    house.unseal(minutes=5)
    house.clock.forward(timedelta(minutes=5))
    assert refused(lambda: house.answer(asked)) == "wrong_state"
    kinds = [kind for kind in house.kinds() if kind.startswith("inquiry.")]
    assert kinds == [
        "inquiry.registered",
        "inquiry.unsealed",
        "inquiry.answered",
        "inquiry.resealed",
        "inquiry.unsealed",
        "inquiry.resealed",
    ]
