"""Why a view was refused: the rule, the place in its file, the sentence, and what to do instead.

Rules can be named that are not enforced (``without``): their refusals are not added, and
nothing else changes. It serves the property test that takes each rule away to see that the
rule was needed; an architecture test holds that nothing outside the tests names any.
"""

from dataclasses import dataclass

from sqlglot import exp

from enclave.sentences import Sentence


@dataclass(frozen=True, slots=True)
class ViewRefusal:
    """One rule that said no, at a line and column of the view's file (both from 1)."""

    rule: str
    line: int
    column: int
    sentence: Sentence
    remedy: Sentence


class Refusals:
    """Gathers refusals while a view is read, so that a steward sees all of them at once."""

    def __init__(self, text: str, without: frozenset[str] = frozenset()) -> None:
        self._text = text
        self._without = without
        self.found: list[ViewRefusal] = []

    def add(self, rule: str, node: exp.Expr | None, sentence: Sentence, remedy: Sentence) -> None:
        """Refuse at the place of a node; the same refusal at the same place counts once."""
        self.add_at(rule, *self._place(node), sentence, remedy)

    def add_at(self, rule: str, line: int, column: int, sentence: Sentence, remedy: Sentence) -> None:
        """Refuse at a line and column, both from 1."""
        if rule in self._without:
            return
        refusal = ViewRefusal(rule, line, column, sentence, remedy)
        if refusal not in self.found:
            self.found.append(refusal)

    def _place(self, node: exp.Expr | None) -> tuple[int, int]:
        """The first position known at a node, inside it, or around it."""
        while node is not None:
            starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
            if starts:
                before = self._text[: min(starts)]
                return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            node = node.parent
        return 1, 1
