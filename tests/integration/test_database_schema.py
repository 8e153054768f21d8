"""The migrations make exactly the tables that the rooms declare, on both databases, once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from hub.all_tables import metadata
from hub.database_schema import bring_up_to_date, is_up_to_date
from tests.support.postgres import running_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/enclave.sqlite"
        return
    with running_postgres() as address:
        yield address


def test_the_migrated_database_is_what_the_rooms_declare(url: str) -> None:
    assert not is_up_to_date(url)
    bring_up_to_date(url)
    assert is_up_to_date(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    code = "import sys; from hub.database_schema import bring_up_to_date; bring_up_to_date(sys.argv[1])"
    with ThreadPoolExecutor(4) as pool:
        starts = [
            pool.submit(
                subprocess.run, [sys.executable, "-c", code, url], check=False, capture_output=True, text=True
            )
            for _ in range(4)
        ]
        ended = [start.result() for start in starts]
    assert [one.returncode for one in ended] == [0] * 4, [one.stderr[-400:] for one in ended]
    assert is_up_to_date(url)


def test_a_refusal_of_a_command_is_one_sentence_in_two_languages(tmp_path: Path) -> None:
    for folder in ("state", "keys/projects", "checkpoints"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "keys" / "master.key").write_bytes(bytes(32))
    words = [sys.executable, "-m", "hub.cli", "proposals", "adopt", "x:y", "--as", "nobody"]
    environment = {
        "ENCLAVE_HOME": str(tmp_path),
        "PRODUCER_HOME": str(tmp_path / "p"),
        "PATH": "/usr/bin:/bin",
    }
    ended = subprocess.run(
        words, input="pw\n000000\n", env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "wrong_credentials" in ended.stderr
    assert "ワンタイムコード" in ended.stderr
    assert "Traceback" not in ended.stderr
    checked = [sys.executable, "-m", "hub.cli", "audit", "verify"]
    verified = subprocess.run(checked, env=environment, capture_output=True, text=True, check=False)
    assert verified.returncode == 0
    assert json.loads(verified.stdout.splitlines()[-1])["whole"] is True
