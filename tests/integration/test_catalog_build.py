"""From claims to an extract over real files: adopted or refused, encrypted, without identifiers."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from catalog.adapters.id_sets import read_ids
from catalog.adapters.producer_keys import holds
from catalog.hospital.people import Scale
from catalog.hospital.uke_writer import write_uke
from catalog.manifests import read_manifest
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError, TamperedError
from enclave.projects import Cohort
from enclave.use_cases.adopt import adopt
from enclave.use_cases.sign_in import SecondFactor
from tests.support.catalog_house import (
    POLICY_DIGEST,
    PROJECT,
    WIDE_PERMIT,
    CatalogHouse,
    all_values,
    sha256,
    third_party_uke,
)

SEX = "-- table: sexes\n-- column sex: 性別 / sex\nSELECT sex FROM patient"


@pytest.fixture
def house(tmp_path: Path) -> CatalogHouse:
    return CatalogHouse(tmp_path)


def test_nothing_adopted_nothing_built(house: CatalogHouse) -> None:
    house.fill()
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "no_view_adopted"
    assert not list(house.settings.extracts.iterdir())


def test_policies_that_two_people_did_not_adopt_build_nothing(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    for digest in ("", "1" * 64):
        with pytest.raises(ConflictError) as refused:
            house.steward.build("ste", PROJECT, digest)
        assert refused.value.code == "policy_not_adopted"
    assert Kind.EXTRACT_INTENDED.value not in house.kinds()


def test_a_proposed_view_is_not_an_adopted_one(house: CatalogHouse) -> None:
    house.fill()
    house.propose("sexes", SEX)
    with pytest.raises(ConflictError, match="No view of this project"):
        house.steward.build("ste", PROJECT, POLICY_DIGEST)


def test_the_steward_cannot_adopt_their_own_view(house: CatalogHouse) -> None:
    proposal, digest = house.propose("sexes", SEX)
    with house.begin() as work, pytest.raises(DeniedError) as refused:
        adopt(work, SecondFactor("ste", house.clock.now()), proposal, digest)
    assert refused.value.code == "own_proposal"


@pytest.mark.parametrize("person", ["ota", "mei", "kan", "bo", "nobody"])
def test_only_a_steward_builds_or_takes_in(house: CatalogHouse, person: str) -> None:
    house.fill()
    house.adopt_demo_views()
    with pytest.raises(DeniedError):
        house.steward.build(person, PROJECT, POLICY_DIGEST)
    assert Kind.EXTRACT_INTENDED.value not in house.kinds()


def test_a_view_beyond_the_permit_is_refused(house: CatalogHouse) -> None:
    text = "-- table: t\n-- column abo: 血液型 / blood group\nSELECT abo FROM patient"
    with pytest.raises(InvalidInputError, match=r"patient\.abo") as refused:
        house.propose("t", text)
    assert refused.value.code == "beyond_permit"


def test_a_condition_beyond_the_permit_is_refused(house: CatalogHouse) -> None:
    text = "-- table: t\n-- column sex: 性別 / sex\nSELECT sex FROM patient WHERE abo = 'A'"
    with pytest.raises(InvalidInputError, match=r"patient\.abo"):
        house.propose("t", text)


def test_a_permit_narrowed_after_adoption_stops_the_build(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_views([("sexes", SEX)])
    with house.begin() as work:
        work.register.put_permit(replace(WIDE_PERMIT, datasets={"patient": ("birth_date",)}))
    with pytest.raises(InvalidInputError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "beyond_permit"


def test_an_altered_adoption_is_noticed(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_views([("sexes", SEX)])
    with house.begin() as work:
        work.connection.exec_driver_sql(
            "UPDATE proposal SET payload = replace(payload, 'SELECT sex', 'SELECT birth_date AS sex')"
        )
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "not_adopted"


def test_every_column_needs_its_label(house: CatalogHouse) -> None:
    with pytest.raises(InvalidInputError) as refused:
        house.propose("t", "SELECT sex FROM patient")
    assert refused.value.code == "labels"


def test_an_extract_holds_no_identifier_and_opens_with_its_key_only(house: CatalogHouse) -> None:
    house.fill()
    house.ingest(write_uke(Scale(300, 3), date(2024, 11, 1), 40))
    house.adopt_demo_views()
    manifest = house.build()
    with duckdb.connect(str(house.producer.source.path), read_only=True) as source:
        identifiers = {
            str(cell)
            for row in source.execute("SELECT * EXCLUDE (source_system) FROM patient_identity").fetchall()
            for cell in row
            if cell is not None and len(str(cell)) > 2  # "02" is a branch number and a prefecture
        }
        keys = {str(r[0]) for r in source.execute("SELECT encounter_key FROM encounter").fetchall()}
    with house.opened(manifest.version) as extract:
        values = all_values(extract)
        assert extract.execute("SELECT count(*) FROM patients").fetchone() == (manifest.persons,)
    assert len(identifiers) > 500
    assert not values & (identifiers | keys)
    telling = [one for one in identifiers if not one.isdigit() or len(one) >= 9]
    assert not [value for value in values for one in telling if one in value]
    raw = house.extract_path(manifest.version).read_bytes()
    assert sha256(raw) == manifest.content_sha256
    for planted in (
        "グルコース",
        "検査結果",
        "patient_key",
        "receipt_disease_code",
    ):  # long enough to stand in no ciphertext by chance
        assert planted.encode() not in raw
    with duckdb.connect(":memory:") as connection, pytest.raises(duckdb.Error):
        connection.execute(
            f"ATTACH '{house.extract_path(manifest.version)}' AS x (ENCRYPTION_KEY '{'0' * 64}', READ_ONLY)"
        )


def test_the_hidden_name_of_the_real_file_never_leaves(house: CatalogHouse) -> None:
    taken = house.ingest(third_party_uke(), "RECEIPTC_GAIRAI_SAMPLE.UKE")
    assert (taken.file.read, taken.file.quarantined, taken.file.lines) == (636, 0, 636)
    assert taken.added["claim"] == 75
    house.adopt_demo_views()
    manifest = house.build()
    with house.opened(manifest.version) as extract:
        values = "\n".join(all_values(extract))
        assert extract.execute("SELECT count(*) FROM claims").fetchone() == (75,)
    for hidden in ("寿限無", "長助", "都ぞ弥生", "テストハンヨウ", "01010016"):
        assert hidden not in values
    with duckdb.connect(str(house.producer.source.path), read_only=True) as source:
        found = source.execute("SELECT count(*) FROM diagnosis WHERE name_text LIKE '寿限無%'").fetchone()
    assert found == (1,), "the name must be in the source, or this test shows nothing"


def test_taking_the_same_file_in_twice_adds_nothing(house: CatalogHouse) -> None:
    content = write_uke(Scale(300, 3), date(2024, 11, 1), 20)
    first, second = house.ingest(content), house.ingest(content, "another name.UKE")
    assert first.added["claim"] == 20
    assert second.known
    assert not second.added
    assert house.kinds().count(Kind.SOURCE_INGESTED.value) == 1
    assert house.fill().added["patient"] == 60
    assert house.fill().known


def test_quarantined_lines_stand_with_file_line_and_reason(house: CatalogHouse) -> None:
    lines = write_uke(Scale(300, 3), date(2024, 11, 1), 20).split(b"\r\n")
    lines[2] = b"HO,\x80\xff"
    taken = house.ingest(b"\r\n".join(lines), "broken.UKE")
    assert taken.file.quarantined == 1
    with duckdb.connect(str(house.producer.source.path), read_only=True) as source:
        rows = source.execute("SELECT file, line, code FROM quarantine").fetchall()
    assert [row[:2] for row in rows] == [("broken.UKE", 3)]


def test_a_second_version_keeps_pseudonyms_and_leaves_the_first_alone(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    first = house.build()
    before = house.extract_path(first.version).read_bytes()
    house.fill(patients=20, seed=8)
    second = house.build()
    assert (first.version, second.version) == ("v1", "v2")
    assert house.extract_path("v1").read_bytes() == before
    with house.opened("v1") as one:
        old = {row[0] for row in one.execute("SELECT patient_key FROM patients").fetchall()}
    with house.opened("v2") as two:
        new = [row[0] for row in two.execute("SELECT patient_key FROM patients").fetchall()]
    assert old < set(new)
    assert new == sorted(new), "rows stand in the order of their pseudonyms, not of the source"


def test_the_cohort_and_the_opt_out_decide_whose_rows_there_are(tmp_path: Path) -> None:
    permit = replace(WIDE_PERMIT, cohort=Cohort(diagnosis_icd10=("E11",)))
    house = CatalogHouse(tmp_path, permit)
    house.fill(patients=300)
    house.adopt_demo_views()
    with duckdb.connect(str(house.producer.source.path)) as source:
        wanted = source.execute(
            "SELECT DISTINCT patient_key FROM diagnosis JOIN patient USING (patient_key)"
            " WHERE icd10 LIKE 'E11%' AND NOT optout_flag ORDER BY 1"
        ).fetchall()
        source.execute("UPDATE patient SET optout_flag = true WHERE patient_key = ?", list(wanted[0]))
    manifest = house.build()
    assert 0 < manifest.persons == len(wanted) - 1


def test_the_manifest_is_signed_and_says_nothing_that_undoes_the_processing(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    manifest = house.build()
    public = (house.settings.extracts / "producer.pub").read_bytes()
    content = (house.settings.extracts / PROJECT / "v1.manifest.json").read_bytes()
    facts = read_manifest(content, lambda signature, over: holds(public, signature, over))
    assert facts == json.loads(json.dumps(manifest.facts()))
    key = house.producer.pseudonym_keys.find(PROJECT)
    data_key = house.keyring.find(PROJECT, "data")
    assert key is not None
    assert data_key is not None
    for secret in (key.hex(), data_key.hex(), "SELECT", "birth_month", "age_band"):
        assert secret not in content.decode()
    forged = content.replace(b'"persons":60', b'"persons":61')
    assert forged != content
    with pytest.raises(TamperedError):
        read_manifest(forged, lambda signature, over: holds(public, signature, over))


def test_the_id_set_names_every_pseudonym_and_opens_for_its_extract_only(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    manifest = house.build()
    key = house.keyring.find(PROJECT, "data")
    assert key is not None
    path = house.settings.extracts / PROJECT / "v1.ids"
    ids = tuple(read_ids(path, key, PROJECT, "v1"))
    with house.opened("v1") as extract:
        shown = {str(r[0]) for r in extract.execute("SELECT patient_key FROM patients").fetchall()}
    assert shown <= set(ids)
    assert list(ids) == sorted(ids)
    assert len(ids) == manifest.pseudonyms
    with pytest.raises(TamperedError):
        tuple(read_ids(path, key, PROJECT, "v2"))


def test_intent_and_outcome_are_recorded_with_the_keys_that_were_used(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    house.build()
    assert house.kinds()[-5:] == [
        Kind.KEY_MADE.value,
        Kind.EXTRACT_INTENDED.value,
        Kind.KEY_USED.value,
        Kind.KEY_USED.value,
        Kind.EXTRACT_DONE.value,
    ]


def test_a_failed_build_is_undone_and_leaves_nothing(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    house.build()
    text = (
        "-- table: zz\n-- column n: 数 / number\n"
        "SELECT CAST(abn_flag AS INTEGER) AS n FROM lab_result"  # fails on the first row
    )
    house.adopt_views([("zz", text)])
    _flag_labs(house, "1")
    house.take_on_risk()
    _flag_labs(house, "H")
    with pytest.raises(InvalidInputError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "build_failed"
    assert house.kinds()[-1] == Kind.EXTRACT_UNDONE.value
    names = sorted(path.name for path in (house.settings.extracts / PROJECT).iterdir())
    assert names == ["v1.duckdb", "v1.ids", "v1.manifest.json"]
    assert [p.name for p in (house.settings.producer_home / "builds").iterdir()] == ["lock"]


def _flag_labs(house: CatalogHouse, flag: str) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE lab_result SET abn_flag = ?", [flag])


def test_two_builds_at_once_are_refused(house: CatalogHouse) -> None:
    house.fill()
    house.adopt_demo_views()
    with house.producer.extracts.exclusive(), pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "build_running"


def test_nothing_to_cut_from_is_said(house: CatalogHouse) -> None:
    house.adopt_views([("sexes", SEX)])
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "no_source"
    assert Kind.EXTRACT_INTENDED.value not in house.kinds()
