"""The language model in a reader's container: one contract with the pretended one, and what ends it."""

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.container_jobs import PlanReader
from output_review.adapters.prose_containers import ContainerProse
from output_review.ports import ProseReader
from tests.support.pretend_prose import PretendProse

ENGINE = "http+unix:///var/run/docker.sock"
OTHER = "sha256:" + "0" * 64
TEXT = "患者の山田太郎は昨日退院した。\n外来では橋本病の経過を説明した。"


def image() -> str:
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    home = tmp_path_factory.mktemp("home")
    (home / "readers").mkdir()
    own = Users(hub=1, worker=2)
    apparmor = read_host().apparmor is True
    return House(Images(OTHER, OTHER, image()), Limits(), Places(str(home)), own, apparmor=apparmor)


def a_reader(house: House, command: tuple[str, ...] = (), seconds: float = 60.0) -> ContainerProse:
    def planned(job: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_reader(house, job)
        return made.name, {**made.body, **({"Cmd": list(command)} if command else {})}

    plan: PlanReader = planned
    return ContainerProse(ENGINE, Path(house.places.home) / "readers", plan, seconds=seconds)


def left_over() -> list[str]:
    listed = ("docker", "ps", "-aq", "--filter", "name=hanare-r-[0-9a-f]+-prose")
    return subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("kind", ["container", "pretend"])
def test_a_person_is_told_by_place(house: House, kind: str) -> None:
    reader: ProseReader = a_reader(house) if kind == "container" else PretendProse("山田太郎")
    answer = reader.people("prose-1", TEXT)
    assert (TEXT.index("山田"), TEXT.index("山田") + 4) in answer.people
    assert all(0 <= start < end <= len(TEXT) for start, end in answer.people)
    assert answer.examined == len(TEXT)
    assert reader.people("prose-1", "\n \n").people == ()
    assert left_over() == []


def test_a_model_that_takes_too_long_is_ended(house: House) -> None:
    sleeper = ("/opt/reader/bin/python", "-c", "import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        a_reader(house, sleeper, seconds=1.0).people("prose-2", TEXT)
    assert time.monotonic() - begun < 20
    assert left_over() == []


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "pass",
        "import os; os.symlink('/in/job.json', '/out/result.json')",
        "import os; os.mkfifo('/out/result.json')",
        f"open('/out/result.json','w').write({json.dumps(json.dumps({'ok': True}))})",
        "open('/out/result.json','w').write('[' * 2_000_000)",
    ],
)
def test_what_is_no_answer_raises(house: House, code: str) -> None:
    with pytest.raises((ValueError, OSError)):
        a_reader(house, ("/opt/reader/bin/python", "-c", code)).people("prose-3", TEXT)
    assert left_over() == []
    assert list((Path(house.places.home) / "readers").iterdir()) == []


def test_a_text_that_is_too_large_is_no_answer(house: House) -> None:
    with pytest.raises(ValueError, match="failed"):
        a_reader(house).people("prose-4", "長い文。" * 40_000)
