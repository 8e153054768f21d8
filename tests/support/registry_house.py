"""A house whose source knows three patients, and a registry of another's making to register there."""

from pathlib import Path
from typing import Any

import duckdb

from catalog.sources import Taken
from catalog.use_cases.register_source import register_source
from enclave.adapters.lined_yaml import read_lined
from tests.support.catalog_house import CatalogHouse
from tests.support.classes_files import CLASSES

ANN, BEN, CHO = 11, 22, 33


class RegistryHouse(CatalogHouse):
    """A catalog house with people in it."""

    def settle_people(self) -> None:
        """Three patients, by hand."""
        with self.producer.source.opened() as connection:
            connection.execute(
                "INSERT INTO patient (patient_key, sex, optout_flag) VALUES (11, 'F', false), (22, 'M', false), (33, 'F', false)"
            )

    def register(self, file: Path, text: str = CLASSES, *, who: str = "ste", replace: bool = False) -> Any:
        """Register a file under these classes."""
        document, line_of = read_lined(text)
        register = self.producer.register_of(file)
        return register_source(self.database, register, who, document, line_of, replace=replace)

    def registered(self, file: Path, text: str = CLASSES, *, replace: bool = False) -> Taken:
        """The same, when nothing is wrong with it."""
        outcome = self.register(file, text, replace=replace)
        assert isinstance(outcome, Taken), outcome
        return outcome

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the source answers."""
        with self.producer.source.opened() as connection:
            return connection.execute(sql).fetchall()


def write_registry(path: Path, patient: int = BEN, stage: str = "II") -> Path:
    """A DuckDB file with cases, areas, and a view that would read another file."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            'CREATE TABLE "CancerCase" (case_key BIGINT, patient BIGINT, "診断日" DATE, stage VARCHAR, name VARCHAR)'
        )
        connection.execute(
            "INSERT INTO \"CancerCase\" VALUES (1, 11, DATE '2024-01-02', 'I', '内閣花子'), (2, ?, NULL, ?, '佐藤')",
            [patient, stage],
        )
        connection.execute(
            "CREATE TABLE areas (area VARCHAR, beds INTEGER); INSERT INTO areas VALUES ('1301', 120)"
        )
        connection.execute("CREATE VIEW elsewhere AS SELECT * FROM read_text('/etc/hostname')")
    return path
