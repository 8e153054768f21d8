"""``kit.check`` with the real reader: an ordinary table is answered while its author waits."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from images.analysis.kit import enclave_kit
from output_review.adapters.reader_containers import ContainerReader
from tests.container.test_recount_container import ENGINE, OTHER, image
from tests.integration.test_check_before_handing_in import SMALL, in_a_notebook
from tests.support.intake_doors import CHECKS_PER_HOUR, Scene, scene_of_two

SECONDS = 3.0


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    (tmp_path / "work" / "outbox").mkdir(parents=True)
    (tmp_path / "readers").mkdir()
    monkeypatch.setenv("HANARE_WORK", str(tmp_path / "work"))
    apparmor = read_host().apparmor is True
    house = House(
        Images(OTHER, OTHER, image()),
        Limits(),
        Places(str(tmp_path)),
        Users(hub=1, worker=2),
        apparmor=apparmor,
    )

    def plan(job: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_reader(house, job)
        return made.name, made.body

    with scene_of_two(tmp_path, asyncio.run) as scene:
        reader: Any = ContainerReader(ENGINE, tmp_path / "readers", plan, house.images.reader)
        scene.story.reader = reader
        yield scene


def test_an_ordinary_table_is_answered_within_three_seconds(scene: Scene) -> None:
    took = []

    def ask_some() -> list[str]:
        verdicts = []
        for _ in range(CHECKS_PER_HOUR):
            begun = time.monotonic()
            verdicts.append(enclave_kit.check({"t.csv": SMALL}).verdict)
            took.append(time.monotonic() - begun)
        return verdicts

    assert in_a_notebook(scene, ask_some) == ["fix"] * CHECKS_PER_HOUR
    assert statistics.median(took) < SECONDS, took
