"""Free text without what identifies: every hit becomes a placeholder of its kind, or the text does not leave.

1. What is replaced: everything that ``recognise`` finds, at any certainty; what a note's own labels name
   (``signed_notes``); the source's own identifiers; and, in a text about a person, the parts of that person's name.
   Left are codes of known vocabularies that stand where such codes stand (``known_codes``), unless they are the source's.
2. A placeholder (［氏名］, ［電話］) says the kind and nothing else, so the result does not depend on which
   identifier stood there.
3. A text is quarantined (it has no result, its status says so) when it cannot be decided: it is too long, holds
   characters that hide or stand for nothing, a number that a scanner may have misread, or something is still
   found after the first pass. A recogniser that fails quarantines as well.
4. Offsets of hits count the text's own characters; overlapping hits are replaced as one, by the first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.known_codes import NO_CODES, KnownCodes
from catalog.identifiers.own_forms import KANJI, OwnKind, forms_of
from catalog.identifiers.own_matches import Labelled, forms_in, matches_in
from catalog.identifiers.own_set import NOT_OURS
from catalog.identifiers.signed_notes import find_signed
from catalog.identifiers.words import Tokeniser

SCRUBBER_VERSION = "1"
LONGEST = 40_000
"""Characters; a longer text was not written by one hand at one time, and nobody measured the scrubber on it."""
OTHER = "［識別子］"
PLACEHOLDERS: Mapping[str, str] = {
    "name": "［氏名］",
    "phone": "［電話］",
    "email": "［メール］",
    "postal_code": "［郵便番号］",
    "address": "［住所］",
    "coordinates": "［位置］",
    "birth_date": "［生年月日］",
    "event_date": "［日付］",
    "facility": "［施設］",
    "facility_code": "［施設番号］",
    "url": "［URL］",
    "ip": "［IP］",
    "mac": "［IP］",
    "my_number": "［個人番号］",
    "insurer_number": "［保険番号］",
    "insured_number": "［保険番号］",
    "late_elderly_number": "［保険番号］",
    "care_insured_number": "［保険番号］",
    "public_payer_number": "［公費番号］",
    "recipient_number": "［公費番号］",
    "chart_number": "［カルテ番号］",
    "employer": "［勤務先］",
}
"""By kind of hit; any other kind is ［識別子］."""
_OF_OURS = {
    OwnKind.NAME: "name",
    OwnKind.READING: "name",
    OwnKind.PHONE: "phone",
    OwnKind.EMAIL: "email",
    OwnKind.ADDRESS: "address",
    OwnKind.CHART: "chart_number",
    OwnKind.INSURED: "insured_number",
    OwnKind.MY_NUMBER: "my_number",
    OwnKind.PUBLIC: "public_payer_number",
}
_NUMBERS = (OwnKind.CHART, OwnKind.PHONE, OwnKind.INSURED, OwnKind.MY_NUMBER, OwnKind.PUBLIC)
_UNDECIDED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_LINES = frozenset("\n\r\t")
_SCANNED = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9OlSBI|]*[OlSBI|][0-9OlSBI|]*)(?=(?:[OlSBI|]*[0-9]){4})[0-9OlSBI|]{7,}(?![0-9A-Za-z])"
)
_JLAC = re.compile(r"[0-9][A-Z][0-9]{3}[0-9A-Z]{10,12}")
_LETTERS = re.compile(f"[{KANJI} \u3000]{{2,12}}")
_TITLE = "さん|様|氏|殿|君|くん|ちゃん|先生|医師|看護師|薬剤師"
Recognise = Callable[[str], Sequence[Hit]]


class Status(StrEnum):
    """What became of a text."""

    CLEAN = "clean"
    SCRUBBED = "scrubbed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text that may leave, or none; how many identifiers were replaced in it."""

    text: str | None
    status: Status
    hits: int


@dataclass(frozen=True, slots=True)
class Scrubber:
    """The recognisers, the source's own identifiers, and the dictionary that says where words end."""

    recognise: Recognise
    kinds_of: Callable[[Sequence[str]], bytes] = lambda forms: bytes(len(forms))
    """A kind (``OwnKind``) for each form, 0 for none."""
    words: Tokeniser | None = None
    codes: KnownCodes = NO_CODES

    def scrub(self, text: str, person: Iterable[str] = ()) -> Scrubbed:
        """The text without identifiers; ``person`` are the names of the one it speaks of, as the source has them."""
        if undecided(text):
            return Scrubbed(None, Status.QUARANTINED, 0)
        listed = list(person)
        try:
            # Whoever is named once in a note is named again in it, shorter and with no mark of a name.
            first = self._spans(text, _own_names(listed))
            named = [text[hit.offset : hit.end] for hit in first if hit.kind == "name"]
            own_names = _own_names([*listed, *(name for name in named if _LETTERS.fullmatch(name))])
            spans = self._spans(text, own_names) if named else first
            if any(
                not _JLAC.fullmatch(found.group()) and not _covered(found.span(), spans)
                for found in _SCANNED.finditer(text)
            ):
                return Scrubbed(None, Status.QUARANTINED, len(spans))
            result = _replaced(text, spans)
            left = [hit for hit in self._spans(result, own_names) if not _is_placeholder(result, hit)]
        except (ValueError, RuntimeError, RecursionError):
            return Scrubbed(None, Status.QUARANTINED, 0)
        if left:
            return Scrubbed(None, Status.QUARANTINED, len(spans))
        return Scrubbed(result, Status.SCRUBBED if spans else Status.CLEAN, len(spans))

    def _spans(self, text: str, own_names: re.Pattern[str] | None) -> list[Hit]:
        hits = [hit for hit in self.recognise(text) if not self._is_code(text, hit)] + list(find_signed(text))
        asked = sorted(forms_in([Labelled(text)]))
        kinds = zip(asked, self.kinds_of(asked), strict=True)
        ours = {form: OwnKind(kind) for form, kind in kinds if kind != NOT_OURS}
        hits += [
            Hit(_OF_OURS[match.kind], match.offset, match.length, Certainty.CERTAIN, "own")
            for match in matches_in([Labelled(text)], ours, self.words)
        ]
        if own_names is not None:
            hits += [
                Hit("name", found.start(), found.end() - found.start(), Certainty.CERTAIN, "own")
                for found in own_names.finditer(text)
            ]
        return _joined(hits)

    def _is_code(self, text: str, hit: Hit) -> bool:
        """Whether a hit is a known code in its place, and no number of the source's."""
        if not self.codes.explain(text, hit):
            return False
        written = text[hit.offset : hit.end]
        asked = sorted({form for kind in _NUMBERS for form in forms_of(kind, written)})
        return not any(kind != NOT_OURS for kind in self.kinds_of(asked))


def undecided(text: str) -> bool:
    """Whether a text holds what no recogniser was made for."""
    return len(text) > LONGEST or any(
        unicodedata.category(character) in _UNDECIDED_CATEGORIES and character not in _LINES
        for character in text
    )


def _own_names(names: Iterable[str]) -> re.Pattern[str] | None:
    """The parts of a person's own names; one of a single letter counts before a title only."""
    parts: set[str] = set()
    for name in names:
        pieces = [piece for piece in re.split(r"[\s\u3000・]+", name) if piece]
        parts |= {*pieces, "".join(pieces), " ".join(pieces), "\u3000".join(pieces)}
    written = [
        re.escape(part) if len(part) > 1 else f"{re.escape(part)}(?=(?:{_TITLE}))"
        for part in sorted(parts, key=len, reverse=True)
        if len(part) > 1 or re.fullmatch(f"[{KANJI}]", part)
    ]
    return re.compile("|".join(written)) if written else None


def _joined(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in order; those that overlap are one, of the kind of the first."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.offset, -hit.length)):
        if kept and hit.offset < kept[-1].end:
            last = kept[-1]
            length = max(last.end, hit.end) - last.offset
            kept[-1] = Hit(last.kind, last.offset, length, max(last.certainty, hit.certainty), last.form)
        else:
            kept.append(hit)
    return kept


def _covered(place: tuple[int, int], spans: Sequence[Hit]) -> bool:
    """Whether one hit holds a whole place."""
    return any(span.offset <= place[0] and place[1] <= span.end for span in spans)


def _replaced(text: str, spans: Sequence[Hit]) -> str:
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.offset], PLACEHOLDERS.get(span.kind, OTHER)]
        done = span.end
    return "".join([*pieces, text[done:]])


_ANY_PLACEHOLDER = re.compile("|".join(map(re.escape, dict.fromkeys([*PLACEHOLDERS.values(), OTHER]))))


def _is_placeholder(text: str, hit: Hit) -> bool:
    """Whether what was found lies in a placeholder, or touches one and nothing but it."""
    return any(
        found.start() <= hit.offset and hit.end <= found.end() for found in _ANY_PLACEHOLDER.finditer(text)
    )
