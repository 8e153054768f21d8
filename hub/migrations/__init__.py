"""The history of the deployment's tables, one Alembic revision a file."""
