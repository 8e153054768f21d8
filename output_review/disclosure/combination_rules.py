"""Facts that name nobody alone and somebody together: people look at them, the parts marked.

Within one sentence, one line or one row of cells:

1. An institution with two of: an exact age, a sex, a day, initials.
2. Something rare (本邦初, a deficiency syndrome, an ultra-rare disease) with a region and a sex or an age.
3. A public person (元横綱, 現職の議員) with anything medical around it: the whole sentence.
An institution with three of these, something that is called the first or one of a few cases, and a public
person identify as a rule: REJECT. The other combinations are for people to look at.
An age that is a bound, a class or a mean, and the period of a study, describe groups and do not count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.identifiers.addresses import PREFECTURES
from catalog.identifiers.calendar_forms import find_days
from catalog.identifiers.facilities import find_facilities
from catalog.identifiers.readings import Reading, read
from catalog.identifiers.recognise import Dictionaries
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity

COMBINATION = "ID.combination"

_SENTENCE = re.compile(r"[^。\n]+")
_AGE = re.compile(
    r"(?<![0-9.])(?<!平均)(?<!平均年齢は)(?<!平均年齢)(?<!中央値は)(?<!中央値)(?<![-~〜～±])(?:満|享年|当時)?[0-9]{1,3}\s?(?:歳|才|(?:か|ヶ|カ)月齢|yo(?![a-z])|y/o|[- ]?years?[- ]old)(?!以上|以下|未満|超|代|台|から|まで|\s?[-~〜～±]|群|階級|区分|刻み|ごと|毎|時)"
    r"|(?<![0-9A-Za-z.])[0-9]{1,3}\s?[MF](?![0-9A-Za-z])",
    re.IGNORECASE,
)
_SEX = re.compile(
    r"男性|女性|男児|女児|男子|女子|(?<![一-鿿])[男女](?![一-鿿])|(?<![a-z])(?:male|female|man|woman|boy|girl)(?![a-z])|(?<=[0-9])\s?[MF](?![0-9A-Za-z])",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?<![A-Za-z.])[A-Z]\.\s?[A-Z]\.?(?![A-Za-z.0-9])")
_RARE = re.compile(
    r"(?:本邦|わが国|我が国|日本|世界|国内|アジア|県内|道内|文献上)(?:で|において|における)?(?:の)?(?:は)?(?:初|唯一|最初|第?[0-9一二三四五六七八九]+例目)|極めて(?:稀|まれ|珍しい)|非常に(?:稀|まれ)|超希少|希少(?:疾患|難病)|(?:欠損|欠乏|異常|蓄積)症|first (?:reported )?case|only (?:reported )?case|ultra-?rare"
)
_COUNTED = re.compile(
    r"(?:本邦|わが国|我が国|日本|世界|国内|アジア|文献上)(?:で|において|における)?(?:の)?(?:は)?(?:初|唯一|最初|第?[0-9一二三四五六七八九]+例目)|(?:first|only) (?:reported )?case"
)
_REGION = re.compile(
    PREFECTURES + r"|[一-鿿々ヶケ]{1,6}(?:市|郡|町|村|区)(?![一-鿿])|[一-鿿]{1,6}郡[一-鿿]{1,6}[町村]"
)
_PUBLIC = re.compile(
    r"(?:元|現|現役|現職|著名な?|有名な?|人気|前)(?:の)?(?:横綱|大関|力士|首相|総理|大臣|議員|知事|市長|町長|村長|俳優|女優|歌手|選手|監督|アナウンサー|タレント|作家|芸人|社長|会長|皇族|オリンピック\w{0,6}|(?:金|銀|銅)?メダリスト|(?:都|道|府|県)?知事|(?:市|町|村|区)長|(?:国会|県会|市会|衆議院|参議院)議員|(?:プロ)?野球\w{0,6}|(?:演歌)?歌手|芸能人|横綱)"
    r"|紅白歌合戦|ノーベル\w{0,4}賞|文化勲章|(?:五輪|オリンピック|パラリンピック)(?:の)?(?:\w{0,8})?(?:選手|代表|メダリスト|金メダル)|(?:former|current|famous|well-?known|incumbent|retired) (?:\w+ ){0,2}(?:olympi\w*|medall?ist|champion|minister|president|governor|mayor|senator|actor|actress|singer|player|wrestler|anchor|emperor|prince(?:ss)?)|olympic (?:\w+ ){0,2}(?:medall?ist|champion)|nobel (?:prize|laureate)|(?:member of parliament|prime minister)"
)
_CARE = re.compile(
    r"透析|手術|入院|治療|診断|癌|がん|腫瘍|病|症|炎|投与|受診|死亡|搬送|療養|移植|導入|骨折|感染|妊娠|出産|admitted|admission|hospitali[sz]|treat|diagnos|surgery|dialysis|cancer|died|death|fibrillation|stroke|disease"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Which facts a stretch of text holds, as spans of the original."""

    facility: list[tuple[int, int]]
    age: list[tuple[int, int]]
    sex: list[tuple[int, int]]
    day: list[tuple[int, int]]
    initials: list[tuple[int, int]]
    rare: list[tuple[int, int]]
    region: list[tuple[int, int]]
    public: list[tuple[int, int]]
    cared_for: bool

    def identify(self, text: str) -> bool:
        """Whether the marked parts identify as a rule."""
        personal = sum(bool(part) for part in (self.age, self.sex, self.day, self.initials))
        is_counted = bool(self.rare and self.region and _COUNTED.search(text))
        return bool((self.facility and personal > 2) or is_counted or (self.public and self.cared_for))

    def marked(self) -> list[tuple[int, int]]:
        """The parts that identify together; empty when they do not."""
        personal = [part for part in (self.age, self.sex, self.day, self.initials) if part]
        if self.facility and len(personal) > 1:
            return [*self.facility, *(span for part in personal for span in part)]
        if self.rare and self.region and (self.sex or self.age):
            return [*self.rare, *self.region, *self.sex, *self.age]
        return self.public if self.public and self.cared_for else []


def check_combinations(examined: ExaminedFile, dictionaries: Dictionaries) -> Iterator[Finding]:
    """At most one finding for each sentence and each row of a table."""
    silent: set[str] = set()
    for passage in examined.passages:
        # The words of cells repeat, and hardly any says something.
        if passage.text in silent:
            continue
        is_silent = True
        for sentence in _SENTENCE.finditer(passage.text):
            reading = read(sentence.group(), places=dictionaries.places)
            parts = _parts(reading)
            marked = parts.marked()
            if marked:
                first = min(start for start, _ in marked)
                last = max(start + size for start, size in marked)
                is_silent = False
                place = passage.place(sentence.start() + first, last - first)
                yield _finding(place, Severity.REJECT if parts.identify(reading.text) else Severity.REVIEW)
        if is_silent:
            silent.add(passage.text)
    for table in examined.tables:
        for row in table.rows:
            text = " ".join(cell.text for cell in row)
            if (
                any(not cell.text.isascii() or "." in cell.text for cell in row)
                and _parts(read(text)).marked()
            ):
                yield _finding(Place(row=row[0].row))


def _parts(reading: Reading) -> _Parts:
    """Search a stretch for each kind of fact; the costly ones only where the cheap ones say that it matters."""
    text = reading.text
    ages, sexes = _spans(reading, _AGE), _spans(reading, _SEX)
    initials = _spans(reading, _INITIALS)
    days = (
        [reading.folded.span(day.start, day.end) for day in find_days(reading.digits)]
        if ages or sexes or initials
        else []
    )
    personal = sum(bool(part) for part in (ages, sexes, initials, days))
    facilities = [(hit.offset, hit.length) for hit in find_facilities(reading)] if personal > 1 else []
    rare = _spans(reading, _RARE)
    return _Parts(
        facilities,
        ages,
        sexes,
        days,
        initials,
        rare,
        _spans(reading, _REGION) if rare else [],
        _spans(reading, _PUBLIC),
        bool(_CARE.search(text)),
    )


def _spans(reading: Reading, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    return [reading.folded.span(*match.span()) for match in pattern.finditer(reading.text)]


def _finding(place: Place, severity: Severity = Severity.REVIEW) -> Finding:
    return Finding(
        COMBINATION,
        severity,
        place,
        say("Together these facts may identify one person, though none of them does alone."),
        say("Leave out or coarsen one of them: the institution, the exact age, the day, the place."),
    )
