"""Questions of authors before they hand in, in the database.

A waiting question holds its files, sealed; with the answer they are replaced by it. What is answered is
kept as long as the project's key.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from enclave.sentences import say
from output_review.adapters.sealed_words import SealedWords, sentence_as_mapping, sentence_from_mapping
from output_review.adapters.tables import asked_check as table
from output_review.asked_checks import Answer, AskedCheck, CheckState, Mended
from output_review.disclosure.reports import report_as_mapping, report_from_mapping


class CheckTables:
    """The ``AskedChecks`` port over one transaction's connection."""

    def __init__(self, connection: Connection, words: SealedWords) -> None:
        self._connection = connection
        self._words = words

    def put(self, check: AskedCheck) -> None:
        self._connection.execute(delete(table).where(table.c.id == check.id))
        document = {
            "remedy": check.remedy,
            "files": [[name, base64.b64encode(content).decode()] for name, content in check.files],
            "answer": None if check.answer is None else _answer_as_mapping(check.answer),
        }
        self._connection.execute(
            insert(table).values(
                id=check.id,
                project=check.project,
                author=check.author,
                state=check.state.value,
                asked_at=check.asked_at.isoformat(),
                sealed=self._words.seal(check.project, _place(check.id), document),
            )
        )

    def find(self, check_id: str) -> AskedCheck | None:
        row = self._connection.execute(select(table).where(table.c.id == check_id)).one_or_none()
        return None if row is None else self._check(row)

    def waiting(self) -> tuple[AskedCheck, ...]:
        query = select(table).where(table.c.state == CheckState.ASKED.value)
        rows = self._connection.execute(query.order_by(table.c.asked_at, table.c.id))
        return tuple(check for row in rows if (check := self._check(row)) is not None)

    def asked_since(self, author: str, since: datetime) -> int:
        query = select(func.count()).where(table.c.author == author, table.c.asked_at > since.isoformat())
        return int(self._connection.execute(query).scalar_one())

    def _check(self, row: Row[Any]) -> AskedCheck | None:
        """The question; none when its project's key was destroyed."""
        words = self._words.open(row.project, _place(row.id), row.sealed)
        if words is None:
            return None
        return AskedCheck(
            row.id,
            row.project,
            row.author,
            datetime.fromisoformat(row.asked_at),
            tuple((name, base64.b64decode(content)) for name, content in words["files"]),
            words["remedy"],
            CheckState(row.state),
            None if words["answer"] is None else _answer_from_mapping(words["answer"]),
        )


def _place(check_id: str) -> str:
    return f"asked_check:{check_id}"


def _answer_as_mapping(answer: Answer) -> dict[str, Any]:
    return {
        "report": None if answer.report is None else report_as_mapping(answer.report),
        "remedies": [mended_as_mapping(mended) for mended in answer.remedies],
        "code": answer.code,
        "reason": sentence_as_mapping(answer.reason),
    }


def _answer_from_mapping(stored: Mapping[str, Any]) -> Answer:
    return Answer(
        None if stored["report"] is None else report_from_mapping(stored["report"]),
        tuple(mended_from_mapping(mended) for mended in stored["remedies"]),
        stored["code"],
        sentence_from_mapping(stored["reason"]),
    )


def mended_as_mapping(mended: Mended) -> dict[str, Any]:
    """A mended file as JSON values."""
    return {
        "kind": mended.kind,
        "file": mended.file,
        "message": sentence_as_mapping(mended.message),
        "text": mended.text,
        "report": report_as_mapping(mended.report),
    }


def mended_from_mapping(stored: Mapping[str, Any]) -> Mended:
    """The mended file again."""
    return Mended(
        stored["kind"],
        stored["file"],
        sentence_from_mapping(stored["message"]) or say("This mends the file."),
        stored["text"],
        report_from_mapping(stored["report"]),
    )
