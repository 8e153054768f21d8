"""Every attack once more, against a house without exactly the control that stops it: each of them wins.

An attack that fails here as well proves nothing, however green it is elsewhere. One house is built
for each control that is taken away. Where that is a line of a container's create body, see
``test_controls_off_containers``: there a container stands for the house.
"""

from collections.abc import Iterator

import pytest

from tests.container.attacks.every import EVERY
from tests.support.attack_scene import Scene
from tests.support.attack_table import Attack, Where
from tests.support.attack_variants import house_without

HOUSES = sorted((a for a in EVERY if a.control_off.where is Where.HOUSE), key=lambda a: a.control_off.name)
BY_NAME = {attack.control_off.name: attack.control_off for attack in HOUSES}


@pytest.fixture(scope="module")
def without(request: pytest.FixtureRequest) -> Iterator[Scene]:
    with house_without(BY_NAME[request.param]) as house:
        yield house


@pytest.mark.parametrize(
    ("without", "attack"),
    [(attack.control_off.name, attack) for attack in HOUSES],
    ids=[attack.id for attack in HOUSES],
    indirect=["without"],
    scope="module",
)
def test_it_wins_in_a_house_without_its_control(without: Scene, attack: Attack) -> None:
    outcome = attack.run(without)
    assert outcome.won, f"{attack.tries}: {outcome}, without: {attack.control}"
