"""What the source's own identifiers said of a request, for its checkers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a request."""
    op.create_table(
        "own_assessment",
        sa.Column("request_id", sa.String(length=40), primary_key=True),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("checked_at", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """None of it is there any more."""
    op.drop_table("own_assessment")
