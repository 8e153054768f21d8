"""Every attack, from where a researcher stands, against the whole house: none of them wins."""

import pytest

from tests.container.attacks.every import EVERY
from tests.support.attack_scene import Scene
from tests.support.attack_table import Attack


@pytest.mark.parametrize("attack", EVERY, ids=[attack.id for attack in EVERY])
def test_it_fails(scene: Scene, attack: Attack) -> None:
    outcome = attack.run(scene)
    assert not outcome.won, f"{attack.tries}: {outcome}. It should be stopped by: {attack.control}"
