"""A text in words: where words stand, where surroundings end, and what a name in a span's place would gain."""

from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.worded_text import BEYOND, CHARACTERS_EACH, FEWEST_WEIGHED, WordedText
from tests.support.pretend_words import PretendWords


def worded(text: str) -> WordedText:
    return WordedText(text, PretendWords())


def test_every_place_belongs_to_a_word() -> None:
    text = worded("患者の山田太郎は")
    assert text.word_at(3).kind is WordKind.FAMILY
    assert [word.start for word in text.words_in(4, 6)] == [3, 5]
    assert text.begins_word(5)
    assert not text.begins_word(4)
    assert text.begins_word(len(text.text))
    assert text.kinds_in(0, 3) == {WordKind.NOUN, WordKind.PARTICLE}


def test_surroundings_end_at_punctuation_and_never_inside_a_word() -> None:
    text = worded("患者、山田太郎は。佐藤")
    assert text.surroundings(3, 7) == (3, 8)
    long = worded("東京" * 30 + "畤" + "東京" * 30)
    first, last = long.surroundings(60, 61)
    assert (first % 2, last % 2) == (0, 1)
    assert 60 - first <= 14
    assert last - 61 <= 14


def test_odd_letters_gain_and_ordinary_words_lose() -> None:
    assert worded("患者の畤乂彁緋は").relief(3, 7) > 0
    assert worded("患者の東京は").relief(3, 5) < 0
    assert worded("山田太郎").relief(0, 4) == 0


def test_what_is_no_language_is_not_weighed_for_ever() -> None:
    text = worded("畤乂" * 8)
    for _ in range(FEWEST_WEIGHED + len(text.text) // CHARACTERS_EACH):
        assert text.relief(0, 16) != BEYOND
    assert text.relief(0, 16) == BEYOND
