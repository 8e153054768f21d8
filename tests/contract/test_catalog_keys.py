"""What the producer's zone promises of its files: owners only, made once, refused when damaged."""

import stat
from pathlib import Path

import pytest

from catalog.adapters.producer_keys import PseudonymKeyFiles, SigningKeyFile, holds
from enclave.errors import InvalidInputError, TamperedError
from tests.support.catalog_house import POLICY_DIGEST, PROJECT, CatalogHouse
from tests.support.fakes import CountingRandomness


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_pseudonym_key_is_made_once_and_is_each_projects_own(tmp_path: Path) -> None:
    keys = PseudonymKeyFiles(tmp_path / "pseudonym", CountingRandomness())
    assert keys.find("one") is None
    first = keys.make("one")
    assert keys.make("one") == keys.find("one") == first
    assert PseudonymKeyFiles(tmp_path / "pseudonym", CountingRandomness()).make("one") == first
    assert keys.make("two") != first
    assert mode(tmp_path / "pseudonym" / "one.key") == 0o600
    assert mode(tmp_path / "pseudonym") == 0o700


@pytest.mark.parametrize("project", ["", "../x", "a/b", "A", "x" * 40])
def test_a_key_is_never_looked_for_outside_its_folder(tmp_path: Path, project: str) -> None:
    with pytest.raises(InvalidInputError):
        PseudonymKeyFiles(tmp_path, CountingRandomness()).find(project)


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "one.key").write_bytes(b"short")
    with pytest.raises(TamperedError):
        PseudonymKeyFiles(tmp_path, CountingRandomness()).make("one")
    assert (tmp_path / "one.key").read_bytes() == b"short"


def test_the_signing_key_signs_what_its_public_key_verifies(tmp_path: Path) -> None:
    signing = SigningKeyFile(tmp_path / "keys" / "signing.key", CountingRandomness())
    signature = signing.sign(b"facts")
    assert holds(signing.public_key(), signature, b"facts")
    assert not holds(signing.public_key(), signature, b"other facts")
    assert not holds(b"short", signature, b"facts")
    assert SigningKeyFile(tmp_path / "keys" / "signing.key", CountingRandomness()).sign(b"facts") == signature
    assert mode(tmp_path / "keys" / "signing.key") == 0o600


def test_files_have_the_modes_that_the_zones_need(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    house.fill(patients=5)
    house.adopt_demo_views()
    house.steward.build("ste", PROJECT, POLICY_DIGEST)
    own = house.settings.extracts / PROJECT
    assert mode(own) == 0o2750
    assert {path.name: mode(path) for path in own.iterdir()} == {
        "v1.duckdb": 0o644,
        "v1.ids": 0o640,
        "v1.manifest.json": 0o644,
    }
    assert mode(house.producer.source.path) == 0o600
    secret = [p for p in (tmp_path / "producer").rglob("*.key") if p.is_file()]
    assert len(secret) == 2
    assert {mode(path) for path in secret} == {0o600}


def test_no_key_of_a_build_stands_in_any_file_of_the_enclaves_zone(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    house.fill(patients=5)
    house.adopt_demo_views()
    house.steward.build("ste", PROJECT, POLICY_DIGEST)
    pseudonym_key = house.producer.pseudonym_keys.find(PROJECT)
    data_key = house.keyring.find(PROJECT, "data")
    assert pseudonym_key is not None
    assert data_key is not None
    for path in (p for p in tmp_path.rglob("*") if p.is_file() and tmp_path / "producer" not in p.parents):
        content = path.read_bytes()
        for key in (pseudonym_key, data_key):
            assert key not in content, path.name
            assert key.hex().encode() not in content, path.name
