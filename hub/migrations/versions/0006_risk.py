"""What a steward accepted of a build's combination risk."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Risks by project and basis."""
    op.create_table(
        "catalog_risk",
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project", "basis", name="catalog_risk_key"),
    )


def downgrade() -> None:
    """None of it is there any more."""
    op.drop_table("catalog_risk")
