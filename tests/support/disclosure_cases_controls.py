"""Honest results (H, and A07, A10, E15): none of them may be sent back.

H09, H16 and H15 as pictures or names are for other checks; here stand their tables and words.
"""

import math
import random
from typing import Any

from tests.support.disclosure_written import Case

_DRAW = random.Random(5)
_ALL = ("csv", "tsv", "json", "md", "txt")
_TEXT: dict[str, Any] = {"least": "pass", "worst": "review"}


def _five(number: float) -> str:
    return str(5 * round(number / 5))


_HONEST: list[tuple[str, list[list[str]]]] = [
    ("A07 a city", [["市区町村", "患者数"], ["横浜市", "12"], ["川崎市", "340"]]),
    ("A10 nobody", [["診断", "男", "女"], ["肺炎", "125", "131"], ["前立腺癌", "118", "0"]]),
    ("A10 one column", [["診断", "人数"], ["肺炎", "125"], ["ペスト", "0"]]),
    (
        "E15 values with counts",
        [["主訴", "人数"], ["頭痛", "1200"], ["腹痛", "840"], ["発熱", "620"], ["咳", "15"]],
    ),
    (
        "H01 table 1",
        [
            ["変数", "全体 (n=1200)", "男 (n=600)", "女 (n=600)"],
            ["年齢 平均 (SD)", "65.2 (10.1)", "64.1 (9.8)", "66.3 (10.2)"],
            ["糖尿病 n (%)", "240 (20.0)", "120 (20.0)", "120 (20.0)"],
            ["高血圧 n (%)", "480 (40.0)", "255 (42.5)", "225 (37.5)"],
        ],
    ),
    (
        "H01 English",
        [
            ["", "Overall", "Cases", "Controls"],
            ["n", "1200", "400", "800"],
            ["Age, mean (SD)", "65.2 (10.1)", "64.1 (9.8)", "66.3 (10.2)"],
            ["Female, n (%)", "600 (50.0)", "205 (51.2)", "395 (49.4)"],
            ["Diabetes, n (%)", "240 (20.0)", "90 (22.5)", "150 (18.8)"],
        ],
    ),
    (
        "H02 logistic",
        [
            ["term", "coef", "std err", "z", "P>|z|", "[0.025", "0.975]"],
            ["Intercept", "-2.3105", "0.210", "-11.0", "0.000", "-2.72", "-1.90"],
            ["age", "0.0312", "0.004", "7.8", "0.000", "0.02", "0.04"],
            ["sex[T.M]", "0.2201", "0.061", "3.6", "0.000", "0.10", "0.34"],
        ],
    ),
    (
        "H02 Japanese",
        [
            ["変数", "オッズ比", "95%信頼区間下限", "95%信頼区間上限", "p値"],
            ["年齢(10歳毎)", "1.36", "1.26", "1.48", "<0.001"],
            ["男性", "1.25", "1.11", "1.41", "<0.001"],
            ["糖尿病", "1.08", "0.95", "1.22", "0.231"],
        ],
    ),
    (
        "H03 rounded curve",
        [
            ["time", "n_at_risk_midpoint6", "survival_midpoint6"],
            *([str(30 * i), str(1203 - 60 * i), f"{0.985**i:.3f}"] for i in range(13)),
        ],
    ),
    (
        "H04 five-year classes",
        [
            ["年齢階級", "男", "女"],
            *([f"{a}-{a + 4}歳", _five(300 + a), _five(320 + a)] for a in range(0, 90, 5)),
            ["90歳以上", "45", "85"],
        ],
    ),
    (
        "H04 English",
        [["age_group", "n"], *([f"{a}-{a + 4}", str(300 + a)] for a in range(40, 90, 5)), ["90+", "45"]],
    ),
    (
        "H05 prefecture by sex",
        [
            ["都道府県", "男", "女"],
            ["北海道", "1200", "1300"],
            ["東京都", "4200", "4350"],
            ["大阪府", "2900", "2950"],
            ["沖縄県", "310", "290"],
        ],
    ),
    (
        "H06 comparisons",
        [
            ["比較", "OR", "95% CI", "p"],
            ["A vs B", "1.25", "1.10-1.42", "0.003"],
            ["A vs C", "0.87", "0.70-1.08", "0.21"],
        ],
    ),
    (
        "H08 code tables",
        [
            ["レセプト電算コード", "医薬品名", "患者数"],
            ["611170508", "アムロジピン", "1200"],
            ["620004624", "アトルバスタチン", "940"],
            ["622415901", "エソメプラゾール", "310"],
        ],
    ),
    (
        "H08 DPC",
        [
            ["DPCコード", "名称", "n", "平均在院日数"],
            ["040080x099x0xx", "肺炎", "1200", "12.4"],
            ["050130xx9900xx", "心不全", "940", "17.1"],
        ],
    ),
    (
        "H09 the table of a figure",
        [
            ["month", "n_patients", "rate_percent"],
            *([f"2021-{m:02}", str(1000 + 13 * m), f"{12 + m / 10:.1f}"] for m in range(1, 13)),
        ],
    ),
    (
        "H10 costs",
        [
            ["診断群", "患者数", "医療費合計(円)", "平均医療費(円)"],
            ["循環器", "1200", "86400000", "72000"],
            ["呼吸器", "940", "61100000", "65000"],
        ],
    ),
    (
        "H12 zeros",
        [
            ["診断", "2019年", "2020年", "2021年"],
            ["A", "120", "0", "130"],
            ["B", "0", "0", "45"],
            ["C", "310", "290", "275"],
        ],
    ),
    (
        "H13 years and ratios",
        [["年", "比", "版"], ["2019", "0.70", "4.3.1"], ["2020", "0.88", "4.3.1"], ["2021", "0.96", "4.3.2"]],
    ),
    (
        "H14 kinds of hospitals",
        [
            ["病院種別", "施設数", "患者数"],
            ["大学病院", "12", "4200"],
            ["市中病院", "140", "18400"],
            ["診療所", "310", "9200"],
        ],
    ),
    (
        "H18 box plot",
        [
            ["群", "n", "5%点", "第1四分位", "中央値", "第3四分位", "95%点"],
            ["甲", "520", "2.1", "5.5", "8.0", "14.5", "31.0"],
            ["乙", "480", "2.4", "5.1", "8.2", "15.5", "33.5"],
        ],
    ),
    (
        "H19 histogram",
        [
            ["在院日数", "人数"],
            *([f"{d}-{d + 4}日", str(900 - 12 * d)] for d in range(0, 60, 5)),
            ["60日以上", "55"],
        ],
    ),
    (
        "H20 Cox",
        [
            ["変数", "ハザード比", "下限", "上限", "p値"],
            ["年齢(10歳毎)", "1.36", "1.26", "1.48", "<0.001"],
            ["治療あり", "0.81", "0.70", "0.93", "0.004"],
            ["病院変量効果の分散", "0.112", "", "", ""],
        ],
    ),
    (
        "H22 many blanks",
        [["診断", "男", "女", "計"], ["A", "", "NA", ""], ["B", "30", "", ""], ["C", "NA", "45", ""]],
    ),
]

_SPLINE = [[str(5 * i), f"{0.2 + math.sin(i / 8) / 20:.3f}", str(_five(400 - 9 * i))] for i in range(12)]

H = [
    *(
        Case(name, "pass", grid, worst="review", kinds=_ALL, turned=not name.startswith("H03"))
        for name, grid in _HONEST
    ),
    Case(
        "H06 in words",
        text="主要評価項目のハザード比は0.81(95%信頼区間 0.70–0.93、p = 0.004)であった。感度分析でもOR 1.25 (95% CI 1.10-1.42)。\n",
        kind="md",
        **_TEXT,
    ),
    Case(
        "H07 README",
        text="# 解析の説明\n\n本解析は2次医療圏ごとに集計し、Fisher の正確検定と Kaplan–Meier 法、Cox 回帰を用いた。橋本病、川崎病、高安動脈炎を対象とする。対象期間は2019年4月から2021年3月。人数が10人未満の区分は示していない。65歳以上の男性、75歳以上の女性に分けた。\n",
        kind="md",
        **_TEXT,
    ),
    Case(
        "H11 SQL",
        text="SELECT age_group, sex, count(DISTINCT patient_key) AS n\nFROM admissions\nWHERE admission_date BETWEEN '2019-04-01' AND '2021-03-31'\nGROUP BY 1, 2\nHAVING count(DISTINCT patient_key) >= 10;\n",
        kind="txt",
        **_TEXT,
    ),
    Case(
        "H11 Python",
        text="import pandas as pd\nimport numpy as np\n\n\ndef table(df):\n    for k in range(3):\n        df = df[df['age'] >= 18]\n    return df.groupby(['sex', 'age_group']).size()\n",
        kind="txt",
        **_TEXT,
    ),
    Case(
        "H15 authors",
        # Authors are known from the request's own statement; a bare file has none, so their names are names.
        text="著者: 山田花子1、佐藤次郎2\n1 東京大学医学部附属病院\n2 京都大学大学院医学研究科\n",
        kind="md",
        **{**_TEXT, "worst": "fix"},
    ),
    Case(
        "H16 references",
        text="1. Yamada T, Suzuki H. Title. J Med. 2019;3(2):12-18.\n2. Sato K. Other. Lancet 2020;5:1-9.\n",
        kind="txt",
        **_TEXT,
    ),
    Case(
        "H17 masked",
        "pass",
        [["診断", "男", "女"], ["A", "*", "120"], ["B", "340", "310"], ["C", "*", "*"]],
        worst="review",
        notes=("* は1〜9人",),
        kinds=_ALL,
    ),
    Case(
        "H18 in words",
        text="箱ひげ図は5%点から95%点までを示し、外れ値は描いていない。各群50例以上である。\n",
        kind="md",
        **_TEXT,
    ),
    Case(
        "H21 spline with counts",
        "pass",
        [["日", "推定値", "人数"], *_SPLINE],
        worst="review",
        kinds=_ALL,
        turned=False,
    ),
]
