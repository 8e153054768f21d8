"""Names in Latin letters that no list knows, where only a person stands: Dear Xo Yolo, Re: Ano Nym, age 63.

1. Two to four words with capitals, none of them a word of English (one of three may be), are a name behind a word
   for a person, a greeting or a mark of authorship, and before an age, a degree or a title.
2. Between Japanese they are one behind a word for kin, a patient or a role, with or without の.
3. These are for people to look at: whoever wrote ``Dear`` may have gone on with anything.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.latin_readings import unaccented
from catalog.identifiers.name_words import AFTER_EPONYM, ENGLISH
from catalog.identifiers.names_japanese import Claim
from catalog.identifiers.names_latin import LATIN_LETTERS, PARTICLE
from catalog.identifiers.worded_text import WordedText

_NAME = rf"[A-ZÀ-ÖØ-Þ][{LATIN_LETTERS}'’-]+(?:(?:,? |\^)(?:{PARTICLE} )?(?:[A-Z]\.|[A-ZÀ-ÖØ-Þ][{LATIN_LETTERS}'’-]*)){{1,3}}(?![{LATIN_LETTERS}])"
_BEHIND_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?:[Pp]atients?|Pt|Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor|Nurse|Dear|Hi|Hello|Sincerely|[Rr]egards|referring|reported by|written by|drawn by|reviewed by|prepared by"
    r"|[Pp]hotograph by|signed|[Ff]rom:|[Tt]o:|[Cc]c:|[Rr]e:|[Pp]resenter|[Aa]uthors?|[Aa]ttending|[Ss]urgeon|[Nn]amed|[Cc]alled|[Ww]e report|[Cc]ase of|[Cc]ontact|[Nn]ame|PI|[Bb]y)"
    rf"[.:,=]?[ \n]\"?(?P<name>{_NAME})"
)
_BEFORE_PERSON = re.compile(
    rf"(?<![{LATIN_LETTERS}])(?P<name>{_NAME})(?=,? \(?(?:an? )?\d{{1,3}}[- ]?(?:[MF](?![A-Za-z])|y|yo|歳|才)|, ?age|, ?(?:MD|M\.D|PhD|Ph\.D|RN|MPH)(?![A-Za-z])"
    r"|[ ]?(?:さん|さま|様|氏|先生|殿|君|ちゃん|くん|医師|教授|看護師|Dr))"
)
_BEHIND_JAPANESE = re.compile(
    rf"(?:患者|症例|被験者|夫|妻|父|母|長男|次男|長女|次女|息子|娘|兄|姉|弟|妹|孫|友人|担当|主治医|医師|看護師|演者|執刀|術者|撮影|作成|解析|記載|氏名|名前|付き添い|キーパーソン)(?:は|の|:|が|、|)[ ]?(?P<name>{_NAME})"
)
_PARTS_OF_LONG_NAMES = 2


def find_latin_in_context(worded: WordedText) -> Iterator[Claim]:
    """Unlisted names in Latin letters beside what says that somebody is meant."""
    for pattern in (_BEHIND_ENGLISH, _BEFORE_PERSON, _BEHIND_JAPANESE):
        for found in pattern.finditer(worded.text):
            start, end = found.span("name")
            if _is_no_english(found["name"]) and not AFTER_EPONYM.match(worded.text, end):
                yield Claim(start, end, "context", 200, Certainty.WEAK)


def _is_no_english(name: str) -> bool:
    parts = [unaccented(part) for part in re.split(r"[ ,^]+", name)]
    english = sum(part in ENGLISH for part in parts)
    return english <= (len(parts) > _PARTS_OF_LONG_NAMES) and not all(
        part.isupper() and len(part) < 4 for part in name.split()
    )
