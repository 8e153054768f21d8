"""The Cabinet Office's own example: one row of a source, as it leaves in each profile.

Hanako is one of twelve women of one month of birth. Only she has her disease. Everything is real:
the source, both officers' box, the adopted views, the risk that was taken on, the encrypted file.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from catalog.adapters.duckdb_setup import create_tables
from catalog.schema.canonical import CANONICAL
from enclave.errors import ConflictError
from tests.support.catalog_house import PROJECT, ROOT, WIDE_PERMIT, CatalogHouse, all_values

HANAKO, WOMEN = 1, 12
VISIT = date(2020, 8, 3)
SYSTOLIC = "9A755000000000001"
PERMIT = replace(
    WIDE_PERMIT,
    datasets={
        "patient": ("sex", "birth_date", "weight_kg"),
        "encounter": ("admit_ts",),
        "vital": ("ts", "code", "value_num"),
        "diagnosis": ("mdcdx2_no", "start_date"),
        "code_mdcdx2": ("code", "name"),
    },
)
ROW = (
    "SELECT p.patient_key, p.sex, p.birth, v.visit, p.weight, b.systolic, d.disease, d.began, b.measured"
    " FROM people p JOIN visits v USING (patient_key) JOIN pressures b USING (patient_key)"
    " JOIN diseases d USING (patient_key)"
)


@pytest.fixture
def house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path, PERMIT)
    with duckdb.connect(str(house.producer.source.path)) as source:
        create_tables(source, CANONICAL, "")
        for n in range(1, WOMEN + 1):
            _put_woman(source, n)
        _put(source, "code_mdcdx2", {"code": "20099999", "name": "膵島細胞症"})
        _put(source, "code_mdcdx2", {"code": "20061726", "name": "高血圧症"})
    return house


def _put_woman(source: duckdb.DuckDBPyConnection, n: int) -> None:
    is_hanako = n == HANAKO
    at = datetime.combine(VISIT, time(9, 15))
    weight, systolic, disease = (53.4, 211.0, "20099999") if is_hanako else (61.0, 118.0, "20061726")
    key = {"patient_key": n}
    _put(source, "patient", {**key, "sex": "F", "birth_date": date(2003, 2, 26), "weight_kg": weight})
    name = "内閣花子" if is_hanako else f"別人{n}"
    _put(source, "patient_identity", {**key, "name_kanji": name, "chart_no": f"B-00{n:04}"})
    _put(source, "encounter", {"encounter_key": n, **key, "admit_ts": at})
    _put(source, "vital", {"vital_key": n, **key, "ts": at, "code": SYSTOLIC, "value_num": systolic})
    _put(source, "diagnosis", {"diagnosis_key": n, **key, "mdcdx2_no": disease, "start_date": VISIT})


def _put(source: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    places = ", ".join("?" * len(row))
    source.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))


def adopt(house: CatalogHouse, profile: str) -> None:
    folder = ROOT / "tests" / "support" / "views" / profile
    house.adopt_views((p.stem, p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.sql")))


def rows(house: CatalogHouse, version: str) -> dict[str, tuple[Any, ...]]:
    """Everybody's whole row of an extract, by pseudonym."""
    with house.opened(version) as extract:
        found = extract.execute(ROW).fetchall()
        values = all_values(extract)
    assert len(found) == WOMEN
    assert not [v for v in values if "内閣" in v or "花子" in v or "別人" in v or "B-00" in v]
    return {str(UUID(str(row[0]))): row[1:] for row in found}


def test_in_pseudo_only_the_name_is_gone(house: CatalogHouse) -> None:
    adopt(house, "pseudo")
    found = rows(house, house.build().version)
    (hanako,) = [row for row in found.values() if row[5] == "膵島細胞症"]
    assert hanako[:6] == ("F", date(2003, 2, 26), VISIT, 53.4, 211.0, "膵島細胞症")


def test_in_anon_the_row_is_as_the_cabinet_office_shows_it(house: CatalogHouse) -> None:
    adopt(house, "anon")
    first = rows(house, house.build().version)
    (who,) = [key for key, row in first.items() if row[4] == "201以上"]
    sex, birth, visit, weight, systolic, disease, began, measured = first[who]
    assert (sex, birth, weight, systolic, disease) == ("F", "2003-02", "50～55", "201以上", "その他")
    assert visit != VISIT
    assert abs(visit - VISIT) <= timedelta(days=30)
    assert began == visit
    assert measured == datetime.combine(visit, time(9, 15))
    others = [row for key, row in first.items() if key != who]
    assert {row[4:6] for row in others} == {("118", "高血圧症")}
    assert len({row[2] for row in first.values()}) > 3, "each has an offset of their own"
    assert VISIT not in {row[2] for row in first.values()}
    second = house.build()
    assert second.version == "v2"
    assert rows(house, second.version) == first, "the same offsets in every version"


def test_neither_extract_nor_manifest_says_how_it_was_processed(house: CatalogHouse) -> None:
    adopt(house, "anon")
    manifest = house.build()
    content = (house.settings.extracts / PROJECT / "v1.manifest.json").read_text(encoding="utf-8")
    facts = json.loads(content)["manifest"]
    assert facts["profile"] == "anon"
    with house.opened(manifest.version) as extract:
        tables = {str(r[0]) for r in extract.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        values = all_values(extract)
    assert tables == {"people", "visits", "pressures", "diseases"}
    for sign in ("date_shift", "shift", "rare_to_other", "top_code", "hmac", "common", "SELECT"):
        assert sign not in content
        assert not [value for value in values if sign in value]


def test_without_enough_persons_anon_is_not_built(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE patient SET optout_flag = true WHERE patient_key > 9")
    adopt(house, "anon")
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "under_k"


def test_those_who_opted_out_make_no_code_common(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE diagnosis SET mdcdx2_no = '20099999' WHERE patient_key <= 10")
        source.execute("UPDATE patient SET optout_flag = true WHERE patient_key = 10")
    text = (ROOT / "tests/support/views/anon/diseases.sql").read_text(encoding="utf-8")
    house.adopt_views([("diseases", text)])
    with house.opened(house.build().version) as extract:
        assert extract.execute("SELECT DISTINCT disease FROM diseases").fetchall() == [("その他",)]


def test_an_extract_has_one_profile(house: CatalogHouse) -> None:
    adopt(house, "anon")
    text = (ROOT / "tests/support/views/pseudo/people.sql").read_text(encoding="utf-8")
    house.adopt_views([("people", text)])
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "profiles_mixed"


def test_a_date_is_not_shown_shifted_in_one_table_and_as_it_is_in_another(house: CatalogHouse) -> None:
    adopt(house, "pseudo")
    shifted = (
        "-- table: moved\n-- column began: 開始日 / began\n"
        "SELECT date_shift(start_date) AS began FROM diagnosis"
    )
    house.adopt_views([("moved", shifted)])
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "shift_undone"
