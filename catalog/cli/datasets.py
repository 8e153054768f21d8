"""The catalogue at the command line: ``publish`` it, and look through what is published with ``datasets``."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from catalog.adapters.catalogue_duckdb import DuckdbFigures
from catalog.adapters.catalogue_tables import catalogue_finder, catalogues_of
from catalog.adapters.producer import open_producer
from catalog.catalogue import CatalogueTable, search
from catalog.grants import check_datasets
from catalog.policy import parse_catalog_policy
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.publish_catalogue import Coarseness, publish_catalogue
from catalog.web.catalogue_model import table_model
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.projects import LineOf, ProjectPermit
from enclave.sentences import say


def register(room: Any) -> None:
    """Add ``publish`` and ``datasets`` to the steward's commands."""
    text = "count what the source holds, coarsely, and put it into the catalogue"
    publishing = room.add_parser("publish", help=text, description=text)
    publishing.set_defaults(run=_publish)
    publishing.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")
    text = "list the data sets of the published catalogue"
    listing = room.add_parser("datasets", help=text, description=text)
    listing.set_defaults(run=_datasets)
    listing.add_argument("--search", default="", metavar="WORDS", help="only where all these words stand")
    listing.add_argument("--json", action="store_true")


def check_permit(house: Foundation, permit: ProjectPermit, line_of: LineOf) -> None:
    """That what a permit names is in the canonical schema, or in what was registered and published.

    Raises:
        InvalidInputError: a table or column that does not exist.
    """
    published = catalogue_finder(house.database)()
    known = {table.name: table.names for table in CANONICAL.tables.values()}
    for table in published.tables if published else ():
        known.setdefault(table.name, tuple(column.name for column in table.columns))
    check_datasets(permit.datasets, known, line_of)


def publish(house: Foundation, username: str) -> int:
    """Publish as this person; how many data sets have rows."""
    producer = open_producer(house.settings, house.fresh)
    policy = parse_catalog_policy(house.policies().document("catalog"))
    catalogue = publish_catalogue(
        house.database,
        catalogues_of,
        producer.source,
        DuckdbFigures(
            producer.source.path,
            producer.source.opened,
            producer.schema,
            CANONICAL,
            everywhere=policy.all_providers,
        ),
        username,
        Coarseness(policy.least_persons, policy.public_step),
    )
    return sum(not table.empty for table in catalogue.tables)


def _publish(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    count = publish(house, prove(house, arguments.username).username)
    tell(say("Published: {count} data sets.", count=count))
    return 0


def _datasets(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    catalogue = catalogue_finder(open_house().database)()
    if arguments.json:
        hits = search(catalogue.tables, arguments.search) if catalogue else ()
        answer = {
            "published_at": catalogue.published_at if catalogue else None,
            "datasets": [table_model(hit.table, catalogue.least) for hit in hits if catalogue],
        }
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    if catalogue is None:
        tell(say("Nothing was published yet."))
        return 0
    for hit in search(catalogue.tables, arguments.search):
        if arguments.search or not hit.table.empty:
            _print_table(hit.table, catalogue.least)
            for column in hit.columns:
                print(f"    {column.name}  {column.ja} / {column.en}  [{column.column_class.value}]")
    return 0


def _print_table(table: CatalogueTable, least: int) -> None:
    def count(value: int | None) -> str:
        return f"<{least}" if value is None else str(value)

    period = f"{table.first}..{table.last}" if table.first else "-"
    print(f"{table.name}  {table.ja} / {table.en}")
    if table.available:
        print(f"    rows {count(table.rows)}  persons {count(table.persons)}  {period}")
