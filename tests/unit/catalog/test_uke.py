"""Reading レセプト電算 lines: dates of both calendars, quarantine with place and reason, canonical rows."""

from datetime import date

import pytest

from catalog.claims import rows_of
from catalog.hospital.people import Scale
from catalog.hospital.uke_writer import write_uke
from catalog.rows import RowSet
from catalog.schema.canonical import CANONICAL
from catalog.source_keys import source_key
from catalog.uke import UkeFile, counts_agree, parse_uke
from catalog.uke_layout import read_day, read_month
from tests.support.catalog_house import sha256, third_party_uke

IR = "IR,1,13,1,1234567,,,202110,00,0312345678"


def receipt(number: int = 1, *, kana: str = "ナイカクハナコ", born: str = "20030226", sex: str = "2") -> str:
    head = [""] * 38
    head[:7] = ["RE", str(number), "1112", "202110", "内閣　花子", sex, born]
    head[13], head[36] = "00697", kana
    return ",".join(head)


HO = "HO,01010016,１２,３４,2,1000,,,,,,,,,"
SN = "SN,1,01,,,,05,,"
SI = "SI,11,1,111000110,,288,1,,,,,,,1" + "," * 30
GO = "GO,1,1000,99"


def parse(*lines: str) -> UkeFile:
    return parse_uke("test.UKE", "".join(f"{line}\r\n" for line in lines).encode("cp932"))


def codes(uke: UkeFile) -> list[tuple[int, str]]:
    return [(line.line, line.code) for line in uke.quarantined]


def test_an_empty_file_has_no_lines() -> None:
    uke = parse_uke("empty", b"")
    assert (uke.lines, uke.records, uke.quarantined) == (0, (), ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20211004", date(2021, 10, 4)),
        ("5031004", date(2021, 10, 4)),
        ("4310430", date(2019, 4, 30)),
        ("3641231", date(1989, 12, 31)),
        ("3480229", None),
        ("3471101", date(1972, 11, 1)),
        ("2150101", date(1926, 1, 1)),
        ("1450729", date(1912, 7, 29)),
        ("5010430", None),
        ("4320101", None),
        ("6010101", None),
        ("20210229", None),
        ("20201301", None),
        ("00010101", None),
        ("２０２１１００４", None),
        ("9021104", None),
        ("", None),
        ("2021-1-4", None),
    ],
)
def test_days_of_both_calendars(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("202110", date(2021, 10, 1)),
        ("50310", date(2021, 10, 1)),
        ("50105", date(2019, 5, 1)),
        ("43104", date(2019, 4, 1)),
        ("36401", date(1989, 1, 1)),
        ("202113", None),
        ("50313", None),
        ("", None),
        ("99999", None),
    ],
)
def test_months_of_both_calendars(text: str, month: date | None) -> None:
    assert read_month(text) == month


def test_a_whole_file_is_read() -> None:
    uke = parse(IR, receipt(), HO, SN, "SY,2500013,5031001,1,8002,,01,", SI, "CO,11,1,810000001,疼痛時", GO)
    assert uke.quarantined == ()
    assert [record.kind for record in uke.records] == ["IR", "RE", "HO", "SN", "SY", "SI", "CO", "GO"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "blank_line"),
        ("JD,1,2", "unknown_record"),
        ("SY,2500013,20211301,1,,,,", "bad_field"),
        ("SY,25000,20211001,1,,,,", "bad_field"),
        ("SY,,20211001,1,,,,", "missing_field"),
        ("SI,11,1,11100011,,288,1", "bad_field"),
        ("SI,11,1,111000110,-1,288,1", "bad_field"),
        ("SI,11", "field_count"),
        ("GO,1,2,3,4,5,6", "field_count"),
        ("CO,11,1,810000001,a\tb", "control_character"),
        ("CO,11,1,810000001,a\x1c", "control_character"),
        ("IR,1,13,1,1234567,,,202110,00,0312345678", "out_of_place"),
    ],
)
def test_a_line_that_cannot_be_read_is_quarantined_with_its_reason(line: str, code: str) -> None:
    uke = parse(IR, receipt(), HO, line, SI)
    assert codes(uke) == [(4, code)]
    assert counts_agree(uke)
    assert uke.quarantined[0].file == "test.UKE"
    assert uke.quarantined[0].reason.en


def test_bytes_that_are_no_shift_jis_are_quarantined() -> None:
    content = (
        f"{IR}\r\n{receipt()}\r\n".encode("cp932") + b"CO,11,1,810000001,\x81\r\nCO,11,1,810000001,\xa0\r\n"
    )
    assert codes(parse_uke("x", content)) == [(3, "not_cp932"), (4, "control_character")]


def test_a_reason_never_repeats_a_value() -> None:
    uke = parse(IR, receipt(born="内閣花子の誕生日"), "SY,内閣花子,20211001,1,,,,")
    assert len(uke.quarantined) == 2
    assert not [line for line in uke.quarantined if "内閣" in line.reason.en]


def test_after_an_unreadable_receipt_nothing_is_attributed_until_the_next() -> None:
    uke = parse(IR, receipt(1), SI, receipt(2, sex="9"), HO, SI, receipt(3), SI)
    assert codes(uke) == [(4, "bad_field"), (5, "no_receipt"), (6, "no_receipt")]


def test_a_line_that_may_have_been_a_receipt_closes_the_one_before() -> None:
    uke = parse(IR, receipt(1), HO, "R?,2,1112,202110", SI)
    assert codes(uke) == [(4, "unknown_record"), (5, "no_receipt")]


def test_without_an_institution_nothing_is_read() -> None:
    uke = parse("IR,1,13,1,?,,,202110,00,", receipt(), SI, GO)
    assert [code for _, code in codes(uke)] == ["bad_field", *["no_institution"] * 3]


def test_nothing_is_read_after_the_end() -> None:
    assert codes(parse(IR, GO, receipt(), SI)) == [(3, "out_of_place"), (4, "out_of_place")]


def test_half_width_kana_extensions_and_a_missing_last_line_end_are_read() -> None:
    content = f"{IR}\n{receipt(kana='ﾅｲｶｸﾊﾅｺ')}\nCO,11,1,810000001,髙①㎎".encode("cp932")
    uke = parse_uke("x", content)
    assert (uke.lines, len(uke.records)) == (3, 3)


def rows(*lines: str) -> RowSet:
    uke = parse(*lines)
    assert uke.quarantined == ()
    return rows_of(uke, "ab" * 32)


def cell(made: RowSet, table: str, column: str, row: int = 0) -> object:
    return made.rows(table)[row][CANONICAL.tables[table].names.index(column)]


def test_a_person_is_the_same_in_any_width_and_another_by_any_number() -> None:
    def patient(*lines: str) -> object:
        return cell(rows(IR, *lines), "patient", "patient_key")

    one = patient(receipt(), HO, SN)
    assert one == patient(receipt(7, kana="ﾅｲｶｸﾊﾅｺ", sex="1"), "HO,01010016,12,34,2,1000", SN)
    others = [
        patient(receipt(), HO, "SN,1,01,,,,06,,"),
        patient(receipt(), "HO,01010016,１２,３５,2,1000", SN),
        patient(receipt(), "HO,01010017,１２,３４,2,1000", SN),
        patient(receipt(born="20030227"), HO, SN),
        patient(receipt(kana="ナイカクタロウ"), HO, SN),
        patient(receipt(), "KO,83136019,1111111,,1,677"),
        patient(receipt()),
    ]
    assert len({one, *others}) == len(others) + 1


def test_words_go_into_free_text_columns_only() -> None:
    made = rows(
        IR,
        receipt(),
        HO,
        "SY,0000999,20211001,1,,寿限無の疑い,,補足",
        "CO,11,1,810000001,右眼",
        "SJ,01,詳しい症状",
        "TO,40,1,710000001,1,10,1,,,,手書きの商品,,,,,,",
    )
    words = ("寿限無", "補足", "右眼", "詳しい症状", "手書きの商品", "内閣", "ナイカク", "01010016")
    open_columns = {
        (table, column.name)
        for table in made.tables()
        for column in CANONICAL.tables[table].columns
        if column.column_class.value not in {"FT", "DI"}
    }
    for table in made.tables():
        for row in made.rows(table):
            for name, value in zip(CANONICAL.tables[table].names, row, strict=True):
                if (table, name) in open_columns:
                    assert not any(word in str(value) for word in words), (table, name)
    assert cell(made, "diagnosis", "name_text") == "寿限無の疑い / 補足"
    assert cell(made, "document", "text") == "詳しい症状"


def test_what_a_receipt_says_becomes_rows() -> None:
    made = rows(IR, receipt(), HO, "SY,2500013,5031001,2,80021234,,01,", SI, "SI,,1,111000110,,5,1")
    assert cell(made, "claim", "month") == date(2021, 10, 1)
    assert cell(made, "claim", "in_out") == "OUT"
    assert cell(made, "claim", "total_points") == 1000
    assert cell(made, "patient", "first_seen") == date(2021, 10, 1)
    assert cell(made, "patient", "last_seen") == date(2021, 10, 31)
    assert cell(made, "patient", "insurance_kind") == "01"
    assert cell(made, "diagnosis", "suspected") is True
    assert cell(made, "diagnosis", "start_date") == date(2021, 10, 1)
    assert [cell(made, "claim_line", "care_kind", n) for n in range(3)] == [None, "11", "11"]
    assert cell(made, "claim_line", "day_bits", 1) == 1


def test_rows_of_the_same_bytes_have_the_same_keys() -> None:
    content = write_uke(Scale(100, 1), date(2024, 11, 1), 10)
    first, second = (rows_of(parse_uke("x", content), sha256(content)) for _ in range(2))
    assert [first.rows(t) for t in first.tables()] == [second.rows(t) for t in second.tables()]
    assert first.count("claim") == 10


def test_keys_of_the_source_fit_and_depend_on_every_part() -> None:
    keys = {source_key("patient", parts) for parts in (["a", "b"], ["ab", ""], ["a", "", "b"], ["b", "a"])}
    keys.add(source_key("receipt", ["a", "b"]))
    assert len(keys) == 5
    assert all(0 <= key < 2**63 for key in keys)


def test_a_misspelt_column_is_an_error_and_not_a_shifted_row() -> None:
    with pytest.raises(KeyError, match="sexx"):
        RowSet(CANONICAL).add("patient", {"patient_key": 1, "sexx": "F"})


def test_the_real_file_is_read_to_its_last_line() -> None:
    content = third_party_uke()
    uke = parse_uke("RECEIPTC_GAIRAI_SAMPLE.UKE", content)
    assert (uke.lines, len(uke.records), len(uke.quarantined)) == (636, 636, 0)
    made = rows_of(uke, sha256(content))
    assert {table: made.count(table) for table in made.tables()} == {
        "patient": 65,
        "patient_identity": 65,
        "claim": 75,
        "diagnosis": 9,
        "claim_line": 417,
    }


def test_our_own_writer_writes_what_the_reader_reads() -> None:
    content = write_uke(Scale(300, 3), date(2024, 11, 1), 40)
    uke = parse_uke("x", content)
    assert uke.quarantined == ()
    assert {"IR", "RE", "HO", "SN", "SY", "SI", "IY", "CO", "GO"} == {record.kind for record in uke.records}
    assert "遠縁" in content.decode("cp932"), "a name hides in a disease field, as in the real file"
    assert content == write_uke(Scale(300, 3), date(2024, 11, 1), 40)
