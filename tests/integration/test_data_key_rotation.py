"""A project's data key is changed by two people, and the next build makes the change whole.

What the older key opened is removed and the key destroyed, so a copy that somebody kept of an
older version opens with nothing that is left; workspaces start on the newer one.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from catalog.adapters.erased_extracts import keys_in_files, opened_by_any, opens_with
from catalog.adapters.producer_keys import holds
from catalog.identifiers.pseudonyms import find_pseudonyms
from catalog.manifests import read_manifest
from enclave.audit.kinds import Kind
from enclave.data_keys import FIRST, data_keys, following, named_in
from enclave.errors import DeniedError, EnclaveError, TamperedError
from enclave.use_cases.rotate_data import rotate_data
from enclave.use_cases.sign_in import SecondFactor
from hub.workspaces_extracts import Extracts
from output_review.adapters.project_checker import ProjectIdentifiers
from tests.support.catalog_house import PROJECT, CatalogHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path)
    house.fill()
    house.adopt_demo_views()
    return house


def rotating(house: CatalogHouse, operator: str = "ota", board: str = "bo") -> Callable[[], str]:
    now = house.clock.now()
    return lambda: rotate_data(house.database, SecondFactor(operator, now), SecondFactor(board, now), PROJECT)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(EnclaveError) as error:
        act()
    return error.value.code


def left_keys(house: CatalogHouse) -> set[bytes]:
    names = house.keyring.purposes(PROJECT)
    held = {key for name in names if (key := house.keyring.find(PROJECT, name)) is not None}
    return held | set(keys_in_files(house.settings.keys))


def test_names_of_data_keys_follow_each_other_and_nothing_else_is_one() -> None:
    assert data_keys(("vault", "data-10", "data", "body", "data-2", "data-1", "data-02", "work-0")) == (
        "data",
        "data-2",
        "data-10",
    )
    assert data_keys(()) == ()
    assert (following(FIRST), following("data-2"), following("data-9")) == ("data-2", "data-3", "data-10")
    assert (named_in({}), named_in({"data_key": "data-7"})) == (FIRST, "data-7")
    for wrong in ("vault", "data-1", "", 2, None, "data-2/../x"):
        with pytest.raises(TamperedError):
            named_in({"data_key": wrong})


def test_it_takes_an_operator_and_a_member_of_the_board(house: CatalogHouse) -> None:
    for pair in (("ota", "ota"), ("bo", "ben"), ("ota", "ste"), ("bo", "ota"), ("mei", "bo")):
        with pytest.raises(DeniedError):
            rotating(house, *pair)()
    assert house.keyring.purposes(PROJECT) == ("body", "data", "vault")
    assert rotating(house)() == "data-2"
    assert house.kinds()[-1] == Kind.KEY_MADE.value
    house.keyring.destroy(PROJECT, "data")
    house.keyring.destroy(PROJECT, "data-2")
    assert refused(rotating(house)) == "no_data_key"


def test_until_the_next_build_everything_is_as_before(house: CatalogHouse) -> None:
    house.build()
    rotating(house)()
    with house.opened("v1") as extract:
        assert extract.execute("SELECT count(*) FROM patients").fetchone() != (0,)
    assert named_in(facts_of(house, "v1")) == FIRST
    assert house.keyring.find(PROJECT, FIRST) is not None


def test_a_build_takes_the_newest_key_and_older_ones_open_nothing_any_more(
    house: CatalogHouse, tmp_path: Path
) -> None:
    house.build()
    old_key = house.keyring.find(PROJECT, FIRST)
    copy = tmp_path / "copy.duckdb"
    shutil.copy(house.settings.extracts / PROJECT / "v1.duckdb", copy)
    assert old_key is not None
    assert opens_with(copy, old_key)
    rotating(house)()
    rotating(house)()
    house.build()
    assert named_in(facts_of(house, "v2")) == "data-3"
    assert data_keys(house.keyring.purposes(PROJECT)) == ("data-3",)
    assert not (house.settings.extracts / PROJECT / "v1.duckdb").exists()
    assert opened_by_any(copy, left_keys(house)) == 0
    assert house.kinds()[-3:] == [
        Kind.EXTRACT_RENEWED.value,
        Kind.KEY_DESTROYED.value,
        Kind.KEY_DESTROYED.value,
    ]
    newest = house.keyring.find(PROJECT, "data-3")
    assert newest is not None
    assert opens_with(house.settings.extracts / PROJECT / "v2.duckdb", newest)
    assert house.build().version == "v3"
    assert (house.settings.extracts / PROJECT / "v2.duckdb").exists(), "one key, so both versions stay"


def test_a_failed_build_leaves_the_older_version_and_its_key(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.build()
    rotating(house)()

    def fails(*_: object) -> object:
        raise duckdb.Error

    with monkeypatch.context() as patched:
        patched.setattr("catalog.adapters.extract_duckdb.make_pseudonyms", fails)
        with pytest.raises(EnclaveError):
            house.build()
    assert data_keys(house.keyring.purposes(PROJECT)) == (FIRST, "data-2")
    assert (house.settings.extracts / PROJECT / "v1.duckdb").exists()


def test_workspaces_and_checks_ask_for_the_key_that_the_manifest_names(house: CatalogHouse) -> None:
    house.build()
    rotating(house)()
    sha256 = str(facts_of(house, "v1")["content_sha256"])
    extracts = Extracts(house.settings.extracts)
    assert extracts.get(PROJECT, {"v1": sha256}.__getitem__).data_key == FIRST
    identifiers = ProjectIdentifiers(house.settings.extracts, house.keyring)
    before = identifiers.of(PROJECT)
    assert before is not None
    with house.opened("v1") as extract:
        row = extract.execute("SELECT patient_key FROM patients LIMIT 1").fetchone()
    assert row is not None
    person = str(row[0])
    assert find_pseudonyms(person, before)
    house.build()
    sha256 = str(facts_of(house, "v2")["content_sha256"])
    assert extracts.get(PROJECT, {"v2": sha256}.__getitem__).data_key == "data-2"
    after = identifiers.of(PROJECT)
    assert after is not None
    assert find_pseudonyms(person, after)


def test_a_manifest_that_names_no_data_key_is_refused(house: CatalogHouse) -> None:
    house.build()
    path = house.settings.extracts / PROJECT / "v1.manifest.json"
    document = json.loads(path.read_bytes())
    document["manifest"]["data_key"] = "vault"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(TamperedError):
        ProjectIdentifiers(house.settings.extracts, house.keyring).of(PROJECT)


def facts_of(house: CatalogHouse, version: str) -> dict[str, object]:
    public = (house.settings.extracts / "producer.pub").read_bytes()
    content = (house.settings.extracts / PROJECT / f"{version}.manifest.json").read_bytes()
    return dict(read_manifest(content, lambda signature, over: holds(public, signature, over)))
