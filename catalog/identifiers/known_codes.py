"""Codes that look like somebody's number and are nobody's: of drugs, and of orders by their length.

1. A drug's code (HOT, YJ, the claims code) is one of the vocabulary that is handed in, and stands where a drug's
   code stands: directly behind a word that says so. Another number in that place is no drug, and a drug's code in
   another place may be somebody's number.
2. An order's number has fifteen digits and stands directly behind the word for it. No number of a person has fifteen.
3. What a check digit or the source's own identifiers say is certain; it is not asked about here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.written_forms import normalise

_BEFORE = 24
"""Characters before a number in which its label stands."""
_LINK = r"(?:[ _-]?(?:7|9|11|13))?[ _-]?(?:コード|番号|code|no\.?)?\s?(?:[:：=はをが「(（]\s?){0,2}$"
_DRUG = re.compile(
    rf"(?:(?<![A-Za-z])(?:HOT|YJ)|薬価(?:基準)?(?:収載)?|(?:医?薬品|処方薬?|薬剤)(?:の)?)(?:コード)?{_LINK}",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:オーダー?(?:の)?番号|(?<![A-Za-z])order[ _-]?(?:no\.?|number|id))\s?(?:[:：=はをが「(（]\s?){0,2}$",
    re.IGNORECASE,
)
_ORDER_NUMBER = re.compile(r"[0-9]{15}")
_CODE = re.compile(r"[0-9A-Z]{7,13}")


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes of a code table of drugs, in capitals and without separators."""

    drugs: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, codes: Iterable[str]) -> "KnownCodes":
        """What does not look like a code is left out: an empty cell must not make a word of it."""
        written = (normalise(code).text.strip().upper() for code in codes)
        return cls(frozenset(code for code in written if _CODE.fullmatch(code)))

    def explain(self, text: str, hit: Hit) -> bool:
        """Whether this hit is such a code, standing where such codes stand."""
        if hit.certainty is Certainty.CERTAIN:
            return False
        before = normalise(text[max(0, hit.offset - _BEFORE) : hit.offset]).text
        value = normalise(text[hit.offset : hit.end]).text.upper()
        if value in self.drugs:
            return bool(_DRUG.search(before))
        return bool(_ORDER_NUMBER.fullmatch(value) and _ORDER.search(before))


NO_CODES = KnownCodes()
