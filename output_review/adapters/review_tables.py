"""Completed reviews in the database. A review is added and made void; it is never changed."""

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from output_review.adapters.sealed_words import SealedWords
from output_review.adapters.tables import review as table
from output_review.reviews import Review, Vote


class ReviewTables:
    """The ``Reviews`` port over one transaction's connection."""

    def __init__(self, connection: Connection, words: SealedWords) -> None:
        self._connection = connection
        self._words = words

    def add(self, review: Review, project: str) -> None:
        self._connection.execute(
            insert(table).values(
                id=review.id,
                request_id=review.request_id,
                project=project,
                round=review.round,
                reviewer=review.reviewer,
                policy_digest=review.policy_digest,
                votes=json.dumps({digest: vote.value for digest, vote in sorted(review.votes.items())}),
                completed_at=review.completed_at.isoformat(),
                shared=review.shared,
                void=review.void,
                sealed=self._words.seal(project, _place(review.id), {"comment": review.comment}),
            )
        )

    def of(self, request_id: str) -> tuple[Review, ...]:
        rows = self._connection.execute(
            select(table).where(table.c.request_id == request_id).order_by(table.c.completed_at, table.c.id)
        )
        return tuple(
            Review(
                id=row.id,
                request_id=row.request_id,
                round=row.round,
                reviewer=row.reviewer,
                policy_digest=row.policy_digest,
                votes={digest: Vote(vote) for digest, vote in json.loads(row.votes).items()},
                completed_at=datetime.fromisoformat(row.completed_at),
                comment=(self._words.open(row.project, _place(row.id), row.sealed) or {}).get("comment", ""),
                shared=bool(row.shared),
                void=row.void,
            )
            for row in rows
        )

    def make_void(self, review_id: str, reason: str) -> None:
        self._connection.execute(update(table).where(table.c.id == review_id).values(void=reason))


def _place(review_id: str) -> str:
    return f"review:{review_id}"
