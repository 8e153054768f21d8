"""How many planted names are found, by written form and by style, and how many benign sentences are flagged."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from catalog.identifiers.hits import Hit
from tests.support.identifier_corpus import Sentence

Find = Callable[[str], Iterable[Hit]]


@dataclass
class Recall:
    """Counts by form and by style; a name is found when at least half of its characters are in a hit."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[Sentence] = field(default_factory=list)

    def share(self, key: str = "all") -> float:
        return self.found[key] / self.planted[key]

    @property
    def forms(self) -> list[str]:
        return sorted(key.removeprefix("form ") for key in self.planted if key.startswith("form "))


def measure(sentences: Iterable[Sentence], find: Find) -> Recall:
    """Recall over sentences with a planted name each."""
    recall = Recall()
    for sentence in sentences:
        covered = {place for hit in find(sentence.text) for place in range(hit.offset, hit.end)}
        inside = len(covered.intersection(range(sentence.start, sentence.end)))
        is_found = 2 * inside >= sentence.end - sentence.start
        for key in ("all", f"form {sentence.form}", f"style {sentence.style}"):
            recall.planted[key] += 1
            recall.found[key] += is_found
        if not is_found:
            recall.missed.append(sentence)
    return recall


def flagged(sentences: Iterable[str], find: Find) -> tuple[list[str], int]:
    """The sentences in which something was found, and how many were looked at."""
    listed = list(sentences)
    return [sentence for sentence in listed if list(find(sentence))], len(listed)
