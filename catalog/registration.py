"""A source that is not ours, classified by a person column by column, or told where it is not.

A classes file says of every table and column of the file what the canonical schema says of its
own: class, type, nature, labels in two languages, unit, code system, entity. Rules:

1. Every column is classified; one without a class cannot be used. A whole table may be left out.
2. What the file calls it stands in ``from``; the name in the source is a plain one.
3. The type is the one the file has. Nested and binary types cannot be registered.
4. Names of the canonical schema, of another registered source and of the rows' own provenance
   are taken.
5. A key names its entity. ``patient`` is for the source's own patient keys, in ``patient_key``;
   any other kind of thing is one of its own. The first column of a table is its key, a BIGINT.
6. A table without a key speaks of nobody: it holds quasi-identifiers, clinical and
   administrative columns and no other.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from catalog.schema.columns import Column, ColumnClass, Nature, Schema, Table
from catalog.schema.standing import provenance
from enclave.audit.canonical import Value, canonical
from enclave.sentences import Sentence, say

PATIENT, PATIENT_KEY = "patient", "patient_key"
FACTS = ("from", "class", "type", "nature", "ja", "en", "entity", "unit", "codes")
PLAIN = "plain"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TYPES = re.compile(
    r"(BOOLEAN|U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP|VARCHAR)"
    r"(\[\])?"
)
_OPEN = frozenset({ColumnClass.QUASI_IDENTIFIER, ColumnClass.CLINICAL, ColumnClass.ADMINISTRATIVE})
_LONGEST = 200

Place: TypeAlias = "tuple[str | int, ...]"
LineOf: TypeAlias = Callable[[Place], int]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of a file as the database describes it: names and types of its columns."""

    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """What a new source may not be called: schemas it must fit beside, and other tables."""

    schema: Schema
    names: frozenset[str] = frozenset()

    @property
    def entities(self) -> frozenset[str]:
        return frozenset(
            column.entity
            for table in self.schema.tables.values()
            for column in table.columns
            if column.entity
        )


@dataclass(frozen=True, slots=True)
class RegisteredTable:
    """A table of the schema, and what the file calls it and its columns."""

    table: Table
    found: str
    columns: tuple[str, ...]
    """The file's names of the first columns of the table; its provenance follows them."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A source as its classes file states it."""

    name: str
    ja: str
    en: str
    tables: tuple[RegisteredTable, ...]


def registration_digest(content: str, registration: Registration) -> str:
    """SHA-256 over a file's digest and everything that is said of it."""
    said: list[Value] = [
        [one.found, list(one.columns), one.table.ja, one.table.en]
        + [
            [c.name, c.column_class.value, c.type, c.ja, c.en, c.unit, c.codes, c.entity, c.nature.value]
            for c in one.table.columns
        ]
        for one in registration.tables
    ]
    facts: list[Value] = [content, registration.name, registration.ja, registration.en, said]
    return hashlib.sha256(canonical(facts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a classes file, and on which line."""

    line: int
    sentence: Sentence


@dataclass(slots=True)
class _Reader:
    """One reading of a classes file."""

    line_of: LineOf
    found: Mapping[str, FoundTable]
    taken: Names
    problems: list[Problem] = field(default_factory=list)

    def tell(self, place: Place, sentence: Sentence) -> None:
        self.problems.append(Problem(self.line_of(place), sentence))

    def text(self, entry: Mapping[str, Any], name: str, place: Place) -> str:
        """A short text that must be there."""
        value = entry.get(name)
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST:
            return value.strip()
        self.tell((*place, name), say("'{what}' has no text for '{fact}'.", what=_called(place), fact=name))
        return ""


def read_classes(
    document: object, line_of: LineOf, found: Iterable[FoundTable], taken: Names
) -> tuple[Registration | None, tuple[Problem, ...]]:
    """The registration that a classes file states for a file with these tables, or every problem with it."""
    reader = _Reader(line_of, {table.name: table for table in found}, taken)
    if not isinstance(document, Mapping) or not isinstance(document.get("tables"), Mapping):
        reader.tell((), say("A classes file states a name, labels and tables. Write one with --template."))
        return None, tuple(reader.problems)
    for extra in set(document) - {"name", "ja", "en", "tables", "leave_out"}:
        reader.tell((str(extra),), say("'{fact}' is not known here.", fact=str(extra)[:40]))
    name = reader.text(document, "name", ())
    if name and not _NAME.fullmatch(name):
        reader.tell(("name",), _plain_name(name))
    tables = tuple(
        _read_table(reader, str(key), entry, ("tables", str(key)))
        for key, entry in document["tables"].items()
    )
    _check_all_there(reader, tables, document.get("leave_out"))
    labels = reader.text(document, "ja", ()), reader.text(document, "en", ())
    if reader.problems:
        return None, tuple(sorted(reader.problems, key=lambda problem: problem.line))
    return Registration(name, *labels, tuple(table for table in tables if table)), ()


def _check_all_there(reader: _Reader, tables: Iterable[RegisteredTable | None], left_out: object) -> None:
    outside = [str(one) for one in left_out] if isinstance(left_out, list) else []
    if left_out is not None and not isinstance(left_out, list):
        reader.tell(("leave_out",), say("'leave_out' is a list of the file's tables."))
    classified = {table.found for table in tables if table}
    for name in outside:
        if name not in reader.found or name in classified:
            reader.tell(("leave_out",), say("'{table}' cannot be left out here.", table=name[:60]))
    for name in sorted(set(reader.found) - classified - set(outside)):
        reader.tell(
            ("tables",),
            say("The file's table '{table}' is not classified and not left out.", table=name[:60]),
        )
    if not classified:
        reader.tell(("tables",), say("No table is classified, so there is nothing to register."))


def _read_table(reader: _Reader, name: str, entry: object, place: Place) -> RegisteredTable | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("columns"), Mapping):
        reader.tell(place, say("Table '{table}' states labels and columns.", table=name[:60]))
        return None
    if not _NAME.fullmatch(name):
        reader.tell(place, _plain_name(name))
    elif reader.taken.schema.table(name) or name in reader.taken.names:
        reader.tell(place, say("The name '{name}' is taken in the source. Give another one.", name=name))
    source = str(entry.get("from") or name)
    found = reader.found.get(source)
    if found is None:
        reader.tell(place, say("The file has no table '{table}'.", table=source[:60]))
        return None
    pairs = [
        _read_column(reader, found, str(key), facts, (*place, "columns", str(key)))
        for key, facts in entry["columns"].items()
    ]
    named = {origin for origin, _ in pairs}
    for missing in sorted(set(found.columns) - named):
        reader.tell(
            (*place, "columns"),
            say(
                "Column '{column}' of table '{table}' is not classified.",
                column=missing[:60],
                table=source[:60],
            ),
        )
    columns = tuple(column for _, column in pairs if column)
    _check_keys(reader, columns, place)
    table = Table(
        name, reader.text(entry, "ja", place), reader.text(entry, "en", place), (*columns, *provenance())
    )
    return RegisteredTable(table, source, tuple(origin for origin, column in pairs if column))


def _read_column(
    reader: _Reader, found: FoundTable, name: str, facts: object, place: Place
) -> tuple[str, Column | None]:
    """What the file calls a column, and the column."""
    if not isinstance(facts, Mapping):
        reader.tell(place, say("Column '{column}' has no class.", column=name[:60]))
        return name, None
    source = str(facts.get("from") or name)
    if not _NAME.fullmatch(name):
        reader.tell(place, _plain_name(name))
    elif name in {column.name for column in provenance()}:
        reader.tell(place, say("The name '{name}' is taken in the source. Give another one.", name=name))
    for extra in set(facts) - set(FACTS):
        reader.tell((*place, str(extra)), say("'{fact}' is not known here.", fact=str(extra)[:40]))
    if source not in found.columns:
        reader.tell(
            place,
            say(
                "Table '{table}' of the file has no column '{column}'.", table=found.name, column=source[:60]
            ),
        )
        return source, None
    kind = _read_type(reader, found.columns[source], facts, name, place)
    sort = _word(reader, facts, "class", {one.value: one for one in ColumnClass}, place)
    natures = {PLAIN: Nature.PLAIN, **{one.value: one for one in Nature if one.value}}
    nature = _word(reader, facts, "nature", natures, place)
    ja, en = reader.text(facts, "ja", place), reader.text(facts, "en", place)
    entity = _read_entity(reader, facts, name, sort, place)
    if sort is None or nature is None or entity is None or not kind:
        return source, None
    unit, codes = str(facts.get("unit") or "")[:_LONGEST], str(facts.get("codes") or "")[:_LONGEST]
    return source, Column(name, sort, kind, ja, en, unit, codes, entity, nature)


def _word(
    reader: _Reader, facts: Mapping[str, Any], fact: str, words: Mapping[str, Any], place: Place
) -> Any:
    """What one of a few words stands for, or None when it is not one of them."""
    value = facts.get(fact)
    if value is None and fact == "class":
        reader.tell((*place, fact), say("Column '{column}' has no class.", column=_called(place)))
        return None
    if str(value) not in words:
        reader.tell(
            (*place, fact),
            say(
                "The {fact} of '{column}' is one of: {words}.",
                fact=fact,
                column=_called(place),
                words=", ".join(words),
            ),
        )
        return None
    return words[str(value)]


def _read_type(reader: _Reader, kind: str, facts: Mapping[str, Any], name: str, place: Place) -> str:
    """The type as the file has it, when it can be taken in and is the one that was stated."""
    plain = plain_type(kind)
    if not plain:
        reader.tell(
            (*place, "type"),
            say(
                "Column '{column}' has the type {type}, which cannot be registered.",
                column=name,
                type=kind[:40],
            ),
        )
    elif facts.get("type") != plain:
        reader.tell(
            (*place, "type"),
            say("Column '{column}' has the type {type} in the file.", column=name, type=plain),
        )
    return plain


def _read_entity(
    reader: _Reader, facts: Mapping[str, Any], name: str, sort: ColumnClass | None, place: Place
) -> str | None:
    value = str(facts.get("entity") or "")
    if sort is not None and (sort is ColumnClass.LINKABLE) != bool(value):
        reader.tell(
            (*place, "entity"),
            say("Column '{column}': a column of class LK names its entity, and no other does.", column=name),
        )
        return None
    if value and not _NAME.fullmatch(value):
        reader.tell((*place, "entity"), _plain_name(value))
        return None
    if value != PATIENT and value in reader.taken.entities:
        reader.tell(
            (*place, "entity"),
            say("The entity '{name}' is taken in the source. Give another one.", name=value),
        )
        return None
    if (name == PATIENT_KEY) != (value == PATIENT) and name == PATIENT_KEY:
        reader.tell((*place, "entity"), say("'patient_key' has class LK and the entity 'patient'."))
        return None
    return value


def _check_keys(reader: _Reader, columns: tuple[Column, ...], place: Place) -> None:
    keys = [column for column in columns if column.entity]
    names = {column.name for column in columns}
    if PATIENT in {column.entity for column in keys} and PATIENT_KEY not in names:
        reader.tell(place, say("A table that names patients has them in the column 'patient_key'."))
    for column in keys:
        if (column.entity == PATIENT or column is columns[0]) and column.type != "BIGINT":
            reader.tell(
                (*place, "columns", column.name),
                say(
                    "The key '{column}' has to be a BIGINT. Number the keys in the file.", column=column.name
                ),
            )
    if not keys:
        for column in columns:
            if column.column_class not in _OPEN:
                reader.tell(
                    (*place, "columns", column.name),
                    say("Column '{column}' speaks of people, so its table needs a key.", column=column.name),
                )


def plain_type(kind: str) -> str:
    """The type under which a column of this type is kept, or empty when it cannot be."""
    if kind.startswith("ENUM("):
        return "VARCHAR"
    if kind in {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}:
        return "TIMESTAMP"
    return kind if _TYPES.fullmatch(kind) else ""


def template(name: str, found: Iterable[FoundTable]) -> str:
    """A classes file to fill in: everything that the file itself says, and blanks."""
    lines = [
        f"# {'/'.join(one.value for one in ColumnClass)}",
        f"# nature: {'/'.join([*(one.value for one in Nature if one.value), PLAIN])}",
        f"name: {name if _NAME.fullmatch(name) else ''}",
        "ja:",
        "en:",
        "leave_out: []",
        "tables:",
    ]
    for number, table in enumerate(found, start=1):
        key = _as_key(table.name, f"table{number}")
        lines += [f"  {key}:", *_from(table.name, key, "    "), "    ja:", "    en:", "    columns:"]
        for place, (column, kind) in enumerate(table.columns.items(), start=1):
            key = _as_key(column, f"column{place}")
            lines += [f"      {key}:", *_from(column, key, "        "), "        class:"]
            lines += [f'        type: "{plain_type(kind)}"', "        nature:", "        ja:", "        en:"]
            lines += ["        entity:", "        unit:", "        codes:"]
    return "\n".join(lines) + "\n"


def _as_key(name: str, otherwise: str) -> str:
    return name.lower() if _NAME.fullmatch(name.lower()) else otherwise


def _from(name: str, key: str, indent: str) -> list[str]:
    return [] if key == name else [f"{indent}from: {json.dumps(name, ensure_ascii=False)}"]


def _plain_name(name: str) -> Sentence:
    return say(
        "'{name}' is no plain name: lower-case letters, digits and underscores, 40 at most.", name=name[:60]
    )


def _called(place: Place) -> str:
    return str(place[-1])[:60] if place else ""
