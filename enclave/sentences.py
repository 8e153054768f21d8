"""Sentences shown to people, kept as data until the moment they are shown.

A ``Sentence`` is an English text with named gaps and the values that fill them. Rules and
use cases make sentences; pages and commands render them, in English from the text itself
and in Japanese through the room's gettext catalogue (``enclave.adapters.translations``).
Three rules hold everywhere:

1. A sentence says what happened and what to do next.
2. A value is a name, a number of ours, or a place in a file: never a value read from data.
3. Code decides on codes (``EnclaveError.code``), never on a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence with ``{name}`` gaps, and what goes into them."""

    text: str
    values: Mapping[str, "str | int | Sentence"] = field(default_factory=dict)
    """What fills the gaps; a sentence among them is rendered in the same language."""

    @property
    def en(self) -> str:
        """The sentence in English, gaps filled."""
        return self.text.format(**{k: v.en if isinstance(v, Sentence) else v for k, v in self.values.items()})

    def __str__(self) -> str:
        return self.en


def say(text: str, **values: str | int | Sentence) -> Sentence:
    """A sentence for people; ``text`` is what translators see, so it must be a literal."""
    return Sentence(text, values)
