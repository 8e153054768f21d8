"""Ways to reach a person: telephone, postal code, e-mail.

1. Boundaries are letters and digits of ASCII, never those of words: kana and kanji may touch a value.
2. A telephone number has the shape of the Japanese numbering plan: ten digits from 0, eleven for 050 to
   090 and 0800, with +81 or 0081 in front instead of the 0, in groups by hyphens, blanks, dots or
   brackets. Without groups it needs a mobile prefix or a label to be more than a suspicion.
3. A postal code without 〒 and without a label must be one that Japan Post gives; where it reads as a range
   (``100-2000``) it is none.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import LABEL, NO_UNIT, SHAPE
from catalog.identifiers.readings import Reading

_AT = r"(?:@|\s?[(\[<{]\s?(?:at|アット(?:マーク)?|あっと)\s?[)\]>}]\s?|\s?(?:アットマーク|★|◎)\s?| at (?=[\w.-]+\.[A-Za-z]{2,}(?![\w.])))"
_DOT = r"(?:\.|\s?[(\[<{]\s?(?:dot|ドット)\s?[)\]>}]\s?|\s?ドット\s?)"
_EMAIL = re.compile(
    rf"(?<![0-9A-Za-z._%+-])[0-9A-Za-z](?:[0-9A-Za-z._%+-]|{_DOT}){{0,63}}{_AT}"
    rf"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{{0,61}}[0-9A-Za-z])?{_DOT}){{1,6}}[A-Za-z]{{2,24}}(?![0-9A-Za-z])"
)
_EMAIL_SIGNS = re.compile(r"@|at|アット|あっと|★|◎")

_PART = r"(?:\s?[-.・/_]\s?(?:\n\s*)?|\s?[()]\s?-?|[ \t]{1,2}|\n\s*)"
_NOT_GLUED = (
    r"(?<![0-9])(?:(?<![A-Za-z])|(?<=TEL)|(?<=Tel)|(?<=tel)|(?<=FAX)|(?<=Fax)|(?<=fax)|(?<=PHS)|(?<=phone))"
)
_PHONE = re.compile(
    rf"{_NOT_GLUED}(?<![0-9][-.])\(?(?P<number>0[0-9]{{1,4}}{_PART}{{1,2}}[0-9]{{1,4}}{_PART}{{1,2}}[0-9]{{3,4}}"
    rf"|0[0-9]{{5}}{_PART}[0-9]{{4}}|0[0-9]{{2,3}}{_PART}[0-9]{{7,8}})(?![0-9A-Za-z])(?![-.][0-9])(?![,/][1-9])"
)
_ABROAD = re.compile(
    rf"(?P<number>(?:(?<![0-9])\+|(?<![0-9A-Za-z])(?:00|010[- ]?))81{_PART}?(?:\(0\))?[- ]?0?[1-9][0-9]{{0,3}}{_PART}{{0,2}}[0-9]{{1,4}}{_PART}{{0,2}}[0-9]{{3,4}})(?![0-9A-Za-z])"
)
_UNBROKEN = re.compile(
    rf"{_NOT_GLUED}(?<![0-9][-.,/:])(?<![.+-])(?P<number>0[1-9][0-9]{{8,9}})(?![0-9A-Za-z])(?![-.,/:][0-9])"
)
_SPELT = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9] )(?P<number>0 [1-9](?:(?: ?- ?| )[0-9]){8,9})(?! ?[0-9A-Za-z])"
)
_PHONE_LABEL = re.compile(
    r"(?:電話|連絡先|携帯|ケータイ|スマホ|自宅|勤務先|緊急|固定|tel|phone|fax|ファックス|ファクス|mobile|cell|denwa|keitai|call)[^0-9。\n]{0,14}$",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"(?:電話|tel|phone|fax|携帯|連絡先)(?:番号)?[^0-9。\n]{0,8}(?P<number>[0-9]{2,4}-[0-9]{4}|[0-9]{6,8})(?![-0-9A-Za-z])"
    + NO_UNIT,
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"(?:内線|(?<![a-z])ext\.?|PHS)[\s:：(（はが]{0,3}(?P<number>[0-9]{2,6})(?![0-9A-Za-z])" + NO_UNIT,
    re.IGNORECASE,
)
_MOBILE = ("050", "060", "070", "080", "090", "080")

_POSTAL = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][-.,/:])(?<![-.+¥])(?P<code>[0-9]{3}\s?[-の]\s?[0-9]{4}|[0-9]{3} [0-9]{4}|[0-9]{7})(?![0-9A-Za-z])(?![-.,/:][0-9])"
    + NO_UNIT
)
_MARK = re.compile(r"(?:〒|⒎|テ)\s?$|〠\s?$")
_POSTAL_LABEL = re.compile(
    r"(?:郵便|(?<![a-z])zip|post(?:al)?[ _-]?code|yubin)[^0-9。\n]{0,12}$", re.IGNORECASE
)
_ADDRESS_BEFORE = re.compile(r"(?:住所|所在地|居住地|転居先|本籍|address)[^0-9。\n]{0,8}$", re.IGNORECASE)
_ADDRESS_BEHIND = re.compile(
    r"[\s)）,、]{0,3}(?:東京都|北海道|京都府|大阪府|[一-鿿]{2,3}県|[一-鿿ぁ-んァ-ヶ]{1,6}[市区郡])"
)


def find_emails(reading: Reading) -> Iterator[Hit]:
    """E-mail addresses, also with ``(at)``, アットマーク and ``(dot)`` for the signs."""
    if _EMAIL_SIGNS.search(reading.text):
        for match in _EMAIL.finditer(reading.text):
            yield reading.hit("email", match.span(), Certainty.CERTAIN, SHAPE)


def find_phones(reading: Reading) -> Iterator[Hit]:
    """Telephone and fax numbers, extensions, and local parts behind a label."""
    for pattern in (_PHONE, _ABROAD, _UNBROKEN, _SPELT):
        for match in pattern.finditer(reading.digits):
            digits = re.sub(r"[^0-9]", "", match["number"])
            if pattern is _ABROAD:
                digits = "0" + re.sub(r"^(?:00|010)?81(?:0)?", "", digits)
            if not in_numbering_plan(digits):
                continue
            labelled = _PHONE_LABEL.search(reading.before(match.start("number")))
            sure = labelled or pattern is _ABROAD or (pattern is _PHONE and "-" in match["number"])
            mobile = digits[:3] in _MOBILE and len(digits) == 11
            certainty = (
                Certainty.CERTAIN
                if sure
                else Certainty.LIKELY
                if mobile or pattern is _PHONE
                else Certainty.WEAK
            )
            yield reading.hit("phone", match.span("number"), certainty, LABEL if labelled else SHAPE)
    for pattern in (_LOCAL, _EXTENSION):
        for match in pattern.finditer(reading.digits):
            yield reading.hit("phone", match.span("number"), Certainty.LIKELY, LABEL)
    if _PHONE_LABEL.search(reading.context):
        for match in re.finditer(r"(?<![0-9])\(?[0-9][0-9 ()-]{4,14}[0-9](?![0-9])", reading.digits):
            yield reading.hit("phone", match.span(), Certainty.LIKELY, LABEL)


def in_numbering_plan(digits: str) -> bool:
    """Ten digits for areas and free numbers, eleven for mobiles, IP telephones and 0800."""
    if len(digits) == 11:
        return digits[:3] in _MOBILE or digits.startswith("0800")
    if len(digits) != 10 or digits[0] != "0" or digits[1] == "0":
        return False
    return digits[:3] not in _MOBILE or digits.startswith(("0570", "0180", "0990"))


def find_postal_codes(reading: Reading) -> Iterator[Hit]:
    """Postal codes: behind 〒 or a label, beside an address, or known to Japan Post."""
    outer = bool(_POSTAL_LABEL.search(reading.context))
    for match in _POSTAL.finditer(reading.digits):
        code = re.sub(r"[^0-9]", "", match["code"])
        before = reading.before(match.start("code"))
        known = reading.places is None or reading.places.has_postal_code(code)
        if _MARK.search(before):
            yield reading.hit("postal_code", match.span("code"), Certainty.CERTAIN, SHAPE)
        elif outer or _POSTAL_LABEL.search(before):
            yield reading.hit(
                "postal_code", match.span("code"), Certainty.CERTAIN if known else Certainty.LIKELY, LABEL
            )
        elif known and (
            _ADDRESS_BEFORE.search(before) or _ADDRESS_BEHIND.match(reading.text, match.end("code"))
        ):
            yield reading.hit("postal_code", match.span("code"), Certainty.LIKELY, LABEL)
        elif "-" in match["code"] and reading.places is not None and known and not _is_range(code):
            sure = Certainty.LIKELY if code[3] == "0" else Certainty.WEAK
            yield reading.hit("postal_code", match.span("code"), sure, SHAPE)


def _is_range(code: str) -> bool:
    """``100-2000`` reads as a range: it rises, and its end is round."""
    first, last = int(code[:3]), int(code[3:])
    return code[3] != "0" and code[0] != "0" and first < last and last % 50 == 0
