"""Results as programs print them: what betrays people in each layout, and the same layout without it."""

from typing import NamedTuple


class Layout(NamedTuple):
    """A file by name and text, and the verdict: at least this heavy where it betrays, at most where it does not."""

    name: str
    text: str
    verdict: str


_SAS = """\
                           The FREQ Procedure

                        Table of STAGE by ARM

STAGE                 ARM

Frequency
Percent
Row Pct
                  |   Surgery |    Watch  |  Total
------------------+-----------+-----------+
Stage I           |       812 |       640 |    1452
                  |     32.00 |     25.22 |   57.23
                  |     55.92 |     44.08 |
------------------+-----------+-----------+
Stage II          |       401 |       {0} |    {1}
                  |     15.81 |      {2} |   {3}
                  |     {4} |     {5} |
------------------+-----------+-----------+
"""
_PANDAS = """\
>>> print(t.to_string())
            Finding  2022  2023
0   Pleural effusion  410   388
1       Ground glass  {0}  190
2  Nodule, any size,  512   560
"""
_TABLEONE = """\
Table 1. Baseline, n (%)

Characteristic                  Cases        Controls
----------------------------------------------------------
n                               1,204           2,408
Age, mean (SD)            68.2 (10.4)     68.0 (10.5)
Sex = Female             602 (50.0%)   1,204 (50.0%)
Smoking = Never          702 (58.3%)   1,450 (60.2%)
Smoking = Ever           {0}   958 (39.8%)
"""
_MERMAID = """\
flowchart TD
  P[スクリーニング n=8,204] --> Q[適格 n=7,120]
  P --> R[不適格 n=1,084]
  Q --> S[解析対象 n={0}]
"""
_DOT = 'digraph g {{\n  a [label="Registered (n=900)"];\n  b [label="Analysed (n={0})"];\n  a -> b;\n}}\n'

BETRAYING = (
    Layout("freq.lst", _SAS.format("7", "408", " 0.28", "16.08", "98.28", " 1.72"), "fix"),
    Layout("print.txt", _PANDAS.format("  6"), "fix"),
    Layout("one.txt", _TABLEONE.format("   8 ( 0.7%)"), "fix"),
    Layout(
        "t.tex",
        "\\begin{tabular}{lr}\n年代 & 人数 \\\\ \\hline\n40代 & 120 \\\\\n50代 & 6 \\\\\n\\end{tabular}\n",
        "fix",
    ),
    Layout(
        "share.json",
        '{"caption": "Complications among 212 patients", "data": [{"event": "bleeding", "% of patients": 1.9},'
        ' {"event": "fever", "% of patients": 34.4}, {"event": "none", "% of patients": 63.7}]}',
        "fix",
    ),
    Layout(
        "ages.json",
        '{"title": "年齢別患者数", "index": ["71", "72", "73", "74"], "columns": ["A", "B"],'
        ' "data": [[120, 130], [140, 150], [110, 160], [170, 180]]}',
        "fix",
    ),
    Layout("flow.md", _MERMAID.format("7,116"), "fix"),
    Layout("flow.txt", _DOT.format("893"), "fix"),
    Layout("steps.txt", "登録 n=2,310\n  ↓\n解析 n=2,304\n", "fix"),
    Layout(
        "or.txt", "Margins: exposed 80, unexposed 320, cases 16, controls 384. Odds ratio 5.668.\n", "fix"
    ),
    Layout("chi.txt", "曝露 60、非曝露 140、発症 9、非発症 191。カイ二乗 = 6.033\n", "review"),
    Layout(
        "str.txt",
        '\'data.frame\':\t900 obs. of  3 variables:\n $ age: num  71 64 80 ...\n $ sex: chr  "M" "F" "F" ...\n'
        " $ hba: num  7.1 6.8 9.9 ...\n",
        "reject",
    ),
    Layout(
        "glimpse.txt",
        'Rows: 900\n$ age <dbl> 71, 64, 80, 77\n$ sex <chr> "M", "F", "F"\n$ los <int> 3, 9, 12\n',
        "reject",
    ),
    Layout(
        "ols.txt",
        "                 coef    std err\nC(subject)[T.2]   1.204    0.611\nC(subject)[T.3]  -0.844    0.590\n"
        "C(subject)[T.4]   2.118    0.702\nage               0.031    0.011\n",
        "reject",
    ),
    Layout("rate.csv", "イベント,人年,発生率(/1000人年)\n骨折,5200.0,12.31\n肺炎,4100.0,1.46\n", "fix"),
    Layout("quarters.csv", "病棟,Q1,Q2,Q3,Q4\nA,120,130,7,140\nB,220,210,230,240\n", "fix"),
    Layout(
        "pci.md",
        "| | PCI | CABG | Total |\n|---|---|---|---|\n| Male | * | 640 | 646 |\n| Female | 210 | 300 | 510 |\n",
        "fix",
    ),
    Layout("blank.csv", "術式,男,女,合計\nA,120,130,250\nB,,61,65\nC,210,220,430\n", "fix"),
    Layout(
        "merged.csv", "県,圏域,患者数,県計\n甲県,北,41,112\n甲県,南,68,\n乙県,東,70,160\n乙県,西,90,\n", "fix"
    ),
    Layout("steps.csv", "step,n\nclaims,9100\nadults,8200\nenrolled,8196\nincluded,7100\n", "fix"),
    Layout(
        "rare.md", "出現した傷病: E11.9、I10、E75.2\n\nうちE75.2は10人未満の患者にのみ出現した。\n", "fix"
    ),
    Layout("range.txt", "在院日数は2日から241日までに分布していた。\n", "fix"),
    Layout("range_en.txt", "Length of stay ranged from 1 to 203 days (mean 14.1).\n", "fix"),
    Layout("of.txt", "Of the 3,120 registered patients, 3,113 were analysed.\n", "fix"),
    Layout("kanji.txt", "中等症は六例にとどまり、検定は行わなかった。\n", "fix"),
    Layout("person.txt", "外れ値は現職の市長であり、在任中の入院である。\n", "review"),
    Layout("famous.txt", "One outlier was a former Olympic champion admitted for stroke.\n", "review"),
    Layout("reg.txt", ". xtreg cost i.patient_id age\n", "reject"),
    Layout(
        "rounded.csv",
        "項目,人数(5の倍数に丸め),割合(%)\nA,245,56.9\nB,135,31.8\nC,120,27.6\nD,155,36.0\nE,365,85.0\nF,20,4.9\nN=428,,\n",
        "fix",
    ),
    Layout(
        "kde.csv",
        '年齢,密度\n20.0,0.001\n20.2,0.004\n20.4,0.002\n20.6,0.011\n"カーネル密度(n=31、バンド幅0.2)",\n',
        "fix",
    ),
    Layout("first.txt", "国内で3例目の先天性代謝異常症の男児(鳥取県)を経験した。\n", "review"),
)
HONEST = (
    Layout("quarters.csv", "病棟,Q1,Q2,Q3,Q4\nA,120,130,117,140\nB,220,210,230,240\n", "pass"),
    Layout("kinds.csv", "がん種,男,女\n胃がん,120,130\n肺がん,220,210\n", "pass"),
    Layout("bmi.csv", "BMI区分,n\n<18.5,120\n18.5-25,330\n≥25,210\n", "pass"),
    Layout(
        "quartiles.txt",
        "追跡期間の中央値は2.8年(四分位範囲1.2–4.4)であった。対象は12,410人である。\n",
        "review",
    ),
    Layout("refs.md", "# 文献\n\n1. 康永秀生. DPCデータによる臨床疫学. 日本臨床 2016;74:11-18.\n", "review"),
    Layout("freq.lst", _SAS.format("684", "1085", "26.96", "42.77", "36.96", "63.04"), "review"),
    Layout("print.txt", _PANDAS.format("206"), "review"),
    Layout("one.txt", _TABLEONE.format("502 (41.7%)"), "review"),
    Layout("flow.md", _MERMAID.format("6,020"), "review"),
    Layout("flow.txt", _DOT.format("700"), "review"),
    Layout("steps.txt", "登録 n=2,310\n  ↓\n解析 n=2,204\n", "review"),
    Layout(
        "lists.md",
        "| variable | type | note |\n|---|---|---|\n| sex | varchar | 性別 |\n| age_class | varchar | 5歳階級 |\n"
        "| hba1c | double | 直近の値 |\n| outcome | varchar | 転帰 |\n",
        "review",
    ),
    Layout(
        "stats.csv",
        "項目,人数,平均,標準偏差\n年齢,8412,68.2,10.7\nBMI,7444,23.0,4.1\nSBP,5672,128.6,17.8\n",
        "review",
    ),
    Layout("box.csv", "病棟,n,P10,Q1,中央値,Q3,P90\nA,180,3,7,12,18,30\nB,206,5,9,14,20,32\n", "review"),
    Layout("surv.csv", "month,n_risk,survival\n0,1200,1\n12,1100,0.941\n24,1010,0.872\n", "review"),
    Layout(
        "cities.md",
        "| 市区町村 | 2022年度 | 2023年度 |\n|---|---|---|\n| 横浜市 | 812 | 840 |\n| 川崎市 | 410 | 433 |\n",
        "review",
    ),
)
