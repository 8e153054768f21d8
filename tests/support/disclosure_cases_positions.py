"""Positions, survival and curves (D01 to D13), as grids and texts, each in several hands.

Pictures (D05 as a drawing, D28 and so on) are other formats; here stands the table behind them.
"""

import random

from tests.support.disclosure_written import Case

_DRAW = random.Random(73)


def _survival(people: int) -> list[tuple[int, int, int, float]]:
    """Time, at risk, events, survival of a small group with one event a step."""
    rows, alive, share = [], people, 1.0
    for time in sorted(_DRAW.sample(range(3, 900), people - 12)):
        share *= 1 - 1 / alive
        rows.append((time, alive, 1, share))
        alive -= 1
    return rows


_KM = _survival(60)
_XY = [[f"{_DRAW.gauss(60, 12):.1f}", f"{_DRAW.gauss(130, 18):.1f}"] for _ in range(37)]
_ROC = sorted((_DRAW.random(), _DRAW.random()) for _ in range(60))
_ALL = ("csv", "tsv", "json", "md", "txt")

POSITIONS = [
    Case(
        "D01 youngest and oldest",
        "fix",
        [["項目", "最小値", "最大値", "平均"], ["年齢", "18", "109", "53.2"]],
    ),
    Case(
        "D01 English", "fix", [["variable", "n", "mean", "min", "max"], ["age", "1500", "53.2", "18", "109"]]
    ),
    Case(
        "D01 range in a cell",
        "fix",
        [["変数", "平均 (範囲)"], ["年齢", "53.2 (18-109)"], ["体重", "60.1 (31-140)"]],
    ),
    Case("D01 in words", "fix", text="対象は1500例で、最高齢は109歳であった。\n", kind="txt"),
    Case(
        "D02 outer percentiles",
        "fix",
        [["項目", "人数", "1パーセンタイル", "99パーセンタイル"], ["年齢", "150", "19", "97"]],
    ),
    Case("D02 English", "fix", [["", "n", "p1", "p99"], ["age", "150", "19.0", "97.0"]]),
    Case("D02 without n", "fix", [["variable", "1%", "99%"], ["age", "19.5", "97.5"]]),
    Case(
        "D03 quartiles of twelve",
        "review",
        [["項目", "n", "第1四分位", "中央値", "第3四分位"], ["在院日数", "12", "5.5", "8.0", "14.5"]],
        worst="fix",
    ),
    Case(
        "D03 English",
        "review",
        [["variable", "n", "q1", "median", "q3"], ["los", "12", "5.5", "8.0", "14.5"]],
        worst="fix",
    ),
    Case("D04 median of three", "fix", [["群", "n", "中央値"], ["甲", "3", "8.0"], ["乙", "40", "9.5"]]),
    Case(
        "D05 outliers",
        "fix",
        [
            ["群", "第1四分位", "中央値", "第3四分位", "外れ値"],
            ["甲", "5.5", "8.0", "14.5", "61.2"],
            ["乙", "5.1", "8.2", "15.5", "88.0"],
        ],
    ),
    Case(
        "D05 fliers",
        "fix",
        [
            ["group", "q1", "median", "q3", "outliers"],
            ["A", "5.5", "8.0", "14.5", "61.2"],
            ["B", "5.1", "8.2", "15.5", "88.0"],
        ],
    ),
    Case("D06 scatter", "reject", [["age", "sbp"], *_XY], kinds=_ALL),
    Case("D06 scatter, unnamed", "reject", [["x", "y"], *_XY], kinds=_ALL),
    Case("D06 scatter, sorted", "review", [["x", "y"], *sorted(_XY)], kinds=_ALL),
    Case("D07 Bland and Altman", "review", [["mean_of_methods", "difference"], *_XY], kinds=_ALL),
    Case("D07 Q-Q", "review", [["theoretical", "sample"], *sorted([a, b] for a, b in _XY)], kinds=_ALL),
    Case("D07 residuals", "reject", [["fitted", "residual"], *_XY], kinds=_ALL),
    Case(
        "D08 curve", "fix", [["time", "survival"], *([str(t), f"{s:.4f}"] for t, _, _, s in _KM)], kinds=_ALL
    ),
    Case(
        "D08 Japanese",
        "fix",
        [["日数", "生存率"], *([str(t), f"{100 * s:.2f}"] for t, _, _, s in _KM)],
        kinds=_ALL,
    ),
    Case(
        "D08 R",
        "fix",
        [["time", "surv"], *([str(t), f"{s:.3f}"] for t, _, _, s in _KM)],
        kinds=("csv", "txt"),
    ),
    Case(
        "D09 number at risk",
        "fix",
        [["時点(月)", "リスク集合"], ["0", "60"], ["6", "31"], ["12", "5"], ["18", "2"], ["24", "1"]],
    ),
    Case(
        "D09 English",
        "fix",
        [
            ["", "0", "6", "12", "18"],
            ["No. at risk A", "60", "31", "12", "5"],
            ["No. at risk B", "61", "35", "14", "2"],
        ],
    ),
    Case(
        "D10 life table",
        "fix",
        [
            ["timeline", "removed", "n_events", "censored", "at_risk"],
            *([str(t), "1", "1", "0", str(r)] for t, r, _, _ in _KM[:30]),
        ],
        kinds=_ALL,
    ),
    Case(
        "D10 statsmodels",
        "fix",
        [
            ["Time", "Surv prob", "Surv prob SE", "num at risk", "num events"],
            *([str(t), f"{s:.6f}", "0.016", str(r), str(e)] for t, r, e, s in _KM),
        ],
        kinds=_ALL,
    ),
    Case(
        "D11 waterfall",
        "review",
        [
            ["patient", "change_percent"],
            *(
                [str(i), f"{c:.1f}"]
                for i, c in enumerate(sorted((_DRAW.gauss(-20, 40) for _ in range(30)), reverse=True), 1)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D11 swimmer",
        "reject",
        [
            ["症例", "治療期間(月)", "転帰"],
            *(
                [f"症例{i}", f"{_DRAW.random() * 30:.1f}", _DRAW.choice(["PD", "CR", "継続"])]
                for i in range(1, 25)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D12 ROC",
        "fix",
        [
            ["threshold", "fpr", "tpr"],
            *(
                [
                    f"{1 - i / 60:.4f}",
                    f"{sorted(a for a, _ in _ROC)[i]:.4f}",
                    f"{sorted(b for _, b in _ROC)[i]:.4f}",
                ]
                for i in range(60)
            ),
        ],
        kinds=_ALL,
    ),
    Case(
        "D12 Japanese",
        "fix",
        [
            ["閾値", "感度", "特異度"],
            *([f"{i / 40:.3f}", f"{1 - i / 41:.4f}", f"{i / 40:.4f}"] for i in range(40)),
        ],
        kinds=_ALL,
    ),
    Case(
        "D13 decile of eight",
        "fix",
        [
            ["十分位", "人数", "予測確率", "実測割合"],
            ["1", "8", "0.05", "0.06"],
            ["2", "80", "0.10", "0.11"],
            ["3", "82", "0.20", "0.19"],
        ],
    ),
    Case(
        "D13 without n",
        "review",
        [
            ["decile", "predicted", "observed"],
            *([str(i), f"{i / 11:.3f}", f"{i / 10.5:.3f}"] for i in range(1, 11)),
        ],
        kinds=_ALL,
    ),
]
