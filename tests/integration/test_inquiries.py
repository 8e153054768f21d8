"""An authority's inquiry over a real source: who may ask, what is given, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from catalog.inquiries import Authority, Inquiry, InquiryState, last_day, parse_pseudonyms
from catalog.pseudonyms import pseudonym
from catalog.time_boxes import Purpose
from enclave.audit.kinds import Kind
from enclave.errors import EnclaveError, InvalidInputError
from enclave.identity import Role
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import PROJECT, WIDE_PERMIT
from tests.support.inquiry_house import LIMITS, NUMBER, UNKNOWN, InquiryHouse
from tests.support.officers import PASSPHRASES, WHY, both_at
from tests.support.people import account


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> InquiryHouse:
    return InquiryHouse(tmp_path)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(EnclaveError) as caught:
        act()
    return caught.value.code


def test_nothing_is_unsealed_for_a_project_that_was_never_built(house: InquiryHouse) -> None:
    assert refused(lambda: house.unseal(project="p-other")) == "no_pseudonym_key"
    assert refused(lambda: house.answer(UNKNOWN)) == "no_inquiry"
    assert Kind.INQUIRY_REGISTERED.value not in house.kinds()


def test_what_only_looks_like_a_pseudonym_is_refused_with_its_line() -> None:
    for text in ("", "\n\n", "one", f"{UNKNOWN}\nx", "12345", UNKNOWN.replace("-8000-8000-", "-4000-8000-")):
        with pytest.raises(InvalidInputError):
            parse_pseudonyms(text, 10)
    with pytest.raises(InvalidInputError, match="Line 3"):
        parse_pseudonyms(f"{UNKNOWN}\n\n山田\n", 10)
    assert parse_pseudonyms(f" {UNKNOWN.upper()} \r\n{UNKNOWN}\n", 1) == (UNKNOWN,)


def test_only_so_many_at_a_time_whatever_the_policy_says() -> None:
    many = "\n".join(f"00000000-0000-8000-8000-{n:012x}" for n in range(101))
    with pytest.raises(InvalidInputError):
        parse_pseudonyms(many, 10**6)
    assert len(parse_pseudonyms("\n".join(many.splitlines()[:100]), 10**6)) == 100


def test_the_box_opened_for_builds_answers_no_inquiry_and_the_other_way_round(house: InquiryHouse) -> None:
    house.unseal()
    assert refused(house.build) == "officers_sealed"
    house.officers.end(Purpose.INQUIRY, NUMBER, "emi")
    house.open_box()
    assert refused(lambda: house.answer(house.shown()[0])) == "wrong_state"
    house.unseal("A-2")
    house.unseal("A-3")
    assert refused(lambda: house.answer(house.shown()[0], number=NUMBER)) == "wrong_state"
    house.answer(house.shown()[0], number="A-3")
    assert {box.subject for box in house.officers.settle()} == {"", "A-2"}


def test_anything_with_a_pseudonym_leads_to_its_patient(house: InquiryHouse) -> None:
    house.unseal()
    key = house.producer.pseudonym_keys.find(PROJECT, Purpose.INQUIRY, NUMBER)
    assert key is not None
    lab, person = house.source_rows("SELECT result_key, patient_key FROM lab_result ORDER BY 1 LIMIT 1")[0]
    asked = pseudonym(key, "lab_result", lab)
    entity = next(
        e for e, home in house.producer.inquiries._schema.entities.items() if home[0] == "lab_result"
    )
    asked = pseudonym(key, entity, lab)
    answer = house.answer(asked)
    (found,) = answer["found"]
    assert found["stands_for"] == {
        "entity": entity,
        "table": "lab_result",
        "column": "result_key",
        "key": lab,
    }
    assert {row["patient_key"] for rows in found["records"].values() for row in rows} == {person}
    assert answer["unknown"] == []
    assert answer["extracts"] == {"v1": answer["source"]}


def test_a_pseudonym_of_another_project_is_unknown(house: InquiryHouse) -> None:
    house.open_box()
    other = house.producer.pseudonym_keys.make("p-other")
    house.close_box()
    ((person,),) = house.source_rows("SELECT min(patient_key) FROM patient")
    house.unseal()
    answer = house.answer(pseudonym(other, "patient", person))
    assert answer["found"] == []
    assert len(answer["unknown"]) == 1


@pytest.mark.parametrize("who", ["ste", "ota", "mei", "bo", "kan", "kei", "nobody"])
def test_nobody_but_the_two_who_opened_it_answers(house: InquiryHouse, who: str) -> None:
    house.unseal()
    with house.begin() as work:
        work.register.put_account(account("kei", Role.OFFICER))
    assert refused(lambda: house.answer(house.shown()[0], who=who)) in {
        "wrong_role", "not_both_officers", "no_account",
    }  # fmt: skip
    assert house.answer(house.shown()[0], who="jun")["found"]


def test_a_number_is_of_one_inquiry_and_an_unsealed_one_is_not_unsealed_again(house: InquiryHouse) -> None:
    house.unseal()
    assert refused(house.unseal) == "already_open"
    now = house.clock.now()
    for changed in ({"authority": Authority.FDA}, {"number": "../x"}, {"number": ""}):
        asked = replace(Inquiry(NUMBER, PROJECT, Authority.PMDA, InquiryState.REGISTERED), **changed)
        code = refused(partial(house.inquiries.open, both_at(now), asked, 5, WHY, LIMITS))
        assert code in {"number_taken", "bad_number"}


def test_a_wrong_passphrase_leaves_it_registered_and_it_can_be_unsealed_later(house: InquiryHouse) -> None:
    asked = Inquiry(NUMBER, PROJECT, Authority.PMDA, InquiryState.REGISTERED)
    wrong = both_at(house.clock.now(), {**PASSPHRASES, "jun": "something else entirely"})
    assert refused(lambda: house.inquiries.open(wrong, asked, 5, WHY, LIMITS)) == "wrong_passphrase"
    assert refused(lambda: house.answer(house.shown()[0])) == "wrong_state"
    house.unseal()
    assert house.answer(house.shown()[0])["found"]
    assert house.kinds().count(Kind.INQUIRY_REGISTERED.value) == 1


def test_after_the_policys_date_nothing_is_answered(house: InquiryHouse) -> None:
    with house.begin() as work:
        work.register.put_permit(replace(WIDE_PERMIT, ends_on=date(2016, 3, 31)))
    assert refused(house.unseal) == "past_date"
    with house.begin() as work:
        work.register.put_permit(replace(WIDE_PERMIT, ends_on=date(2016, 4, 1)))
    house.unseal()
    assert last_day(date(2024, 2, 29), 1) == date(2025, 3, 1)


def test_an_answer_that_cannot_be_handed_out_is_on_record_and_the_box_is_closed(house: InquiryHouse) -> None:
    house.unseal()

    def full_disk(_content: bytes) -> None:
        raise OSError("no space")

    proof = SecondFactor("emi", house.clock.now())
    with pytest.raises(OSError, match="no space"):
        house.inquiries.answer(proof, NUMBER, house.shown()[0], LIMITS, full_disk)
    assert house.kinds()[-3:] == ["inquiry.answered", "time_box.closed", "inquiry.resealed"]
    assert house.officers.settle() == ()


def test_an_end_that_comes_while_nobody_asks_reseals_the_inquiry(house: InquiryHouse) -> None:
    house.unseal(minutes=5)
    house.clock.forward(timedelta(minutes=5))
    house.officers.settle()
    assert house.kinds()[-2:] == ["time_box.closed", "inquiry.resealed"]
