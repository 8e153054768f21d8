"""The catalogue in the enclave's database: what was published last, and nothing older."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    insert,
    select,
)

from catalog.catalogue import Catalogue, CatalogueColumn, CatalogueTable
from catalog.schema.columns import ColumnClass
from enclave.adapters.database import Database, Transaction
from enclave.adapters.tables import metadata
from enclave.ports import Work

catalog_publication = Table(
    "catalog_publication",
    metadata,
    Column("id", Integer, nullable=False),
    Column("published_at", String(32), nullable=False),
    Column("least", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    PrimaryKeyConstraint("id", name="catalog_publication_key"),
)

catalog_dataset = Table(
    "catalog_dataset",
    metadata,
    Column("name", String(40), nullable=False),
    Column("place", Integer, nullable=False),
    Column("ja", String(200), nullable=False),
    Column("en", String(200), nullable=False),
    Column("own", Boolean, nullable=False),
    Column("rows", BigInteger),
    Column("persons", BigInteger),
    Column("first", String(7), nullable=False),
    Column("last", String(7), nullable=False),
    PrimaryKeyConstraint("name", name="catalog_dataset_key"),
)

catalog_dataset_column = Table(
    "catalog_dataset_column",
    metadata,
    Column("dataset", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("place", Integer, nullable=False),
    Column("class", String(2), nullable=False),
    Column("type", String(40), nullable=False),
    Column("ja", String(200), nullable=False),
    Column("en", String(200), nullable=False),
    Column("unit", String(200), nullable=False),
    Column("codes", String(200), nullable=False),
    Column("nature", String(10), nullable=False),
    Column("filled", Integer),
    Column("shared", Integer),
    PrimaryKeyConstraint("dataset", "name", name="catalog_dataset_column_key"),
)

_COLUMN_FACTS = ("name", "type", "ja", "en", "unit", "codes", "nature", "filled", "shared")
_TABLE_FACTS = ("name", "ja", "en", "own", "rows", "persons", "first", "last")


class CatalogueTables:
    """The ``Catalogues`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self) -> Catalogue | None:
        head = self._connection.execute(select(catalog_publication)).first()
        if head is None:
            return None
        columns: dict[str, list[CatalogueColumn]] = {}
        c = catalog_dataset_column.c
        held = self._connection.execute(select(catalog_dataset_column).order_by(c.dataset, c.place))
        for row in held.mappings():
            facts: dict[str, Any] = {fact: row[fact] for fact in _COLUMN_FACTS}
            one = CatalogueColumn(column_class=ColumnClass(row["class"]), **facts)
            columns.setdefault(row["dataset"], []).append(one)
        listed = self._connection.execute(select(catalog_dataset).order_by(catalog_dataset.c.place))
        tables = tuple(
            CatalogueTable(
                **{fact: row[fact] for fact in _TABLE_FACTS}, columns=tuple(columns.get(row["name"], ()))
            )
            for row in listed.mappings()
        )
        return Catalogue(tables, head.published_at, head.least, head.step)

    def put(self, catalogue: Catalogue, at: datetime) -> None:
        for table in (catalog_dataset_column, catalog_dataset, catalog_publication):
            self._connection.execute(delete(table))
        self._connection.execute(
            insert(catalog_publication).values(
                id=1, published_at=at.isoformat(), least=catalogue.least, step=catalogue.step
            )
        )
        for place, one in enumerate(catalogue.tables):
            facts = {fact: getattr(one, fact) for fact in _TABLE_FACTS}
            self._connection.execute(insert(catalog_dataset).values(place=place, **facts))
            rows = [
                {fact: getattr(column, fact) for fact in _COLUMN_FACTS}
                | {"dataset": one.name, "place": at_place, "class": column.column_class.value}
                for at_place, column in enumerate(one.columns)
            ]
            self._connection.execute(insert(catalog_dataset_column), rows)


def catalogues_of(work: Work) -> CatalogueTables:
    """The catalogue in a transaction of the deployment's database."""
    if not isinstance(work, Transaction):
        raise TypeError("the catalogue is kept in the deployment's database")
    return CatalogueTables(work.connection)


def catalogue_finder(database: Database) -> Callable[[], Catalogue | None]:
    """What was published last, looked up anew each time."""

    def find() -> Catalogue | None:
        with database.read() as looking:
            return CatalogueTables(looking.connection).find()

    return find
