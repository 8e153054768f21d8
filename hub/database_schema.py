"""The deployment's tables, brought to the newest migration.

The composition root knows all rooms' tables, so the migrations live here. Two processes that
start at once do not migrate twice: SQLite takes the file's lock beside the database, other
databases an advisory lock inside Alembic's transaction.
"""

import fcntl
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

_MIGRATIONS = Path(__file__).parent / "migrations"


def _configuration(url: str) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return configuration


def is_up_to_date(url: str) -> bool:
    """Whether the database stands at the newest migration."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current == ScriptDirectory.from_config(_configuration(url)).get_current_head()


def bring_up_to_date(url: str) -> None:
    """Every table exists afterwards, at the newest migration; nothing is lost."""
    if is_up_to_date(url):
        return
    if not url.startswith("sqlite:///"):
        command.upgrade(_configuration(url), "head")
        return
    with Path(f"{url.removeprefix('sqlite:///')}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_up_to_date(url):
            command.upgrade(_configuration(url), "head")
