"""The one ``MetaData`` of the deployment, and the foundation's tables in it.

Each room adds its tables in its own ``adapters/tables.py``; the migration in the composition
root creates all of them. Times are ISO 8601 text in UTC, as they stand in leaves, so that a
row and its event can be compared byte for byte on every database.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("range", Text, nullable=False),
)

ledger_leaf = Table(
    "ledger_leaf",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("event_id", String(80), nullable=True),
    Column("at", String(32), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("person", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("subject", String(160), nullable=False),
    UniqueConstraint("event_id", name="ledger_leaf_event_id"),
    Index("ledger_leaf_kind", "kind"),
    Index("ledger_leaf_project", "project"),
)

ledger_body = Table(
    "ledger_body",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("project", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("certified_until", String(10), nullable=False),
    Column("certificate", Text, nullable=False, server_default=""),
    Column("certified_from", String(10), nullable=False, server_default="0001-01-01"),
    Column("withdrawn_at", String(32), nullable=True),
    Column("withdrawn_reason", Text, nullable=False, server_default=""),
)

account = Table(
    "account",
    metadata,
    Column("username", String(40), primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("organisation", String(40), nullable=False),
    Column("roles", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("trained_until", String(10), nullable=False),
    Column("enrolled_at", String(32), nullable=False),
    Column("re_enrolled", Boolean, nullable=False),
    Column("closed_at", String(32), nullable=True),
    Column("closed_reason", Text, nullable=False, server_default=""),
)

training = Table(
    "training",
    metadata,
    Column("username", String(40), nullable=False),
    Column("course", String(200), nullable=False),
    Column("completed_on", String(10), nullable=False),
    Column("valid_until", String(10), nullable=False),
    PrimaryKeyConstraint("username", "course", "completed_on", name="training_key"),
)

use_contract = Table(
    "use_contract",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("starts_on", String(10), nullable=False),
    Column("ends_on", String(10), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("ended_at", String(32), nullable=True),
    Column("ended_reason", Text, nullable=False),
    Index("use_contract_organisation", "organisation"),
)

credential = Table(
    "credential",
    metadata,
    Column("username", String(40), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("recovery", Text, nullable=False, server_default="[]"),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_failure", String(32), nullable=True),
)

pending_credential = Table(
    "pending_credential",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("username", String(40), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("recovery", Text, nullable=False, server_default="[]"),
    Column("made_at", String(32), nullable=False, server_default=""),
)

totp_spent = Table(
    "totp_spent",
    metadata,
    Column("username", String(40), nullable=False),
    Column("step", Integer, nullable=False),
    PrimaryKeyConstraint("username", "step", name="totp_spent_key"),
)

project_permit = Table(
    "project_permit",
    metadata,
    Column("project", String(40), primary_key=True),
    Column("document", Text, nullable=False),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("proposed_by", String(40), nullable=False),
    Column("proposed_at", String(32), nullable=False),
    Column("state", String(20), nullable=False),
    Column("adopted_by", String(40), nullable=False),
    Column("adopted_at", String(32), nullable=True),
    Index("proposal_subject", "kind", "subject"),
)
