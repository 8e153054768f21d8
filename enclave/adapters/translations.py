"""Sentences in Japanese, from each room's gettext catalogue.

The catalogues are the ``.po`` files under ``<room>/locale/ja/LC_MESSAGES``; all of them are
read once per process. A sentence without a translation is shown in English: an architecture
test keeps that from happening.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from babel.messages.pofile import read_po

from enclave.sentences import Sentence

ROOMS = ("enclave", "catalog", "output_review", "hub")


@cache
def catalogue(language: str = "ja") -> dict[str, str]:
    """English text to translated text, over all rooms that are installed."""
    texts: dict[str, str] = {}
    for room in ROOMS:
        spec = find_spec(room)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted((Path(place) / "locale" / language / "LC_MESSAGES").glob("*.po")):
                with path.open("rb") as handle:
                    for message in read_po(handle):
                        if message.id and message.string and not message.fuzzy:
                            texts[str(message.id)] = str(message.string)
    return texts


def translate(sentence: Sentence, language: str) -> str:
    """The sentence in a language (``ja`` or ``en``), gaps filled."""
    if language == "en":
        return sentence.en
    text = catalogue(language).get(sentence.text, sentence.text)
    values = {
        name: translate(value, language) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    return text.format(**values)


def both(sentence: Sentence) -> dict[str, str]:
    """The sentence as ``{"ja": …, "en": …}``, the form every interface uses."""
    return {"ja": translate(sentence, "ja"), "en": translate(sentence, "en")}
