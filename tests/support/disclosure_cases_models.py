"""Models, sums, maps and trees (D14 to D30), as grids and texts, each in several hands."""

import math
import random

from tests.support.disclosure_written import Case

_DRAW = random.Random(74)
_ALL = ("csv", "tsv", "json", "md", "txt")

MODELS = [
    Case(
        "D14 saturated",
        "fix",
        text="OLS Regression Results\nNo. Observations: 40\nDf Residuals: 4\nDf Model: 35\n",
        kind="txt",
    ),
    Case(
        "D14 patient dummies",
        "reject",
        [
            ["term", "coef", "std err"],
            ["Intercept", "12.3", "0.4"],
            *([f"C(patient_id)[T.{i}]", f"{_DRAW.gauss(0, 2):.3f}", "1.1"] for i in range(2, 27)),
        ],
        kinds=_ALL,
    ),
    Case(
        "D14 in R",
        "fix",
        text="Residual standard error: 2.593 on 4 degrees of freedom\nMultiple R-squared:  0.99\n",
        kind="txt",
    ),
    Case("D14 Japanese", "fix", [["項目", "値"], ["残差自由度", "4"], ["決定係数", "0.99"]]),
    Case(
        "D15 one patient",
        "fix",
        [
            ["変数", "係数", "標準誤差"],
            ["切片", "12.3", "0.4"],
            ["年齢", "0.31", "0.05"],
            ["患者17ダミー", "-8.214", "3.1"],
        ],
    ),
    Case(
        "D15 English",
        "fix",
        [
            ["term", "estimate", "std.error"],
            ["(Intercept)", "12.3", "0.4"],
            ["age", "0.31", "0.05"],
            ["is_patient_0431", "-8.214", "3.1"],
        ],
    ),
    Case(
        "D16 saturated logit",
        "fix",
        [
            ["sex", "age_group", "region", "predicted"],
            *(
                [s, a, r, f"{_DRAW.random():.4f}"]
                for s in "FM"
                for a in ("0-64", "65-74", "75+")
                for r in ("east", "west")
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D16 Japanese",
        "fix",
        [
            ["性別", "年齢階級", "予測確率"],
            *([s, a, f"{_DRAW.random():.4f}"] for s in "男女" for a in ("65歳未満", "65-74歳", "75歳以上")),
        ],
        kinds=_ALL,
    ),
    Case(
        "D17 covariances",
        "review",
        [
            ["", "Intercept", "age", "sex"],
            ["Intercept", "0.412", "-0.021", "0.005"],
            ["age", "-0.021", "0.0031", "0.0002"],
            ["sex", "0.005", "0.0002", "0.091"],
        ],
        kinds=_ALL,
    ),
    Case(
        "D18 residual columns",
        "reject",
        [
            ["fitted", "resid", "leverage", "cooksd"],
            *(
                [
                    f"{_DRAW.gauss(10, 2):.3f}",
                    f"{_DRAW.gauss(0, 1):.3f}",
                    f"{_DRAW.random() / 9:.4f}",
                    f"{_DRAW.random() / 20:.5f}",
                ]
                for _ in range(40)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D18 Japanese",
        "reject",
        [
            ["当てはめ値", "残差", "てこ比"],
            *(
                [f"{_DRAW.gauss(10, 2):.3f}", f"{_DRAW.gauss(0, 1):.3f}", f"{_DRAW.random() / 9:.4f}"]
                for _ in range(40)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D19 effects of hospitals",
        "review",
        [["病院", "変量効果"], *([f"病院{c}", f"{_DRAW.gauss(0, 0.4):.3f}"] for c in "ABCDEFGH")],
        kinds=_ALL,
    ),
    Case(
        "D19 English",
        "review",
        [
            ["hospital_id", "random_effect", "se"],
            *([f"H{i:02}", f"{_DRAW.gauss(0, 0.4):.3f}", "0.12"] for i in range(12)),
        ],
        kinds=_ALL,
    ),
    Case(
        "D20 spline",
        "review",
        [["x", "fit"], *([f"{20 + i * 0.2:.1f}", f"{math.sin(i / 30):.5f}"] for i in range(300))],
        kinds=_ALL,
    ),
    Case(
        "D21 spiky density",
        "fix",
        [
            ["x", "density"],
            *([f"{20 + i * 0.5:.1f}", f"{abs(math.sin(i * 1.3)) / 9:.5f}"] for i in range(120)),
        ],
        kinds=_ALL,
    ),
    Case(
        "D22 correlations of six",
        "fix",
        [
            ["", "age", "sbp", "bmi"],
            ["age", "1.00", "0.61", "0.22"],
            ["sbp", "0.61", "1.00", "0.35"],
            ["bmi", "0.22", "0.35", "1.00"],
        ],
        notes=("相関行列 (n=6)",),
        kinds=_ALL,
    ),
    Case(
        "D22 without n",
        "review",
        [
            ["", "age", "sbp", "bmi"],
            ["age", "1.00", "0.61", "0.22"],
            ["sbp", "0.61", "1.00", "0.35"],
            ["bmi", "0.22", "0.35", "1.00"],
        ],
        kinds=_ALL,
    ),
    Case(
        "D23 one patient's cost",
        "fix",
        [
            ["病院", "医療費合計(円)", "最大患者の医療費(円)", "患者数"],
            ["甲", "12000000", "9600000", "45"],
            ["乙", "34000000", "1100000", "61"],
        ],
    ),
    Case(
        "D23 share",
        "fix",
        [
            ["hospital", "total_cost", "largest_share_percent", "n"],
            ["A", "12000000", "80.0", "45"],
            ["B", "34000000", "3.2", "61"],
        ],
    ),
    Case("D23 in words", "fix", text="甲病院の医療費のうち1名の患者が80%を占めた。\n", kind="txt"),
    Case(
        "D23 nothing said",
        "review",
        [["病院群", "医療費合計(円)", "患者数"], ["甲", "12000000", "45"], ["乙", "34000000", "61"]],
    ),
    Case(
        "D24 refunds",
        "review",
        [["区分", "合計金額(円)", "人数"], ["入院", "-1200000", "45"], ["外来", "34000000", "61"]],
    ),
    Case("D25 mode of postcode", "fix", [["項目", "最頻値"], ["郵便番号", "113-8655"], ["性別", "女"]]),
    Case("D25 English", "fix", [["variable", "mode"], ["postcode", "113-8655"], ["sex", "F"]]),
    Case(
        "D26 scores",
        "reject",
        [["PC1", "PC2"], *([f"{_DRAW.gauss(0, 2):.4f}", f"{_DRAW.gauss(0, 1):.4f}"] for _ in range(50))],
        kinds=_ALL,
    ),
    Case(
        "D26 t-SNE with clusters",
        "reject",
        [
            ["tsne_1", "tsne_2", "cluster"],
            *(
                [f"{_DRAW.gauss(0, 2):.4f}", f"{_DRAW.gauss(0, 1):.4f}", _DRAW.choice("ABC")]
                for _ in range(50)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D27 flow of three", "fix", [["from", "to", "value"], ["外来", "入院", "120"], ["入院", "ICU", "3"]]
    ),
    Case("D27 Japanese", "fix", [["元", "先", "人数"], ["外来", "入院", "120"], ["入院", "ICU", "3"]]),
    Case("D28 map by municipality", "fix", [["市区町村", "患者数"], ["青ヶ島村", "12"], ["横浜市", "3400"]]),
    Case(
        "D29 dot map",
        "reject",
        [
            ["lat", "lon"],
            *([f"{35.6 + _DRAW.random() / 9:.5f}", f"{139.6 + _DRAW.random() / 9:.5f}"] for _ in range(30)),
        ],
        kinds=_ALL,
    ),
    Case(
        "D29 Japanese",
        "reject",
        [
            ["緯度", "経度", "診断"],
            *(
                [f"{35.6 + _DRAW.random() / 9:.5f}", f"{139.6 + _DRAW.random() / 9:.5f}", "I21"]
                for _ in range(30)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D30 tree",
        "fix",
        text="|--- age <= 64.50\n|   |--- sbp <= 120.00\n|   |   |--- class: 0  samples = 2  value = [0, 2]\n|--- age >  64.50\n|   |--- class: 1  samples = 240  value = [120, 120]\n",
        kind="txt",
    ),
    Case(
        "D30 weights",
        "fix",
        text="|--- age <= 64.50\n|   |--- weights: [2.00, 0.00] class: 0\n|--- age >  64.50\n|   |--- weights: [120.00, 45.00] class: 1\n",
        kind="txt",
    ),
    Case(
        "D30 rpart",
        "fix",
        text="n= 300\n\nnode), split, n, deviance, yval\n      * denotes terminal node\n\n1) root 300 61.2 0.30\n  2) age< 64.5 297 55.0 0.29 *\n  3) age>=64.5 3 0.67 0.66 *\n",
        kind="txt",
    ),
]
