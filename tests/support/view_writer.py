"""Whole views that nobody chose: SQL text of many features, over one schema.

``ViewWriter(...).view()`` writes one. A view is plain, grouped, windowed or a set operation,
over tables, CTEs and derived tables joined in every way the language has; identifiers stand
wherever an honest view may have them. With a slip, one expression in it breaks a rule.
"""

import random
from collections.abc import Callable

from catalog.schema.columns import Schema
from tests.support.view_expressions import Slip, transforms
from tests.support.view_from import HOMES, VALUES, Sources
from tests.support.view_rare import tied_windows
from tests.support.view_scopes import KEY, NUMBER, TEXT, Place, Sort
from tests.support.view_windows import aggregate, windowed


class ViewWriter(Sources):
    """Writes one view."""

    def __init__(
        self,
        chance: random.Random,
        schema: Schema,
        slip: tuple[str, Slip] | None = None,
        demanding: bool = False,
    ) -> None:
        super().__init__(chance, schema, slip)
        self._demanding = demanding
        """Whether a value leaves through a transform where there is one."""

    def view(self) -> str:
        """The text of a view."""
        whole = self.take_slip("view", Place(self.chance), 1.0)
        if whole:
            return whole
        begin = self._with() if self.chance.random() < 0.3 else ""
        shapes: list[Callable[[], str]] = [self._plain_query] * 4 + [self._grouped] * 3
        shapes += [self._windowed] * 2 + [self._set_operation] * 2
        over = self.slip_is("order") or self.slip_is("window")
        return begin + self.chance.choice([self._windowed] if over else shapes)()

    # What leaves

    def _columns(self, place: Place, values: Callable[[], str]) -> str:
        """A SELECT list: perhaps pseudonyms, then values."""
        listed = self._pseudonyms(place)
        wanted = self.chance.randint(0 if listed else 1, 3)
        listed += [f"{values()} AS {self.fresh('c')}" for _ in range(wanted)]
        slip = self.take_slip("column", place, 0.8)
        if slip:
            listed.append(slip)
        if not listed:
            listed.append(f"1 AS {self.fresh('c')}")
        self.chance.shuffle(listed)
        return ", ".join(listed)

    def _pseudonyms(self, place: Place) -> list[str]:
        keys = [(text, sort) for text, sort in place.all(KEY) if sort.entity in HOMES]
        if not keys or self.chance.random() < 0.3:
            return []
        self.features.add("pseudonym")
        chosen = self.chance.sample(keys, self.chance.randint(1, min(2, len(keys))))
        return [f"{self._pseudonym(place, *key)} AS {self.fresh('k')}" for key in chosen]

    def _pseudonym(self, place: Place, key: str, sort: Sort) -> str:
        other = self.chance.choice([text for text, _ in place.all(KEY, sort.entity)])
        forms = [("pseudonym", f"pseudonym({key})")] * 6
        forms += [
            ("pseudonym in CASE", f"CASE WHEN {self.truth(place, 0)} THEN pseudonym({key}) END"),
            ("pseudonym in COALESCE", f"coalesce(pseudonym({key}), pseudonym({other}))"),
        ]
        feature, text = self.chance.choice(forms)
        self.features.add(feature)
        return text

    def _leaving(self, place: Place) -> str:
        found = transforms(place, self.chance)
        if found and self.chance.random() < (0.8 if self._demanding else 0.15):
            text = self.chance.choice(found)
            self.features.add(text.split("(")[0])
            return text
        if self._demanding and not self.slip_waits:
            return self.chance.choice([self.truth(place), "1", self._counted(place) or "2"])
        return self.value(place)

    # Shapes

    def _plain_query(self) -> str:
        place, source = self._source(2)
        chosen = self._columns(place, lambda: self._leaving(place))
        if self._star_fits(place):
            chosen = self._star(place)
        where = self._where(place)
        distinct, order = "", ""
        drawn, values = self.chance.random(), [text for kind in (NUMBER, TEXT) for text, _ in place.all(kind)]
        if drawn < 0.15:
            distinct = "DISTINCT "
        elif drawn < 0.25:
            order = f" ORDER BY {self.number(place, 1)} DESC"
        elif drawn < 0.3 and values:
            on, by = self.chance.choice(values), self.chance.choice(values)
            distinct, order = f"DISTINCT ON ({on}) ", f" ORDER BY {on}, {by}"
        word = "DISTINCT ON" if "ON" in distinct else distinct.strip() or "ORDER BY"
        if distinct or order:
            self.features.add(word)
        return f"SELECT {distinct}{chosen} FROM {source}{where}{order}"

    def _star_fits(self, place: Place) -> bool:
        alone = len(place.relations) == 1 and bool(place.relations[0].table)
        return alone and not self.slip_waits and self.chance.random() < 0.15

    def _star(self, place: Place) -> str:
        self.features.add("star")
        columns = place.relations[0].columns
        hidden = [name for name, sort in columns.items() if sort.kind not in VALUES]
        return f"* EXCLUDE ({', '.join(hidden)})"

    def _grouped(self) -> str:
        place, source = self._source(2)
        where = self._where(place)
        groups, listed = [], []
        for position in range(self.chance.randint(0, 2)):
            key = place.any(KEY)
            if key and key[1].entity in HOMES and self.chance.random() < 0.5:
                shown = f"pseudonym({key[0]})"
                group = self.chance.choice([key[0], shown, str(position + 1)])
            else:
                shown = self.of(self.chance.choice(VALUES), place, 1)
                group = self.chance.choice([shown, str(position + 1)])
            self.features.add("GROUP BY position" if group.isdecimal() else "GROUP BY")
            listed.append(f"{shown} AS {self.fresh('g')}")
            groups.append(group if not _constant(group) or group.isdecimal() else str(position + 1))
        if place.any(KEY) and self.chance.random() < 0.25:
            self.features.add("GROUP BY key alone")
            groups.append(place.all(KEY)[0][0])
        listed += [f"{aggregate(self, place)} AS {self.fresh('a')}" for _ in range(self.chance.randint(1, 2))]
        having = ""
        if self.chance.random() < 0.3:
            self.features.add("HAVING")
            having = f" HAVING {aggregate(self, place, number=True)} >= {self.chance.randint(0, 3)}"
        return f"SELECT {', '.join(listed)} FROM {source}{where}{self._by(groups)}{having}"

    def _by(self, groups: list[str]) -> str:
        if not groups:
            return ""
        chosen, form = self.chance.random(), f" GROUP BY {', '.join(groups)}"
        if chosen < 0.1 and not any(group.isdecimal() for group in groups):
            self.features.add("ROLLUP")
            return f" GROUP BY ROLLUP ({', '.join(groups)})"
        if chosen < 0.2:
            self.features.add("GROUP BY ALL")
            return " GROUP BY ALL"
        return form

    def _windowed(self) -> str:
        place, source = self._source(1)
        self.features.add("window")
        tied = tied_windows(self, place) if self.chance.random() < 0.3 and not self.slip_waits else ""
        chosen = tied or self._columns(place, lambda: windowed(self, place))
        where = self._where(place)
        qualify = ""
        if tied:
            return f"SELECT {chosen} FROM {source}{where}"
        if self.chance.random() < 0.4:
            self.features.add("QUALIFY")
            qualify = f" QUALIFY {windowed(self, place, number=True)} <= {self.chance.randint(1, 3)}"
        return f"SELECT {chosen} FROM {source}{where}{qualify}"

    def _set_operation(self) -> str:
        kinds = [self.chance.choice([KEY, *VALUES]) for _ in range(self.chance.randint(1, 3))]
        word = self.chance.choice(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])
        self.features.add(word)
        sides = []
        for first in (True, False):
            place, source = self._source(1, needs="patient" if KEY in kinds else "")
            listed = []
            for kind in kinds:
                shown = (
                    f"pseudonym({self.chance.choice(place.all(KEY, 'patient'))[0]})"
                    if kind == KEY
                    else self.of(kind, place)
                )
                listed.append(f"{shown} AS {self.fresh('s')}" if first else shown)
            sides.append(f"SELECT {', '.join(listed)} FROM {source}{self._where(place)}")
        return f" {word} ".join(sides)


def _constant(text: str) -> bool:
    return not any(letter.isalpha() for letter in text.replace("DATE", "").replace("true", ""))
