"""The display budget of one person, against a script that tries every road in one go."""

import sys

import pytest

from tests.container.attacks.budgets import HOUR, emptied
from tests.support.attack_scene import PROJECT, Scene
from tests.support.hub_running import until


def test_every_road_together_gives_no_more_than_the_hours_budget(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    client = emptied(scene)
    with capsys.disabled():
        rows = [("text", client.text, HOUR["text"]), ("pictures", client.image, HOUR["image"])]
        for kind, got, most in rows:
            roads = ", ".join(
                f"{name} {count}" for name, count in sorted(got.items(), key=lambda row: -row[1])
            )
            sys.stdout.write(
                f"\n[display budget] {kind}: {got.total()} of {most} bytes in an hour; {roads}\n"
            )
    assert client.text.total() <= HOUR["text"]
    assert client.image.total() <= HOUR["image"]
    # Or it would prove nothing: most of both was really taken.
    assert client.text.total() > HOUR["text"] // 2
    assert client.image.total() > HOUR["image"] // 2


def test_asking_for_more_is_noted_and_ends_the_workspace_for_a_while(scene: Scene) -> None:
    """After the test above: an incident is in the ledger, and the door stays shut for the pause."""
    until(lambda: bool(scene.hub.events("egress.incident")), seconds=10)
    until(lambda: scene.hub.person("sui").lab(PROJECT["sui"]).status_code != 200, seconds=30)
    # While the containers are being removed the hub says that there is nothing to start.
    until(lambda: scene.hub.person("sui").enter(PROJECT["sui"]).status_code != 400, seconds=30, pause=0.5)
    assert scene.hub.person("sui").enter(PROJECT["sui"]).status_code == 403
    assert scene.hub.person("sui").lab(PROJECT["sui"]).status_code != 200
