"""The recognisers as Presidio entity recognisers, for scrubbing and for engines that ask Presidio.

Thin on purpose: the matching is in the pure modules of this package, and only this module
imports Presidio (its import takes about two seconds, so nothing on the way of a command
imports this one). No language model is used: the ``nlp_artifacts`` are ignored, so the engine
``no_op`` serves. Every row of the table is a recogniser of its own, by its id; its entities are
``ID_`` and the kind.
"""

from typing import TYPE_CHECKING

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from catalog.identifiers.hits import Certainty
from catalog.identifiers.pseudonyms import PseudonymSet, find_pseudonyms, find_uuid_like
from catalog.identifiers.recognise import NO_DICTIONARIES, TABLE, Dictionaries, Recogniser, recognise

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

NAME = "PseudonymRecogniser"
PSEUDONYM = "ID_PSEUDONYM"
UUID_LIKE = "ID_UUID_LIKE"
_CERTAIN = 1.0
_SHAPE_ONLY = 0.5
_SCORES = {Certainty.CERTAIN: _CERTAIN, Certainty.LIKELY: 0.85, Certainty.WEAK: _SHAPE_ONLY}


class PseudonymRecogniser(EntityRecognizer):
    """Finds the pseudonyms of one project; without a set, whatever is shaped like a UUID."""

    def __init__(self, ids: PseudonymSet | None, language: str = "ja") -> None:
        self._ids = ids
        super().__init__(
            supported_entities=[UUID_LIKE if ids is None else PSEUDONYM],
            name=NAME,
            supported_language=language,
        )

    def load(self) -> None:
        """Nothing to load: the set came with the recogniser."""

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: "NlpArtifacts | None" = None,  # noqa: ARG002  # Presidio's signature
    ) -> list[RecognizerResult]:
        """Every hit as a Presidio result with its place in ``text``."""
        entity = self.supported_entities[0]
        if entities and entity not in entities:
            return []
        hits = find_uuid_like(text) if self._ids is None else find_pseudonyms(text, self._ids)
        score = _SHAPE_ONLY if self._ids is None else _CERTAIN
        return [
            RecognizerResult(
                entity,
                hit.offset,
                hit.offset + hit.length,
                score,
                AnalysisExplanation(NAME, score, textual_explanation=hit.form),
            )
            for hit in hits
        ]


class TableRecogniser(EntityRecognizer):
    """One row of ``recognise.TABLE``."""

    def __init__(
        self, row: Recogniser, dictionaries: Dictionaries = NO_DICTIONARIES, language: str = "ja"
    ) -> None:
        self._row = row
        self._dictionaries = dictionaries
        super().__init__(
            supported_entities=[entity_of(kind) for kind in row.kinds],
            name=row.id,
            supported_language=language,
        )

    def load(self) -> None:
        """Nothing to load: the dictionaries came with the recogniser."""

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: "NlpArtifacts | None" = None,  # noqa: ARG002  # Presidio's signature
    ) -> list[RecognizerResult]:
        """Every hit of the row as a Presidio result with its place in ``text``."""
        return [
            RecognizerResult(
                entity_of(hit.kind),
                hit.offset,
                hit.end,
                _SCORES[hit.certainty],
                AnalysisExplanation(
                    self._row.id,
                    _SCORES[hit.certainty],
                    textual_explanation=f"{hit.form}; {self._row.source}; {self._row.check}",
                ),
            )
            for hit in recognise(text, dictionaries=self._dictionaries, table=(self._row,))
            if not entities or entity_of(hit.kind) in entities
        ]


def entity_of(kind: str) -> str:
    """Presidio's name for a kind."""
    return f"ID_{kind.upper()}"


def table_recognisers(dictionaries: Dictionaries = NO_DICTIONARIES) -> list[TableRecogniser]:
    """Every row of the table, ready for Presidio's registry."""
    return [TableRecogniser(row, dictionaries) for row in TABLE]
