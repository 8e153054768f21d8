"""Generated files that hide a small count in arithmetic, and honest files of the same kinds.

Every file comes from a seed. ``planted`` hides exactly one kind of small count (1 to 9 persons) with the
number of persons known (``with_n``) or not; ``honest`` has the same layouts from many persons, with no
count, difference or remainder of 1 to 9. Layouts, words, languages and formats vary by the seed, so that
seeds that nobody looked at while writing rules are a hold-out.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.disclosure_hidden_words import CLASSES, WORDS

Grid = list[list[str]]


@dataclass(frozen=True)
class MadeFile:
    """A file and how it hides what it hides."""

    kind: str
    name: str
    text: str


class _Chance:
    """One file's choices."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.language = self.random.choice(["ja", "en"])

    def word(self, key: str, **values: int) -> str:
        return self.random.choice(WORDS[self.language][key]).format(**values)

    def classes(self, count: int) -> list[str]:
        return self.random.choice(CLASSES[self.language])[:count]

    def split(self, persons: int, count: int, *, least: int = 10, small: int | None = None) -> list[int]:
        """Persons over classes, each at least ``least``; one of them ``small``."""
        free = persons - (small or 0) - least * (count - (small is not None))
        cuts = sorted(self.random.randint(0, max(free, 0)) for _ in range(count - (small is not None) - 1))
        parts = [b - a + least for a, b in zip([0, *cuts], [*cuts, max(free, 0)], strict=True)]
        if small is not None:
            parts.insert(self.random.randint(0, len(parts)), small)
        return parts

    def write(self, grid: Grid, *, before: str = "", after: str = "", kind: str) -> MadeFile:
        """As csv without words around it, else as Markdown or csv with a title row."""
        style = (
            self.random.choice(["md", "csv"]) if before or after else self.random.choice(["md", "csv", "csv"])
        )
        if style == "csv":
            rows = [*([[before]] if before else []), *grid, *([[after]] if after else [])]
            return MadeFile(
                kind, "table.csv", "".join(",".join(_quoted(c) for c in row) + "\n" for row in rows)
            )
        lines = ["| " + " | ".join(row) + " |" for row in grid]
        lines.insert(1, "|" + "---|" * len(grid[0]))
        text = "\n".join([*([before, ""] if before else []), *lines, *(["", after] if after else [])]) + "\n"
        return MadeFile(kind, "table.md", text)


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


def _pct(count: int, persons: int, places: int) -> str:
    return f"{100 * count / persons:.{places}f}"


def _base(chance: _Chance, *, honest: bool) -> int:
    return chance.random.randint(400, 30_000) if honest else chance.random.randint(120, 900)


def _column_of_percentages(chance: _Chance, *, honest: bool) -> MadeFile:
    persons, count = _base(chance, honest=honest), chance.random.randint(3, 5)
    parts = chance.split(persons, count, least=20, small=None if honest else chance.random.randint(1, 9))
    places = chance.random.choice([1, 1, 2])
    heading = chance.word("pct")
    in_header = chance.random.random() < 0.5
    grid = [[chance.word("class"), f"{heading} (N={persons})" if in_header else heading]]
    grid += [[c, _pct(k, persons, places)] for c, k in zip(chance.classes(count), parts, strict=True)]
    caption = "" if in_header else chance.word("caption", n=persons)
    return chance.write(grid, before=caption, kind="percentages with N")


def _two_groups(chance: _Chance, *, honest: bool) -> MadeFile:
    count = chance.random.randint(3, 5)
    sizes = [_base(chance, honest=honest) for _ in range(2)]
    names = chance.random.sample(WORDS[chance.language]["group"], 2)
    columns = [chance.split(size, count, least=20) for size in sizes]
    if not honest:
        columns[1] = chance.split(sizes[1], count, least=20, small=chance.random.randint(1, 9))
    head = [f"{name} (n={size})" for name, size in zip(names, sizes, strict=True)]
    grid = [[chance.word("class"), *head]]
    for place, label in enumerate(chance.classes(count)):
        cells = [f"{_pct(c[place], s, 1)}%" for c, s in zip(columns, sizes, strict=True)]
        grid.append([label, *cells])
    return chance.write(grid, kind="two groups")


def _masked_beside_percentage(chance: _Chance, *, honest: bool) -> MadeFile:
    persons, count = _base(chance, honest=honest), chance.random.randint(3, 5)
    small = None if honest else chance.random.randint(1, 9)
    parts = chance.split(persons, count, least=20, small=small)
    grid = [[chance.word("class"), chance.word("n"), chance.word("pct")]]
    for label, k in zip(chance.classes(count), parts, strict=True):
        grid.append([label, chance.random.choice(["*", "<10"]) if k < 10 else str(k), _pct(k, persons, 1)])
    if chance.random.random() < 0.5 and honest:
        grid.append([chance.word("total"), str(persons), "100.0"])
    return chance.write(grid, kind="masked beside percentage")


def _events_of_groups(chance: _Chance, *, honest: bool) -> MadeFile:
    grid = [["群" if chance.language == "ja" else "Group", chance.word("n"), chance.word("event")]]
    for place, name in enumerate(WORDS[chance.language]["group"][:3]):
        persons = _base(chance, honest=honest)
        events = chance.random.randint(30, persons // 2)
        if not honest and place == 1:
            events = chance.random.randint(1, 9)
        grid.append([name, str(persons), _pct(events, persons, 1)])
    return chance.write(grid, kind="events of groups")


def _in_words(chance: _Chance, *, honest: bool) -> MadeFile:
    persons = _base(chance, honest=honest)
    events = chance.random.randint(30, persons // 2) if honest else chance.random.randint(1, 9)
    share = _pct(events, persons, 1 if persons < 1000 else 2)
    sentences = {
        "ja": [
            f"対象は{persons}例で、そのうち{share}%に有害事象を認めた。\n",
            f"{persons:,}例中{share}%が死亡した。\n",
            f"解析対象{persons}名のうち、再入院は{share}%であった。\n",
        ],
        "en": [
            f"Of {persons:,} patients, {share}% had an adverse event.\n",
            f"Death occurred in {share}% of {persons} patients.\n",
            f"Among {persons} patients, readmission was seen in {share}%.\n",
        ],
    }
    return MadeFile("percentage in words", "text.txt", chance.random.choice(sentences[chance.language]))


def _mean_and_sum(chance: _Chance, *, honest: bool) -> MadeFile:
    grid = [["群" if chance.language == "ja" else "Group", chance.word("mean"), chance.word("sum")]]
    for place, name in enumerate(WORDS[chance.language]["group"][:3]):
        persons = chance.random.randint(40, 900)
        if not honest and place == 0:
            persons = chance.random.randint(2, 9)
        values = [chance.random.randint(20, 95) for _ in range(persons)]
        grid.append([name, f"{sum(values) / persons:.1f}", str(sum(values))])
    return chance.write(grid, kind="mean and sum")


def _deviation_and_error(chance: _Chance, *, honest: bool) -> MadeFile:
    grid = [["群" if chance.language == "ja" else "Group", chance.word("mean"), "SD", "SE"]]
    for place, name in enumerate(WORDS[chance.language]["group"][:3]):
        persons = chance.random.randint(3, 9) if not honest and place == 2 else chance.random.randint(40, 900)
        sd = chance.random.uniform(4, 18)
        grid.append(
            [name, f"{chance.random.uniform(40, 80):.1f}", f"{sd:.2f}", f"{sd / math.sqrt(persons):.2f}"]
        )
    return chance.write(grid, kind="deviation and error")


def _rate(chance: _Chance, *, honest: bool) -> MadeFile:
    grid = [["地域" if chance.language == "ja" else "Area", chance.word("population"), chance.word("rate")]]
    for place, name in enumerate(
        ["北部", "中部", "南部", "西部"] if chance.language == "ja" else ["North", "Mid", "South", "West"]
    ):
        people = chance.random.randint(30_000, 900_000)
        cases = chance.random.randint(1, 9) if not honest and place == 1 else chance.random.randint(25, 600)
        grid.append([name, str(people), f"{100_000 * cases / people:.1f}"])
    return chance.write(grid, kind="rate and population")


def _remainder(chance: _Chance, *, honest: bool) -> MadeFile:
    count = chance.random.randint(3, 5)
    parts = [chance.random.randint(20, 400) for _ in range(count)]
    total = sum(parts) + (0 if honest else chance.random.randint(1, 9))
    grid = [[chance.word("class"), chance.word("n")]]
    grid += [[c, str(k)] for c, k in zip(chance.classes(count), parts, strict=True)]
    grid.append([chance.word("total"), str(total)])
    return chance.write(grid, kind="remainder")


def _cumulative(chance: _Chance, *, honest: bool) -> MadeFile:
    value = chance.random.randint(20, 80)
    steps = [chance.random.randint(12, 60) for _ in range(5)]
    if not honest:
        steps[chance.random.randrange(5)] = chance.random.randint(1, 9)
    grid = [["月" if chance.language == "ja" else "Month", chance.word("cum")]]
    for place, step in enumerate([0, *steps], 1):
        value += step
        grid.append([f"{place}月" if chance.language == "ja" else f"M{place}", str(value)])
    return chance.write(grid, kind="cumulative")


def _flow(chance: _Chance, *, honest: bool) -> MadeFile:
    persons = chance.random.randint(300, 5000)
    kept = persons - (chance.random.randint(20, 120) if honest else chance.random.randint(1, 9))
    sentences = {
        "ja": [
            f"{persons:,}例中{kept:,}例を解析した。\n",
            f"登録 {persons:,}例\n↓ 除外基準に該当\n解析対象 {kept:,}例\n",
            f"登録された{persons}名のうち{kept}名を解析対象とした。\n",
        ],
        "en": [
            f"Of {persons:,} patients, {kept:,} were analysed.\n",
            f"Enrolled: n={persons}\n-> excluded by criteria\nAnalysed: n={kept}\n",
            f"We analysed {kept:,} of {persons:,} patients.\n",
        ],
    }
    return MadeFile("flow", "flow.txt", chance.random.choice(sentences[chance.language]))


def _masked_in_hierarchy(chance: _Chance, *, honest: bool) -> MadeFile:
    parts = [chance.random.randint(30, 300) for _ in range(3)]
    masked = [chance.random.randint(1, 9) for _ in range(2 if honest else 1)]
    if honest:
        masked = [chance.random.randint(6, 9), chance.random.randint(6, 9)]
    total = sum(parts) + sum(masked)
    areas = (
        ["千葉", "東葛南部", "印旛", "安房", "夷隅"]
        if chance.language == "ja"
        else ["North", "East", "South", "West", "Isles"]
    )[: 3 + len(masked)]
    shown = [*map(str, parts), *["*"] * len(masked)]
    prefecture = "千葉県" if chance.language == "ja" else "Prefecture X"
    grid = [
        ["都道府県", "二次医療圏", "患者数"]
        if chance.language == "ja"
        else ["Prefecture", "Area", "Patients"]
    ]
    grid.append([prefecture, chance.word("total"), str(total)])
    grid += [[prefecture, area, cell] for area, cell in zip(areas, shown, strict=True)]
    return chance.write(grid, kind="masked in a hierarchy")


def _fourfold(chance: _Chance, *, honest: bool) -> MadeFile:
    low, high = (30, 200) if honest else (12, 60)
    a = chance.random.randint(low, high) if honest else chance.random.randint(1, 9)
    b, c, d = (chance.random.randint(low, high) for _ in range(3))
    head = ["曝露", "発症あり", "発症なし"] if chance.language == "ja" else ["Exposure", "Event", "No event"]
    rows = ("あり", "なし") if chance.language == "ja" else ("Yes", "No")
    total = chance.word("total")
    hide = (lambda _: "*") if not honest else str
    grid = [
        [*head, total],
        [rows[0], hide(a), hide(b), str(a + b)],
        [rows[1], hide(c), hide(d), str(c + d)],
        [total, str(a + c), str(b + d), str(a + b + c + d)],
    ]
    ratio = f"{a * d / (b * c):.3f}"
    words = f"オッズ比 {ratio}" if chance.language == "ja" else f"Odds ratio {ratio}"
    return chance.write(grid, after=words, kind="odds ratio and margins")


def _rounded_table(chance: _Chance, *, honest: bool) -> MadeFile:
    """Counts rounded to five; percentages of the rounded counts when honest, else of the exact ones."""
    persons = chance.random.randint(300, 900)
    parts = [chance.split(persons, chance.random.randint(3, 4), least=20) for _ in range(2)]
    shown = 5 * round(persons / 5)
    grid = [[chance.word("class"), f"{chance.random.choice(['全体', 'All'])} (n={shown})"]]
    for labels, counts in zip(CLASSES[chance.language][:2], parts, strict=True):
        for label, count in zip(labels, counts, strict=False):
            rounded = 5 * round(count / 5)
            share = _pct(rounded, shown, 1) if honest else _pct(count, persons, 1)
            grid.append([label, f"{rounded} ({share})"])
    return chance.write(grid, kind="rounded counts, exact shares")


def _masked_with_share(chance: _Chance, *, honest: bool) -> MadeFile:
    """A table of characteristics whose masked count keeps its share."""
    persons = chance.random.randint(200, 900)
    small = chance.random.randint(1, 9)
    parts = chance.split(persons, 3, least=25)
    grid = [[chance.word("class"), f"n (%) (N={persons})"]]
    grid += [[c, f"{k} ({_pct(k, persons, 1)})"] for c, k in zip(chance.classes(3), parts, strict=True)]
    mark = chance.random.choice(["*", "<10"])
    label = "肝障害" if chance.language == "ja" else "Liver injury"
    grid.append([label, mark if honest else f"{mark} ({_pct(small, persons, 1)})"])
    return chance.write(grid, kind="mask with its share")


def _whole_without_n(chance: _Chance, *, honest: bool) -> MadeFile:
    count = chance.random.randint(3, 5)
    if honest:
        persons = chance.random.randint(800, 60_000)
        parts = chance.split(persons, count, least=12)
    else:
        while True:
            persons = chance.random.randint(11, 119)
            weights = [chance.random.gammavariate(1, 1) for _ in range(count)]
            draws = chance.random.choices(range(count), weights, k=persons)
            parts = [draws.count(place) for place in range(count)]
            if any(0 < part < 10 for part in parts):
                break
    places = chance.random.choice([1, 2])
    cells = [_pct(k, persons, places) for k in parts]
    labels = chance.classes(count)
    if chance.random.random() < 0.25:
        grid = [[chance.word("class"), *labels], [chance.word("pct"), *(f"{c}%" for c in cells)]]
    else:
        grid = [
            [chance.word("class"), chance.word("pct")],
            *([a, b] for a, b in zip(labels, cells, strict=True)),
        ]
    return chance.write(grid, kind="percentages without N")


def _two_wholes_without_n(chance: _Chance, *, honest: bool) -> MadeFile:
    persons = chance.random.randint(800, 60_000) if honest else chance.random.randint(11, 119)
    least = 12 if honest else 1
    places = chance.random.choice([1, 2])
    male = (
        chance.random.randint(max(12, persons // 3), persons - max(12, persons // 3))
        if honest
        else chance.random.randint(1, persons - 1)
    )
    parts = chance.split(persons, 4, least=least, small=None if honest else min(9, max(1, persons // 12)))
    sexes = ["男性", "女性"] if chance.language == "ja" else ["Male", "Female"]
    ages = CLASSES[chance.language][1][:4]
    grid = [[chance.word("class"), chance.word("pct")]]
    grid += [[s, _pct(k, persons, places)] for s, k in zip(sexes, (male, persons - male), strict=True)]
    grid += [[a, _pct(k, persons, places)] for a, k in zip(ages, parts, strict=True)]
    return chance.write(grid, kind="two wholes without N")


def _decimals(chance: _Chance, *, honest: bool) -> MadeFile:
    persons = chance.random.choice([3, 6, 7, 9])
    mean = (chance.random.randint(30, 90) * persons + chance.random.randint(1, persons - 1)) / persons
    places = chance.random.randint(6, 10)
    cell = (
        f"{chance.random.uniform(30, 90):.{chance.random.choice([1, 2])}f}"
        if honest
        else f"{mean:.{places}f}"
    )
    grid = [["群" if chance.language == "ja" else "Group", chance.word("mean")], ["A", cell], ["B", "61.2"]]
    return chance.write(grid, kind="decimals of a mean")


Maker = Callable[..., MadeFile]
WITH_N: tuple[Maker, ...] = (
    _column_of_percentages,
    _two_groups,
    _masked_beside_percentage,
    _events_of_groups,
    _in_words,
    _mean_and_sum,
    _deviation_and_error,
    _rate,
    _remainder,
    _cumulative,
    _flow,
    _masked_in_hierarchy,
    _fourfold,
    _rounded_table,
    _masked_with_share,
)
WITHOUT_N: tuple[Maker, ...] = (_whole_without_n, _whole_without_n, _two_wholes_without_n, _decimals)


def planted(makers: tuple[Maker, ...], seed: int) -> MadeFile:
    """A file that hides a small count."""
    maker = makers[seed % len(makers)]
    return maker(_Chance(f"planted {maker.__name__} {seed}"), honest=False)


def honest(makers: tuple[Maker, ...], seed: int) -> MadeFile:
    """A file of the same kind that hides none."""
    maker = makers[seed % len(makers)]
    return maker(_Chance(f"honest {maker.__name__} {seed}"), honest=True)
