"""The kernels' command lines and environments, and what R is told of a result."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from images.analysis.kernel.hanare_broker import fence
from images.analysis.kernel.hanare_broker.command_lines import COMMANDS, command, environment
from images.analysis.kit.enclave_kit import from_r
from images.analysis.kit.enclave_kit.sentences import KitError

ROOT = Path(__file__).parents[3]


def test_there_are_two_kernels_and_the_desk_knows_both() -> None:
    specifications = ROOT / "images" / "analysis" / "desk" / "kernels"
    assert set(COMMANDS) == {"python3", "ir"} == {path.name for path in specifications.iterdir()}
    assert command("julia", "/x") is None


def test_r_reads_no_file_of_a_person_before_the_first_cell() -> None:
    words = command("ir", "/tmp/broker-x/k.json")
    assert words is not None
    assert words[0] == "/usr/bin/R"
    assert "--vanilla" in words
    assert words[-2:] == ["--args", "/tmp/broker-x/k.json"]
    assert not any("{" in word for word in words)


def test_threads_are_few_and_the_key_is_no_variable() -> None:
    own = environment(5)
    assert own["HANARE_KEY_FD"] == "5"
    assert 1 <= int(own["OMP_NUM_THREADS"]) <= 4
    assert "HANARE_KEY_FD" not in environment(None)


TYPES: dict[str, tuple[str, str, list[Any]]] = {
    "small whole numbers": ("SELECT (i - 1)::INTEGER AS x FROM range(2) AS t(i)", "integer", [-1, 0]),
    "large whole numbers": (
        "SELECT (i + 4000000000)::BIGINT AS x FROM range(2) AS t(i)",
        "double",
        [4e9, 4e9 + 1],
    ),
    "sums": ("SELECT sum(i) AS x FROM range(4) AS t(i)", "double", [6.0]),
    "decimals": ("SELECT 1.25::DECIMAL(9,2) AS x", "double", [1.25]),
    "numbers": ("SELECT 0.5::DOUBLE AS x", "double", [0.5]),
    "truth": ("SELECT i = 1 AS x FROM range(2) AS t(i)", "logical", [0, 1]),
    "days": ("SELECT DATE '1970-01-03' AS x", "date", [2.0]),
    "moments": ("SELECT TIMESTAMP '1970-01-01 00:01:00' AS x", "moment", [60.0]),
    "words": ("SELECT '患者' AS x", "text", ["患者"]),
    "lists": ("SELECT [1, 2] AS x", "text", ["[1 2]"]),
    "kinds": ("SELECT 'a'::ENUM ('a', 'b') AS x", "text", ["a"]),
}


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    monkeypatch.setattr(from_r, "_OPEN", [connection])
    return connection


@pytest.mark.parametrize("name", TYPES)
def test_a_column_reaches_r_by_its_type(database: duckdb.DuckDBPyConnection, name: str) -> None:
    sql, kind, values = TYPES[name]
    (column,) = from_r.query(sql)
    assert (column["name"], column["kind"], list(column["values"])) == ("x", kind, values)
    assert column["missing"] == [False] * len(values)
    (missing,) = from_r.query(f"SELECT x FROM ({sql}) UNION ALL BY NAME SELECT NULL AS x")
    assert missing["kind"] == kind
    assert missing["missing"] == [*([False] * len(values)), True]
    (none,) = from_r.query(f"SELECT x FROM ({sql}) WHERE false")
    assert (none["kind"], list(none["values"]), none["missing"]) == (kind, [], [])


def test_columns_keep_their_order_and_names(database: duckdb.DuckDBPyConnection) -> None:
    columns = from_r.query('SELECT 1 AS b, 2 AS a, 3 AS "a b"')
    assert [column["name"] for column in columns] == ["b", "a", "a b"]


def test_a_moment_comes_as_it_went(database: duckdb.DuckDBPyConnection) -> None:
    day, moment = from_r.query("SELECT DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 13:00:00' AS m")
    assert date.fromordinal(date(1970, 1, 1).toordinal() + int(day["values"][0])) == date(2024, 2, 29)
    assert datetime.fromtimestamp(moment["values"][0], UTC) == datetime(2024, 2, 29, 13, tzinfo=UTC)


def test_a_table_of_r_is_submitted_as_csv_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANARE_WORK", str(tmp_path))
    draft = from_r.request_release({"t.csv": {"csv": "a\n1\n"}, "m.txt": "text"}, "題", "何か")
    assert (tmp_path / "outbox" / draft / "t.csv").read_text() == "a\n1\n"
    assert (tmp_path / "outbox" / draft / "m.txt").read_text() == "text"
    with pytest.raises(KitError) as refused:
        from_r.request_release({"t.xlsx": {"csv": "a"}}, "題", "何か")
    assert refused.value.code == "table_as_csv"
    columns = from_r.releases()
    assert [c["name"] for c in columns] == ["draft_id", "request_id", "title", "state", "round"]
    assert columns[0]["values"] == [draft]
    assert columns[1]["missing"] == [True]


def test_the_kit_loads_pandas_only_for_those_who_use_it() -> None:
    program = "import sys; from images.analysis.kit.enclave_kit import from_r; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


FENCED = """
import json, sys
from pathlib import Path
from images.analysis.kernel.hanare_broker import fence
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
assert sys.argv[3] == 'none' or fence.put_up((inside,))
told = {}
def tried(name, deed):
    try:
        deed()
        told[name] = 'done'
    except OSError as error:
        told[name] = type(error).__name__
tried('make inside', lambda: (inside / 'new').write_text('x'))
tried('move inside', lambda: ((inside / 'f').mkdir(), (inside / 'new').rename(inside / 'f' / 'new')))
tried('remove inside', lambda: (inside / 'f' / 'new').unlink())
tried('make outside', lambda: (outside / 'new').write_text('x'))
tried('write what is there', lambda: (outside / 'there').write_text('y'))
tried('rename outside', lambda: (outside / 'there').rename(outside / 'else'))
tried('remove outside', lambda: next(outside.iterdir()).unlink())
tried('fold outside', lambda: (outside / 'folder').mkdir())
print(json.dumps(told))
"""


def changed(tmp_path: Path, which: str) -> dict[str, str]:
    """What came of changes inside and outside, with a fence or without."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "there").touch()
    words = [sys.executable, "-c", FENCED, str(tmp_path / "inside"), str(tmp_path / "outside"), which]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(fence.version() < fence.LEAST_VERSION, reason="this machine's kernel has no Landlock")
def test_behind_the_fence_entries_change_inside_only(tmp_path: Path) -> None:
    told = changed(tmp_path, "fence")
    assert {word for name, word in told.items() if "outside" in name} == {"PermissionError"}
    assert {word for name, word in told.items() if "outside" not in name} == {"done"}


def test_without_the_fence_the_same_changes_happen(tmp_path: Path) -> None:
    assert set(changed(tmp_path, "none").values()) == {"done"}
