"""``scrub`` in a real build: off until the board says otherwise, exact per person, blind to who it was."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.policy import TransformRules
from enclave.errors import ConflictError
from tests.support.catalog_house import WIDE_PERMIT, CatalogHouse

NOTES = (
    "-- table: notes\n-- column patient_key: 仮名 / pseudonym\n-- column text: 本文 / text\n"
    "-- column status: 状態 / status\n-- column hits: 件数 / hits\n"
    "SELECT pseudonym(d.patient_key) AS patient_key, scrub(d.text) AS text, scrub_status(d.text) AS status,"
    " scrub_hits(d.text) AS hits FROM document d"
)

PERMIT = replace(WIDE_PERMIT, datasets={**WIDE_PERMIT.datasets, "document": ("patient_key", "text")})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CatalogHouse]:
    made = CatalogHouse(tmp_path, PERMIT)
    made.fill(60, 7)
    yield made
    made.database.close()


def allow(house: CatalogHouse) -> None:
    house.limits = replace(house.limits, transforms=TransformRules(10, 30, scrub=True))


def test_free_text_leaves_no_house_unasked(house: CatalogHouse) -> None:
    house.adopt_views([("notes", NOTES)])
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "scrub_not_allowed"
    assert not list(house.settings.extracts.glob("*/*.duckdb"))


def test_every_text_is_scrubbed_for_its_own_person(house: CatalogHouse) -> None:
    with house.producer.source.opened() as source:
        people = source.execute(
            "SELECT d.document_key, d.text, i.name_kanji, i.phone, i.chart_no FROM document d"
            " JOIN patient_identity i USING (patient_key)"
        ).fetchall()
    assert people
    allow(house)
    house.adopt_views([("notes", NOTES)])
    manifest = house.build()
    with house.opened(manifest.version) as extract:
        rows = extract.execute("SELECT text, status, hits FROM notes").fetchall()
    assert len(rows) == len(people)
    assert {status for _, status, _ in rows} <= {"clean", "scrubbed", "quarantined"}
    assert {"clean", "scrubbed"} <= {status for _, status, _ in rows}
    assert all((text is None) == (status == "quarantined") for text, status, _ in rows)
    assert all((hits > 0) == (status == "scrubbed") for text, status, hits in rows if text is not None)
    shown = "\n".join(text for text, _, _ in rows if text)
    named = [name for _, text, name, _, _ in people if name in text]
    assert named
    for _, _, name, phone, chart in people:
        for value in (name, name.replace("\u3000", ""), phone, chart):
            assert value not in shown
    untouched = {text for _, text, *_ in people}
    assert all(text in untouched for text, status, _ in rows if status == "clean")


def test_what_is_shown_does_not_depend_on_who_it_was(house: CatalogHouse) -> None:
    """Two sources that differ in a person's identifiers alone give one text."""
    texts = []
    allow(house)
    house.adopt_views([("notes", NOTES)])
    written = "患者{name}様、{kana}。電話{phone}、住所は{address}。発熱は認めない。"
    for number, who in enumerate(
        [
            {
                "name": "山田　太郎",
                "kana": "ヤマダタロウ",
                "phone": "03-1234-5678",
                "address": "東京都文京区本郷7-3-1",
            },
            {
                "name": "竹腰　紬",
                "kana": "タケゴシツムギ",
                "phone": "090-8765-4321",
                "address": "北海道岩見沢市十一条西1-8-13",
            },
        ]
    ):
        with house.producer.source.opened() as source:
            (key,) = source.execute("SELECT patient_key FROM document ORDER BY 1 LIMIT 1").fetchone() or (0,)
            source.execute("DELETE FROM document")
            source.execute(
                "INSERT INTO document (document_key, patient_key, text) VALUES (1, ?, ?)",
                [key, written.format(**who)],
            )
            source.execute(
                "UPDATE patient_identity SET name_kanji = $name, name_kana = $kana, phone = $phone,"
                " address = $address WHERE patient_key = $key",
                {**who, "key": key},
            )
            source.execute(
                "INSERT INTO source_file VALUES (?, 'x', 'uke', 0, 0, 0, TIMESTAMP '2026-01-01')",
                [f"changed {number}"],
            )
        manifest = house.build()
        with house.opened(manifest.version) as extract:
            texts.append(extract.execute("SELECT text, status, hits FROM notes").fetchall())
    assert texts[0] == texts[1]
    assert (
        re.sub("様", "", str(texts[0][0][0]))
        == "患者［氏名］、［氏名］。電話［電話］、住所は［住所］。発熱は認めない。"
    )
