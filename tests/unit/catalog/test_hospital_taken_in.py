"""A hospital in parts is in the source whole or not at all, and leaves nothing beside it."""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

import catalog.hospital.scale
from catalog.adapters.source_duckdb import SourceDuckdb
from catalog.hospital.coded import Tables
from catalog.hospital.scale import Scale
from catalog.hospital.tables import make_parts, make_tables
from catalog.schema.canonical import CANONICAL
from catalog.sources import SourceFile
from enclave.errors import UnavailableError

pytestmark = pytest.mark.slow

AT = datetime(2026, 4, 1)  # noqa: DTZ001  the source keeps times without a zone
SCALE = Scale(150, 4)


def file(digest: str) -> SourceFile:
    return SourceFile(digest, "a hospital", "generated", 0, 0, 0)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog.hospital.scale, "PART", 60)


@pytest.fixture
def source(tmp_path: Path) -> SourceDuckdb:
    return SourceDuckdb(tmp_path / "source.duckdb", CANONICAL)


def counts(source: SourceDuckdb) -> dict[str, int]:
    with duckdb.connect(str(source.path), read_only=True) as connection:
        return {
            table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
            for table in CANONICAL.tables
        }


def names(source: SourceDuckdb) -> list[str]:
    return sorted(path.name for path in source.path.parent.iterdir())


def broken(parts: Iterator[Tables]) -> Iterator[Tables]:
    yield next(parts)
    yield next(parts)
    raise RuntimeError


def test_no_parts_are_a_hospital_of_nobody(source: SourceDuckdb) -> None:
    assert source.take_tables(file("a"), (), AT).added == {}
    assert set(counts(source).values()) == {0}


def test_all_parts_are_there_with_every_row(source: SourceDuckdb) -> None:
    taken = source.take_tables(file("a"), make_parts(SCALE), AT)
    expected: dict[str, int] = {}
    for part in make_parts(SCALE):
        for table, columns in part.items():
            expected[table] = expected.get(table, 0) + len(next(iter(columns.values())))
    assert taken.added == expected
    assert {table: n for table, n in counts(source).items() if table in expected} == expected
    assert names(source) == ["source.duckdb"], "what waited is gone"


def test_rows_keep_the_order_in_which_they_were_made(source: SourceDuckdb) -> None:
    """Sorted by person and time: what is asked of one person lies together, and compresses."""
    source.take_tables(file("a"), make_parts(SCALE), AT)
    with duckdb.connect(str(source.path), read_only=True) as connection:
        keys = [row[0] for row in connection.execute("SELECT result_key FROM lab_result").fetchall()]
    assert keys == sorted(keys)


def test_a_failure_between_parts_leaves_nothing(source: SourceDuckdb) -> None:
    source.take_tables(file("first"), [make_tables(Scale(5, 1))], AT)
    before = counts(source)
    with pytest.raises(RuntimeError):
        source.take_tables(file("a"), broken(make_parts(SCALE)), AT)
    assert counts(source) == before
    assert [f.digest for f in source.files()] == ["first"]
    assert names(source) == ["source.duckdb"]
    assert source.take_tables(file("a"), make_parts(SCALE), AT).added["patient"] == 150


@pytest.mark.parametrize("room", [0, 100_000, 2_000_000, 6_000_000])
def test_a_full_disk_is_told_and_leaves_all_or_nothing(source: SourceDuckdb, room: int) -> None:
    source.take_tables(file("first"), [make_tables(Scale(5, 1))], AT)
    before = counts(source)
    most, ever = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (source.path.stat().st_size + room, ever))
    try:
        with pytest.raises(UnavailableError) as refused:
            source.take_tables(file("a"), make_parts(SCALE), AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, ever))
    assert refused.value.code == "source_not_written"
    assert (counts(source) == before) == ([f.digest for f in source.files()] == ["first"])
    source.take_tables(file("a"), make_parts(SCALE), AT)
    assert counts(source)["patient"] == 155
    assert names(source) == ["source.duckdb"]


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import catalog.hospital.scale as scale
from catalog.adapters.source_duckdb import SourceDuckdb
from catalog.hospital.tables import make_parts
from catalog.schema.canonical import CANONICAL
from catalog.sources import SourceFile

scale.PART = 60

def parts():
    for number, part in enumerate(make_parts(scale.Scale(150, 4))):
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield part

source = SourceDuckdb(Path(sys.argv[1]), CANONICAL)
source.take_tables(SourceFile("a", "x", "generated", 0, 0, 0), parts(), datetime(2026, 4, 1))
"""


def test_what_a_killed_process_left_is_no_part_of_the_source_and_is_removed_by_the_next(
    source: SourceDuckdb,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(source.path)],
        cwd=Path(__file__).resolve().parents[3],
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert ".source.duckdb.staged" in names(source), "or this test shows nothing"
    assert source.files() == ()
    assert set(counts(source).values()) == {0}
    assert source.take_tables(file("a"), make_parts(SCALE), AT).added["patient"] == 150
    assert names(source) == ["source.duckdb"]


def test_a_known_hospital_is_not_made_again(source: SourceDuckdb) -> None:
    source.take_tables(file("a"), make_parts(SCALE), AT)

    def never() -> Iterator[Tables]:
        raise AssertionError
        yield {}

    assert source.take_tables(file("a"), never(), AT).known


def test_the_waiting_file_is_for_its_owner_alone(source: SourceDuckdb) -> None:
    seen = []

    def looking() -> Iterator[Tables]:
        for part in make_parts(SCALE):
            path = source.path.with_name(".source.duckdb.staged")
            seen.append(path.stat().st_mode & 0o777 if path.exists() else None)
            yield part

    source.take_tables(file("a"), looking(), AT)
    assert seen == [None, None, 0o600]


def test_a_second_hospital_adds_its_people_and_the_codes_once(source: SourceDuckdb) -> None:
    source.take_tables(file("a"), make_parts(SCALE), AT)
    taken = source.take_tables(file("b"), make_parts(Scale(130, 5)), AT)
    assert taken.added["patient"] == 130
    assert taken.added["code_icd10"] == 0
    assert counts(source)["patient"] == 280
