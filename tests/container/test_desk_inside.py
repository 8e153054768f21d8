"""The desk's Jupyter-facing modules, inside the desk image and without a network.

The real server with its real settings runs beside a made-up intake, broker, browser and a
kernel that forges whatever it likes (``desk_inside``). One container plays all stories.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

INSIDE = Path(__file__).with_name("desk_inside")
STORIES = re.findall(
    r"^async def (test_\w+)", (INSIDE / "stories.py").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What went wrong in each story."""
    command = ["docker", "run", "--rm", "--network", "none", "--cap-drop", "ALL", "--user", "65534:65534"]
    command += ["--security-opt", "no-new-privileges", "--read-only"]
    command += ["--tmpfs", "/tmp:mode=1777", "--env", "HANARE_WORK=/tmp/work"]
    command += ["--volume", f"{INSIDE}:/stories:ro", "--entrypoint", "/opt/desk/bin/python"]
    done = subprocess.run(
        [*command, "hanare/desk:local", "-B", "/stories"],
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("story", STORIES)
def test_inside_the_desk(story: str, told: dict[str, str]) -> None:
    assert told[story] == ""
