"""What releases and requests stated of persons, and the questions that authors ask before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBERS = ("released_numbers", "asked_numbers")


def upgrade() -> None:
    """Sealed numbers by request; sealed questions by author."""
    for table in _NUMBERS:
        op.create_table(
            table,
            sa.Column("request_id", sa.String(length=40), nullable=False),
            sa.Column("project", sa.String(length=40), nullable=False),
            sa.Column("extract_version", sa.String(length=80), nullable=False),
            sa.Column("at", sa.String(length=32), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("request_id"),
        )
        op.create_index(f"{table}_project", table, ["project"])
    op.create_table(
        "asked_check",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("asked_check_state", "asked_check", ["state"])
    op.create_index("asked_check_author", "asked_check", ["author", "asked_at"])


def downgrade() -> None:
    """None of it is there any more."""
    op.drop_table("asked_check")
    for table in _NUMBERS:
        op.drop_table(table)
