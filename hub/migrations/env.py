"""Alembic's entry: one online migration over the URL it was configured with."""

from alembic import context
from sqlalchemy import create_engine, text

from hub.all_tables import metadata

_LOCK = 4_841_726_921
"""An arbitrary number: the advisory lock under which one process migrates PostgreSQL."""

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=False)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        context.run_migrations()
    connection.commit()
engine.dispose()
