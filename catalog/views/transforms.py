"""Approved transforms: functions of a view that stand for plain SQL of ours, and what they cover.

1. A transform covers facts of certain natures: what it covers does not leave in its result, the rest
   does. ``age_band`` covers the date ``at`` only when ``birth`` is a date of birth.
2. Widths and limits are numbers written in the view, within bounds; dates, numbers and texts are
   where they belong. What cannot be told is refused, with what to write instead.
3. ``date_shift`` moves a date by the offset of the person whose date it is. It is refused where that
   cannot be said, a second time over the same date, and beside a date that was not moved: any of
   these could give the offset away.
4. ``rare_to_other`` takes a bare column whose values are held by persons, who can be counted.
5. ``scrub``, ``scrub_status`` and ``scrub_hits`` take a bare column of free text of a table that has the
   person's key: what is removed depends on whose text it is. Free text stands nowhere else.
6. What leaves the outermost SELECT must be covered as the profile demands.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from sqlglot import exp

from catalog.profiles import Profile
from catalog.schema.columns import ColumnClass, Nature, Schema
from catalog.views import transforms_sql as sql
from catalog.views.refusals import Refusals
from catalog.views.scopes import Lineage, Scope, merged
from catalog.views.transforms_holders import holders
from catalog.views.transforms_needs import (
    SCRUB_HITS,
    SCRUB_STATUS,
    SCRUB_TEXT,
    Common,
    Scrubbed,
    needs_of,
)
from catalog.views.transforms_rows import PERSON, Rows
from enclave.sentences import Sentence, say

Value = Callable[[exp.Expr, Scope], Lineage]
SHIFTED = "date_shift"
_MOST_YEARS = 50
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_DATES, _NUMBERS, _TEXTS = {"DATE", "TIMESTAMP"}, {"NUMBER"}, {"TEXT"}
_USAGE = {
    "birth_month": "birth_month(date)",
    "age_band": "age_band(birth, at, width)",
    SHIFTED: "date_shift(date)",
    "bin": "bin(value, width)",
    "top_code": "top_code(value, limit)",
    "bottom_code": "bottom_code(value, limit)",
    "rare_to_other": "rare_to_other(code)",
    "region_up": "region_up(code)",
    "scrub": "scrub(text)",
    "scrub_status": "scrub_status(text)",
    "scrub_hits": "scrub_hits(text)",
}
_SCRUBS = {"scrub": SCRUB_TEXT, "scrub_status": SCRUB_STATUS, "scrub_hits": SCRUB_HITS}
_COVERS = {
    "birth_month": {Nature.BIRTH},
    SHIFTED: {Nature.EVENT},
    "bin": {Nature.MEASURE},
    "top_code": {Nature.MEASURE},
    "bottom_code": {Nature.MEASURE},
    "rare_to_other": {Nature.CODE},
    "region_up": {Nature.REGION},
}


class Transforms:
    """Reads the transforms of one view, and judges what leaves it."""

    def __init__(self, refusals: Refusals, schema: Schema, profile: Profile) -> None:
        self._refusals = refusals
        self._schema = schema
        self._profile = profile
        self._rows = Rows(schema)
        self._readers: dict[str, Callable[[exp.Anonymous, tuple[Lineage, ...]], exp.Expr | None]] = {
            "birth_month": self._birth_month,
            "age_band": self._age_band,
            SHIFTED: self._date_shift,
            "bin": self._coarse,
            "top_code": self._coarse,
            "bottom_code": self._coarse,
            "rare_to_other": self._rare_to_other,
            "region_up": self._region_up,
        }

    def read(self, node: exp.Anonymous, scope: Scope, value: Value) -> Lineage:
        """What is known of a transform's value; plain SQL stands in its place afterwards.

        ``value`` reads an argument in a place where no key may stand.
        """
        name = node.name.lower()
        self._check_profile(node, name)
        parts = tuple(value(part, scope) for part in list(node.expressions))
        self.check_mixed(node, parts)
        if len(parts) != _USAGE[name].count(",") + 1:
            return self._misused(node, say("Give exactly these arguments."))
        written = self._readers[name](node, parts)
        if written is None:
            return Lineage()
        node.replace(written)
        whole = merged(parts)
        return replace(
            whole,
            sources=whole.sources | self._keys(written, scope),
            transforms=(*whole.transforms, name),
            open=self._left_open(name, parts),
        )

    def read_scrub(
        self, node: exp.Anonymous, scope: Scope, text: Callable[[exp.Column, Scope], Lineage], value: Value
    ) -> Lineage:
        """The same for what takes free text; ``text`` reads a bare column of it, ``value`` anything else."""
        name = node.name.lower()
        self._check_profile(node, name)
        arguments = list(node.expressions)
        if len(arguments) != 1 or not isinstance(arguments[0], exp.Column):
            for argument in arguments:
                value(argument, scope)
            return self._refuse_scrub(node)
        lineage = text(arguments[0], scope)
        (column,) = node.expressions
        held = self._rows.held(column)
        person = self._rows.person(column) if held is not None else None
        known = self._schema.column(held.source_table, held.source_column) if held is not None else None
        if not lineage.sources:
            return Lineage()
        if held is None or person is None or known is None or known.column_class is not ColumnClass.FREE_TEXT:
            return self._refuse_scrub(node)
        need = Scrubbed(held.source_table, held.source_column)
        written = sql.scrubbed(column, person, need, _SCRUBS[name])
        node.replace(written)
        return Lineage(lineage.sources | self._keys(written, scope), transforms=(name,))

    def _check_profile(self, node: exp.Anonymous, name: str) -> None:
        if name not in self._profile.transforms:
            self._refusals.add(
                "transform_profile",
                node,
                say("This profile does not allow the transform {transform}.", transform=name),
                say("Use a transform of the profile, or leave the column out."),
            )

    def _refuse_scrub(self, node: exp.Anonymous) -> Lineage:
        self._refusals.add(
            "scrub_argument",
            node,
            say(
                "{usage} takes a bare column of free text of a table that has the person's key.",
                usage=_USAGE[node.name.lower()],
            ),
            say("Write scrub(d.text) where the table itself stands in FROM, or leave the text out."),
        )
        return Lineage()

    def check_leaving(self, node: exp.Expr, lineage: Lineage) -> None:
        """Refuse a column of the outermost SELECT in which something leaves that the profile keeps."""
        natures = {self._nature(source) for source in lineage.open}
        for nature, demand in self._profile.demands.items():
            if nature in natures:
                self._refusals.add(demand.rule, node, demand.sentence, demand.remedy)

    def check_mixed(self, node: exp.Expr, parts: Iterable[Lineage]) -> None:
        """Refuse an expression in which a shifted date meets one that was not: the offset shows in it."""
        listed = tuple(parts)
        if shifted_dates(listed, self._schema) and raw_dates(listed, self._schema):
            self._refusals.add(
                "shift_mixed",
                node,
                say("A shifted date and one that was not shifted stand in one expression."),
                say("Shift both: date_shift(…) on every date of an event."),
            )

    def check_undone(self, node: exp.Expr, columns: Iterable[Lineage]) -> None:
        """Refuse a view that shows the same date shifted and as it is."""
        listed = tuple(columns)
        if shifted_dates(listed, self._schema) & raw_dates(listed, self._schema):
            self._refusals.add(
                "shift_undone",
                node,
                say(
                    "The same date leaves this view shifted and as it is: beside each other they give the offset."
                ),
                say("Shift it everywhere, or nowhere."),
            )

    def _birth_month(self, node: exp.Anonymous, _parts: tuple[Lineage, ...]) -> exp.Expr | None:
        (date,) = node.expressions
        return sql.birth_month(date) if self._fits(node, date, _DATES) else None

    def _age_band(self, node: exp.Anonymous, _parts: tuple[Lineage, ...]) -> exp.Expr | None:
        birth, at, width = node.expressions
        years = _number(width)
        if years is None or not _whole(years) or not 1 <= years <= _MOST_YEARS:
            self._misused(node, say("Give dates, and a whole number of years from 1 to 50 as the width."))
            return None
        if not self._fits(node, birth, _DATES) or not self._fits(node, at, _DATES):
            return None
        return sql.age_band(birth, at, int(years))

    def _date_shift(self, node: exp.Anonymous, parts: tuple[Lineage, ...]) -> exp.Expr | None:
        (date,) = node.expressions
        if SHIFTED in parts[0].transforms:
            self._refusals.add(
                "shift_twice",
                node,
                say("This date was already shifted: shifted twice it would give the offset away."),
                say("Shift each date once."),
            )
            return None
        if not self._fits(node, date, _DATES):
            return None
        person = self._rows.person(date)
        if person is None:
            self._refusals.add(
                "shift_person",
                node,
                say("It cannot be said whose date this is, so there is no one whose offset to use."),
                say("Write date_shift(date) where the date is read from a table that has the person's key."),
            )
            return None
        kind = self._rows.type(date)
        if not kind:
            self._refuse_type(node)
            return None
        return sql.date_shift(date, kind, person)

    def _coarse(self, node: exp.Anonymous, _parts: tuple[Lineage, ...]) -> exp.Expr | None:
        value, literal = node.expressions
        number, name = _number(literal), node.name.lower()
        if number is None or (name == "bin" and number <= 0):
            self._misused(node, say("Write the width or limit as a number in the view; a width is above 0."))
            return None
        if not self._fits(node, value, _NUMBERS):
            return None
        if name == "bin":
            return sql.binned(value, number)
        return sql.top_code(value, number) if name == "top_code" else sql.bottom_code(value, number)

    def _rare_to_other(self, node: exp.Anonymous, _parts: tuple[Lineage, ...]) -> exp.Expr | None:
        (code,) = node.expressions
        common = self._rows.held(code)
        if common is None or not holders(self._schema, common):
            self._refusals.add(
                "rare_argument",
                node,
                say("rare_to_other() takes a bare column that persons hold: they are counted."),
                say("Write rare_to_other(t.code) with a column of a table that has the person's key."),
            )
            return None
        return sql.rare_to_other(code, common)

    def _region_up(self, node: exp.Anonymous, _parts: tuple[Lineage, ...]) -> exp.Expr | None:
        (code,) = node.expressions
        return sql.region_up(code) if self._fits(node, code, _TEXTS) else None

    def _keys(self, written: exp.Expr, scope: Scope) -> frozenset[str]:
        """The keys that a result depends on: by them offsets are found and persons are counted."""
        counted = (need for need in needs_of(written) if isinstance(need, Common))
        keys = {f"{held.table}.{held.key}" for need in counted for held in holders(self._schema, need)}
        for column in written.find_all(exp.Column):
            lineage = _known_as(column, scope)
            if lineage is not None:
                # A result that depends on it tells rows apart, as a column that the query names does.
                _use(column, scope)
            keys.update(lineage.sources if lineage is not None and lineage.entity == PERSON else ())
        return frozenset(keys)

    def _left_open(self, name: str, parts: tuple[Lineage, ...]) -> frozenset[str]:
        """The sources that still leave in the result: what the transform does not cover."""
        if name != "age_band":
            return self._without(_COVERS[name], parts[0].open)
        natures = {self._nature(source) for source in parts[0].open}
        covered = {Nature.EVENT} if Nature.BIRTH in natures else set()
        return self._without({Nature.BIRTH}, parts[0].open) | self._without(covered, parts[1].open)

    def _without(self, covered: set[Nature], sources: frozenset[str]) -> frozenset[str]:
        return frozenset(source for source in sources if self._nature(source) not in covered)

    def _nature(self, source: str) -> Nature:
        return _nature(self._schema, source)

    def _fits(self, node: exp.Anonymous, argument: exp.Expr, kinds: set[str]) -> bool:
        """Whether an argument can be of one of these kinds; what cannot be told is left to the trial."""
        found = self._rows.type(argument)
        if found and found not in kinds:
            self._refuse_type(node)
            return False
        return True

    def _refuse_type(self, node: exp.Anonymous) -> None:
        self._refusals.add(
            "transform_type",
            node,
            say("The type of the argument does not fit: {usage}.", usage=_USAGE[node.name.lower()]),
            say("Give a date, a number or a text as the transform needs, by CAST(… AS …) if need be."),
        )

    def _misused(self, node: exp.Anonymous, remedy: Sentence) -> Lineage:
        self._refusals.add(
            "transform_arguments",
            node,
            say("The arguments of this transform do not fit: {usage}.", usage=_USAGE[node.name.lower()]),
            remedy,
        )
        return Lineage()


def _use(column: exp.Column, scope: Scope) -> None:
    around: Scope | None = scope
    while around is not None:
        for item in around.items:
            if item.fresh == column.table:
                item.used.add(column.name)
        around = around.parent


def _known_as(column: exp.Column, scope: Scope) -> Lineage | None:
    """What is known of a column by our own name of its relation."""
    around: Scope | None = scope
    while around is not None:
        for item in around.items:
            if item.fresh == column.table:
                return item.relation.columns.get(column.name)
        around = around.parent
    return None


def shifted_dates(values: Iterable[Lineage], schema: Schema) -> frozenset[str]:
    """The dates of events that can be in these values shifted."""
    inside = (value.sources - value.open for value in values if SHIFTED in value.transforms)
    return _events(inside, schema)


def raw_dates(values: Iterable[Lineage], schema: Schema) -> frozenset[str]:
    """The dates of events that leave in these values as they are."""
    return _events((value.open for value in values), schema)


def _events(sources: Iterable[frozenset[str]], schema: Schema) -> frozenset[str]:
    found = frozenset().union(*sources)
    return frozenset(source for source in found if _nature(schema, source) is Nature.EVENT)


def _nature(schema: Schema, source: str) -> Nature:
    table, _, name = source.partition(".")
    column = schema.column(table, name)
    return column.nature if column is not None else Nature.PLAIN


def _number(node: exp.Expr) -> Decimal | None:
    """A number written in the view, or None."""
    sign = -1 if isinstance(node, exp.Neg) else 1
    literal = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(literal, exp.Literal) or literal.is_string or not _NUMBER.fullmatch(literal.name):
        return None
    return sign * Decimal(literal.name)


def _whole(number: Decimal) -> bool:
    return number.as_tuple().exponent == 0
