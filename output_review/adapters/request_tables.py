"""Release requests, their assessments and who opened which bytes, in the database.

The version is checked in the ``UPDATE`` itself: of two hands that read the same version, the
second one's row count is zero, and that is a conflict.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from enclave.errors import ConflictError
from enclave.sentences import say
from output_review.adapters.check_tables import mended_as_mapping, mended_from_mapping
from output_review.adapters.sealed_words import SealedWords, sentence_as_mapping, sentence_from_mapping
from output_review.adapters.tables import assessment as assessments
from output_review.adapters.tables import file_view as views
from output_review.adapters.tables import release_request as table
from output_review.disclosure.reports import report_as_mapping, report_from_mapping
from output_review.requests import Assessment, CanonicalForm, ReleaseRequest, SubmittedFile
from output_review.workflow import State


class RequestTables:
    """The ``Requests`` port over one transaction's connection."""

    def __init__(self, connection: Connection, words: SealedWords) -> None:
        self._connection = connection
        self._words = words

    def add(self, request: ReleaseRequest) -> None:
        self._connection.execute(insert(table).values(**self._row(request)))

    def find(self, request_id: str) -> ReleaseRequest | None:
        row = self._connection.execute(select(table).where(table.c.id == request_id)).one_or_none()
        return None if row is None else self._request(row)

    def put(self, request: ReleaseRequest) -> ReleaseRequest:
        stored = replace(request, version=request.version + 1)
        result = self._connection.execute(
            update(table)
            .where(table.c.id == request.id, table.c.version == request.version)
            .values(**self._row(stored))
        )
        if result.rowcount != 1:
            raise ConflictError("stale", say("The request changed meanwhile. Read it again."))
        return stored

    def of_author(self, author: str) -> tuple[ReleaseRequest, ...]:
        newest = (table.c.created_at.desc(), table.c.id)
        return self._requests(select(table).where(table.c.author == author).order_by(*newest))

    def of_project(self, project: str) -> tuple[ReleaseRequest, ...]:
        oldest = (table.c.created_at, table.c.id)
        return self._requests(select(table).where(table.c.project == project).order_by(*oldest))

    def in_states(self, states: Collection[State]) -> tuple[ReleaseRequest, ...]:
        wanted = table.c.state.in_([s.value for s in states])
        return self._requests(select(table).where(wanted).order_by(table.c.changed_at, table.c.id))

    def put_assessment(self, request_id: str, project: str, assessment: Assessment) -> None:
        self._connection.execute(delete(assessments).where(assessments.c.request_id == request_id))
        document = {
            **report_as_mapping(assessment.report),
            "remedies": [mended_as_mapping(mended) for mended in assessment.remedies],
        }
        self._connection.execute(
            insert(assessments).values(
                request_id=request_id,
                project=project,
                policy_digest=assessment.policy_digest,
                checked_at=assessment.checked_at.isoformat(),
                sealed=self._words.seal(project, f"assessment:{request_id}", document),
            )
        )

    def find_assessment(self, request_id: str) -> Assessment | None:
        row = self._connection.execute(
            select(assessments).where(assessments.c.request_id == request_id)
        ).one_or_none()
        if row is None:
            return None
        words = self._words.open(row.project, f"assessment:{request_id}", row.sealed)
        if words is None:
            return None
        return Assessment(
            row.policy_digest,
            report_from_mapping(words),
            datetime.fromisoformat(row.checked_at),
            tuple(mended_from_mapping(mended) for mended in words.get("remedies", ())),
        )

    def note_view(self, request_id: str, person: str, sha256: str, at: datetime) -> None:
        if sha256 not in self.viewed(request_id, person):
            self._connection.execute(
                insert(views).values(request_id=request_id, person=person, sha256=sha256, at=at.isoformat())
            )

    def viewed(self, request_id: str, person: str) -> frozenset[str]:
        rows = self._connection.execute(
            select(views.c.sha256).where(views.c.request_id == request_id, views.c.person == person)
        )
        return frozenset(rows.scalars())

    def _requests(self, query: Any) -> tuple[ReleaseRequest, ...]:
        found = (self._request(row) for row in self._connection.execute(query))
        return tuple(request for request in found if request is not None)

    def _row(self, request: ReleaseRequest) -> dict[str, Any]:
        words = {
            "title": request.title,
            "what_it_shows": request.what_it_shows,
            "return_comment": request.return_comment,
            "reason": sentence_as_mapping(request.reason),
            "files": [_file_as_mapping(f) for f in request.files],
            "sql": [list(one) for one in request.sql],
        }
        return {
            "id": request.id,
            "draft_id": request.draft_id,
            "project": request.project,
            "author": request.author,
            "author_organisation": request.author_organisation,
            "state": request.state.value,
            "round": request.round,
            "replaces": request.replaces,
            "policy_digest": request.policy_digest,
            "code": request.code,
            "reader_image": request.reader_image,
            "created_at": request.created_at.isoformat(),
            "changed_at": request.changed_at.isoformat(),
            "version": request.version,
            "sealed": self._words.seal(request.project, _place(request.id), words),
        }

    def _request(self, row: Row[Any]) -> ReleaseRequest | None:
        """The request; none when its project's key was destroyed and its words are gone."""
        words = self._words.open(row.project, _place(row.id), row.sealed)
        if words is None:
            return None
        return ReleaseRequest(
            id=row.id,
            draft_id=row.draft_id,
            project=row.project,
            author=row.author,
            author_organisation=row.author_organisation,
            title=words["title"],
            what_it_shows=words["what_it_shows"],
            files=tuple(_file_from_mapping(f) for f in words["files"]),
            state=State(row.state),
            created_at=datetime.fromisoformat(row.created_at),
            changed_at=datetime.fromisoformat(row.changed_at),
            round=row.round,
            replaces=row.replaces,
            policy_digest=row.policy_digest,
            code=row.code,
            reason=sentence_from_mapping(words["reason"]),
            return_comment=words["return_comment"],
            reader_image=row.reader_image,
            version=row.version,
            sql=tuple((name, text) for name, text in words.get("sql", ())),
        )


def _place(request_id: str) -> str:
    return f"release_request:{request_id}"


def _file_as_mapping(file: SubmittedFile) -> dict[str, Any]:
    form = file.canonical
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "received": file.received,
        "canonical": form
        and {
            "sha256": form.sha256,
            "size": form.size,
            "kind": form.kind,
            "rows": form.rows,
            "columns": form.columns,
            "dropped": list(form.dropped),
        },
    }


def _file_from_mapping(stored: dict[str, Any]) -> SubmittedFile:
    form = stored["canonical"]
    canonical = None if form is None else CanonicalForm(**{**form, "dropped": tuple(form["dropped"])})
    return SubmittedFile(**{**stored, "canonical": canonical})
