"""What the catalogue's pages show of a dataset."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The publication, its data sets, their columns."""
    op.create_table(
        "catalog_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.String(length=32), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="catalog_publication_key"),
    )
    op.create_table(
        "catalog_dataset",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ja", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("persons", sa.BigInteger(), nullable=True),
        sa.Column("first", sa.String(length=7), nullable=False),
        sa.Column("last", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("name", name="catalog_dataset_key"),
    )
    op.create_table(
        "catalog_dataset_column",
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("class", sa.String(length=2), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("ja", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("codes", sa.String(length=200), nullable=False),
        sa.Column("nature", sa.String(length=10), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("dataset", "name", name="catalog_dataset_column_key"),
    )


def downgrade() -> None:
    """None of it is there any more."""
    for table in ("catalog_dataset_column", "catalog_dataset", "catalog_publication"):
        op.drop_table(table)
