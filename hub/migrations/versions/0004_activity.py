"""When a workspace was last used, and why its last life ended."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = (("active_at", 32), ("end_reason", 20), ("end_code", 40))


def upgrade() -> None:
    """A workspace's row gets three columns."""
    for name, length in COLUMNS:
        op.add_column("workspace", sa.Column(name, sa.String(length), nullable=True))


def downgrade() -> None:
    """The row without them."""
    for name, _ in COLUMNS:
        op.drop_column("workspace", name)
