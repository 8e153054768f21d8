"""The table of attacks itself: nothing in it is empty, and both halves of each are run somewhere."""

import ast
from pathlib import Path

from setup import testing
from tests.container.attacks.every import EVERY
from tests.support.attack_table import Where

HERE = Path(__file__).parent
RUNS = {
    "test_attacks.py": "",
    "test_controls_off.py": "Where.HOUSE",
    "test_controls_off_containers.py": "Where.CONTAINER",
}


def test_every_attack_says_what_it_is() -> None:
    assert len(EVERY) >= 80
    for attack in EVERY:
        for words in (attack.id, attack.tries, attack.how, attack.wins, attack.control):
            assert words.strip(), attack
        assert callable(attack.run)


def test_every_attack_has_a_house_or_a_container_without_its_control() -> None:
    for attack in EVERY:
        off = attack.control_off
        assert off.name, attack.id
        taken = [off.desk, off.kernel, off.body, off.processes, off.settings]
        assert any(taken), attack.id
        assert off.where is Where.HOUSE or not any([off.desk, off.kernel, off.processes, off.settings]), (
            attack.id
        )


def test_variants_of_one_name_are_one_house() -> None:
    houses = {
        attack.control_off.name: attack.control_off
        for attack in EVERY
        if attack.control_off.where is Where.HOUSE
    }
    for attack in EVERY:
        if attack.control_off.where is Where.HOUSE:
            assert attack.control_off == houses[attack.control_off.name], attack.id


def test_both_halves_of_every_attack_are_run() -> None:
    """No file of attacks is left out of the list, and both runs go through the whole list."""
    lists = {path.stem for path in HERE.glob("*.py") if "\nATTACKS = " in path.read_text("utf-8")}
    every = (HERE / "every.py").read_text("utf-8")
    assert lists == {name for name in lists if f"*{name}.ATTACKS" in every}
    for name, chosen in RUNS.items():
        text = (HERE / name).read_text("utf-8")
        assert f"control_off.where is {chosen}" in text or not chosen, name
        tree = ast.parse(text)
        assert any(isinstance(node, ast.Name) and node.id == "EVERY" for node in ast.walk(tree)), name


def test_soak_runs_them_without_their_controls() -> None:
    assert "container/attacks" in testing.SOAKED
