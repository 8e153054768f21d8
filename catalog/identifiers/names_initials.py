"""Initials of a person: Y.T., 72M / T・S氏 / 患者K.N. / a column headed イニシャル. All are for people to look at.

1. Two capitals with dots, middle dots or blanks between count beside an age, a sex or a title, and behind a
   word for a patient; two capitals without anything between only beside an age or a title.
2. Behind a label or a key for initials, and in cells headed by one, any one to three capitals are initials.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.names_in_context import cells_headed_by
from catalog.identifiers.names_japanese import Claim
from catalog.identifiers.worded_text import WordedText

_DOTTED = r"[A-Z][.・][ ]?[A-Z][.・]?|[A-Z]\. ?[A-Z]\.?"
_AGE_OR_SEX = r"[\s,、・()|\t;]{0,3}(?:\d{1,3} ?(?:歳|才|代|[MmFf](?![A-Za-z])|yo\b|y/o|-year|男|女)|男性|女性|男児|女児|[MF](?![A-Za-z])[ ,]? ?\d)"
_BESIDE = re.compile(
    rf"(?<![A-Za-z0-9])(?<![A-Za-z]\.)(?P<initials>{_DOTTED}|[A-Z]{{2}}(?![A-Za-z0-9]))"
    rf"(?:{_AGE_OR_SEX}|[ ]?(?:氏|さん|様|君|ちゃん|殿|先生|くん)|, ?\d{{1,3}}[MF])"
)
_BEHIND = re.compile(
    rf"(?:患者|症例|被験者|受診者|対象者|本例|Patient|patient|Pt|氏名)(?:名|さん|様)?[ :=は(「]{{0,3}}(?P<initials>{_DOTTED})(?![A-Za-z])"
)
_WORD = r"(?:イニシャルズ?|頭文字|initials?|pt[ _]?init)"
_LABELLED = re.compile(
    rf"{_WORD}[\"']?\)? ?[:=はが(,\t|]{{1,2}} ?[\"'「]?(?P<initials>[A-Z](?:[.・ ]{{0,2}}[A-Z]){{0,2}}\.?)(?![A-Za-z])",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z](?:[.・ ]{0,2}[A-Z]){0,2}\.?")
_HEADING = re.compile(rf".*{_WORD}\Z", re.IGNORECASE)
_WEIGHT = 450


def find_initials(worded: WordedText) -> Iterator[Claim]:
    """Initials beside what says that they are a person's."""
    for pattern in (_BESIDE, _BEHIND, _LABELLED):
        for found in pattern.finditer(worded.text):
            start, end = found.span("initials")
            if worded.text[start:end].isupper():
                end = end if pattern is _LABELLED else found.end()
                yield Claim(start, end, "initials", _WEIGHT, Certainty.WEAK)
    for start, end in cells_headed_by(worded, lambda heading: bool(_HEADING.match(heading.strip(" \"'|")))):
        if _CAPITALS.fullmatch(worded.text, start, end):
            yield Claim(start, end, "initials", _WEIGHT, Certainty.WEAK)
