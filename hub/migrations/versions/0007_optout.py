"""Stale extracts, and what an erasure left to do."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Stale extracts by version; erasures by project."""
    op.create_table(
        "catalog_stale",
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project", "version", name="catalog_stale_key"),
    )


def downgrade() -> None:
    """None of it is there any more."""
    op.drop_table("catalog_stale")
