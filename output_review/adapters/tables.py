"""The checker's room's tables, in the deployment's one ``MetaData``.

Columns that rules and queries need are plain: ids, states, digests, times. Whatever holds
words of people or places in their files is in ``sealed``, encrypted under the project's
``body`` key, so that ending a project erases it here as it does in the ledger.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from enclave.adapters.tables import metadata

release_request = Table(
    "release_request",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("draft_id", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("author", String(40), nullable=False),
    Column("author_organisation", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("round", Integer, nullable=False),
    Column("replaces", String(40), nullable=False),
    Column("policy_digest", String(64), nullable=False),
    Column("code", String(40), nullable=False),
    Column("reader_image", String(80), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("release_request_state", "state"),
    Index("release_request_author", "author"),
    Index("release_request_project", "project"),
)

assessment = Table(
    "assessment",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("policy_digest", String(64), nullable=False),
    Column("checked_at", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

own_assessment = Table(
    "own_assessment",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("policy_digest", String(64), nullable=False),
    Column("set_id", String(16), nullable=False),
    Column("asked", Integer, nullable=False),
    Column("checked_at", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

file_view = Table(
    "file_view",
    metadata,
    Column("request_id", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("request_id", "person", "sha256", name="file_view_key"),
)

review = Table(
    "review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("request_id", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("round", Integer, nullable=False),
    Column("reviewer", String(40), nullable=False),
    Column("policy_digest", String(64), nullable=False),
    Column("votes", Text, nullable=False),
    Column("completed_at", String(32), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("void", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("review_request", "request_id"),
)

release = Table(
    "release",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("reviewers", Text, nullable=False),
    Column("intended_at", String(32), nullable=False),
    Column("package_sha256", String(64), nullable=False),
    Column("package_size", Integer, nullable=False),
    Column("leaf", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

released_numbers = Table(
    "released_numbers",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("extract_version", String(80), nullable=False),
    Column("at", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("released_numbers_project", "project"),
)
"""What every release stated of persons; written in the transaction that releases."""

asked_numbers = Table(
    "asked_numbers",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("extract_version", String(80), nullable=False),
    Column("at", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("asked_numbers_project", "project"),
)
"""What every request that was checked would have stated, whatever became of it."""

asked_check = Table(
    "asked_check",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("author", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_at", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("asked_check_state", "state"),
    Index("asked_check_author", "author", "asked_at"),
)
"""Questions of authors before they hand in; an answered one holds the answer and no file any more."""

release_link = Table(
    "release_link",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("request_id", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("attempts_left", Integer, nullable=False),
    Index("release_link_request", "request_id"),
)
