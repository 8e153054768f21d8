"""What a view needs beside it when it runs: side tables in the schema ``transform``, as values.

The SQL of a view names these tables and says nothing of what is in them. Offsets, and the number
of people from which a value is common, are put there when an extract is built, by the producer,
and nowhere else (Article 42(2)).
"""

from dataclasses import dataclass

from sqlglot import exp

TRANSFORM = "transform"
"""The database schema in which the side tables stand when a view runs."""
SHIFT_KEY, SHIFT_DAYS = "source_key", "days"
COMMON_VALUE = "value"
SCRUB_SOURCE, SCRUB_TEXT, SCRUB_STATUS, SCRUB_HITS = "source", "scrubbed", "status", "hits"
_NEED = "need"


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """``transform.shift(source_key BIGINT, days INTEGER)``: every person's own offset, never 0."""

    @property
    def table(self) -> str:
        return "shift"


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A column of a table of persons, and the column of a code table that it equals."""

    table: str
    column: str
    code: str


@dataclass(frozen=True, slots=True, order=True)
class Common:
    """``transform.common_<table>_<column>(value VARCHAR)``: the values that enough people have."""

    source_table: str
    source_column: str
    through: tuple[Link, ...] = ()
    """For a code table: the columns of persons that it was joined to. Its name then says them, too."""

    @property
    def table(self) -> str:
        by = "".join(f"_by_{link.table}_{link.column}" for link in self.through)
        return f"common_{self.source_table}_{self.source_column}{by}"


@dataclass(frozen=True, slots=True, order=True)
class Scrubbed:
    """``transform.scrubbed_<table>_<column>(source_key, source, scrubbed, status, hits)``: each person's texts."""

    source_table: str
    source_column: str

    @property
    def table(self) -> str:
        return f"scrubbed_{self.source_table}_{self.source_column}"


Need = Shift | Common | Scrubbed


def side_table(need: Need) -> exp.Table:
    """The side table as SQL names it; what it stands for is kept on the node."""
    table = exp.to_table(need.table, dialect="duckdb")
    table.set("this", exp.to_identifier(need.table, quoted=True))
    table.set("db", exp.to_identifier(TRANSFORM, quoted=True))
    table.meta[_NEED] = need
    return table


def needs_of(tree: exp.Expr) -> tuple[Need, ...]:
    """The side tables that a compiled tree reads, each once."""
    found = {table.meta[_NEED] for table in tree.find_all(exp.Table) if _NEED in table.meta}
    return tuple(sorted(found, key=lambda need: need.table))
