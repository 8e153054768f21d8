"""Registering a source that is not ours: real files, a real source, and everything that can be wrong."""

import json
from pathlib import Path

import duckdb
import pytest

from catalog.adapters.prepared_source import _theirs
from catalog.adapters.registered_files import ArrivingFile
from catalog.schema.canonical import CANONICAL
from catalog.sources import Taken
from catalog.view_compiler import compile_view
from catalog.views.files import read_view
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from enclave.projects import Cohort
from tests.support.classes_files import CLASSES
from tests.support.registry_house import RegistryHouse, write_registry

PARQUET_CLASSES = """name: devices
ja: 医療機器
en: devices
tables:
  device:
    from: devices
    ja: 医療機器
    en: devices
    columns:
      code: {class: AD, type: VARCHAR, nature: plain, ja: コード, en: code}
      price: {class: AD, type: "DECIMAL(10,2)", nature: plain, ja: 価格, en: price, unit: JPY}
"""


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> RegistryHouse:
    house = RegistryHouse(tmp_path / "house_")
    house.settle_people()
    return house


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "house_").mkdir(exist_ok=True)


def test_nothing_registered_is_the_canonical_schema(house: RegistryHouse) -> None:
    assert house.producer.source.schema() == CANONICAL
    assert house.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'registered%'") == [(0,)]


def test_rows_and_classes_are_in_the_source_with_where_they_came_from(
    house: RegistryHouse, tmp_path: Path
) -> None:
    taken = house.registered(write_registry(tmp_path / "r.duckdb"))
    assert taken.added == {"cancer_case": 2, "area": 1}
    assert house.rows("SELECT patient_key, stage, name FROM cancer_case ORDER BY case_key") == [
        (11, "I", "内閣花子"),
        (22, "II", "佐藤"),
    ]
    ((dataset, system, place, version, deleted),) = house.rows(
        "SELECT dataset_id, source_system, source_ref, row_version, deleted_flag FROM area"
    )
    assert (dataset, system, version, deleted) == ("registry", "registered", 1, False)
    assert place == f"{taken.file.digest[:16]}:0"
    schema = house.producer.source.schema()
    assert set(schema.tables) - set(CANONICAL.tables) == {"cancer_case", "area"}
    assert schema.tables["cancer_case"].names[:5] == (
        "case_key",
        "patient_key",
        "diagnosed_on",
        "stage",
        "name",
    )
    assert schema.entities["cancer_case"] == ("cancer_case", "case_key")
    assert [file.kind for file in house.producer.source.files()] == ["registered"]


def test_it_is_recorded_once_with_every_class_and_without_a_value(
    house: RegistryHouse, tmp_path: Path
) -> None:
    file = write_registry(tmp_path / "r.duckdb")
    house.registered(file)
    again = house.registered(file)
    assert again.known
    assert house.rows("SELECT count(*) FROM cancer_case") == [(2,)]
    assert house.kinds().count(Kind.SOURCE_REGISTERED.value) == 1
    with house.read() as work:
        rows = work.connection.exec_driver_sql(
            "SELECT data FROM ledger_leaf WHERE kind = 'source.registered'"
        )
        leaf = json.loads(rows.scalar_one())
    assert leaf["facts"]["columns"]["cancer_case"]["name"] == "DI"
    assert "内閣" not in json.dumps(leaf, ensure_ascii=False)


def test_views_over_it_are_compiled_proposed_and_void_no_other(house: RegistryHouse, tmp_path: Path) -> None:
    before, _ = house.propose("p", "-- column n: 数\nSELECT count(*) AS n FROM patient")
    house.registered(write_registry(tmp_path / "r.duckdb"))
    house._open_producer()
    again, _ = house.propose("p", "-- column n: 数\nSELECT count(*) AS n FROM patient")
    assert before == again
    trial = house.producer.trial
    good = "SELECT pseudonym(c.patient_key) AS patient_key, c.stage FROM cancer_case c JOIN patient USING (patient_key)"
    view = compile_view(good, house.producer.schema).view
    assert view is not None
    assert ("stage", "VARCHAR") in trial.types_of(view)
    assert compile_view("SELECT name FROM cancer_case", house.producer.schema).refusals
    assert compile_view(good, CANONICAL).refusals
    assert read_view("x", good).table == "x"


def test_only_a_steward_registers(house: RegistryHouse, tmp_path: Path) -> None:
    file = write_registry(tmp_path / "r.duckdb")
    with pytest.raises(DeniedError):
        house.register(file, who="mei")
    assert house.producer.source.schema() == CANONICAL


def test_a_key_that_is_no_patients_registers_nothing(house: RegistryHouse, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        house.register(write_registry(tmp_path / "r.duckdb", patient=99))
    assert refused.value.code == "no_such_patient"
    assert "99" not in refused.value.sentence.en
    assert house.producer.source.schema() == CANONICAL
    assert house.producer.source.files() == ()


def test_problems_register_nothing(house: RegistryHouse, tmp_path: Path) -> None:
    problems = house.register(write_registry(tmp_path / "r.duckdb"), CLASSES.replace("class: CL, ", ""))
    assert not isinstance(problems, Taken)
    assert len(problems) == 1
    assert house.producer.source.schema() == CANONICAL
    assert Kind.SOURCE_REGISTERED.value not in house.kinds()


def test_a_second_file_of_a_source_takes_its_place_only_when_asked(
    house: RegistryHouse, tmp_path: Path
) -> None:
    house.registered(write_registry(tmp_path / "r.duckdb"))
    newer = write_registry(tmp_path / "r2.duckdb", stage="IV")
    with pytest.raises(ConflictError, match="registered already"):
        house.register(newer)
    house.registered(newer, replace=True)
    assert house.rows("SELECT stage, row_version FROM cancer_case ORDER BY case_key") == [("I", 2), ("IV", 2)]
    with pytest.raises(ConflictError, match="other tables or classes"):
        house.register(newer, CLASSES.replace("class: CL", "class: SE"), replace=True)
    older = house.registered(tmp_path / "r.duckdb", replace=True)
    assert older.added == {"cancer_case": 2, "area": 1}
    assert len({file.digest for file in house.producer.source.files()}) == 3


def test_a_parquet_file_is_one_table(house: RegistryHouse, tmp_path: Path) -> None:
    file = tmp_path / "devices.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'x' AS code, 1.5::DECIMAL(10,2) AS price) TO '{file}'")
    assert house.registered(file, PARQUET_CLASSES).added == {"device": 1}
    assert house.rows("SELECT price::VARCHAR FROM device") == [("1.50",)]


def test_a_table_of_strangers_is_shown_to_a_cohort_of_everyone_alone(
    house: RegistryHouse, tmp_path: Path
) -> None:
    text = CLASSES.replace("      patient_key:\n", "      person:\n").replace(
        "entity: patient\n", "entity: registry_person\n"
    )
    house.registered(write_registry(tmp_path / "r.duckdb", patient=99), text)
    table = house.producer.source.schema().tables["cancer_case"]
    assert _theirs(table, Cohort(everyone=True)) == "true"
    assert _theirs(table, Cohort(diagnosis_icd10=("C",))) == "false"
    assert _theirs(house.producer.source.schema().tables["area"], Cohort(diagnosis_icd10=("C",))) == "true"


@pytest.mark.parametrize(
    "content", [b"", b"PAR1 and nothing else", b"\0" * 8 + b"DUCK" + b"\0" * 4096, b"a,b\n1,2\n"]
)
def test_what_is_no_database_is_refused(house: RegistryHouse, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.duckdb"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError):
        house.register(file)


@pytest.mark.parametrize("name", ["nowhere.duckdb", "", "a*b.parquet"])
def test_what_is_no_plain_file_is_refused(house: RegistryHouse, tmp_path: Path, name: str) -> None:
    if "*" in name:
        (tmp_path / name).write_bytes(b"PAR1")
    with pytest.raises(InvalidInputError):
        house.producer.register_of(tmp_path / name)


def test_a_database_with_an_unfinished_log_is_refused(house: RegistryHouse, tmp_path: Path) -> None:
    file = write_registry(tmp_path / "r.duckdb")
    file.with_name("r.duckdb.wal").write_bytes(b"x")
    with pytest.raises(ConflictError, match="unfinished"):
        house.register(file)


def test_a_file_that_changes_while_it_is_read_is_refused(
    house: RegistryHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_registry(tmp_path / "r.duckdb")
    digests = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(ArrivingFile, "digest", lambda _self: next(digests))
    with pytest.raises(ConflictError, match="changed while"):
        house.register(file)
    assert house.producer.source.schema() == CANONICAL


def test_nothing_beyond_the_file_can_be_read_through_it(house: RegistryHouse, tmp_path: Path) -> None:
    file = ArrivingFile(write_registry(tmp_path / "r.duckdb"))
    with house.producer.source.opened() as connection, file.attached(connection):
        assert {table.name for table in file.tables(connection)} == {"CancerCase", "areas"}
        for reach in (
            "FROM arriving.main.elsewhere",
            "ATTACH '/tmp/other.duckdb' AS y",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(reach)


def test_a_source_whose_schema_moved_is_refused_with_table_and_column(house: RegistryHouse) -> None:
    path = str(house.producer.source.path)
    for change, told in (
        ("ALTER TABLE patient DROP COLUMN abo", "patient.abo is missing"),
        ("ALTER TABLE patient ADD COLUMN abo INTEGER", "patient.abo is INTEGER instead of VARCHAR"),
        (
            "ALTER TABLE patient ALTER abo TYPE VARCHAR; ALTER TABLE vital ADD COLUMN x INTEGER",
            "vital.x has no class",
        ),
    ):
        with duckdb.connect(path) as connection:
            connection.execute(change)
        with pytest.raises(ConflictError) as refused:
            house.producer.source.files()
        assert refused.value.code == "source_schema_moved"
        assert told in refused.value.sentence.en
        assert "take its files in again" in refused.value.sentence.en
