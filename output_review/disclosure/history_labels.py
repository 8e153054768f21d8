"""What a label says about the people that a number counts, so that numbers of two releases can be compared.

1. A label becomes conditions that a counted person meets: an age from 65, a month, codes of a list, a
   name. A word for everybody (合計) or for counting (人数) is no condition.
2. Japanese and English, 男 and male, ``≥65`` and ``65歳以上``, ``E10-E12`` and ``E10, E11, E12`` are the same
   condition. What is not understood is a name as written, in folded form.
3. One condition lies within another when everybody who meets it meets the other; two are apart when
   nobody meets both. Names of unknown words are taken to be apart: who uses that must look for what
   contradicts it (``history_sums``).
4. ``until``, ``累計`` and their like make a month everything up to its end.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from catalog.identifiers.written_forms import fold
from output_review.disclosure.history_synonyms import APART, MEASURE, SAME, TOTAL
from output_review.disclosure.history_times import TIME, is_cumulative, time_in

NAMES = "names"
_AXES = {
    "age": "年齢|年齢階級|年齢区分|年齢層|年代|age|age group|age band|age class|age category|ages|aged|歳|才|years|year|yrs|yo|y|years old",
    "bmi": "bmi|体格指数",
    "hba": "hba|ヘモグロビンa1c",
    "egfr": "egfr|推算糸球体濾過量",
    "days": "日数|在院日数|days|length of stay|los|日",
    "months": "月数|months|か月|ヶ月|カ月",
}
_AXIS = {word: axis for axis, words in _AXES.items() for word in words.split("|")}
MEASURED = frozenset({TIME, *_AXES})
"""Axes on which neighbouring classes can be added up."""
_UNIT = r"\s*(?P<u>歳|才|years? old|years?|yrs?|yo|y|日|days?|か月|ヶ月|カ月|months?|%|kg|円|回|点)?\s*"
_N = r"(?P<n>\d+(?:\.\d+)?)"
_BEFORE = r"(?P<axis>[^\d<>≥≤≧≦=:(]*?)\s*[:(]?\s*"
_END = r"\s*[)）]?"
_BOUNDS = (
    (r"from", rf"{_BEFORE}(?:≥|>=|=>|≧|at least|from){_UNIT.replace('?P<u>', '')}{_N}{_UNIT}{_END}"),
    (r"from", rf"{_BEFORE}{_N}{_UNIT}(?:以上|\+|(?:and|or) (?:over|older|above|more)|以降){_END}"),
    (
        r"over",
        rf"{_BEFORE}(?:>|over|more than|older than|above){_UNIT.replace('?P<u>', '')}{_N}{_UNIT}{_END}",
    ),
    (r"over", rf"{_BEFORE}{_N}{_UNIT}(?:超|より上){_END}"),
    (
        r"below",
        rf"{_BEFORE}(?:<|under|below|younger than|less than){_UNIT.replace('?P<u>', '')}{_N}{_UNIT}{_END}",
    ),
    (r"below", rf"{_BEFORE}{_N}{_UNIT}未満{_END}"),
    (r"to", rf"{_BEFORE}(?:≤|<=|=<|≦|up to|at most){_UNIT.replace('?P<u>', '')}{_N}{_UNIT}{_END}"),
    (
        r"to",
        rf"{_BEFORE}{_N}{_UNIT}(?:以下|まで|(?:and|or) (?:under|younger|below|less)){_END}",
    ),
)
_BOUND = tuple((kind, re.compile(pattern)) for kind, pattern in _BOUNDS)
_RANGE = re.compile(
    rf"{_BEFORE}{_N}(?:歳|才|日|years?)?\s*(?:以上)?\s*(?:-|~|〜|から|to|,)\s*(?P<m>\d+(?:\.\d+)?){_UNIT}(?P<open>未満)?(?:まで|以下)?{_END}"
)
_DECADE = re.compile(rf"{_BEFORE}(?P<n>\d0)\s*(?:歳)?(?:代|s)")
_ONE = re.compile(rf"{_BEFORE}{_N}{_UNIT}")
_BOUND_WITHIN = re.compile(
    r"(?:[≥≤≧≦<>]=?\s*\d+(?:\.\d+)?\s*(?:歳|才|years?)?|\d+\s*(?:歳|才)?\s*(?:-|~|〜|から)\s*\d+\s*(?:歳|才|years?)(?:未満)?"
    r"|\d+\s*(?:歳|才)(?:以上|未満|以下|超|代)?|\b\d{2,3}\+|\b\d{2,3}-\d{2,3}\b"
    r"|\d+\s*(?:years? )?(?:and|or) (?:over|older|above|under|younger))"
)
_SEX = re.compile(
    r"(?P<before>.+?)(?:の|[\s・/_,(、-]*)(?P<sex>男性|女性|男児|女児|(?<![a-z])(?:males?|females?|men|women))\)?"
    r"|(?P<sex2>男性|女性|(?:males?|females?|men|women)(?![a-z]))(?:の|[\s・/_,(、-]+)(?P<behind>.+)"
)
_ALL = re.compile(
    r"全(?:病院|施設|医療機関|都道府県|地域|診療科|疾患|期間|年齢|国|体|例|員|患者|症例|対象)|all (?:hospitals|facilities|sites|regions|departments|years|months|diagnoses)"
)
_SAID_BOUND = re.compile(
    r"\d+(?:\.\d+)?\s*(?:日|か月|ヶ月|カ月|月|回|点|円|%|kg)\s*(?:以上|未満|以下|超)|\d+(?:\.\d+)?\s*(?:days?|months?|points?|kg)\s*(?:or|and) (?:more|over|above|under|less)"
)
_SEX_WORD = re.compile(r"男性(?!ホルモン)|女性(?!ホルモン)|(?<![a-z])(?:males?|females?|men|women)(?![a-z])")
_CODE = re.compile(r"(?<![a-z0-9])(?:[a-z]\d{2}(?:\.\d{1,3}|\d{1,2})?[a-z]?|\d{7}|\d{9})(?![a-z0-9])")
_CODE_RANGE = re.compile(r"(?<![a-z0-9])([a-z])(\d{2})\s*(?:-|~|〜|から|to)\s*\1?(\d{2})(?![\d.])")
_UNIT_IN_BRACKETS = re.compile(
    r"[(\[]\s*(?:人|名|例|件|n|人数|patients|persons|n\s*=\s*[\d,]+|[\d,]+\s*[人例名])\s*[)\]]"
)
_EXCEPT = re.compile(
    r"(?P<kept>.*?)[(\[、,\s]*(?P<out>[^()\[\]、,]+?)\s*(?:を?除く|を?除外|以外|を除いた[^)]*)[)\]]?"
    r"|(?P<kept2>.*?)[(\[,\s]*(?:excluding|except(?: for)?|excl\.?|without|other than|not)\s+(?P<out2>[^()\[\]]+?)[)\]]?"
)
_OUT = re.compile(
    r"(?P<ja>[^\s()\[\]、,。]+?)を?(?:除く|除外|除いた|以外)|(?:excluding|except(?: for)?|without)\s+(?P<en>[a-z0-9 -]+)"
)
_BOTH = re.compile(r"\s*(?:かつ|∩|および|及び|を伴う|&|×)\s*|\s+(?:and|with)\s+")
_EITHER = re.compile(r"\s*(?:または|又は|もしくは|あるいは|∪|[,、/;|+・])\s*|\s+or\s+")
_TAIL = re.compile(
    r"(?:の)?(?:実患者数|患者数|実人数|人数|例数|症例数|件数|者数|患者|症例|例|名|人|数|群|の者)$"
    r"|[\s_](?:patients?|persons?|people|cases|counts?|n|group|subjects|individuals)$"
)
_HEAD = re.compile(
    r"^(?:(?:number|no\.?|count|n) of |n_|n |(?:patients?|people|persons|subjects|those|cases) (?:with |who are |aged )?|うち|内(?![科視耳]))\s*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a counted person meets: from ``low`` and below ``high`` on an axis, or one of some names (or none)."""

    axis: str
    low: float = -inf
    high: float = inf
    names: frozenset[str] = frozenset()
    outside: bool = False
    """Everybody but those with these names."""

    def within(self, other: "Condition") -> bool:
        """Whether everybody who meets this meets the other."""
        if (self.axis == NAMES) != (other.axis == NAMES):
            return False
        if self.axis != NAMES:
            return _same_axis(self, other) and other.low <= self.low and self.high <= other.high
        if self.outside != other.outside:
            return other.outside and _one_kind(self.names | other.names) and not self.names & other.names
        narrow, wide = (other, self) if self.outside else (self, other)
        return all(_covered(name, wide.names) for name in narrow.names)

    def apart_from(self, other: "Condition") -> bool:
        """Whether nobody meets both; of unknown names taken for granted."""
        if (self.axis == NAMES) != (other.axis == NAMES):
            return False
        if self.axis != NAMES:
            return _same_axis(self, other) and (self.high <= other.low or other.high <= self.low)
        if self.outside or other.outside:
            if self.outside and other.outside:
                return False
            kept, out = (other, self) if self.outside else (self, other)
            return all(_covered(name, out.names) for name in kept.names)
        return not any(_covered(name, other.names) for name in self.names) and not any(
            _covered(name, self.names) for name in other.names
        )


Conditions = frozenset[Condition]
EVERYBODY: Conditions = frozenset()


def within(narrow: Conditions, wide: Conditions) -> bool:
    """Whether everybody who meets all of the first meets all of the second."""
    return all(any(mine.within(theirs) for mine in narrow) for theirs in wide)


def apart(one: Conditions, other: Conditions) -> bool:
    """Whether nobody meets all of both."""
    return any(mine.apart_from(theirs) for mine in one for theirs in other)


@lru_cache(maxsize=65_536)
def conditions_of(axis: str, label: str, *, cumulative: bool = False) -> Conditions:
    """What a label under (or beside) the header ``axis`` says of a person; empty for everybody."""
    text = _UNIT_IN_BRACKETS.sub("", fold(label).text).strip(" \t:：=*†‡§¶#・-")
    text = re.sub(r"\s+", " ", text).replace("hba1c", "hba")
    header = _axis_of(fold(axis).text)
    return _read(text, header, cumulative=cumulative)


def _read(text: str, header: str, *, cumulative: bool) -> Conditions:
    plain = _without_counting_words(text)
    if not plain or {text, plain} & (TOTAL | MEASURE) or _ALL.fullmatch(plain):
        return EVERYBODY
    span = time_in(text, header)
    if span is not None:
        low, high = span
        return frozenset(
            {
                Condition(
                    TIME, -inf if cumulative or is_cumulative(text) or is_cumulative(header) else low, high
                )
            }
        )
    without = _without_some(text, header, cumulative=cumulative)
    if without is not None:
        return without
    bounds = _bounds(text, header) or _bounds(plain, header)
    if bounds is not None:
        return frozenset({bounds})
    parts = _compound(text) or _both(text)
    if parts:
        return frozenset().union(*(_read(part, header, cumulative=cumulative) for part in parts))
    return _listed(plain)


def _without_some(text: str, header: str, *, cumulative: bool) -> Conditions | None:
    """Everybody (or those of a label) but the people of some names; None where nobody is left out."""
    out = _EXCEPT.fullmatch(text)
    if out is None:
        return None
    kept, gone = (out["kept"] or out["kept2"] or "").strip(" ("), out["out"] or out["out2"]
    left = _names(gone)
    rest = _read(kept, header, cumulative=cumulative) if kept else EVERYBODY
    return rest | {Condition(NAMES, names=left, outside=True)} if left else rest


def _both(text: str) -> list[str]:
    """The labels of people who meet several; lists of codes are no such labels."""
    parts = [] if _CODE.search(text) else [part.strip() for part in _BOTH.split(text) if part.strip()]
    return parts if len(parts) > 1 else []


def _compound(text: str) -> list[str]:
    """``65歳以上の女性`` and ``male 65-74`` are two conditions in one label."""
    bound = _BOUND_WITHIN.search(text)
    if bound:
        rest = (text[: bound.start()] + " " + text[bound.end() :]).strip(" のof,、()・/_")
        return [bound.group().strip(), rest] if rest else []
    sex = _SEX.fullmatch(text)
    if sex:
        rest = (sex["before"] or sex["behind"] or "").strip(" のof,、()・/_-")
        return [sex["sex"] or sex["sex2"], rest] if rest else []
    return []


def _listed(text: str) -> Conditions:
    """Codes of a list and names beside them."""
    codes = codes_in(text)
    rest = _CODE.sub("", _CODE_RANGE.sub("", text)) if codes else text
    if codes:
        rest = re.sub(
            r"icd-?(?:10)?|コード|codes?|対象|[()\[\],、;:/+|~〜・-]|または|\bor\b|\band\b", " ", rest
        ).strip()
    names = _names(rest) if rest else frozenset()
    found = {Condition(NAMES, names=n) for n in (codes, names) if n}
    return frozenset(found)


def codes_in(text: str) -> frozenset[str]:
    """Codes of diseases, drugs or claims in a folded text, lists and ranges written out."""
    codes = {
        f"{letter}{number:02d}"
        for letter, first, last in _CODE_RANGE.findall(text)
        for number in range(int(first), int(last) + 1)
    }
    return frozenset(codes | {code.replace(".", "") for code in _CODE.findall(_CODE_RANGE.sub(" ", text))})


def _names(text: str) -> frozenset[str]:
    codes = codes_in(text)
    if codes:
        return codes
    return frozenset(name for part in _EITHER.split(text) if (name := _name(part)))


def _name(part: str) -> str:
    """The one name of a word; without a known one, its letters and digits."""
    part = part.strip(" ()[]「」")
    for word in (part, _without_counting_words(part), re.sub(r"[県都府市]$", "", part)):
        if word in TOTAL or word in MEASURE:
            return ""
        if word in SAME:
            return SAME[word]
    return re.sub(r"[\W_]+", "", _without_counting_words(part))


def _without_counting_words(text: str) -> str:
    """``男性患者数`` is about 男性, ``n_male`` and ``number of male patients`` about male."""
    while True:
        shorter = _TAIL.sub("", _HEAD.sub("", text)).strip(" _の")
        if not shorter or shorter == text:
            return shorter or text
        text = shorter


def _bounds(text: str, header: str) -> Condition | None:
    """A range of numbers: ``≥65``, ``65-74歳``, ``70代``; a single number only where an axis is known."""
    for kind, pattern in _BOUND:
        match = pattern.fullmatch(text)
        if match:
            step = _step(match["n"])
            number = float(match["n"])
            low = {"from": number, "over": number + step}.get(kind, -inf)
            high = {"below": number, "to": number + step}.get(kind, inf)
            return Condition(_axis(match, header), low, high)
    match = _RANGE.fullmatch(text)
    if match and float(match["m"]) >= float(match["n"]):
        high = float(match["m"]) + (0 if match["open"] else _step(match["m"]))
        return Condition(_axis(match, header), float(match["n"]), high)
    match = _DECADE.fullmatch(text)
    if match:
        return Condition(_axis(match, header) or "age", float(match["n"]), float(match["n"]) + 10)
    match = _ONE.fullmatch(text)
    if match and (match["u"] or match["axis"].strip() or header):
        return Condition(_axis(match, header), float(match["n"]), float(match["n"]) + _step(match["n"]))
    return None


def _step(written: str) -> float:
    """The smallest step of a number as written: 1 for 65, 0.1 for 6.5."""
    return float(10 ** -len(written.partition(".")[2]))


def _axis(match: re.Match[str], header: str) -> str:
    groups = match.groupdict()
    return _axis_of(groups.get("u") or "") or _axis_of(groups.get("axis") or "") or header


def _axis_of(text: str) -> str:
    text = _HEAD.sub("", text.strip(" :：()_") + " ").strip()
    return _AXIS.get(text, text)


def _same_axis(one: Condition, other: Condition) -> bool:
    return one.axis == other.axis or (TIME not in (one.axis, other.axis) and not (one.axis and other.axis))


def _covered(name: str, names: frozenset[str]) -> bool:
    """Whether a name is in a list; a longer code is part of the shorter one it begins with."""
    return name in names or (
        bool(_CODE.fullmatch(name)) and any(name.startswith(n) for n in names if _CODE.fullmatch(n))
    )


def _one_kind(names: frozenset[str]) -> bool:
    kinds = {APART.get(name) for name in names}
    return len(kinds) == 1 and None not in kinds


def said_in_words(caption: str) -> Conditions:
    """Codes, ages and exclusions that a folded caption says of everybody in its table."""
    found: set[Condition] = set()
    codes = codes_in(_SAID_BOUND.sub(" ", _BOUND_WITHIN.sub(" ", caption)))
    if codes:
        found.add(Condition(NAMES, names=codes))
    for match in _BOUND_WITHIN.finditer(caption):
        if re.search(r"歳|才|year|[≥≤≧≦<>+]|over|older|under|younger", match.group()):
            bounds = _bounds(match.group().strip(), "")
            if bounds is not None:
                found.add(bounds)
    sexes = {SAME[word] for word in _SEX_WORD.findall(caption) if word in SAME}
    if len(sexes) == 1:
        found.add(Condition(NAMES, names=frozenset(sexes)))
    for match in _SAID_BOUND.finditer(caption):
        bounds = _bounds(match.group().strip(), "")
        if bounds is not None:
            found.add(bounds)
    for match in _OUT.finditer(caption):
        names = _names((match["ja"] or match["en"]).strip())
        if names:
            found.add(Condition(NAMES, names=names, outside=True))
    return frozenset(found)
