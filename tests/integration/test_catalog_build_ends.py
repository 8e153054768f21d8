"""Builds that are killed, run out of disk, or meet a source that moved: the old version stays, nothing is half-made."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, InvalidInputError, UnavailableError
from hub.workspaces_extracts import Extracts
from tests.support.catalog_house import (
    POLICY_DIGEST,
    PROJECT,
    ROOT,
    CatalogHouse,
    all_values,
    reopened,
    sha256,
)

PLANTED = "PLANTED-CLINICAL-VALUE"
KILLED = ROOT / "tests" / "support" / "killed_build.py"
PATIENTS = 400


@pytest.fixture(name="built", scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with one version, and a value in it to look for."""
    folder = tmp_path_factory.mktemp("built")
    house = CatalogHouse(folder)
    house.fill(patients=PATIENTS)
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE lab_result SET abn_flag = ?", [PLANTED])
    house.adopt_demo_views()
    house.build()
    with house.opened("v1") as extract:
        assert PLANTED in all_values(extract), "it must be in the extract to prove anything"
    house.take_on_risk()
    house.database.close()
    return folder


@pytest.fixture(name="house")
def _house(built: Path, tmp_path: Path) -> Iterator[CatalogHouse]:
    folder = tmp_path / "house"
    shutil.copytree(built, folder)
    house = reopened(folder)
    yield house
    house.database.close()


def folder_of(house: CatalogHouse) -> Path:
    return house.settings.enclave_home


def left_of_builds(house: CatalogHouse) -> list[str]:
    return [path.name for path in (house.settings.producer_home / "builds").iterdir()]


def handed_over(house: CatalogHouse) -> list[str]:
    return sorted(path.name for path in (house.settings.extracts / PROJECT).iterdir())


ONE_VERSION = ["v1.duckdb", "v1.ids", "v1.manifest.json"]


def in_the_plain(folder: Path) -> list[str]:
    """Every file but the source in which the planted value can be read."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "source.duckdb")
    return [path.name for path in files if PLANTED.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("place", "finished"),
    [
        ("prepared", False),
        ("spilling", False),
        ("one table cut", False),
        ("all cut", False),
        ("ids half written", False),
        ("half a copy", False),
        ("extract copied", False),
        ("ids copied", False),
        ("manifest written beside", False),
        ("handed over", True),
    ],
)
def test_a_killed_build_leaves_the_old_version_and_is_settled(
    house: CatalogHouse, place: str, finished: bool
) -> None:
    folder, before = folder_of(house), house.extract_path("v1").read_bytes()
    elsewhere = folder / "tmp"
    elsewhere.mkdir()
    if place == "spilling":
        with duckdb.connect(str(house.producer.source.path)) as source:
            source.execute("INSERT INTO lab_result SELECT l.* FROM lab_result AS l, range(20)")
    house.database.close()
    killed = subprocess.run(
        [sys.executable, str(KILLED), str(folder), place],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={**os.environ, "TMPDIR": str(elsewhere)},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert house.extract_path("v1").read_bytes() == before
    assert in_the_plain(folder) == []
    assert list(elsewhere.iterdir()) == []
    if place == "spilling":
        spilled = [p for p in (folder / "producer" / "builds").rglob("spill/*") if p.stat().st_size]
        assert spilled, "it must have spilled to prove anything"
    house.steward.settle()
    assert house.kinds()[-1] == (Kind.EXTRACT_DONE if finished else Kind.EXTRACT_UNDONE).value
    assert house.extract_path("v2").exists() is finished
    assert (handed_over(house) == ONE_VERSION) is not finished
    assert left_of_builds(house) == ["lock"]


@contextmanager
def small_disk(place: Path) -> Iterator[Callable[[], None]]:
    """The folder's content on a small file system of its own; calling what is given fills it."""
    aside = place.with_name(f"{place.name}.aside")
    shutil.copytree(place, aside)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(aside, place, dirs_exist_ok=True)

        def fill() -> None:
            room = os.statvfs(place)
            (place / "ballast").write_bytes(bytes(room.f_bavail * room.f_bsize - 200_000))

        yield fill
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted as root")
@pytest.mark.parametrize("zone", ["builds", "extracts"])
def test_a_full_disk_is_said_and_leaves_the_old_version(house: CatalogHouse, zone: str) -> None:
    place = house.settings.extracts if zone == "extracts" else house.settings.producer_home / "builds"
    before = sha256(house.extract_path("v1").read_bytes())
    with small_disk(place) as fill:
        fill()
        with pytest.raises(UnavailableError) as refused:
            house.steward.build("ste", PROJECT, POLICY_DIGEST)
        assert refused.value.code == "build_failed"
        assert "free space" in str(refused.value.sentence)
        assert house.kinds()[-1] == Kind.EXTRACT_UNDONE.value
        assert sha256(house.extract_path("v1").read_bytes()) == before
        assert handed_over(house) == ONE_VERSION
        assert set(left_of_builds(house)) <= {"lock", "ballast"}
        (place / "ballast").unlink()
        assert house.steward.build("ste", PROJECT, POLICY_DIGEST).version == "v3"


def test_a_source_whose_schema_moved_builds_nothing(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("ALTER TABLE lab_result ADD COLUMN note VARCHAR")
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "source_schema_moved"
    assert "lab_result.note" in str(refused.value.sentence)
    assert handed_over(house) == ONE_VERSION


def test_views_read_tables_and_never_each_other(house: CatalogHouse) -> None:
    """So there is no circle of views: the first of them is refused at the name of the other."""
    for name, other in (("first", "second"), ("second", "first"), ("own", "own")):
        text = f"-- table: {name}\n-- column sex: 性別 / sex\nSELECT sex\nFROM {other}"
        with pytest.raises(InvalidInputError) as refused:
            house.propose(name, text)
        assert refused.value.code == "view_unknown_table"
        assert "line 4" in str(refused.value.sentence)
    assert house.kinds()[-1] != Kind.PROPOSAL_MADE.value


def test_who_has_a_version_open_keeps_it_and_who_comes_later_gets_the_new_one(house: CatalogHouse) -> None:
    shelf = Extracts(house.settings.extracts)

    def recorded(version: str) -> str:
        return sha256(house.extract_path(version).read_bytes())

    assert shelf.get(PROJECT, recorded).version == "v1"
    with house.opened("v1") as running:
        counted = running.execute("SELECT count(*) FROM patients").fetchone()
        house.fill(patients=50, seed=11)
        second = house.build()
        assert running.execute("SELECT count(*) FROM patients").fetchone() == counted
        assert shelf.get(PROJECT, recorded).version == second.version == "v2"
    with house.opened("v2") as later:
        assert later.execute("SELECT count(*) FROM patients").fetchone() == (second.persons,)
    assert counted is not None
    assert second.persons > counted[0]


def test_labels_stand_in_both_languages_and_nothing_of_the_view(house: CatalogHouse) -> None:
    with house.opened("v1") as extract:
        told = dict(
            extract.execute(
                "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE database_name = 'x'"
            ).fetchall()
        )
        tables = dict(extract.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    assert tables["labs"] == "検査結果 / laboratory results"
    assert told["labs.value"] == "検査値 / value"
    assert all(told.values())
    assert not [one for one in (*told.values(), *tables.values()) if "SELECT" in one or "pseudonym(" in one]


def test_an_extract_reads_only_what_its_views_use(house: CatalogHouse) -> None:
    """A column that no view names may hold anything: it is not read."""
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE lab_result SET value_text = 'never asked for'")
    second = house.build()
    assert second.version == "v2"
    with house.opened("v2") as extract:
        assert not [value for value in all_values(extract) if "never asked" in value]
