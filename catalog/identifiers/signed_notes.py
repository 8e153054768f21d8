"""What in a clinical note names somebody by its place in the note: used by the scrubber alone.

A scrubber may take too much, where a check must not; so a label is enough here. Recognised: who signed, asked or
is in charge (記録：, 担当：, 依頼医：), where somebody works (勤務先は, 株式会社), days written as eight digits,
and the UIDs of images. Labels from the headings of Japanese charts and of SS-MIX2 and DICOM documents.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.own_forms import KANJI, KATAKANA
from catalog.identifiers.written_forms import normalise

_LETTERS = f"{KANJI}{KATAKANA}ぁ-ゖ・"
_NAME = f"[{_LETTERS}]{{1,8}}(?:[ \u3000][{_LETTERS}]{{1,8}})?"
_WHO = (
    "記録者?|記載者?|担当医?者?|主治医|依頼医?者?|提出医|指示医|執刀医|術者|助手|麻酔医|読影医?|診断医|病理医|署名|作成者?"
    "|受持ち?|受け持ち|紹介医|看護師|薬剤師|技師"
)
_COMPANY = "株式会社|有限会社|合同会社|合資会社"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("name", re.compile(f"(?:{_WHO})(?:名|氏名)?(?:[:：] ?|[ \u3000])({_NAME})")),
    ("employer", re.compile(r"(?:勤務先|勤め先|職場|就業先)(?:名)?(?:は|[:：]) ?([^。、，,\n]{1,40})")),
    (
        "employer",
        re.compile(
            f"((?:{_COMPANY})[{_LETTERS}A-Za-z]{{1,16}}|[{_LETTERS}A-Za-z]{{1,16}}(?:{_COMPANY}|商店|製作所))"
        ),
    ),
    (
        "event_date",
        re.compile(r"(?<![0-9.-])((?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9.-])"),
    ),
    ("image_uid", re.compile(r"(?<![0-9.])([0-2](?:\.(?:0|[1-9][0-9]*)){5,})(?![0-9.])")),
)


def find_signed(text: str) -> Iterator[Hit]:
    """Every such place of a text."""
    folded = normalise(text)
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(folded.text):
            offset, length = folded.span(*found.span(1))
            yield Hit(kind, offset, length, Certainty.WEAK, "label")
