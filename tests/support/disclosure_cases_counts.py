"""Small cells, direct (A) and rows of persons in disguise (E), as grids and texts, each in several hands."""

import hashlib
import random
import uuid

from tests.support.disclosure_written import Case

_DRAW = random.Random(20261129)

A = [
    Case("A01 sex by diagnosis", "fix", [["診断", "男", "女"], ["肺炎", "25", "31"], ["胃癌", "7", "18"]]),
    Case("A01 English", "fix", [["dx", "male", "female"], ["J18", "120", "95"], ["C16", "44", "7"]]),
    Case("A01 with a total", "fix", [["診断", "人数"], ["肺炎", "250"], ["胃癌", "7"], ["合計", "257"]]),
    Case("A02 full width", "fix", [["診断", "男", "女"], ["肺炎", "25", "31"], ["胃癌", "７", "18"]]),
    *(
        Case(
            f"A03 {written}",
            least,
            [["診断", "人数"], ["肺炎", "25"], ["胃癌", written]],
            kinds=("csv", "tsv", "json", "md"),
        )
        for written, least in (("七", "fix"), ("三名", "fix"), ("数例", "review"))
    ),
    *(
        Case(
            f"A04 {written!r}",
            "fix",
            [["診断", "人数"], ["肺炎", "25"], ["胃癌", written]],
            kinds=("csv", "tsv", "json", "md"),
        )
        for written in ("7 ", "'7", "7.0", "7e0", "007", "７人", "n=7", "7名", "7 (14.3%)", "7/45", "約7")
    ),
    Case(
        "A05 masked above, said below",
        "fix",
        text="| 診断 | 人数 |\n|---|---|\n| 肺炎 | 25 |\n| 胃癌 | <10 |\n\n胃癌の3例は全て男性であった。\n",
        kind="md",
    ),
    Case(
        "A05 bare number below",
        "review",
        text="診断,人数\n肺炎,25\n胃癌,<10\n\n胃癌は3であった。\n",
        kind="txt",
    ),
    Case("A06 a village", "fix", [["市区町村", "患者数"], ["檜原村", "15"], ["文京区", "120"]]),
    Case(
        "A06 with its prefecture",
        "fix",
        [["municipality", "n"], ["東京都西多摩郡檜原村", "15"], ["横浜市", "340"]],
    ),
    Case(
        "A06 without a telling header",
        "fix",
        [["地域", "人数"], ["檜原村", "15"], ["奥多摩町", "25"], ["青梅市", "340"]],
    ),
    Case(
        "A08 injection",
        "fix",
        [["薬剤名", "剤形", "数量"], ["ペムブロリズマブ", "注射", "350"], ["ニボルマブ", "注射", "2400"]],
    ),
    Case(
        "A08 English", "fix", [["drug", "vials"], ["pembrolizumab inj.", "350"], ["nivolumab inj.", "2400"]]
    ),
    Case(
        "A09 oral",
        "fix",
        [["医薬品名", "処方数量(錠)"], ["アトルバスタチン錠10mg", "152000"], ["希少薬錠5mg", "900"]],
    ),
    Case(
        "A09 English",
        "fix",
        [
            ["drug", "form", "quantity"],
            ["atorvastatin", "oral tablet", "152000"],
            ["rareol", "oral tablet", "900"],
        ],
    ),
    Case(
        "A11 all positive",
        "review",
        [["病院", "HIV陽性", "HIV陰性"], ["病院A", "30", "0"], ["病院B", "40", "55"]],
        worst="review",
    ),
    Case(
        "A11 per cent",
        "review",
        [["施設", "n", "HIV positive (%)"], ["A", "30", "100.0"], ["B", "95", "42.1"]],
    ),
    Case("A12 claims not persons", "review", [["診断", "件数"], ["G35", "48"], ["I10", "320"]]),
    Case("A12 English", "review", [["dx", "claims"], ["G35", "48"], ["I10", "320"]]),
    Case(
        "A13 two hospitals",
        "review",
        [["病院群", "施設数", "患者数"], ["甲", "2", "140"], ["乙", "12", "820"]],
    ),
    Case(
        "A14 single years",
        "fix",
        [["年齢", "人数"], *([str(age), str(100 + age)] for age in range(101)), ["101以上", "40"]],
    ),
    Case("A14 English", "fix", [["age", "n"], *([f"{age}", str(100 + age)] for age in range(60, 101))]),
    Case(
        "A14 two-year classes",
        "fix",
        [["年齢階級", "人数"], ["60-61歳", "120"], ["62-63歳", "130"], ["64-65歳", "110"]],
    ),
    Case(
        "A14 above the top class",
        "fix",
        [
            ["年齢階級", "人数"],
            ["85-89歳", "120"],
            ["90-94歳", "130"],
            ["95-99歳", "110"],
            ["100歳以上", "40"],
        ],
    ),
    Case(
        "A15 50 g bins",
        "fix",
        [["出生体重(g)", "人数"], *([f"{w}-{w + 49}", str(120 + w % 70)] for w in range(2500, 3200, 50))],
    ),
    Case(
        "A15 bin starts",
        "fix",
        [["birth_weight", "n"], *([str(w), str(120 + w % 70)] for w in range(2500, 3200, 50))],
    ),
    Case("A16 by hour", "fix", [["死亡時刻", "人数"], *([f"{h}時", str(40 + h)] for h in range(24))]),
    Case("A16 English", "fix", [["hour of death", "n"], *([str(h), str(40 + h)] for h in range(24))]),
    Case(
        "A17 insurer by municipality",
        "fix",
        [["市区町村", "国保", "協会けんぽ"], ["横浜市", "1200", "3400"], ["川崎市", "1100", "2300"]],
    ),
    Case(
        "A17 long",
        "fix",
        [
            ["市区町村", "保険者種別", "人数"],
            ["横浜市", "国民健康保険", "1200"],
            ["横浜市", "健保組合", "3400"],
        ],
    ),
]

_ICD = ("I10", "J18", "E11", "C34", "G35", "N18")


def _people(count: int) -> list[list[str]]:
    return [
        [
            str(_DRAW.randint(20, 95)),
            _DRAW.choice(["M", "F"]),
            _DRAW.choice(_ICD),
            str(_DRAW.randint(1, 60)),
            f"{_DRAW.gauss(130, 15):.1f}",
        ]
        for _ in range(count)
    ]


_NAMES = ["age", "sex", "dx", "los", "sbp"]
_NAMES_JA = ["年齢", "性別", "診断", "在院日数", "収縮期血圧"]
_UUIDS = [str(uuid.UUID(int=_DRAW.getrandbits(128), version=4)) for _ in range(60)]
_WIDE = [[f"{_DRAW.gauss(10, 3):.2f}" for _ in range(40)] for _ in range(80)]

E = [
    Case(
        "E01 pseudonyms",
        "reject",
        [["patient_key", *_NAMES], *([u, *p] for u, p in zip(_UUIDS, _people(60), strict=True))],
        kinds=("csv", "tsv", "json", "md", "txt"),
    ),
    Case(
        "E02 hashed",
        "reject",
        [
            ["k", *_NAMES_JA],
            *([hashlib.sha256(u.encode()).hexdigest(), *p] for u, p in zip(_UUIDS, _people(60), strict=True)),
        ],
        kinds=("csv", "tsv", "json", "md"),
    ),
    Case("E03 no ids", "reject", [_NAMES, *_people(200)], kinds=("csv", "tsv", "json", "md", "txt")),
    Case("E03 forty columns", "reject", [[f"v{i}" for i in range(40)], *_WIDE], kinds=("csv", "tsv", "json")),
    Case(
        "E04 n is one",
        "reject",
        [["年齢", "性別", "診断", "n"], *([*p[:3], "1"] for p in _people(30))],
        kinds=("csv", "tsv", "json", "md", "txt"),
    ),
    Case(
        "E04 other words",
        "reject",
        [["age", "sex", "icd", "count"], *([*p[:3], "1"] for p in _people(30))],
        kinds=("csv", "tsv", "json", "md", "txt"),
    ),
    Case(
        "E05 a column a patient",
        "reject",
        [
            ["", *(f"症例{i}" for i in range(1, 13))],
            *(
                [name, *values]
                for name, values in zip(_NAMES_JA, zip(*_people(12), strict=True), strict=True)
            ),
        ],
        kinds=("csv", "tsv", "md"),
    ),
    Case(
        "E05 numbered",
        "reject",
        [
            ["variable", *(f"p{i}" for i in range(1, 41))],
            *([name, *values] for name, values in zip(_NAMES, zip(*_people(40), strict=True), strict=True)),
        ],
        kinds=("csv", "tsv", "md"),
    ),
    Case(
        "E06 head",
        "reject",
        [["", *_NAMES], *([str(i), *p] for i, p in enumerate(_people(5)))],
        turned=False,
        kinds=("csv", "md", "txt"),
    ),
    Case("E06 head, Japanese", "reject", [_NAMES_JA, *_people(5)], kinds=("csv", "md", "txt"), turned=False),
    Case(
        "E07 traceback",
        "fix",
        text="Traceback (most recent call last):\n  File \"a.py\", line 12, in <module>\n    fit(row)\nValueError: bad row {'age': 82, 'sex': 'F', 'admission_date': '2021-04-05', 'dx': 'I21'}\n",
        kind="txt",
    ),
    Case(
        "E07 tuple",
        "fix",
        text="Traceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: (82, 'F', 'I21', '2021-04-05', 14)\n",
        kind="txt",
    ),
    Case(
        "E07 printed row",
        "fix",
        text="age            82\nsex             F\ndx            I21\nlos            14\nName: 4821, dtype: object\n",
        kind="txt",
    ),
    Case(
        "E08 describe",
        "fix",
        [
            ["", "age", "los"],
            ["count", "150.0", "150.0"],
            ["mean", "53.2", "14.1"],
            ["std", "12.0", "3.0"],
            ["min", "18.0", "1.0"],
            ["25%", "40.0", "5.0"],
            ["50%", "60.0", "8.0"],
            ["75%", "70.0", "20.0"],
            ["max", "109.0", "99.0"],
        ],
    ),
    Case(
        "E08 describe, Japanese",
        "fix",
        [
            ["項目", "件数", "平均値", "標準偏差", "最小値", "最大値"],
            ["年齢", "150", "53.2", "12.0", "18", "109"],
            ["在院日数", "150", "14.1", "3.0", "1", "99"],
        ],
    ),
    Case(
        "E09 records",
        "reject",
        text='[{"age": 82, "sex": "F", "dx": "I21", "los": 14}, {"age": 45, "sex": "M", "dx": "J18", "los": 7}, {"age": 33, "sex": "F", "dx": "E11", "los": 3}]',
        kind="json",
    ),
    Case(
        "E09 turned",
        "reject",
        text='{"4821": {"age": 82, "sex": "F", "dx": "I21"}, "17": {"age": 45, "sex": "M", "dx": "J18"}, "993": {"age": 33, "sex": "F", "dx": "E11"}}',
        kind="json",
    ),
    Case(
        "E10 noise",
        "reject",
        [
            ["age", "sbp", "los", "cost"],
            *(
                [
                    f"{_DRAW.gauss(60, 15):.2f}",
                    f"{_DRAW.gauss(130, 15):.2f}",
                    f"{abs(_DRAW.gauss(14, 9)):.2f}",
                    f"{abs(_DRAW.gauss(5e5, 2e5)):.1f}",
                ]
                for _ in range(100)
            ),
        ],
        kinds=("csv", "tsv", "json", "md", "txt"),
    ),
    Case(
        "E11 k-anonymous",
        "reject",
        [
            ["age_group", "sex", "region", "dx"],
            *(["60-69", "F", "関東", "I10"] for _ in range(5)),
            *(["70-79", "M", "近畿", "J18"] for _ in range(6)),
        ],
        kinds=("csv", "tsv", "json", "md"),
    ),
    Case(
        "E11 Japanese",
        "reject",
        [
            ["年齢階級", "性別", "地方", "傷病名"],
            *(["60-69歳", "女", "関東", "高血圧"] for _ in range(5)),
            *(["70-79歳", "男", "近畿", "肺炎"] for _ in range(6)),
        ],
        kinds=("csv", "tsv", "json", "md"),
    ),
    Case(
        "E12 case report",
        "reject",
        text="82歳女性、令和3年4月5日、亀田総合病院で僧帽弁置換術を施行した。\n",
        kind="txt",
    ),
    Case(
        "E12 English",
        "reject",
        text="A 45-year-old man was admitted to Kameda hospital on 2021-04-05 with aortic dissection.\n",
        kind="txt",
    ),
    Case(
        "E13 first in the country",
        "reject",
        text="本邦初のフルクトース-1,6-ビスホスファターゼ欠損症の男児、北海道津別町。\n",
        kind="md",
    ),
    Case("E14 public person", "reject", text="元横綱の男性、透析導入となった。\n", kind="txt"),
    Case(
        "E17 codes",
        "fix",
        [["icd10"], *([c] for c in (*_ICD, "E75.2", "D84.1"))],
        turned=False,
        kinds=("csv", "tsv", "json"),
    ),
    Case(
        "E17 codes in a text",
        "fix",
        text="使用されたコード:\nI10, J18, E11, C34\nG35, N18, E75.2\nD84.1, Q87.4\n",
        kind="txt",
    ),
    Case(
        "E17 drugs",
        "fix",
        [["医薬品名"], ["アトルバスタチン"], ["エクリズマブ"], ["ヌシネルセン"], ["メトホルミン"]],
        turned=False,
        kinds=("csv", "tsv"),
    ),
]
"""E16 (a word cloud) is a picture; E15 (values with counts) is in the controls."""
