"""The recogniser inside a Presidio registry, and its import kept off the commands' way."""

import subprocess
import sys
import warnings

from catalog.identifiers.pseudonyms import PseudonymSet
from catalog.identifiers.recognise import TABLE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    from catalog.identifiers.presidio_recognisers import (
        PSEUDONYM,
        UUID_LIKE,
        PseudonymRecogniser,
        table_recognisers,
    )

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


def test_every_row_of_the_table_is_a_recogniser_of_the_engine_without_a_language_model() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=list(table_recognisers()), supported_languages=["ja"]),
            nlp_engine=NlpEngineProvider(
                nlp_configuration={
                    "nlp_engine_name": "no_op",
                    "models": [{"lang_code": "ja", "model_name": ""}],
                }
            ).create_engine(),
            supported_languages=["ja"],
        )
        text = "個人番号は１２３４５６７８９０１８、電話は090-1234-5678です"
        results = engine.analyze(text, language="ja")
    assert {(r.entity_type, text[r.start : r.end], r.score) for r in results} == {
        ("ID_MY_NUMBER", "１２３４５６７８９０１８", 1.0),
        ("ID_PHONE", "090-1234-5678", 1.0),
    }
    assert {row.id for row in TABLE} == {recogniser.name for recogniser in table_recognisers()}  # type: ignore[has-type]  # Presidio has no types


def test_a_recogniser_gives_only_what_it_is_asked_for() -> None:
    phone = next(recogniser for recogniser in table_recognisers() if recogniser.name == "phone")  # type: ignore[has-type]  # Presidio has no types
    assert phone.analyze("電話は090-1234-5678です", ["PERSON"]) == []
    assert [r.entity_type for r in phone.analyze("電話は090-1234-5678です", [])] == ["ID_PHONE"]
