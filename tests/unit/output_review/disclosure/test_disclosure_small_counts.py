"""Small cells (cases A): every way a count below ten is written, and what is no such count."""

import pytest

from tests.unit.output_review.disclosure.checked_files import cells, check, findings, verdict

TABLE = '診断,男,女\n肺炎,25,31\n胃癌,"{}",18\n'

WRITTEN_SMALL = (
    "7", "７", "⑦", "٧", "七", "三名", "壱", "1", "9", "7 ", " 7", "'7", "7.0", "７．０", "7e0", "007", "７人", "7名", "7例",
    "n=7", "n = 7", "N=7", "7 (14.3%)", "7(14.3)", "14.3% (7)", "7/45", "7*", "(7)", "約7", "7\u200b", "7件",
)  # fmt: skip
NOT_SMALL = (
    "0", "〇", "0人", "10", "１０", "十二", "1,204", "12.5", "14.3%", "<10", "10未満", "*", "-", "", "NA", "7日", "7歳", "7%",
)  # fmt: skip


def test_a_seven_is_named_by_row_and_header() -> None:
    report = check(TABLE.format("7"))
    assert report.verdict.value == "fix"
    assert cells(report) == [(3, "男")]
    assert findings(report, "SDC.small_cell")[0].remedy is not None


@pytest.mark.parametrize("written", WRITTEN_SMALL)
def test_a_small_count_is_found_however_it_is_written(written: str) -> None:
    assert cells(check(TABLE.format(written))) == [(3, "男")]


@pytest.mark.parametrize("written", NOT_SMALL)
def test_what_is_no_small_count_has_no_finding(written: str) -> None:
    assert check(TABLE.format(written)).files[0].findings == ()


@pytest.mark.parametrize("numbers", ["1,0\n疾患B,0,0", "0,1\n疾患B,25,31", "1,2\n疾患B,25,31"])
def test_numbers_under_blank_headings_are_counts_though_they_read_like_levels(numbers: str) -> None:
    assert verdict(f"診断,,\n疾患A,{numbers}\n") == "fix"


@pytest.mark.parametrize("written", ["数例", "数名", "若干名"])
def test_a_vague_count_is_left_to_people(written: str) -> None:
    assert verdict(TABLE.format(written)) == "review"


def test_every_small_cell_is_named() -> None:
    report = check("診断,男,女\nA,1,2\nB,30,9\n")
    assert cells(report) == [(2, "男"), (2, "女"), (3, "女")]


def test_a_column_without_a_header_is_named_by_its_letter() -> None:
    assert cells(check("診断,\nA,7\nB,30\n")) == [(2, "B")]


def test_claims_without_persons_are_looked_at_and_with_persons_are_not() -> None:
    report = check("診断,件数\nA,480\nB,120\n")
    assert report.verdict.value == "review"
    assert cells(report, "SDC.rows_not_persons") == [(1, "件数")]
    # 48 claims may be those of five persons: that is to be mended, not only looked at.
    report = check("診断,件数\nA,48\nB,120\n")
    assert report.verdict.value == "fix"
    assert cells(report, "SDC.rows_not_persons") == [(2, "件数")]
    assert verdict("診断,件数,患者数\nA,48,12\nB,120,30\n") == "pass"


def test_few_claims_are_few_persons() -> None:
    assert cells(check("診断,レセプト件数\nA,7\nB,120\n")) == [(2, "レセプト件数")]


@pytest.mark.parametrize(
    "text",
    [
        "A,7\nB,12\n",  # no header at all
        "診断,1,2,3\nA,20,7,40\n",  # levels as headers
        "表1 結果,,\n診断,男,女\nA,20,7\n",  # a title above
        "sex;n\nm;12\nf;7\n",
        "sex\tn\nm\t12\nf\t7\n",
        "7\n",
        "dx,control group,final stage,Low birth weight\nA,20,7,30\n",
        "dx,F,No,大学病院\nA,20,7,30\n",
        "dx,2019年,2020年\nA,7,20\n",
        "dx,高血圧,時間外\nA,7,20\n",
        "EF,<40%,>=40%\nA,7,20\n",
        "time,at risk,survival\n0,120,0.9\n24,9,0.8\n",
        "診断,人数,割合\nA,7,0.14\n",
        "項目,値\n人数,7\n平均年齢,65.2\n",
    ],
)
def test_no_layout_hides_a_small_count(text: str) -> None:
    assert cells(check(text))


@pytest.mark.parametrize(
    "text",
    [
        "変数,全体 (n=1200),男 (n=600)\n年齢 平均 (SD),65.2 (10.1),64.1 (9.8)\n糖尿病 n (%),240 (20.0),120 (20.0)\n",
        "term,coef,se,z,p,lower,upper\nage,0.05,0.01,5.0,0.000,0.03,0.07\nsex,-0.3,0.1,-3.0,0.003,-0.5,-0.1\n",
        "年齢階級,人数\n0-4歳,120\n5-9歳,130\n90歳以上,40\n",
        "都道府県,男,女\n東京都,1200,1300\n大阪府,900,950\n",
        "ICDコード,レセプト電算コード,患者数\nJ18,611170508,120\nI10,612345678,340\n",
        "診断,診療報酬請求額(円),最大患者の割合(%),n\nA,12345678,8.1,30\nB,23456789,6.5,40\n",
        "year,version,ratio\n2019,4.3.1,0.70\n2020,4.3.1,0.96\n",
        "病院種別,患者数\n大学病院,120\n市中病院,340\n",
        "診断,男,女\nA,,NA\nB,30,\n",
        "診断,n,%\nA,20,7\nB,30,9\n",
        "診断,n,在院日数\nA,20,7\nB,30,9\n",
        "指標,男,女\n平均在院日数,7,9\n人数,120,130\n",
        ",sex,n\n0,m,12\n1,f,30\n2,x,40\n",
        "sex,0\nm,12\nf,30\n",
        "年齢,性別,n\n65,1,120\n70,2,130\n",
    ],
)
def test_ordinary_tables_have_no_finding(text: str) -> None:
    assert check(text).files[0].findings == ()
