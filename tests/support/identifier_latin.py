"""Readings in Latin letters as a passport office writes them, written again without the product's own table."""

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
    "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_ODD = {"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n"}  # fmt: skip
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def romaji(kana: str) -> str:
    """Hepburn with long vowels written out."""
    syllables = {
        letter: row + vowel
        for row, letters in _ROWS.items()
        for letter, vowel in zip(letters, "aiueo", strict=True)
    }
    syllables |= _ODD
    spelled = ""
    for place, letter in enumerate(kana):
        if letter in _SMALL:
            stem = spelled[:-1]
            spelled = stem + (_SMALL[letter][1] if stem.endswith(("sh", "ch", "j")) else _SMALL[letter])
        elif letter == "ッ":
            following = syllables.get(kana[place + 1 : place + 2], "")
            spelled += "t" if following.startswith("ch") else following[:1]
        else:
            spelled += syllables.get(letter, "")
    return spelled
