"""The recognisers as Presidio entity recognisers, for scrubbing and for engines that ask Presidio.

Thin on purpose: the matching is in the pure modules of this package, and only this module
imports Presidio (its import takes about two seconds, so nothing on the way of a command
imports this one). No language model is used: the ``nlp_artifacts`` are ignored.
"""

from typing import TYPE_CHECKING

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from catalog.identifiers.pseudonyms import PseudonymSet, find_pseudonyms, find_uuid_like

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

NAME = "PseudonymRecogniser"
PSEUDONYM = "ID_PSEUDONYM"
UUID_LIKE = "ID_UUID_LIKE"
_CERTAIN = 1.0
_SHAPE_ONLY = 0.5


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
