"""What requests stated of persons, in the database: one sealed row for a request.

Labels come from data, so a row opens only with its project's key, and ending the project ends it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from output_review.adapters.sealed_words import SealedWords
from output_review.adapters.tables import asked_numbers, released_numbers
from output_review.disclosure.history import KeptFile
from output_review.disclosure.history_numbers import StatedFile, file_as_mapping, file_from_mapping


class NumberTables:
    """The ``Numbers`` port over one transaction's connection."""

    def __init__(self, connection: Connection, words: SealedWords) -> None:
        self._connection = connection
        self._words = words

    def put_asked(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None:
        self._put(asked_numbers, request_id, project, version, files, at)

    def put_released(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None:
        self._put(released_numbers, request_id, project, version, files, at)

    def asked(self, project: str) -> tuple[KeptFile, ...]:
        return self._kept(asked_numbers, asked_numbers.c.project == project)

    def released(self, project: str) -> tuple[KeptFile, ...]:
        return self._kept(released_numbers, released_numbers.c.project == project)

    def released_elsewhere(self, project: str) -> tuple[KeptFile, ...]:
        return self._kept(released_numbers, released_numbers.c.project != project)

    def _put(
        self,
        table: Table,
        request_id: str,
        project: str,
        version: str,
        files: Sequence[StatedFile],
        at: datetime,
    ) -> None:
        self._connection.execute(delete(table).where(table.c.request_id == request_id))
        document = {"files": [file_as_mapping(file) for file in files]}
        self._connection.execute(
            insert(table).values(
                request_id=request_id,
                project=project,
                extract_version=version,
                at=at.isoformat(),
                sealed=self._words.seal(project, f"{table.name}:{request_id}", document),
            )
        )

    def _kept(self, table: Table, wanted: Any) -> tuple[KeptFile, ...]:
        """The files of some rows; a row whose key was destroyed has none."""
        query = select(table).where(wanted).order_by(table.c.at, table.c.request_id)
        found: list[KeptFile] = []
        for row in self._connection.execute(query):
            words = self._words.open(row.project, f"{table.name}:{row.request_id}", row.sealed)
            if words is not None:
                found += [
                    KeptFile(row.request_id, row.project, row.extract_version, file_from_mapping(file))
                    for file in words["files"]
                ]
        return tuple(found)
