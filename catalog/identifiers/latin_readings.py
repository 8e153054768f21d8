"""Japanese readings in Latin letters: every usual romanisation of one reading folds to the same key.

Hepburn, Kunrei, passport spelling (``Ohno``, ``Satoh``), macrons, doubled vowels and hyphens differ
only in spelling; the key keeps what they share, so that a reading is looked up once. The rules:

1. Long vowels are short: ``ou``, ``oo``, ``oh``, ``ō`` are ``o``; ``uu`` is ``u``.
2. Kunrei's ``si ti tu hu zi sya tya zya`` are Hepburn's ``shi chi tsu fu ji sha cha ja``.
3. ``m`` before ``b m p`` is ``n``; apostrophes and hyphens vanish.

The table of syllables is Hepburn's (ISO 3602 gives Kunrei's).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_PAIRS = (
    "キャ=kya キュ=kyu キョ=kyo シャ=sha シュ=shu ショ=sho チャ=cha チュ=chu チョ=cho ニャ=nya ニュ=nyu ニョ=nyo "
    "ヒャ=hya ヒュ=hyu ヒョ=hyo ミャ=mya ミュ=myu ミョ=myo リャ=rya リュ=ryu リョ=ryo ギャ=gya ギュ=gyu ギョ=gyo "
    "ジャ=ja ジュ=ju ジョ=jo ヂャ=ja ヂュ=ju ヂョ=jo ビャ=bya ビュ=byu ビョ=byo ピャ=pya ピュ=pyu ピョ=pyo "
    "シェ=she ジェ=je チェ=che ティ=ti ディ=di ファ=fa フィ=fi フェ=fe フォ=fo ウィ=wi ウェ=we ウォ=wo ヴァ=va "
    "ヴィ=vi ヴェ=ve ヴォ=vo デュ=dyu トゥ=tu ドゥ=du"
)
_TWO = dict(pair.split("=") for pair in _PAIRS.split())
_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲン"
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ"
)
_SYLLABLES = (
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu "
    "me mo ya yu yo ra ri ru re ro wa i e o n ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu "
    "be bo pa pi pu pe po vu"
)
_ONE = dict(zip(_KANA, _SYLLABLES.split(), strict=True))
_NO_LETTER = re.compile(r"[^a-z]")
_SPELLINGS = (
    (re.compile(r"tch"), "cch"),
    (re.compile(r"sy(?=[auo])"), "sh"),
    (re.compile(r"tty(?=[auo])"), "cch"),
    (re.compile(r"[tc]y(?=[auo])"), "ch"),
    (re.compile(r"[zj]y(?=[auo])"), "j"),
    (re.compile(r"(?<![sc])hu"), "fu"),
    (re.compile(r"si"), "shi"),
    (re.compile(r"ti"), "chi"),
    (re.compile(r"tu"), "tsu"),
    (re.compile(r"[zd]i"), "ji"),
    (re.compile(r"d[zu]u?"), "zu"),
    (re.compile(r"m(?=[bmp])"), "n"),
    (re.compile(r"oh(?![aiueoy])"), "o"),
    (re.compile(r"o[uo]+"), "o"),
    (re.compile(r"uu+"), "u"),
    (re.compile(r"ii+"), "i"),
    (re.compile(r"aa+"), "a"),
    (re.compile(r"ee+"), "e"),
)


@lru_cache(maxsize=100_000)
def latin_key(written: str) -> str:
    """The key of a word in Latin letters, whatever romanisation it was written in."""
    return _respelled(unaccented(written))


def unaccented(written: str) -> str:
    """Only the letters a to z of a word, small and without accents."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", written.lower()))


def latin_keys_of_kana(readings: Iterable[str]) -> list[str]:
    """The keys of readings in katakana, in their order; empty for a reading of anything else."""
    return _respelled("\n".join(map(_hepburn, readings))).split("\n")


def _respelled(plain: str) -> str:
    """One word or one a line: what romanisations share."""
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    return plain


def _hepburn(reading: str) -> str:
    """A reading syllable by syllable; empty when it holds anything but katakana."""
    spelled: list[str] = []
    place, doubled = 0, False
    while place < len(reading):
        syllable = _TWO.get(reading[place : place + 2])
        step = 2 if syllable else 1
        letter = reading[place]
        place += step
        if letter == "ー":
            continue
        if letter == "ッ":
            doubled = True
            continue
        syllable = syllable or _ONE.get(letter)
        if syllable is None:
            return ""
        spelled.append(syllable[0] + syllable if doubled else syllable)
        doubled = False
    return "".join(spelled)
