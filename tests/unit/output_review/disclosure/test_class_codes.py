"""Numbers that are codes of classes, points of time, correlations or numbers of items, and counts that look like them."""

import pytest

from tests.unit.output_review.disclosure.checked_files import check

NO_COUNTS = {
    "scale": "cci,n,percent\n0,3855,46.1\n1,2545,30.5\n2,1954,23.4\n",
    "codes beside their words": "Table,label,smoke,Frequency\nsmoke,Never,0,1208\nsmoke,Former,1,667\nsmoke,Current,2,425\n",
    "folds": "model,fold,n_valid,auroc\nlogit,1,2000,0.78\nlogit,2,2000,0.77\nrf,1,2000,0.76\nrf,2,2000,0.79\n",
    "before and after": "month,n_patients,rate,post\n"
    + "".join(f"2018-{n:02},{5000 + n * 17},3{n}.2,{int(n > 6)}\n" for n in range(1, 13)),
    "quarters": "rel_quarter,estimate,se\n-3,0.012,0.008\n-2,0.021,0.008\n0,-0.018,0.008\n1,-0.026,0.008\n2,-0.031,0.008\n",
    "correlations": ",age,sbp,egfr\nage,1,0.42,-0.13\nsbp,0.42,1,-0.21\negfr,-0.13,-0.21,1\n",
    "months over columns": "月,0,6,12,18\nA群 at risk,1204,1102,1011,902\nB群 at risk,1198,1061,945,811\n",
    "items": "Item,Recommendation,Page\n1,Title,1\n4,Study design,4\n6,Setting,12\n",
    "medians below an N": "項目,介入群 (n=844),対照群 (n=862)\n死亡,96 (11.4%),127 (14.7%)\nICU滞在日数(中央値),5,5\n",
    "minutes": "weekday,n,mean_min,sd_min\nMon,1111,45.3,22.6\nTue,988,42.5,21.2\nWed,849,35.4,17.7\n",
    "the same patient": "病棟,人数\n東,1203\n西,1310\n同一患者の再入院は一度だけ数えた,\n",
}
COUNTS = {
    "step": "month,n_patients,post\n"
    + "".join(f"2018-{n:02},{5000 + n * 17},{n % 2}\n" for n in range(1, 13)),
    "below a scale": "cci,n\n0,3855\n1,2545\n2,7\n",
    "not in order": "x,n\n2,3855\n5,2545\n3,1954\n",
    "below nothing": "x,estimate,se\n-3,0.012,0.008\n7,0.021,0.008\n4,-0.018,0.008\n",
    "no correlation": ",age,sbp,egfr\nage,1,42,13\nsbp,42,1,21\negfr,13,21,1\n",
    "times out of step": "月,0,6,7,18\nA群,1204,1102,1011,902\nB群,1198,1061,945,811\n",
}


@pytest.mark.parametrize("way", NO_COUNTS)
def test_codes_are_no_counts(way: str) -> None:
    report = check(NO_COUNTS[way])
    assert report.verdict.value in {"pass", "review"}, report.files[0].findings


@pytest.mark.parametrize("way", COUNTS)
def test_counts_that_look_like_codes_are_counts(way: str) -> None:
    assert check(COUNTS[way]).verdict.value in {"fix", "reject"}


def test_curves_of_several_groups_are_read_group_by_group() -> None:
    rows = "".join(
        f"{g},{m},{1800 - 9 * m},{1 - 0.005 * m:.3f}\n" for g in ("A", "B") for m in range(0, 61, 12)
    )
    assert check(f"group,month,at_risk,survival\n{rows}").verdict.value == "review"
    steps = "".join(f"A,{m},{37 - n},{1 - n / 37:.4f}\n" for n, m in enumerate((0, 3, 4, 9, 11, 17)))
    assert check(f"group,month,at_risk,survival\n{rows}{steps}").verdict.value == "fix"


def test_a_code_book_and_missing_values_are_no_rows_of_persons() -> None:
    book = "変数名,ラベル,型,定義\nsex,性別,カテゴリ,1=男性\nage_cat,年齢階級,カテゴリ,5歳階級\nlos,在院日数,数値,退院日まで\n"
    assert check(book).verdict.value in {"pass", "review"}
    missing = "変数,非欠測,欠測,欠測割合(%)\n性別,9312,0,0\n年齢,9312,0,0\nBMI,8500,812,8.72\n"
    assert check(missing).verdict.value in {"pass", "review"}
    people = "項目,p1,p2,p3\n性別,男,女,男\n年齢,72,65,81\nBMI,21.3,24.8,19.9\n"
    assert check(people).verdict.value == "reject"
