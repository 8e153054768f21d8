"""Kana in Latin letters, and Latin spellings of one reading made alike.

``latin_of_kana`` writes Hepburn with long vowels as kana has them (トウ is ``tou``). ``latin_key`` takes
away what spellings of one name differ in: long vowels (``ou``, ``oh``, ``oo``, ``ō``), ``m`` before b, m and
p, and the systems' own letters (``si`` for ``shi``), so that Ohno, Ōno and Ono are one key.
"""

import re
import unicodedata

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
    "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
    "p": "パピプペポ",
}  # fmt: skip
_SYLLABLES = {kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, "aiueo", strict=True)} | {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヤ": "ya", "ユ": "yu",
    "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "n", "ヴ": "vu", "ー": "",
}  # fmt: skip
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_SPELLINGS = (
    ("sy", "sh"), ("ty", "ch"), ("cy", "ch"), ("zy", "j"), ("jy", "j"), ("hu", "fu"), ("tu", "tsu"), ("si", "shi"),
    ("ti", "chi"), ("zi", "ji"), ("di", "ji"), ("du", "zu"), ("dzu", "zu"), ("wo", "o"), ("l", "r"),
)  # fmt: skip
_LONG = re.compile(r"(?:ou|oh(?![aiueoy])|oo|ō)")
_M = re.compile(r"m(?=[bmp])")


def latin_of_kana(katakana: str) -> str:
    """Katakana in Latin letters; characters that are no kana are left out."""
    out, double = "", False
    for kana in katakana:
        if kana == "ッ":
            double = True
        elif kana in _SMALL_Y and out.endswith("i"):
            stem = out[:-1]
            out = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _SMALL_Y[kana]
        elif kana in _SMALL_VOWELS and out:
            out = out[:-1] + _SMALL_VOWELS[kana]
        else:
            syllable = _SYLLABLES.get(kana, "")
            out += (syllable[:1] if double and syllable else "") + syllable
            double = False
    return out


def latin_key(letters: str) -> str:
    """One key for all spellings of a reading; only a to z are left."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", _LONG.sub("o", letters.lower())) if "a" <= c <= "z"
    )
    bare = _LONG.sub("o", bare).replace("uu", "u")
    for other, ours in _SPELLINGS:
        bare = re.sub(rf"(?<![scdt]){other}", ours, bare)
    return _M.sub("n", bare)
