"""What every tokeniser keeps, the real one and the one of the tests."""

import threading

import pytest

from catalog.adapters.sudachi_words import LARGEST_PIECE, pieces, sudachi_words
from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.words import Tokeniser
from tests.support.pretend_words import PretendWords

TEXT = "患者の山田太郎は東京の佐藤さん。"


@pytest.fixture(params=["real", "pretend"])
def tokeniser(request: pytest.FixtureRequest) -> Tokeniser:
    return sudachi_words() if request.param == "real" else PretendWords()


@pytest.mark.parametrize("text", ["", " ", TEXT, "\U000e0041A😀\n\t", "ー", "a" * 300, "\x00\ud7ff"])
def test_words_cover_the_text_without_gaps(tokeniser: Tokeniser, text: str) -> None:
    words = tokeniser.words(text)
    assert [word.start for word in words] == [0, *(word.end for word in words)][: len(words)]
    assert (words[-1].end if words else 0) == len(text)


def test_names_are_called_names(tokeniser: Tokeniser) -> None:
    kinds = {TEXT[word.start : word.end]: word.kind for word in tokeniser.words(TEXT)}
    assert kinds["山田"] is WordKind.FAMILY
    assert kinds["太郎"] is WordKind.GIVEN
    assert kinds["の"] is WordKind.PARTICLE


def test_a_usual_name_costs_less_than_no_words(tokeniser: Tokeniser) -> None:
    assert tokeniser.cost("患者の山田太郎は") < tokeniser.cost("患者の畤乂彁は")


def test_the_book_knows_names_in_every_script(tokeniser: Tokeniser) -> None:
    book = tokeniser.book
    assert {"山田", "やまだ", "ヤマダ"} <= book.family.any_script
    assert "yamada" in book.family.latin
    assert "taro" in book.given.latin


def test_many_threads_read_the_same(tokeniser: Tokeniser) -> None:
    expected = tokeniser.words(TEXT)
    seen: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda: seen.append(all(tokeniser.words(TEXT) == expected for _ in range(50)))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 8


@pytest.mark.parametrize("joint", ["\n", "。", " ", "は", ""])
def test_no_text_is_too_long_for_the_real_one(joint: str) -> None:
    text = joint.join(["山田太郎"] * 9000)
    words = sudachi_words().words(text)
    assert words[-1].end == len(text)
    assert "".join(piece for _, piece in pieces(text)) == text
    assert max(len(piece.encode()) for _, piece in pieces(text)) <= 4 * LARGEST_PIECE < 49_149


def test_an_unreadable_text_raises_and_is_not_skipped() -> None:
    with pytest.raises(ValueError, match=r"could not be read|surrogates"):
        sudachi_words().words("山田\ud800太郎")
