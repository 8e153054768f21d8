"""Expressions of generated views, by the sort of value they give.

Each production adds what it used to ``features``, so that a test can say that the language was
covered. Everything written here is meant to be honest; what is not comes in by a *slip*, one
expression that breaks a rule (``tests.support.view_slips``), put wherever a value of its sort
fits.
"""

import random
from collections.abc import Callable
from functools import partial

from catalog.schema.columns import Nature, Schema
from tests.support.view_rare import rare_numbers, rare_texts, rare_truths
from tests.support.view_scopes import DATE, KEY, NUMBER, STAFF, TEXT, TRUTH, Named, Place, columns_of
from tests.support.view_sources import REGIONS, TEXTS

_RARELY = 0.12
_RELATIONS = frozenset({"t", "q", "i", "v", "cte"})
_FEW = ("a", "b", "r1", "r2", "c1", "patient", "visit", "sex")
"""Names that tables, columns, or the compiler's own relations have as well."""
Slip = Callable[["Expressions", Place], str]
"""An expression that breaks a rule; empty when nothing here allows it."""


class Expressions:
    """Writes expressions with the chances it is given."""

    def __init__(self, chance: random.Random, schema: Schema, slip: tuple[str, Slip] | None = None) -> None:
        self.chance = chance
        self.schema = schema
        self.features: set[str] = set()
        self._slip = slip
        self.slip_made = ""
        """The slip as it was written, once it was."""
        self._names = 0
        self._few_names = chance.random() < 0.25

    def fresh(self, letter: str) -> str:
        """A name for a relation or column; where names are few, relations far apart share one."""
        self._names += 1
        if letter in _RELATIONS and self._few_names and self.chance.random() < 0.5:
            return self.chance.choice(_FEW)
        return f"{letter}{self._names}"

    def rarely(self) -> bool:
        """Whether a rarer form is written here."""
        return self.chance.random() < _RARELY

    @property
    def slip_waits(self) -> bool:
        """Whether a slip is still to be made."""
        return self._slip is not None

    def slip_is(self, sort: str) -> bool:
        """Whether a slip of this sort is still to be made."""
        return self._slip is not None and self._slip[0] == sort

    def take_slip(self, sort: str, place: Place, likely: float = 0.35) -> str:
        """The slip's text when it gives this sort and the dice say here; empty otherwise."""
        if self._slip is None or self._slip[0] != sort or self.chance.random() > likely:
            return ""
        text = self._slip[1](self, place)
        if text:
            self._slip, self.slip_made = None, text
        return text

    def value(self, place: Place, depth: int = 2) -> str:
        """An expression of any sort."""
        return self.chance.choice([self.number, self.number, self.text, self.date, self.truth])(place, depth)

    def of(self, kind: str, place: Place, depth: int = 2) -> str:
        """An expression of this sort."""
        return {NUMBER: self.number, TEXT: self.text, DATE: self.date, TRUTH: self.truth}[kind](place, depth)

    def number(self, place: Place, depth: int = 2) -> str:
        slip = self.take_slip(NUMBER, place)
        if slip or depth <= 0 or self.chance.random() < 0.35:
            return slip or self._plain(NUMBER, place, str(self.chance.randint(0, 9)))
        one = partial(self.number, place, depth - 1)
        forms: list[tuple[str, Callable[[], str]]] = [
            ("arithmetic", lambda: f"({one()} {self.chance.choice('+-*')} {one()})"),
            ("modulo", lambda: f"({one()} % {self.chance.randint(2, 5)})"),
            ("CASE", lambda: f"CASE WHEN {self.truth(place, depth - 1)} THEN {one()} ELSE {one()} END"),
            ("COALESCE", lambda: f"coalesce({one()}, {one()})"),
            ("NULLIF", lambda: f"nullif({one()}, {one()})"),
            ("GREATEST", lambda: f"greatest({one()}, {one()})"),
            ("round", lambda: f"round({one()}, 1)"),
            ("abs", lambda: f"abs({one()})"),
            ("CAST", lambda: f"CAST({one()} AS DOUBLE)"),
            ("TRY_CAST", lambda: f"TRY_CAST({self.text(place, depth - 1)} AS INTEGER)"),
            ("length", lambda: f"length({self.text(place, depth - 1)})"),
            ("extract", lambda: f"extract(year FROM {self.date(place, depth - 1)})"),
            (
                "date_diff",
                lambda: f"date_diff('day', {self.date(place, depth - 1)}, {self.date(place, depth - 1)})",
            ),
            ("scalar subquery", lambda: self._counted(place) or one()),
        ]
        return self._one_of(rare_numbers(self, place, depth) if self.rarely() else forms)

    def text(self, place: Place, depth: int = 2) -> str:
        slip = self.take_slip(TEXT, place)
        if slip or depth <= 0 or self.chance.random() < 0.4:
            return slip or self._plain(TEXT, place, self.text_literal())
        one = partial(self.text, place, depth - 1)
        forms: list[tuple[str, Callable[[], str]]] = [
            ("||", lambda: f"({one()} || {one()})"),
            ("concat", lambda: f"concat({one()}, {one()})"),
            ("upper", lambda: f"upper({one()})"),
            ("left", lambda: f"left({one()}, {self.chance.randint(1, 3)})"),
            ("substring", lambda: f"substring({one()}, 1, {self.chance.randint(1, 3)})"),
            ("replace", lambda: f"replace({one()}, '.', '')"),
            ("trim", lambda: f"trim({one()})"),
            ("CASE", lambda: f"CASE WHEN {self.truth(place, depth - 1)} THEN {one()} END"),
            ("simple CASE", lambda: f"CASE {one()} WHEN {self.text_literal()} THEN {one()} ELSE 'z' END"),
            ("COALESCE", lambda: f"coalesce({one()}, {one()})"),
            ("CAST", lambda: f"CAST({self.number(place, depth - 1)} AS VARCHAR)"),
            ("strftime", lambda: f"strftime({self.date(place, depth - 1)}, '%Y-%m')"),
        ]
        return self._one_of(rare_texts(self, place, depth) if self.rarely() else forms)

    def date(self, place: Place, depth: int = 2) -> str:
        slip = self.take_slip(DATE, place)
        if slip or depth <= 0 or self.chance.random() < 0.6:
            return slip or self._plain(DATE, place, "DATE '2020-01-01'")
        one = partial(self.date, place, depth - 1)
        forms: list[tuple[str, Callable[[], str]]] = [
            ("date_trunc", lambda: f"CAST(date_trunc('month', {one()}) AS DATE)"),
            ("INTERVAL", lambda: f"CAST({one()} + INTERVAL {self.chance.randint(1, 9)} DAY AS DATE)"),
            ("CASE", lambda: f"CASE WHEN {self.truth(place, depth - 1)} THEN {one()} ELSE {one()} END"),
            ("last_day", lambda: f"last_day({one()})"),
        ]
        return self._one_of(forms)

    def truth(self, place: Place, depth: int = 2) -> str:
        slip = self.take_slip(TRUTH, place)
        if slip:
            return slip
        if depth > 0 and self.rarely():
            return self._one_of(rare_truths(self, place, depth))
        forms = [*self._comparisons(place, depth), *self._of_keys(place, depth)]
        if depth > 0:
            forms += [
                ("AND", lambda: f"({self.truth(place, depth - 1)} AND {self.truth(place, depth - 1)})"),
                ("OR", lambda: f"({self.truth(place, depth - 1)} OR {self.truth(place, depth - 1)})"),
                ("NOT", lambda: f"NOT ({self.truth(place, depth - 1)})"),
            ]
        return self._one_of(forms)

    def _comparisons(self, place: Place, depth: int) -> list[tuple[str, Callable[[], str]]]:
        number = partial(self.number, place, depth - 1)
        text = partial(self.text, place, depth - 1)
        return [
            (
                "comparison",
                lambda: f"{number()} {self.chance.choice(['<', '<=', '=', '<>', '>'])} {number()}",
            ),
            ("BETWEEN", lambda: f"{number()} BETWEEN 2 AND {self.chance.randint(3, 8)}"),
            ("text comparison", lambda: f"{text()} = {text()}"),
            ("IN list", lambda: f"{text()} IN ({self.text_literal()}, {self.text_literal()})"),
            ("LIKE", lambda: f"{text()} LIKE '{self.chance.choice(['E11%', '%1', 'A_'])}'"),
            ("starts_with", lambda: f"starts_with({text()}, 'E')"),
            ("date comparison", lambda: f"{self.date(place, depth - 1)} >= {self.date(place, depth - 1)}"),
            ("IS NULL", lambda: f"{number()} IS NOT NULL"),
            ("IS DISTINCT FROM", lambda: f"{text()} IS DISTINCT FROM {text()}"),
            ("column of truth", lambda: self._plain(TRUTH, place, "true")),
            ("staff in a condition", lambda: f"{self._plain(STAFF, place, self.text_literal())} = 'A'"),
        ]

    def _of_keys(self, place: Place, depth: int) -> list[tuple[str, Callable[[], str]]]:
        found = place.any(KEY)
        if found is None:
            return []
        key, sort = found
        forms: list[tuple[str, Callable[[], str]]] = [
            ("key IS NULL", lambda: f"{key} IS NULL"),
            ("keys equal", lambda: f"{key} = {self._same(place, sort.entity)}"),
            ("keys differ", lambda: f"{key} <> {self._same(place, sort.entity)}"),
            ("keys not distinct", lambda: f"{key} IS NOT DISTINCT FROM {self._same(place, sort.entity)}"),
        ]
        if depth > 0:
            forms += [
                (kind, lambda kind=kind: self._over_keys(kind, place, key, sort.entity))  # type: ignore[misc]
                for kind in ("key IN query", "key NOT IN query", "EXISTS", "NOT EXISTS")
            ]
        return forms

    def _same(self, place: Place, entity: str) -> str:
        found = place.any(KEY, entity)
        return found[0] if found else "NULL"

    def _over_keys(self, kind: str, place: Place, key: str, entity: str) -> str:
        inner = self.inner(place, entity)
        if inner is None:
            return f"{key} IS NOT NULL"
        other = self.chance.choice(inner.all(KEY, entity))[0]
        table = f"{inner.relations[0].table} {inner.relations[0].alias}"
        condition = self.truth(inner, 0) if self.chance.random() < 0.5 else "true"
        if "IN" in kind.split():
            return f"{key} {kind.removeprefix('key ').removesuffix(' query')} (SELECT {other} FROM {table} WHERE {condition})"
        return f"{kind} (SELECT 1 FROM {table} WHERE {other} = {_outer(key, place)} AND {condition})"

    def _counted(self, place: Place) -> str:
        found = place.any(KEY)
        inner = self.inner(place, found[1].entity) if found else None
        if found is None or inner is None:
            return ""
        other = self.chance.choice(inner.all(KEY, found[1].entity))[0]
        counted = self.chance.choice(
            ["count(*)", f"count(DISTINCT {other})", f"max({self._plain(NUMBER, inner, '1')})"]
        )
        table = f"{inner.relations[0].table} {inner.relations[0].alias}"
        return f"(SELECT {counted} FROM {table} WHERE {other} = {_outer(found[0], place)})"

    def inner(self, around: Place, entity: str) -> Place | None:
        """A table with keys of that kind, as a query inside this one sees it."""
        tables = [t for t in self.schema.tables.values() if any(c.entity == entity for c in t.columns)]
        if not tables:
            return None
        table = self.chance.choice(tables)
        named = Named(self.fresh("i"), columns_of(table), "seq", table.name)
        return Place(self.chance, [named], around)

    def text_literal(self) -> str:
        return "'" + self.chance.choice((*TEXTS, *REGIONS[:1], "F")) + "'"

    def _plain(self, kind: str, place: Place, literal: str) -> str:
        around = place.around
        if around is not None and self.chance.random() < 0.2:
            found = around.all(kind)
            if found:
                self.features.add("correlated")
                return self.chance.choice(found)[0]
        column = place.any(kind)
        return column[0] if column and self.chance.random() < 0.8 else literal

    def _one_of(self, forms: list[tuple[str, Callable[[], str]]]) -> str:
        feature, write = self.chance.choice(forms)
        self.features.add(feature)
        return write()


def transforms(place: Place, chance: random.Random) -> list[str]:
    """Approved transforms of columns that can be named here."""
    found = []
    for column, sort in [*place.all(DATE), *place.all(NUMBER), *place.all(TEXT)]:
        if sort.nature is Nature.BIRTH:
            found += [
                f"birth_month({column})",
                f"age_band({column}, DATE '2021-03-01', {chance.choice([5, 10])})",
            ]
        elif sort.nature is Nature.EVENT:
            found.append(f"date_shift({column})")
        elif sort.nature is Nature.MEASURE:
            found += [f"bin({column}, 2)", f"top_code({column}, 4)", f"bottom_code({column}, 2)"]
        elif sort.nature is Nature.CODE:
            found.append(f"rare_to_other({column})")
        elif sort.nature is Nature.REGION:
            found.append(f"region_up({column})")
    return found


def _outer(key: str, place: Place) -> str:
    """The key with its relation's name, so that the query inside cannot take it for its own."""
    if "." in key:
        return key
    return next(text for text, _ in place.all(KEY) if text.endswith(f".{key}"))
