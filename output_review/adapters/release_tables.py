"""Releases and the links they are fetched by, in the database."""

import json
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from output_review.adapters.sealed_words import SealedWords
from output_review.adapters.tables import release as releases
from output_review.adapters.tables import release_link as links
from output_review.releases import Link, Release, ReleaseState


class ReleaseTables:
    """The ``Releases`` port over one transaction's connection."""

    def __init__(self, connection: Connection, words: SealedWords) -> None:
        self._connection = connection
        self._words = words

    def put(self, release: Release) -> None:
        self._connection.execute(delete(releases).where(releases.c.request_id == release.request_id))
        words = {"record": release.record.decode(), "files": [list(file) for file in release.files]}
        self._connection.execute(
            insert(releases).values(
                request_id=release.request_id,
                project=release.project,
                state=release.state.value,
                attempt=release.attempt,
                reviewers=json.dumps(list(release.reviewers)),
                intended_at=release.intended_at.isoformat(),
                package_sha256=release.package_sha256,
                package_size=release.package_size,
                leaf=release.leaf,
                sealed=self._words.seal(release.project, _place(release.request_id), words),
            )
        )

    def find(self, request_id: str) -> Release | None:
        row = self._connection.execute(
            select(releases).where(releases.c.request_id == request_id)
        ).one_or_none()
        if row is None:
            return None
        words = self._words.open(row.project, _place(request_id), row.sealed)
        if words is None:
            return None
        return Release(
            request_id=row.request_id,
            project=row.project,
            state=ReleaseState(row.state),
            record=words["record"].encode(),
            files=tuple((name, sha256) for name, sha256 in words["files"]),
            reviewers=tuple(json.loads(row.reviewers)),
            intended_at=datetime.fromisoformat(row.intended_at),
            attempt=row.attempt,
            package_sha256=row.package_sha256,
            package_size=row.package_size,
            leaf=row.leaf,
        )

    def put_link(self, link: Link) -> None:
        self._connection.execute(delete(links).where(links.c.token_sha256 == link.token_sha256))
        self._connection.execute(
            insert(links).values(
                token_sha256=link.token_sha256,
                request_id=link.request_id,
                person=link.person,
                expires_at=link.expires_at.isoformat(),
                attempts_left=link.attempts_left,
            )
        )

    def find_link(self, token_sha256: str) -> Link | None:
        row = self._connection.execute(
            select(links).where(links.c.token_sha256 == token_sha256)
        ).one_or_none()
        if row is None:
            return None
        return Link(
            row.token_sha256,
            row.request_id,
            row.person,
            datetime.fromisoformat(row.expires_at),
            row.attempts_left,
        )

    def drop_links(self, request_id: str) -> None:
        self._connection.execute(delete(links).where(links.c.request_id == request_id))


def _place(request_id: str) -> str:
    return f"release:{request_id}"
