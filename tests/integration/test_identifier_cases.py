"""Identifiers and their disguises in files, through ``enclave check``; and files that hold none."""

import json
from pathlib import Path
from typing import Any

import pytest

from output_review.check_cli import main

WEIGHT = {"pass": 0, "review": 1, "fix": 2, "reject": 3}

CASES: dict[str, tuple[str, str, str, str]] = {
    # name: file name, content, a rule that must be found, the mildest verdict
    "F01 name": ("t.md", "図1 山田太郎の経過\n", "ID.name", "fix"),
    "F01 name with a wide blank": ("t.md", "図1 山田　太郎の経過\n", "ID.name", "fix"),
    "F02 half-width katakana": ("t.md", "氏名 ﾔﾏﾀﾞ ﾀﾛｳ\n", "ID.name", "fix"),
    "F03 zero-width blanks": ("t.md", "図1 山\u200b田\u200b太\u200b郎の経過\n", "ID.name", "fix"),
    "F04 capitals": ("t.txt", "担当 YAMADA TARO\n", "ID.name", "fix"),
    "F04 given name first": ("t.txt", "Patient: Taro Yamada\n", "ID.name", "fix"),
    "F04 between kana": ("t.txt", "患者のTaroさんは退院した。\n", "ID.name", "fix"),
    "F05 old glyphs": ("t.txt", "主治医は髙橋健一である。\n", "ID.name", "fix"),
    "F05 more old glyphs": ("t.txt", "主治医は渡邉由美である。\n", "ID.name", "fix"),
    "F05 a selector": ("t.txt", "主治医は葛\U000e0100城翔太である。\n", "ID.name", "fix"),
    "F05 a compatibility ideograph": ("t.txt", "主治医は山﨑健一である。\n", "ID.name", "fix"),
    "F06 down a column": ("t.csv", "群,x\nA,山\nB,田\nC,太\nD,郎\n", "ID.name", "fix"),
    "F06 along a row": ("t.csv", "a,b,c,d,n\n山,田,太,郎,120\n山,川,木,目,130\n", "ID.name", "fix"),
    "F06 backwards": ("t.csv", "群,x\nA,郎\nB,太\nC,田\nD,山\n", "ID.name", "fix"),
    "F07 Cyrillic": ("t.txt", "担当は Таro である。\n", "ID.mixed_script", "review"),
    "F07 a kanji for a kana": ("t.txt", "担当は山田夕郎である。\n", "ID.mixed_script", "review"),
    "F08 initials": ("t.txt", "症例 Y.T., 72M, 聖路加\n", "ID.combination", "review"),
    "F09 My Number": ("t.txt", "個人番号は123456789018です\n", "ID.my_number", "fix"),
    "F10 wide": ("t.txt", "個人番号は１２３４５６７８９０１８です\n", "ID.my_number", "fix"),
    "F10 groups": ("t.txt", "マイナンバー 1234-5678-9018\n", "ID.my_number", "fix"),
    "F10 unbreakable blanks": ("t.txt", "マイナンバー 1234\u00a05678\u00a09018\n", "ID.my_number", "fix"),
    "F10 a line end inside": ("t.txt", "個人番号は1234567\n89018です\n", "ID.my_number", "fix"),
    "F10 long vowels": ("t.txt", "個人番号は１２３４ー５６７８ー９０１８\n", "ID.my_number", "fix"),
    "F12 insurer": ("t.txt", "保険者番号33120015の加入者\n", "ID.insurer_number", "fix"),
    "F12 insured": ("t.txt", "記号12-34 番号567(枝番01)\n", "ID.insured_number", "fix"),
    "F12 payer": ("t.txt", "公費負担者番号21136015\n", "ID.public_payer_number", "fix"),
    "F12 recipient": ("t.txt", "受給者番号は1234567です\n", "ID.recipient_number", "fix"),
    "F12 joined": ("t.txt", "資格 00012345:あいう:１８７:05\n", "ID.insured_number", "fix"),
    "F13 pension": ("t.txt", "基礎年金番号は1234-567890です\n", "ID.pension_number", "fix"),
    "F13 care": ("t.txt", "介護保険被保険者番号0001234567\n", "ID.care_insured_number", "fix"),
    "F13 licence": ("t.txt", "運転免許証番号301234567890\n", "ID.driving_licence", "fix"),
    "F13 passport": ("t.txt", "旅券番号はTR1234567です\n", "ID.passport", "fix"),
    "F13 residence card": ("t.txt", "在留カードAB12345678CDを確認\n", "ID.residence_card", "fix"),
    "F14 physician": ("t.txt", "医籍登録番号 第123456号\n", "ID.physician_registration", "fix"),
    "F14 narcotics": ("t.txt", "麻薬施用者番号は第12-3456号\n", "ID.narcotics_licence", "fix"),
    "F14 insurance physician": ("t.txt", "保険医登録番号12345\n", "ID.physician_registration", "fix"),
    "F15 institution": ("t.txt", "医療機関コード1318814790\n", "ID.facility_code", "review"),
    "F16 chart": ("t.txt", "患者ID 00123456を除外した。\n", "ID.chart_number", "fix"),
    "F16 parameter": ("t.txt", "確認 pid=00123456\n", "ID.chart_number", "fix"),
    "F16 URL": ("t.txt", "https://emr.example.jp/karte/00123456\n", "ID.url", "review"),
    "F17 postal": ("t.txt", "〒113-8655へ送付\n", "ID.postal_code", "fix"),
    "F18 wide telephone": ("t.txt", "電話は０９０ー１２３４ー５６７８\n", "ID.phone", "fix"),
    "F18 kanji digits": ("t.txt", "連絡は〇九〇ー一二三四ー五六七八へ\n", "ID.phone", "fix"),
    "F19 e-mail": ("t.txt", "連絡先はtaro@example.co.jpです\n", "ID.email", "fix"),
    "F20 era": ("t.txt", "生年月日は昭和26年4月5日です\n", "ID.birth_date", "fix"),
    "F20 letter": ("t.txt", "S26.4.5生\n", "ID.birth_date", "fix"),
    "F20 kanji": ("t.txt", "昭和二十六年四月五日生まれ\n", "ID.birth_date", "fix"),
    "F20 square era": ("t.txt", "誕生日 ㍼26年4月5日\n", "ID.birth_date", "fix"),
    "F20 first year": ("t.txt", "令和元年5月1日生まれ\n", "ID.birth_date", "fix"),
    "F21 receipt": ("t.csv", "群,生年月日,n\nA,3260405,120\nB,5010203,130\n", "ID.birth_date", "fix"),
    "F22 serial": ("t.csv", "群,生年月日,n\nA,18723,120\nB,20111,130\n", "ID.birth_date", "fix"),
    "F22 epoch": ("t.csv", "群,birth_date,n\nA,-591408000,120\nB,-300000000,130\n", "ID.birth_date", "fix"),
    "F22 Julian day": ("t.csv", "群,birth_date,n\nA,2433741,120\nB,2433999,130\n", "ID.birth_date", "fix"),
    "F23 day of surgery": ("t.txt", "手術日 2021-04-05\n", "ID.event_date", "fix"),
    "F24 address": ("t.txt", "文京区本郷7-3-1に在住\n", "ID.address", "fix"),
    "F24 kanji numerals": ("t.txt", "住所は本郷三丁目一番一号である\n", "ID.address", "fix"),
    "F24 flat": ("t.txt", "メゾン本郷301号室\n", "ID.address", "fix"),
    "F24 coordinates": ("t.txt", "地点 35.7126,139.7617\n", "ID.coordinates", "fix"),
    "F24 plus code": ("t.txt", "地点 8Q7XPQ6V+2C\n", "ID.coordinates", "fix"),
    "F24 geohash": ("t.txt", "geohash: xn77h1g2\n", "ID.coordinates", "fix"),
    "F25 footnote": ("t.md", "* 亀田総合病院 5東病棟\n", "ID.facility", "review"),
    "F28 keys": (
        "t.csv",
        "pseud_id,値\n6f1c2d3e-1111-4222-8333-abcdefabcdef,12.5\n6f1c2d3e-1111-4222-8333-abcdefabcdea,13.5\n",
        "ID.linkable_key",
        "reject",
    ),
    "F29 genotypes": (
        "t.csv",
        "rsid,genotype\nrs429358,CT\nrs7412,CC\nrs1800562,GG\n",
        "ID.genome",
        "reject",
    ),
    "F29 variant call format": (
        "t.txt",
        "##fileformat=VCF\n#CHROM\tPOS\tID\tREF\tALT\tNA00001\n",
        "ID.genome",
        "reject",
    ),
    "G27 file name": ("山田太郎_結果.csv", "診断,人数\nA,120\nB,130\n", "ID.name", "fix"),
    "G27 column name": ("t.csv", "診断,pt_00123456\nA,120\nB,130\n", "ID.chart_number", "fix"),
    "E12 case report": (
        "t.txt",
        "82歳女性、令和3年4月5日、亀田総合病院で僧帽弁置換術\n",
        "ID.combination",
        "review",
    ),
    "E13 rare disease": (
        "t.txt",
        "本邦初のフルクトース-1,6-ビスホスファターゼ欠損症の男児、北海道津別町\n",
        "ID.combination",
        "review",
    ),
    "E14 public person": ("t.txt", "元横綱の男性、透析導入\n", "ID.combination", "review"),
    "json": ("t.json", '{"my_number": "123456789018"}', "ID.my_number", "fix"),
    "json with escapes": (
        "t.json",
        json.dumps({"氏名": "山田太郎", "n": 120}, ensure_ascii=True),
        "ID.name",
        "fix",
    ),
    "tsv": ("t.tsv", "群\tカルテ番号\nA\t00123456\nB\t00123457\n", "ID.chart_number", "fix"),
    "SS-MIX2": (
        "t.txt",
        "/ssmix/012/345/0123456789/20080126/OML-11/\n",
        "ID.ssmix_path",
        "fix",
    ),
}

HARMLESS: dict[str, tuple[str, str]] = {
    "F11 timestamps": (
        "t.csv",
        "記録時刻,件数\n"
        + "".join(f"2021{m:02}{d:02}1230,{100 + d}\n" for m in (4, 5) for d in range(1, 28)),
    ),
    "F17 range": ("t.txt", "用量の範囲は100-2000とした。\n"),
    "F26 eponyms": (
        "t.md",
        "橋本病 / 川崎病 / 高安動脈炎 / 木村病 / 森田療法 / 長谷川式 / フィッシャーの検定\n",
    ),
    "F27 codes": (
        "t.csv",
        "DPCコード,YJコード,レセプト電算コード,患者数\n010060x2990401,2149039F1023,611170508,120\n040080x099x0xx,3961003F1397,620003477,230\n",
    ),
    "H06 estimates": ("t.csv", "項目,OR,95%CI,P値\n年齢,1.23,0.70-0.96,0.03\n性別,0.88,0.80-0.97,0.01\n"),
    "H07 README": (
        "README.md",
        "2次医療圏ごとの集計である。Kaplan-Meier法とCox比例ハザードモデル、Fisherの正確検定を用いた。\n",
    ),
    "H08 code table": ("t.csv", "病名管理番号,ICD10,患者数\n20054174,K297,120\n20069421,I10,340\n"),
    "H10 money": ("t.csv", "診断,費用(円),n\nA,12345678,30\nB,23456789,40\n"),
    "H11 script": ("t.md", "```\nSELECT dx, count(DISTINCT patient_key) FROM claims GROUP BY dx\n```\n"),
    "H12 zero": ("t.csv", "診断,人数\nA,0\nB,30\n"),
    "H13 years": ("t.csv", "year,version,ratio\n2019,4.3.1,0.70\n2020,4.3.1,0.96\n2021,4.3.1,0.80\n"),
    "H14 kinds of hospitals": ("t.csv", "病院種別,患者数\n大学病院,120\n市中病院,340\n"),
    "H21 cp932": ("t.csv", "診断,人数\n糖尿病,120\n高血圧,340\n"),
    "H22 gaps": ("t.csv", "診断,男,女\nA,,NA\nB,30,\nC,NA,40\n"),
}


def _check(folder: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(content)
    main([str(path), "--json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)["files"][0]
    return report


@pytest.mark.parametrize("case", CASES)
def test_an_identifier_is_found_whatever_it_looks_like(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, rule, mildest = CASES[case]
    report = _check(tmp_path, name, content.encode(), capsys)
    assert rule in {finding["rule"] for finding in report["findings"]}
    assert WEIGHT[report["verdict"]] >= WEIGHT[mildest]


@pytest.mark.parametrize("case", HARMLESS)
def test_what_identifies_nobody_has_no_finding(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content = HARMLESS[case]
    report = _check(tmp_path, name, content.encode("cp932" if "cp932" in case else "utf-8"), capsys)
    assert [finding["rule"] for finding in report["findings"] if finding["rule"].startswith("ID.")] == []


def test_a_finding_points_at_the_characters_as_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "経過\r\n患者は山\u200b田\u200b太郎、電話 ０９０ー１２３４ー５６７８。\r\n"
    report = _check(tmp_path, "t.txt", text.encode(), capsys)
    found = {
        finding["rule"]: text[finding["where"]["offset"] :][: finding["where"]["length"]]
        for finding in report["findings"]
    }
    assert found["ID.name"].startswith("山\u200b田\u200b太郎")
    assert found["ID.phone"] == "０９０ー１２３４ー５６７８"


def test_no_sentence_holds_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = _check(tmp_path, "t.txt", "山田太郎 個人番号123456789018\n".encode(), capsys)
    shown = json.dumps([[f["message"], f.get("remedy")] for f in report["findings"]], ensure_ascii=False)
    assert "123456789018" not in shown
    assert "山田" not in shown


def test_a_row_of_a_municipality_is_no_address_and_an_address_over_cells_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harmless = "都道府県,市区町村,診断,年齢,人数\n北海道,札幌市中央区,肺炎7,40-60,120\n東京都,文京区,喘息,65-74,130\n"
    report = _check(tmp_path, "a.csv", harmless.encode(), capsys)
    assert [f["rule"] for f in report["findings"] if f["rule"].startswith("ID.")] == []
    cut = "都道府県,市区町村,町,番,n\n東京都,文京区,本郷,7-3-1,120\n東京都,港区,芝公園,4-2-8,130\n"
    report = _check(tmp_path, "b.csv", cut.encode(), capsys)
    assert "ID.address" in {f["rule"] for f in report["findings"]}
    phone = "a,b,c,n\n090,1234,5678,120\n03,5841,2111,130\n"
    report = _check(tmp_path, "c.csv", phone.encode(), capsys)
    assert "ID.phone" in {f["rule"] for f in report["findings"]}


@pytest.mark.parametrize(
    "line",
    [
        "著者: 鈴木一郎1、田中美咲2、渡辺健3",
        "責任著者 中村 幸子(東西大学)",
        "**共著者** 加藤 誠、小林 直美",
        "Authors: Kenji Mori(1), Aya Shimizu(2)",
        "Corresponding author: Kenji Mori",
        "研究代表者 鈴木 一郎",
    ],
)
def test_the_authors_of_a_paper_are_for_people_and_nobody_else_is(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = _check(tmp_path, "t.md", f"# 表題\n\n{line}\n".encode(), capsys)
    names = [finding["severity"] for finding in report["findings"] if finding["rule"] == "ID.name"]
    assert names
    assert set(names) == {"review"}
    below = _check(tmp_path, "t.md", f"{line}\n患者は山田太郎である。\n".encode(), capsys)
    assert below["verdict"] == "fix"
    inside = _check(tmp_path, "t.md", "患者 山田太郎 は著者: である。\n".encode(), capsys)
    assert inside["verdict"] == "fix"


def test_a_short_name_in_a_column_of_areas_is_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    areas = "地域,患者数\n奈良県 計,1930\n奈良,427\n東和,380\n西和,415\n中和,357\n南和,351\n"
    assert _check(tmp_path, "t.csv", areas.encode(), capsys)["verdict"] in {"pass", "review"}
    people = "地域,患者数\n山田太郎,427\n佐藤花子,380\n鈴木一郎,415\n"
    assert _check(tmp_path, "t.csv", people.encode(), capsys)["verdict"] in {"fix", "reject"}
    other = areas.replace("地域", "氏名")
    assert _check(tmp_path, "t.csv", other.encode(), capsys)["verdict"] in {"fix", "reject"}
