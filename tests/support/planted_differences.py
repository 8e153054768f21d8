"""Releases of one study in which a handful of persons can be computed.

Each maker draws from a seed alone. A planted case is the files that left before, the file that is handed
in now, and the words that say how they belong together. Labels are Japanese or English, also mixed from
one release to the next.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

WORDS = {
    "sex": ("性別", "sex"),
    "male": ("男性", "male"),
    "female": ("女性", "female"),
    "total": ("合計", "total"),
    "n": ("患者数", "n"),
    "age": ("年齢", "age"),
    "diabetes": ("糖尿病", "diabetes"),
    "hypertension": ("高血圧", "hypertension"),
    "stroke": ("脳卒中", "stroke"),
    "copd": ("COPD", "COPD"),
    "dementia": ("認知症", "dementia"),
    "disease": ("疾患", "disease"),
    "ward": ("病棟", "ward"),
}
DISEASES = ("diabetes", "hypertension", "stroke", "copd", "dementia")


@dataclass(frozen=True)
class Planted:
    """Files that left, the file of today (name and text), and what was planted."""

    kind: str
    before: tuple[tuple[str, str], ...]
    now: tuple[str, str]


def say_in(language: int, word: str) -> str:
    return WORDS.get(word, (word, word))[language]


def as_csv(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


def _turned(rows: list[list[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _dressed(rng: random.Random, rows: list[list[str]]) -> str:
    """The same table sorted, or turned, as chance wills."""
    body = rows[1:]
    rng.shuffle(body)
    rows = [rows[0], *body]
    return as_csv(_turned(rows) if rng.random() < 0.3 else rows)


def _few(rng: random.Random) -> int:
    return rng.randint(1, 9)


def _languages(rng: random.Random) -> tuple[int, int]:
    return rng.randint(0, 1), rng.randint(0, 1)


def same_table(rng: random.Random) -> Planted:
    first, second = _languages(rng)
    cells = {(d, s): rng.randint(30, 900) for d in DISEASES[: rng.randint(2, 5)] for s in ("male", "female")}
    grown = dict(cells)
    for key in rng.sample(sorted(cells), rng.randint(1, len(cells))):
        grown[key] += _few(rng) * rng.choice((1, -1))

    def table(language: int, values: dict[tuple[str, str], int]) -> list[list[str]]:
        header = [say_in(language, w) for w in ("disease", "male", "female")]
        return [
            header,
            *(
                [say_in(language, d), str(values[d, "male"]), str(values[d, "female"])]
                for d in dict.fromkeys(d for d, _ in values)
            ),
        ]

    return Planted(
        "same_table",
        (("a.csv", _dressed(rng, table(first, cells))),),
        ("b.csv", _dressed(rng, table(second, grown))),
    )


def one_total(rng: random.Random) -> Planted:
    first, second = _languages(rng)
    n = rng.randint(100, 5000)
    forms = (
        lambda lang, v: ("n.csv", f"{say_in(lang, 'n')}\n{v}\n"),
        lambda lang, v: (
            "t.txt",
            f"解析対象は{v:,}例であった。\n" if lang == 0 else f"The cohort was n={v}.\n",
        ),
        lambda lang, v: (
            "k.csv",
            f"{('項目,値', 'item,value')[lang]}\n{('対象患者', 'patients')[lang]},{v}\n",
        ),
    )
    form = rng.choice(forms)
    if form is forms[1]:
        second = first
    return Planted("one_total", (form(first, n),), form(second, n + rng.choice((-1, 1)) * _few(rng)))  # type: ignore[no-untyped-call]  # a list of functions without names


def thresholds(rng: random.Random) -> Planted:
    first, second = _languages(rng)
    low, n = rng.randint(30, 90), rng.randint(100, 5000)
    ways = (lambda a: f"{a}歳以上", lambda a: f"≥{a}", lambda a: f"{a}+", lambda a: f">={a}")
    english = (
        lambda a: f"≥{a}",
        lambda a: f"{a} and over",
        lambda a: f"{a}+",
        lambda a: f"aged {a} or older",
    )
    way = [rng.choice((ways, english)[lang]) for lang in (first, second)]

    def table(lang: int, make: Callable[[int], str], age: int, count: int) -> str:
        return as_csv([[say_in(lang, "age"), say_in(lang, "n")], [make(age), str(count)]])

    return Planted(
        "thresholds",
        (("a.csv", table(first, way[0], low, n)),),
        ("b.csv", table(second, way[1], low + rng.randint(1, 3), n - _few(rng))),
    )


def codes(rng: random.Random) -> Planted:
    language = rng.randint(0, 1)
    start = rng.randint(10, 60)
    letter = rng.choice("CEIJ")
    listed = [f"{letter}{start + i}" for i in range(rng.randint(2, 5))]
    more = [*listed, f"{letter}{start + len(listed) + rng.randint(0, 3)}"]
    cells = {s: rng.randint(50, 900) for s in ("male", "female")}
    grown = {s: v + _few(rng) for s, v in cells.items()}
    note = rng.choice(
        (("対象コード: {}", "codes: {}"), ("傷病名コード {} の患者", "patients with ICD-10 {}"))
    )[language]
    in_label = rng.random() < 0.5

    def table(names: list[str], values: dict[str, int]) -> str:
        written = rng.choice(("、", "・", " / ", ";")).join(names)
        if in_label:
            return as_csv([["ICD-10", say_in(language, "n")], [written, str(sum(values.values()))]])
        return as_csv(
            [
                [note.format(written), ""],
                [say_in(language, "sex"), say_in(language, "n")],
                *([say_in(language, s), str(v)] for s, v in values.items()),
            ]
        )

    if in_label:
        grown = {"male": cells["male"], "female": cells["female"] + _few(rng)}
    return Planted("codes", (("a.csv", table(listed, cells)),), ("b.csv", table(more, grown)))


def part_of_whole(rng: random.Random) -> Planted:
    first, second = _languages(rng)
    n = rng.randint(100, 5000)
    left = _few(rng)
    part = rng.choice(("male", "female", "diabetes"))
    header = "disease" if part == "diabetes" else "sex"
    whole = as_csv([[say_in(first, header), say_in(first, "n")], [say_in(first, "total"), str(n)]])
    some = as_csv([[say_in(second, header), say_in(second, "n")], [say_in(second, part), str(n - left)]])
    files = [("a.csv", whole), ("b.csv", some)]
    if rng.random() < 0.5:
        files.reverse()
    return Planted("part_of_whole", (files[0],), files[1])


def months(rng: random.Random) -> Planted:
    language = rng.randint(0, 1)
    month = rng.randint(1, 11)
    cells = {s: rng.randint(100, 900) for s in ("male", "female")}
    grown = {s: v + (0 if rng.random() < 0.4 else _few(rng)) for s, v in cells.items()}
    if grown == cells:
        grown["male"] += _few(rng)
    style = rng.randint(0, 2)

    def table(m: int, values: dict[str, int]) -> tuple[str, str]:
        rows = [
            [say_in(language, "sex"), say_in(language, "n")],
            *([say_in(language, s), str(v)] for s, v in values.items()),
        ]
        if style == 0:
            caption = (f"2025年{m}月末現在の登録患者", f"Enrolled patients as of 2025-{m:02d}")[language]
            return f"r{m}.csv", as_csv([[caption, ""], *rows])
        if style == 1:
            return f"report_2025-{m:02d}.csv", as_csv(rows)
        header = (f"2025年{m}月まで", f"until 2025-{m:02d}")[language]
        rows[0][1] = header
        return "r.csv", as_csv(rows)

    return Planted("months", (table(month, cells),), table(month + 1, grown))


def excluded(rng: random.Random) -> Planted:
    first = rng.randint(0, 1)
    n = {s: rng.randint(100, 900) for s in ("male", "female")}
    less = {s: v - _few(rng) for s, v in n.items()}

    def table(caption: str, values: dict[str, int]) -> str:
        return as_csv(
            [
                [caption, ""],
                [say_in(first, "sex"), say_in(first, "n")],
                *([say_in(first, s), str(v)] for s, v in values.items()),
            ]
        )

    now = table(("A病院を除く全施設", "All hospitals excluding hospital A")[first], less)
    return Planted("excluded", (("a.csv", table(("全施設", "All hospitals")[first], n)),), ("b.csv", now))


def extra_level(rng: random.Random) -> Planted:
    """One table by disease, the next by disease and sex, without those whose sex is not known."""
    first, second = _languages(rng)
    chosen = DISEASES[: rng.randint(2, 5)]
    parts = {(d, s): rng.randint(30, 900) for d in chosen for s in ("male", "female")}
    whole = {
        d: parts[d, "male"] + parts[d, "female"] + (_few(rng) if i == 0 else rng.choice((0, _few(rng))))
        for i, d in enumerate(chosen)
    }
    a = [[say_in(first, "disease"), say_in(first, "n")], *([say_in(first, d), str(whole[d])] for d in chosen)]
    b = [
        [say_in(second, w) for w in ("disease", "sex", "n")],
        *([say_in(second, d), say_in(second, s), str(v)] for (d, s), v in parts.items()),
    ]
    return Planted("extra_level", (("a.csv", as_csv(a)),), ("b.csv", as_csv(b)))


TWO = (same_table, one_total, thresholds, codes, part_of_whole, months, excluded, extra_level)


def sexes_apart(rng: random.Random) -> Planted:
    lang = [rng.randint(0, 1) for _ in range(3)]
    male, female = rng.randint(50, 900), rng.randint(50, 900)
    values = {"total": male + female + _few(rng), "male": male, "female": female}
    names = list(values)
    rng.shuffle(names)
    files = [
        (
            f"{i}.csv",
            as_csv([[say_in(lang[i], "sex"), say_in(lang[i], "n")], [say_in(lang[i], w), str(values[w])]]),
        )
        for i, w in enumerate(names)
    ]
    return Planted("sexes_apart", tuple(files[:2]), files[2])


def ages_apart(rng: random.Random) -> Planted:
    cut, low = rng.randint(70, 80), 65
    young, old = rng.randint(50, 900), rng.randint(50, 900)
    between = _few(rng)
    rows = [
        (f"{low}歳以上", "≥65", young + old + between),
        (f"{low}-{cut - 1}歳", f"{low}-{cut - 1}", young),
        (f"{cut + 1}歳以上", f"{cut + 1} and over", old),
    ]
    rng.shuffle(rows)
    files = []
    for i, (ja, en, n) in enumerate(rows):
        lang = rng.randint(0, 1)
        files.append(
            (f"{i}.csv", as_csv([[say_in(lang, "age"), say_in(lang, "n")], [(ja, en)[lang], str(n)]]))
        )
    return Planted("ages_apart", tuple(files[:2]), files[2])


def union_of_two(rng: random.Random) -> Planted:
    one, other = rng.sample(DISEASES, 2)
    a, b = rng.randint(50, 900), rng.randint(50, 900)
    rows = [(one, None, a), (other, None, b), (one, other, a + b - _few(rng))]
    rng.shuffle(rows)
    files = []
    for i, (x, y, n) in enumerate(rows):
        lang = rng.randint(0, 1)
        label = (
            say_in(lang, x) if y is None else f"{say_in(lang, x)}{('または', ' or ')[lang]}{say_in(lang, y)}"
        )
        files.append((f"{i}.csv", as_csv([[say_in(lang, "disease"), say_in(lang, "n")], [label, str(n)]])))
    return Planted("union_of_two", tuple(files[:2]), files[2])


def wards_apart(rng: random.Random) -> Planted:
    lang = rng.randint(0, 1)
    names = [f"{c}{('病棟', ' ward')[lang]}" for c in "AB"]
    a, b = rng.randint(50, 900), rng.randint(50, 900)
    rows = [(say_in(lang, "total"), a + b + _few(rng)), (names[0], a), (names[1], b)]
    rng.shuffle(rows)
    files = [
        (f"{i}.csv", as_csv([[say_in(lang, "ward"), say_in(lang, "n")], [label, str(n)]]))
        for i, (label, n) in enumerate(rows)
    ]
    return Planted("wards_apart", tuple(files[:2]), files[2])


def quarter_of_months(rng: random.Random) -> Planted:
    lang = rng.randint(0, 1)
    n = [rng.randint(50, 900) for _ in range(2)]
    rows = [
        (("2025年4月〜6月", "2025-04 to 2025-06")[lang], sum(n) + _few(rng)),
        (("2025年4月", "2025-04")[lang], n[0]),
        (("2025年5月", "2025-05")[lang], n[1]),
    ]
    rng.shuffle(rows)
    header = [("期間", "period")[lang], say_in(lang, "n")]
    files = [(f"{i}.csv", as_csv([header, [label, str(v)]])) for i, (label, v) in enumerate(rows)]
    return Planted("quarter_of_months", tuple(files[:2]), files[2])


def crossed(rng: random.Random) -> Planted:
    """Everybody, men, and women from 65 on: the women below 65 are few."""
    lang = [rng.randint(0, 1) for _ in range(3)]
    male, old = rng.randint(50, 900), rng.randint(50, 900)
    ages = [("65歳以上", "≥65")[code] for code in lang]
    rows = [
        [
            [say_in(lang[0], "sex"), say_in(lang[0], "n")],
            [say_in(lang[0], "total"), str(male + old + _few(rng))],
        ],
        [[say_in(lang[1], "sex"), say_in(lang[1], "n")], [say_in(lang[1], "male"), str(male)]],
        [[say_in(lang[2], w) for w in ("sex", "age", "n")], [say_in(lang[2], "female"), ages[2], str(old)]],
    ]
    rng.shuffle(rows)
    files = [(f"{i}.csv", as_csv(table)) for i, table in enumerate(rows)]
    return Planted("crossed", tuple(files[:2]), files[2])


THREE = (sexes_apart, ages_apart, union_of_two, wards_apart, quarter_of_months, crossed)
