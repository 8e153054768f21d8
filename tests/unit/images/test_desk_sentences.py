"""What the desk says fits where it is shown: JupyterLab cuts a notice at 140 characters."""

import pytest

from images.analysis.desk.hanare_desk.sentences import SENTENCES, Sentence

LONGEST = 140


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=lambda one: one.code)
def test_a_sentence_fits_a_notice_in_both_languages(sentence: Sentence) -> None:
    assert 0 < len(sentence.ja) <= LONGEST
    assert 0 < len(sentence.en) <= LONGEST
    assert sentence.en.isascii(), "the English one is English"
