"""Releases of one study in which no handful of persons can be computed, by the same hand as the planted ones."""

import random

from tests.support.planted_differences import DISEASES, Planted, as_csv, say_in


def honest_months(rng: random.Random) -> Planted:
    """New patients of each month by disease and sex: other people every month."""
    lang, start = rng.randint(0, 1), rng.randint(1, 6)
    style = rng.randint(0, 3)
    chosen = DISEASES[: rng.randint(3, 5)]
    level = {(d, s): rng.randint(15, 500) for d in chosen for s in ("male", "female")}

    def table(m: int) -> tuple[str, str]:
        values = {k: max(10, round(rng.gauss(v, v**0.5 * 1.5))) for k, v in level.items()}
        rows = [
            [say_in(lang, w) for w in ("disease", "male", "female")],
            *([say_in(lang, d), str(values[d, "male"]), str(values[d, "female"])] for d in chosen),
        ]
        month = (f"2025年{m}月", f"2025-{m:02d}")[lang]
        if style == 0:
            return f"r{m}.csv", as_csv([[f"{month}{('の新規患者', ' new patients')[lang]}", "", ""], *rows])
        if style == 1:
            return f"report_2025-{m:02d}.csv", as_csv(rows)
        if style == 2:
            return "r.csv", as_csv([[("月", "month")[lang], *rows[0]], *([month, *row] for row in rows[1:])])
        return f"r{m}.md", f"# {month}\n\n" + "\n".join(
            "| " + " | ".join(r) + " |" for r in [rows[0], ["---"] * 3, *rows[1:]]
        ) + "\n"

    tables = [table(start + i) for i in range(rng.randint(2, 6))]
    return Planted("honest_months", tuple(tables[:-1]), tables[-1])


def honest_topics(rng: random.Random) -> Planted:
    """Tables of one cohort by other things: sex, age, disease; nothing small is left between them."""
    lang = rng.randint(0, 1)
    male, female = rng.randint(400, 900), rng.randint(400, 900)
    ages = [rng.randint(60, 300) for _ in range(3)]
    ages.append(male + female - sum(ages))
    by_sex = [
        [say_in(lang, "sex"), say_in(lang, "n")],
        [say_in(lang, "male"), str(male)],
        [say_in(lang, "female"), str(female)],
        [say_in(lang, "total"), str(male + female)],
    ]
    names = ["<50", "50-64", "65-74", "75+"]
    by_age = [
        [say_in(lang, "age"), say_in(lang, "n")],
        *([a, str(n)] for a, n in zip(names, ages, strict=True)),
        [say_in(lang, "total"), str(male + female)],
    ]
    diseases = [
        [say_in(lang, "disease"), say_in(lang, "n")],
        *([say_in(lang, d), str(rng.randint(20, 380))] for d in DISEASES),
    ]
    tables = [("sex.csv", as_csv(by_sex)), ("age.csv", as_csv(by_age)), ("dx.csv", as_csv(diseases))]
    rng.shuffle(tables)
    return Planted("honest_topics", tuple(tables[:2]), tables[2])


def honest_growth(rng: random.Random) -> Planted:
    """A register that grows by ten or more in every cell and is reported at the end of each month."""
    lang = rng.randint(0, 1)
    chosen = DISEASES[: rng.randint(2, 5)]
    values = {d: rng.randint(100, 900) for d in chosen}
    tables = []
    for m in range(4, 4 + rng.randint(2, 4)):
        rows = [
            [say_in(lang, "disease"), say_in(lang, "n")],
            *([say_in(lang, d), str(v)] for d, v in values.items()),
        ]
        caption = (f"2025年{m}月末現在", f"As of 2025-{m:02d}")[lang]
        tables.append((f"r{m}.csv", as_csv([[caption, ""], *rows])))
        values = {d: v + rng.randint(20, 90) for d, v in values.items()}
    return Planted("honest_growth", tuple(tables[:-1]), tables[-1])


HONEST = (honest_months, honest_topics, honest_growth)
