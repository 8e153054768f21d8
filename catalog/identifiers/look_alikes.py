"""Letters of another script that look like those of a name, read as what they look like: Таro, Νarita, フジモ卜, ユウ力.

Character for character, so every place stays. The rules:

1. A word of Latin letters in which Cyrillic or Greek letters stand is read in Latin when each of them looks like a
   Latin letter; so is a word of such letters alone beside a word that has Latin ones.
2. A kanji that looks like a katakana (卜 力 口 夕 八 三 千 二 工 一 …) is read as one beside a katakana, unless kanji
   that look like none stand at its other side: コップ二杯 stays.
3. り, and へ between katakana or at the beginning of a word, are read as katakana in a word of katakana.
4. The old kana ゐ ゑ ヰ ヱ sound like い え イ エ, and are read so; ゝ and ゞ repeat the kana before them.
"""

import re
import unicodedata

_LATIN = "A-Za-zÀ-ɏḀ-ỿ"
_TWINS = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХЬаеѕіјӏорсухԁԛԝһкмнтвΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοιυκρχτγη",
    "ABESZIJKMHOPCTYXbaesijlopcyxdqwhkmHtBABEZHIKMNOPTYXavoiukpxtyn",
)
_STRANGE = "\u0370-\u03ff\u0400-\u052f"
_MIXED = re.compile(f"[{_LATIN}{_STRANGE}]+(?:[ ^,.-]{{1,2}}[{_LATIN}{_STRANGE}]+)?")
_HAS_LATIN, _HAS_STRANGE = re.compile(f"[{_LATIN}]"), re.compile(f"[{_STRANGE}]")
_KANA_TWINS = str.maketrans("卜力口夕八三千二工一才乂厶匕丿", "トカロタハミチニエーオメムヒノ")
_LIKE_KANA = "卜力口夕八三千二工一才乂厶匕丿"
_KATAKANA = "ァ-ヺー"
_RUN = re.compile(f"[{_KATAKANA}{_LIKE_KANA}]*[{_KATAKANA}][{_KATAKANA}{_LIKE_KANA}]*")
_OF_PLACES = re.compile(f"[{_LIKE_KANA}]*[ノツケヶガ]")
"""一ノ瀬, 三ツ木, 八ヶ代: kanji with one kana between kanji."""
_KANJI = re.compile("[㐀-鿿々]")
_RI = re.compile(
    f"(?<=[{_KATAKANA}])り(?![ぁ-ゖ])|り(?=[ァィゥェォャュョ])|(?<![ぁ-ゖ])り(?=[{_KATAKANA}]{{2}})"
)
_HE = re.compile(f"(?<=[{_KATAKANA}])へ(?=[{_KATAKANA}])|(?<!\\w)へ(?=[{_KATAKANA}]{{2}})")
_OLD_KANA = str.maketrans("ゐゑヰヱ", "いえイエ")
_AGAIN = re.compile("(?P<kana>[ぁ-ゖァ-ヺ])(?P<mark>[ゝゞヽヾ])")
_WORTH_IT = re.compile(f"[{_STRANGE}{_LIKE_KANA}りへゐゑヰヱゝゞヽヾ]")


def unmasked(text: str) -> str:
    """The text with look-alikes read as what they look like; as long as before."""
    if not _WORTH_IT.search(text):
        return text
    text = _AGAIN.sub(_repeated, text.translate(_OLD_KANA))
    if _HAS_STRANGE.search(text):
        text = _MIXED.sub(_in_latin, text)
    text = _RUN.sub(_in_katakana, text)
    return _HE.sub("ヘ", _RI.sub("リ", text))


def _repeated(found: re.Match[str]) -> str:
    """すゞ is すず: the mark repeats the kana before it, ゞ with a voice."""
    kana = found["kana"]
    again = unicodedata.normalize("NFC", kana + "\u3099") if found["mark"] in "ゞヾ" else kana
    return kana + (again if len(again) == 1 else kana)


def _in_latin(words: re.Match[str]) -> str:
    written = words.group()
    if not _HAS_LATIN.search(written):
        return written
    latin = written.translate(_TWINS)
    return written if _HAS_STRANGE.search(latin) else latin


def _in_katakana(run: re.Match[str]) -> str:
    """A run of katakana and look-alikes, without what belongs to kanji at its ends."""
    written, text = run.group(), run.string
    start, end = 0, len(written)
    if run.start() and _KANJI.match(text, run.start() - 1):
        while written[start] in _LIKE_KANA:
            start += 1
    if _KANJI.match(text, run.end()):
        if _OF_PLACES.fullmatch(written):
            return written
        while written[end - 1] in _LIKE_KANA:
            end -= 1
    # A long-vowel mark never begins a word, so 一 does not stand for one there.
    while start < end and written[start] == "一":
        start += 1
    return written[:start] + written[start:end].translate(_KANA_TWINS) + written[end:]
