"""The officers' acts over real files and a real database: made, changed, opened, killed, closed."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from catalog.cli.officers import limits_of
from catalog.inquiries import MOST_PSEUDONYMS
from catalog.officers_box import open_box
from catalog.time_boxes import MOST_MINUTES, Purpose
from catalog.use_cases.officers import Both
from enclave.adapters.policy_files import load_policies
from enclave.audit.kinds import Kind
from enclave.errors import EnclaveError, InvalidInputError
from enclave.identity import Role
from enclave.people import Organisation, OrganisationKind
from enclave.policy import policy_set
from enclave.use_cases.rotate_master import rotate_master
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import POLICY_DIGEST, PROJECT, ROOT, CatalogHouse
from tests.support.officers import PASSPHRASES, WHY, both_at
from tests.support.people import BEGAN, ENDS, account

NEW = "emi: 新しい年の、別の合言葉です"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path)
    house.close_box()
    return house


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(EnclaveError) as caught:
        act()
    return caught.value.code


def opening(house: CatalogHouse, both: Both | None = None, **changes: Any) -> Callable[[], object]:
    chosen: dict[str, Any] = {"minutes": 5, "most": MOST_MINUTES, "reason": WHY} | changes
    given = both or both_at(house.clock.now())
    return lambda: house.officers.open(
        given, Purpose.BUILD, "", chosen["minutes"], chosen["most"], chosen["reason"]
    )


def told(house: CatalogHouse, kind: Kind) -> list[dict[str, Any]]:
    with house.read() as work:
        rows = work.connection.exec_driver_sql(
            f"SELECT data FROM ledger_leaf WHERE kind = '{kind.value}' ORDER BY n"
        )
        return [json.loads(row[0])["facts"] for row in rows]


def test_without_a_box_nothing_opens_and_nothing_is_built(house: CatalogHouse) -> None:
    shutil.rmtree(house.settings.producer_home / "keys")
    assert refused(opening(house)) == "no_officers_box"
    house.fill(patients=5)
    house.adopt_demo_views()
    assert refused(house.build) == "officers_sealed"
    assert house.officers.settle() == ()


def test_a_box_is_made_once_and_by_two_officers_of_one_producer(house: CatalogHouse) -> None:
    now = house.clock.now()
    assert refused(lambda: house.officers.make(both_at(now))) == "box_exists"
    shutil.rmtree(house.settings.producer_home / "keys")
    with house.begin() as work:
        other = Organisation("betsu", "別の作成機構", OrganisationKind.PRODUCER, ENDS, "作-2", BEGAN)
        work.register.put_organisation(other)
        work.register.put_account(account("jun", Role.OFFICER, organisation="betsu"))
    assert refused(lambda: house.officers.make(both_at(now))) == "other_producer"
    assert refused(lambda: house.officers.make(both_at(now, {"emi": NEW, "ota": NEW + "x"}))) == "wrong_role"
    assert house.officers.box.find() is None
    assert told(house, Kind.BOX_DONE) == [{"what": "made", "with": "jun"}]


def test_a_passphrase_is_changed_by_both_and_the_old_one_is_over(house: CatalogHouse) -> None:
    now = house.clock.now()
    house.open_box()
    key = house.producer.pseudonym_keys.make(PROJECT)
    house.close_box()
    wrong = both_at(now, {**PASSPHRASES, "jun": NEW})
    assert refused(lambda: house.officers.change_passphrase(wrong, "emi", NEW)) == "wrong_passphrase"
    assert refused(lambda: house.officers.change_passphrase(both_at(now), "ota", NEW)) == "not_of_box"
    same = PASSPHRASES["jun"]
    assert refused(lambda: house.officers.change_passphrase(both_at(now), "emi", same)) == "same_passphrase"
    house.officers.change_passphrase(both_at(now), "emi", NEW)
    assert refused(opening(house)) == "wrong_passphrase"
    opening(house, both_at(now, {**PASSPHRASES, "emi": NEW}))()
    assert house.producer.pseudonym_keys.find(PROJECT) == key
    assert told(house, Kind.BOX_INTENDED)[-1] == {
        "what": "passphrase",
        "with": "jun",
        "officers": ["emi", "jun"],
    }


def test_an_officer_is_replaced_by_both_and_by_whoever_comes(house: CatalogHouse) -> None:
    now, proof = house.clock.now(), SecondFactor("kei", house.clock.now())
    assert refused(lambda: house.officers.replace(both_at(now), "emi", proof, NEW)) == "no_account"
    with house.begin() as work:
        work.register.put_account(account("kei", Role.OFFICER))
    twice = SecondFactor("jun", now)
    assert refused(lambda: house.officers.replace(both_at(now), "emi", twice, NEW)) == "not_of_box"
    box = house.officers.replace(both_at(now), "emi", proof, NEW)
    assert box.officers == ("jun", "kei")
    assert refused(opening(house)) == "not_both_officers"
    opening(house, both_at(now, {"jun": PASSPHRASES["jun"], "kei": NEW}))()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 0}, "bad_minutes"),
        ({"minutes": -1}, "bad_minutes"),
        ({"minutes": MOST_MINUTES + 1}, "bad_minutes"),
        ({"minutes": 6, "most": 5}, "bad_minutes"),
        ({"minutes": MOST_MINUTES + 1, "most": 10**6}, "bad_minutes"),
        ({"reason": "  "}, "bad_reason"),
    ],
)
def test_a_time_box_has_an_end_and_a_reason(house: CatalogHouse, changes: dict[str, Any], code: str) -> None:
    assert refused(opening(house, **changes)) == code
    assert house.officers.settle() == ()


def test_it_is_open_once_and_closed_by_an_officer_or_a_steward(house: CatalogHouse) -> None:
    house.open_box()
    assert refused(opening(house)) == "already_open"
    now = house.clock.now()
    for username in ("mei", "ota", "kan", "bo"):
        proof = SecondFactor(username, now)
        assert refused(partial(house.officers.close, proof)) == "wrong_role"
    assert len(house.officers.settle()) == 1
    house.officers.close(SecondFactor("ste", now))
    assert house.officers.settle() == ()
    assert told(house, Kind.TIME_BOX_CLOSED)[-1]["ending"] == "closed"


def test_what_the_policy_says_is_what_holds(house: CatalogHouse) -> None:
    limits = limits_of(load_policies(ROOT / "policies"))
    assert 1 <= limits.most_minutes <= MOST_MINUTES
    assert refused(opening(house, minutes=limits.most_minutes + 1, most=limits.most_minutes)) == "bad_minutes"
    assert 1 <= limits.most_pseudonyms <= MOST_PSEUDONYMS
    with pytest.raises(InvalidInputError):
        limits_of(policy_set({"other": {"x": "y"}}))


class KilledError(BaseException):
    """The process is gone at this point."""


def killed(*_: object, **__: object) -> None:
    raise KilledError


def test_killed_before_it_was_open_it_is_closed(house: CatalogHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.adapters.opened_files.OpenedFiles.put", killed)
    with pytest.raises(KilledError):
        opening(house)()
    monkeypatch.undo()
    assert house.officers.settle() == ()
    assert house.kinds()[-2:] == [Kind.TIME_BOX_INTENDED.value, Kind.TIME_BOX_UNDONE.value]


def test_killed_before_it_was_recorded_it_is_closed(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.use_cases.officers.record_open", killed)
    with pytest.raises(KilledError):
        opening(house)()
    monkeypatch.undo()
    assert list((house.settings.producer_home / "opened").iterdir())
    house.fill(patients=5)
    house.adopt_demo_views()
    assert refused(house.build) == "officers_sealed"
    assert not (house.settings.producer_home / "opened").exists()
    assert house.kinds().count(Kind.TIME_BOX_OPENED.value) == 1, "the one of the house's beginning"
    assert Kind.TIME_BOX_UNDONE.value in house.kinds()


@pytest.mark.parametrize(("kept", "outcome"), [(False, Kind.BOX_UNDONE), (True, Kind.BOX_DONE)])
def test_a_change_that_was_killed_is_what_it_is(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch, kept: bool, outcome: Kind
) -> None:
    place = (
        "catalog.use_cases.officers.Officers.settle"
        if kept
        else "catalog.adapters.producer_keys.OfficersBoxFile.keep"
    )
    both, box = both_at(house.clock.now()), house.officers.box.find()
    assert box is not None
    private = open_box(box, both.passphrases)
    changed = house.officers.box.propose(box.organisation, {**PASSPHRASES, "emi": NEW}, private)
    monkeypatch.setattr(place, killed)
    with pytest.raises(KilledError):
        house.officers._keep(both, changed, "passphrase")
    monkeypatch.undo()
    house.officers.settle()
    assert house.kinds()[-1] == outcome.value
    words = {**PASSPHRASES, "emi": NEW} if kept else PASSPHRASES
    opening(house, both_at(house.clock.now(), words))()


def test_a_machine_that_starts_anew_has_closed_it(house: CatalogHouse) -> None:
    house.open_box()
    shutil.rmtree(house.settings.producer_home / "opened")
    assert house.officers.settle() == ()
    assert told(house, Kind.TIME_BOX_CLOSED)[-1]["ending"] == "gone"


def test_an_end_that_came_is_noticed_and_recorded_once(house: CatalogHouse) -> None:
    house.open_box(minutes=5)
    house.clock.forward(timedelta(minutes=6))
    for _ in range(2):
        assert house.officers.settle() == ()
    assert [facts["ending"] for facts in told(house, Kind.TIME_BOX_CLOSED)][-1:] == ["expired"]
    assert len(told(house, Kind.TIME_BOX_CLOSED)) == 2, "the one that was closed at the beginning, and this"


def test_a_producers_key_from_before_is_sealed_and_gives_the_same_pseudonyms(house: CatalogHouse) -> None:
    house.fill(patients=10)
    house.adopt_demo_views()
    house.open_box()
    house.build()
    keys = house.settings.producer_home / "keys"
    key = house.producer.pseudonym_keys.find(PROJECT)
    assert key is not None
    house.close_box()
    shutil.rmtree(keys)
    (keys / "pseudonym").mkdir(parents=True)
    (keys / "pseudonym" / f"{PROJECT}.key").write_bytes(key)
    house.officers.make(both_at(house.clock.now()))
    assert not list(keys.rglob("*.key"))
    assert house.kinds()[-1] == Kind.KEY_SEALED.value
    house.open_box()
    house.build()
    with house.opened("v1") as one:
        before = one.execute("SELECT DISTINCT patient_key FROM patients ORDER BY 1").fetchall()
    with house.opened("v2") as two:
        assert two.execute("SELECT DISTINCT patient_key FROM patients ORDER BY 1").fetchall() == before


def test_whoever_is_no_officer_any_more_opens_nothing(house: CatalogHouse) -> None:
    with house.begin() as work:
        jun = work.register.find_account("jun")
        assert jun is not None
        work.register.put_account(replace(jun, roles=frozenset({Role.AUDITOR})))
    assert refused(opening(house)) == "wrong_role"
    assert told(house, Kind.OFFICERS_REFUSED)[-1] == {"with": "jun", "code": "wrong_role"}


def test_the_master_key_is_changed_by_an_operator_and_a_member_of_the_board(house: CatalogHouse) -> None:
    now = house.clock.now()

    def rotating(operator: str, board: str) -> Callable[[], object]:
        return lambda: rotate_master(
            house.database, house.keyring, SecondFactor(operator, now), SecondFactor(board, now)
        )

    for pair in (("ota", "ota"), ("bo", "ben"), ("ota", "ste"), ("bo", "ota"), ("mei", "bo")):
        assert refused(rotating(*pair)) in {"wrong_role", "same_person"}
    before = house.keyring.find(PROJECT, "data")
    rotating("ota", "bo")()
    assert house.keyring.find(PROJECT, "data") == before
    assert house.kinds()[-2:] == [Kind.KEY_ROTATION_INTENDED.value, Kind.KEY_ROTATED.value]
    assert told(house, Kind.KEY_ROTATED)[-1]["keys"] >= 4
    house.fill(patients=5)
    house.adopt_demo_views()
    house.open_box()
    house.take_on_risk()
    house.steward.build("ste", PROJECT, POLICY_DIGEST)
