"""Release requests, their assessments and who opened which bytes, in the database.

The version is checked in the ``UPDATE`` itself: of two hands that read the same version, the
second one's row count is zero, and that is a conflict.
"""

import json
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
from output_review.adapters.tables import own_assessment as owns
from output_review.adapters.tables import release_request as table
from output_review.disclosure.reports import (
    FileReport,
    finding_as_mapping,
    finding_from_mapping,
    report_as_mapping,
    report_from_mapping,
)
from output_review.requests import Assessment, CanonicalForm, OwnAssessment, ReleaseRequest, SubmittedFile
from output_review.workflow import State

_PIECE = 65_536


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

    def put_own(self, request_id: str, project: str, own: OwnAssessment) -> None:
        self._connection.execute(delete(owns).where(owns.c.request_id == request_id))
        document = _padded({"files": _files_as_mapping(own.files), "named": sorted(own.named)})
        self._connection.execute(
            insert(owns).values(
                request_id=request_id,
                project=project,
                policy_digest=own.policy_digest,
                set_id=own.set_id,
                asked=own.asked,
                checked_at=own.checked_at.isoformat(),
                sealed=self._words.seal(project, f"own_assessment:{request_id}", document),
            )
        )

    def find_own(self, request_id: str) -> OwnAssessment | None:
        row = self._connection.execute(select(owns).where(owns.c.request_id == request_id)).one_or_none()
        if row is None:
            return None
        words = self._words.open(row.project, f"own_assessment:{request_id}", row.sealed)
        if words is None:
            return None
        files = _files_from_mapping(words["files"])
        checked_at = datetime.fromisoformat(row.checked_at)
        return OwnAssessment(
            row.policy_digest, row.set_id, row.asked, files, checked_at, frozenset(words["named"])
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
            "signs": list(form.signs),
            "facts": dict(form.facts),
            "found": form.found,
        },
        "upload": file.upload,
    }


def _file_from_mapping(stored: dict[str, Any]) -> SubmittedFile:
    form = stored["canonical"]
    return SubmittedFile(**{**stored, "canonical": form and _form_from_mapping(form)})


def _form_from_mapping(stored: dict[str, Any]) -> CanonicalForm:
    """A form as it was stored; what an older store does not hold was empty."""
    lists = {name: tuple(stored.get(name, ())) for name in ("dropped", "signs")}
    return CanonicalForm(**{**stored, **lists, "facts": tuple(stored.get("facts", {}).items())})


def _files_as_mapping(files: tuple[FileReport, ...]) -> list[dict[str, Any]]:
    return [{"path": file.path, "findings": [finding_as_mapping(f) for f in file.findings]} for file in files]


def _files_from_mapping(stored: list[dict[str, Any]]) -> tuple[FileReport, ...]:
    return tuple(
        FileReport(file["path"], tuple(finding_from_mapping(f) for f in file["findings"])) for file in stored
    )


def _padded(document: dict[str, Any]) -> dict[str, Any]:
    """Written at a length that tells nothing of what was found: whole pieces of ``_PIECE`` bytes."""
    length = len(json.dumps(document, ensure_ascii=False).encode())
    return {**document, "pad": " " * (-length % _PIECE)}
