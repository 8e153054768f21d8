"""記号・番号・枝番 of health insurance, written apart, joined, or as the systems of 資格確認 join them.

1. A symbol may be kana, kanji, letters or digits, so it is only one behind its label; the number and the
   branch behind it belong to the same hit.
2. ``00012345:あいう:187:05`` (insurer, symbol, number, branch) needs no label: nothing else looks so.
Source: 健康保険法施行規則 (記号・番号), オンライン資格確認等システム (枝番, two digits), the JP-CLINS joined form.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import LABEL, SHAPE
from catalog.identifiers.readings import Reading

KIND = "insured_number"
_FILL = r"[\s:：=はがを「『\"'（(【\[）)】\]ので]{0,4}"
_SYMBOL = r"(?:[0-9A-Za-z][0-9A-Za-z-]{0,19}|[ぁ-んァ-ヶー一-鿿々]{1,6}(?:[- ]?[0-9]{1,8})?)"
_NUMBER = r"[0-9][0-9-]{0,11}"
_BRANCH = rf"(?:[\s、,・/\"'）)]{{0,5}}[（(]?枝番?(?:号|No\.?)?{_FILL}(?:[0-9]{{1,2}}|なし)[）)]?)?"
_APART = re.compile(
    rf"(?<![一-鿿])(?:[（(]?(?:健康|国民健康)?(?:保険証|被保険者証?|組合員証)?(?:の)?)?記号[）)]?{_FILL}(?P<value>{_SYMBOL}[\s、,・/と及びで）)」』\"']{{0,5}}(?:被保険者)?[（(]?番号[）)]?{_FILL}{_NUMBER}{_BRANCH})"
)
_TOGETHER = re.compile(
    rf"(?:(?:insured|insurance|member)[ _-]?(?:number|no|id)[\"']?|記号[・･/及びと、 ]{{0,2}}番号(?:[・･/及びと、 ]{{0,2}}枝番号?)?){_FILL}(?P<value>{_SYMBOL}(?:\s?[-・･/:：、, の]\s?{_NUMBER}){{0,2}}{_BRANCH})"
)
_BEHIND = re.compile(
    r"(?:記号[・･/及びと、 ]{0,2})?番号[^0-9A-Za-z\n。]{0,12}?(?P<value>[ぁ-んァ-ヶ]{1,3}\s?[-・･/:： ]\s?[0-9]{3,8}(?![0-9]))"
)
_JOINED = re.compile(
    r"(?<![0-9A-Za-z:])(?P<value>[0-9]{6,8}:[^:\s,、]{1,12}:[0-9]{1,12}(?::[0-9]{2})?)(?![0-9A-Za-z:])"
)
_RECEIPT = re.compile(
    r"^(?:HO|SN,[0-9]?,[0-9]{0,2}),\s*(?P<insurer_number>[0-9]{6,8})(?:,(?P<insured_number>[^,\n]{0,38},[^,\n]{1,38}))?|^KO,\s*(?P<public_payer_number>[0-9]{8}),(?P<recipient_number>[0-9]{7})?",
    re.MULTILINE,
)
"""Records of a claim: HO and SN hold the insurer, the symbol and the number, KO the public payer and the recipient."""
_HEADER = re.compile(
    r"(?:保険証?|被保険者証?|組合員証?|資格|hoken\w*|insured)[\w・･/ ]{0,8}(?:記号|番号|枝番|symbol|kigo|number|no)|(?:^|[\n_])(?:記号|kigo|symbol|記号番号|記号・番号)(?:$|\n)",
    re.IGNORECASE,
)
_CELL = re.compile(r"(?P<value>[0-9A-Za-zぁ-んァ-ヶー一-鿿々][0-9A-Za-zぁ-んァ-ヶー一-鿿々・･:： /-]{0,23})")


def find_insured_numbers(reading: Reading) -> Iterator[Hit]:
    """Symbol, number and branch of an insured person."""
    for pattern, certainty, form in (
        (_APART, Certainty.CERTAIN, LABEL),
        (_TOGETHER, Certainty.CERTAIN, LABEL),
        (_BEHIND, Certainty.LIKELY, LABEL),
        (_JOINED, Certainty.LIKELY, SHAPE),
    ):
        for match in pattern.finditer(reading.digits):
            value = match["value"]
            if any(character.isdigit() for character in value) and not _is_clock(value):
                yield reading.hit(KIND, match.span("value"), certainty, form)
    for match in _RECEIPT.finditer(reading.digits):
        for kind, value in match.groupdict().items():
            if value:
                yield reading.hit(kind, match.span(kind), Certainty.LIKELY, SHAPE)
    if _HEADER.search(reading.context):
        cell = _CELL.fullmatch(reading.text.strip())
        if cell:
            start = reading.text.index(cell["value"])
            yield reading.hit(KIND, (start, start + len(cell["value"])), Certainty.LIKELY, LABEL)


def _is_clock(value: str) -> bool:
    """``12:30:45`` and ``20210405:12:30`` are times."""
    return bool(re.fullmatch(r"[0-9]{1,8}:[0-5]?[0-9](?::[0-5]?[0-9])+", value))
