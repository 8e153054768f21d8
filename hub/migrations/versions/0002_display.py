"""What was shown to whom, and what it led to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bytes by clock hour, leases, incidents and pauses."""
    op.create_table(
        "display_use",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "hour", "kind", "project", name="display_use_key"),
    )
    op.create_index("display_use_hour", "display_use", ["hour"], unique=False)
    op.create_table(
        "display_lease",
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("lease", "person", "project", name="display_lease_key"),
    )
    op.create_index("display_lease_at", "display_lease", ["at"], unique=False)
    op.create_table(
        "egress_incident",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("first_at", sa.String(length=32), nullable=False),
        sa.Column("last_at", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("lifted", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("egress_incident_person", "egress_incident", ["person", "lifted"], unique=False)
    op.create_table(
        "display_pause",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )


def downgrade() -> None:
    """None of it is there any more."""
    for table in ("display_use", "display_lease", "egress_incident", "display_pause"):
        op.drop_table(table)
