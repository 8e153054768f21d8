"""Attacks that a line of a container's create body stops, in a container without that line: each wins.

The house is whole and its workspaces are live; beside their kernels run containers of the same body
but for that line, which the docker gate would never start.
"""

import pytest

from tests.container.attacks.every import EVERY
from tests.support.attack_scene import Scene
from tests.support.attack_table import Attack, Where
from tests.support.attack_variants import BareScene

CONTAINERS = [attack for attack in EVERY if attack.control_off.where is Where.CONTAINER]


@pytest.mark.parametrize("attack", CONTAINERS, ids=[attack.id for attack in CONTAINERS])
def test_it_wins_in_a_container_without_its_control(scene: Scene, attack: Attack) -> None:
    bare = BareScene(scene, attack.control_off.body)
    try:
        outcome = attack.run(bare)
    finally:
        bare.close()
    assert outcome.won, f"{attack.tries}: {outcome}, without: {attack.control}"
