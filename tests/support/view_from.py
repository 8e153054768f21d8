"""Where the rows of generated views come from: tables, CTEs, derived tables, and joins of every kind."""

import random

from catalog.schema.columns import Schema
from tests.support.view_expressions import Expressions, Slip
from tests.support.view_rare import rare_relation
from tests.support.view_scopes import (
    DATE,
    DIRECT,
    FREE,
    KEY,
    NUMBER,
    TEXT,
    TRUTH,
    Named,
    Place,
    Sort,
    columns_of,
)
from tests.support.view_windows import aggregate, windowed

VALUES = (NUMBER, TEXT, DATE, TRUTH)
HOMES = {"patient", "visit"}
"""The kinds of things of generated schemas that have pseudonyms."""
_TAKEN_NAMES = ("sex", "name", "code", "patient_key", "seq", "phone")
"""Names that columns of the schema have, identifiers among them."""


class Sources(Expressions):
    """Writes FROM clauses."""

    def __init__(self, chance: random.Random, schema: Schema, slip: tuple[str, Slip] | None = None) -> None:
        super().__init__(chance, schema, slip)
        self._given: list[Named] = []

    def _with(self) -> str:
        self.features.add("CTE")
        name = self.fresh("cte")
        text, columns = self._derived()
        self._given.append(Named(name, columns))
        return f"WITH {name} AS ({text}) "

    def _derived(self) -> tuple[str, dict[str, Sort]]:
        """A query inside, which carries keys and values under names of its own."""
        if self.chance.random() < 0.2:
            return self._starred()
        place, source = self._source(1)
        columns: dict[str, Sort] = {}
        listed = []
        grouped = self.chance.random() < 0.3
        keys = place.all(KEY)
        for text, sort in self.chance.sample(keys, min(len(keys), self.chance.randint(1, 2))):
            name = self._column_name(columns, text.split(".")[1])
            columns[name] = sort
            listed.append((text if grouped else self._carried(place, text, sort), name))
        groups = [text for text, _ in listed]
        for _ in range(self.chance.randint(1, 2)):
            kind = NUMBER if grouped else self.chance.choice(VALUES)
            name = self._column_name(columns, self.chance.choice(_TAKEN_NAMES))
            columns[name] = Sort(kind)
            if grouped:
                listed.append((aggregate(self, place, number=True), name))
            elif kind == NUMBER and place.total_order() and self.chance.random() < 0.3:
                self.features.add("window inside")
                listed.append((windowed(self, place, number=True), name))
            else:
                listed.append((self.of(kind, place, 1), name))
        by = f" GROUP BY {', '.join(groups)}" if grouped and groups else ""
        if grouped:
            self.features.add("grouped inside")
        shown = ", ".join(f"{text} AS {name}" for text, name in listed)
        return f"SELECT {shown} FROM {source}{self._where(place)}{by}", columns

    def _starred(self) -> tuple[str, dict[str, Sort]]:
        """A query inside by a star: of a table, beside a column, of both sides of an operation, or of a join."""
        first, other = (self.chance.choice(list(self.schema.tables.values())) for _ in range(2))
        one, two = Named(self.fresh("t"), columns_of(first), "seq", first.name), self.fresh("i")
        place = Place(self.chance, [one])
        rows = f"FROM {first.name} {one.alias}"
        columns = {n: s for n, s in one.columns.items() if s.kind not in {DIRECT, FREE}}
        feature = self.chance.choice(
            ["star inside", "star beside", "stars in a set operation", "star of a join"]
        )
        self.features.add(feature)
        if feature == "star beside":
            kind, name = self.chance.choice(VALUES), self.fresh("d")
            text = f"SELECT {one.alias}.*, {self.of(kind, place, 1)} AS {name} {rows}{self._where(place)}"
            return text, {**columns, name: Sort(kind)}
        if feature == "stars in a set operation":
            word = self.chance.choice(["UNION ALL", "EXCEPT", "INTERSECT"])
            whole = f"SELECT * {rows}{self._where(place)}"
            return f"{whole} {word} SELECT * FROM {first.name} {two}", columns
        if feature == "star of a join":
            word = self.chance.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN"])
            for name, sort in columns_of(other).items():
                if word != "SEMI JOIN" and name != "patient_key" and sort.kind not in {DIRECT, FREE}:
                    columns[f"{name}_1" if name in columns else name] = sort
            return f"SELECT * {rows} {word} {other.name} {two} USING (patient_key)", columns
        return f"SELECT * {rows}{self._where(place)}", columns

    def _column_name(self, columns: dict[str, Sort], wanted: str) -> str:
        """A name for a column inside: often one that a column of the schema has as well."""
        if wanted in columns or self.chance.random() < 0.5:
            return self.fresh("d")
        return wanted

    def _carried(self, place: Place, key: str, sort: Sort) -> str:
        """A key as a query inside may give it on: bare, on a condition, or the first of two that is there."""
        others = [text for text, theirs in place.all(KEY, sort.entity) if theirs == sort]
        forms: list[tuple[str, str]] = [("key carried", key)] * 4
        forms += [
            ("key in CASE", f"CASE WHEN {self.truth(place, 0)} THEN {key} END"),
            ("key in COALESCE", f"coalesce({key}, {self.chance.choice(others)})"),
            ("key in a subquery", f"(SELECT {key})"),
        ]
        if sort.entity in HOMES and not self.slip_waits:
            forms.append(("pseudonym inside", f"pseudonym({key})"))
        feature, text = self.chance.choice(forms)
        self.features.add(feature)
        return text

    def _relation(self, needs: str = "") -> tuple[Named, str]:
        if self._given and not needs and self.chance.random() < 0.5:
            given = self.chance.choice(self._given)
            alias = self.fresh("q")
            return Named(alias, given.columns), f"{given.alias} {alias}"
        if not needs and self.chance.random() < 0.12 and self._names < 12:
            self.features.add("derived table")
            text, columns = self._derived()
            alias = self.fresh("q")
            return Named(alias, columns), f"({text}) {alias}"
        table = self.chance.choice(list(self.schema.tables.values()))
        alias = self.fresh("t")
        return Named(alias, columns_of(table), "seq", table.name), f"{table.name} AS {alias}"

    def _source(self, most_joins: int, needs: str = "") -> tuple[Place, str]:
        """A FROM clause, and what can be named after it."""
        first, text = self._relation(needs)
        place = Place(self.chance, [first])
        for _ in range(self.chance.randint(0, most_joins)):
            text += self._join(place)
        return place, text

    def _join(self, place: Place) -> str:
        rare = rare_relation(self, place) if self.rarely() else None
        other, text = rare or self._relation()
        both = Place(self.chance, [*place.relations, other])
        kind = self.chance.choice(
            ["JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"]
        )
        using = self._using(place, other)
        if using and self.chance.random() < 0.4:
            self.features.add("USING")
            condition = f"USING ({using})"
            if kind not in {"SEMI JOIN", "ANTI JOIN"}:
                other = Named(
                    other.alias, {n: s for n, s in other.columns.items() if n != using}, other.unique
                )
        else:
            condition = f"ON {self._condition(both, place, other)}"
        self.features.add(kind)
        if kind not in {"SEMI JOIN", "ANTI JOIN"}:
            place.relations.append(other)
        return f" {kind} {text} {condition}"

    def _using(self, place: Place, other: Named) -> str:
        shared = [
            name
            for name, sort in other.columns.items()
            if sort.kind in {KEY, TEXT, NUMBER}
            and name != "seq"
            and sum(name in relation.columns for relation in place.relations) == 1
            and any(relation.columns.get(name) == sort for relation in place.relations)
        ]
        return self.chance.choice(shared) if shared else ""

    def _condition(self, both: Place, place: Place, other: Named) -> str:
        pairs = [
            f"{text} = {other.alias}.{name}"
            for text, sort in place.all(KEY)
            for name, theirs in other.columns.items()
            if theirs.kind == KEY and theirs.entity == sort.entity
        ]
        if not pairs or self.chance.random() < 0.1:
            self.features.add("join on values")
            return self.truth(both, 0)
        pair = self.chance.choice(pairs)
        return f"{pair} AND {self.truth(both, 0)}" if self.chance.random() < 0.25 else pair

    def _where(self, place: Place) -> str:
        likely = 0.75 if self.slip_waits else 0.45
        return f" WHERE {self.truth(place)}" if self.chance.random() < likely else ""
