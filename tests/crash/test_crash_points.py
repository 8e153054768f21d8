"""Every crash point of the result path is killed once (kill -9), and the recovery from it too.

Nothing submitted is lost, nothing unapproved is released, the ledger is whole and agrees with
the rows, and after a restart the request goes on to its release and download.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

PARTS = 2
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every line of both drivers."""
    folder = tmp_path_factory.mktemp("crash")
    command = [sys.executable, "-m", "tests.crash.crash_driver", str(folder)]
    drivers = [
        subprocess.Popen([*command, str(part), str(PARTS)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for part in range(PARTS)
    ]
    outputs = [driver.communicate(timeout=280)[0] for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0] * PARTS
    return [json.loads(line) for output in outputs for line in output.splitlines()]


def test_the_census_of_points_is_whole(told: list[dict[str, Any]]) -> None:
    censuses = [line["points"] for line in told if "points" in line]
    assert len(censuses) == PARTS
    assert censuses[0] == censuses[1], "two runs pass the same points"
    kinds = Counter(censuses[0])
    calls = ("create_container_from_config", "start", "inspect_container", "remove_container")
    steps = ("commit", "fsync", "replace", *(f"docker {call}" for call in calls))
    assert set(kinds) == {f"{when} {step}" for when in ("before", "after") for step in steps}
    tried = [line["point"] for line in told if "point" in line]
    assert sorted(tried) == list(range(1, len(censuses[0]) + 1))
    assert kinds["before commit"] >= 15
    assert kinds["before fsync"] >= 10


def test_without_a_crash_all_is_well(told: list[dict[str, Any]]) -> None:
    assert [line["wrong"] for line in told if "points" in line] == [[]] * PARTS


def test_every_crash_point_is_survived(told: list[dict[str, Any]]) -> None:
    wrong = {
        f"{line['point']} {line['name']}": line["wrong"]
        for line in told
        if line.get("name") and line["wrong"]
    }
    assert wrong == {}
