"""The recogniser inside a Presidio registry, and its import kept off the commands' way."""

import subprocess
import sys
import warnings

from catalog.identifiers.pseudonyms import PseudonymSet

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from catalog.identifiers.presidio_recognisers import PSEUDONYM, UUID_LIKE, PseudonymRecogniser

ID = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


def test_members_are_found_with_certainty() -> None:
    recogniser = PseudonymRecogniser(PseudonymSet.of([ID]))
    (result,) = recogniser.analyze(f"患者は{ID.upper()}です", [PSEUDONYM])
    assert (result.entity_type, result.start, result.end, result.score) == (PSEUDONYM, 3, 39, 1.0)
    assert recogniser.analyze(ID, ["PERSON"]) == []


def test_without_a_set_shapes_are_found_and_an_empty_set_finds_nothing() -> None:
    (result,) = PseudonymRecogniser(None).analyze(ID, [])
    assert result.entity_type == UUID_LIKE
    assert PseudonymRecogniser(PseudonymSet.of([])).analyze(ID, []) == []


def test_the_check_command_does_not_wait_for_presidio() -> None:
    code = "import sys, output_review.check_cli; sys.exit('presidio_analyzer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
