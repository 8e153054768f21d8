"""What makes a person eligible: certificates, training, use contracts, recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("organisation", "certificate", sa.Text(), ""),
    ("organisation", "certified_from", sa.String(length=10), "0001-01-01"),
    ("organisation", "withdrawn_at", sa.String(length=32), None),
    ("organisation", "withdrawn_reason", sa.Text(), ""),
    ("account", "closed_at", sa.String(length=32), None),
    ("account", "closed_reason", sa.Text(), ""),
    ("credential", "recovery", sa.Text(), "[]"),
    ("pending_credential", "recovery", sa.Text(), "[]"),
    ("pending_credential", "made_at", sa.String(length=32), ""),
)
"""Table, column, type, and what earlier rows say; without such a word the column may be empty."""


def upgrade() -> None:
    """Make what this revision adds.

    Certifications of before stay in force by their last day; no project has a contract until two
    people adopt one.
    """
    for table, name, kind, before in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=before is None, server_default=before))
    op.create_table(
        "training",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("completed_on", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("username", "course", "completed_on", name="training_key"),
    )
    op.create_table(
        "use_contract",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("use_contract_organisation", "use_contract", ["organisation"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("use_contract_organisation", "use_contract")
    op.drop_table("use_contract")
    op.drop_table("training")
    for table, name, _kind, _before in reversed(COLUMNS):
        op.drop_column(table, name)
