"""Days that describe one person: dates of birth, and the days of events.

1. A day beside a word for birth is a date of birth, in every form, solid digits too. Under a header for it
   every number is one: a spreadsheet's serial, seconds since 1970, a Julian day.
2. Without such a word a day before ``OLD`` is likely a date of birth: studies do not reach back so far.
3. A day beside a word for something that happens to a patient is an event's day; finer than a month it is
   for few.
4. A day beside a word for documents, laws, or the period of a study is harmless. Any other day is weak.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.calendar_forms import Day, find_days
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import BARE, LABEL, NO_UNIT, SHAPE
from catalog.identifiers.readings import Reading

OLD = 1990
BIRTH = "birth_date"
EVENT = "event_date"
_HARMLESS = ("", Certainty.WEAK, "")
_BIRTH_WORD = r"生年月日|誕生日|誕生|生まれ|産まれ|出生(?!体重|時|数|率|コホート)|生年|(?<![a-z])d\.?o\.?b\.?(?![a-z])|birth(?!\s?weight)|(?<![a-z])born|seinengappi|tanjo"
_BIRTH_BEFORE = re.compile(rf"(?:{_BIRTH_WORD})[^0-9。\n]{{0,14}}$", re.IGNORECASE)
_BIRTH_LINE = re.compile(rf"(?:{_BIRTH_WORD})[\s:：|,\t]{{0,6}}\n[^0-9。\n]{{0,6}}$", re.IGNORECASE)
_BIRTH_BEHIND = re.compile(
    rf"[\s(（「]{{0,3}}(?:{_BIRTH_WORD}|生(?![年活産成検存体命理化食物涯後前薬計])|うまれ)", re.IGNORECASE
)
_EVENT_WORD = (
    r"手術|入院|退院|死亡|死去|逝去|永眠|診断|発症|受診|初診|再診|来院|搬送|転院|転科|転棟|投与|治療開始|服用|内服|検査日|採血|採取|再発|分娩|出産|移植|接種"
    r"|告知|紹介|受傷|入所|退所|転倒|透析|挿管|抜管|心停止|蘇生|初回|最終来院|最終生存|施行(?=した)|実施日|診療日|処方日|調剤日|登録日|同意(?:取得)?日|surgery|operation"
    r"|admission|admitted|discharged?|died|death|deceased|diagnos\w+|onset|visit(?:ed)?|transferred|transplant\w*|vaccinat\w+|relapse|delivery|biopsy"
)
_EVENT_BEFORE = re.compile(rf"(?:{_EVENT_WORD})[^0-9。\n]{{0,10}}$", re.IGNORECASE)
_EVENT_BEHIND = re.compile(
    rf"\s?[,、)）]?\s?(?:に|、|の|より|から|、?午[前後]\S{{0,6}}に?)?[^0-9。、\n]{{0,8}}?(?:{_EVENT_WORD})(?!した(?:全?患者|症例|者)|期間|された(?:患者|症例))",
    re.IGNORECASE,
)
_EVENT_HEADER = re.compile(
    rf"(?:{_EVENT_WORD})(?:年月日|日付|日時|日|[ _-]?(?:date|day|dt))?(?:$|[\n(（\[])|(?:op|adm|dis|dx|event|index|visit)[ _-]?(?:date|dt)",
    re.IGNORECASE,
)
_HARMLESS_BEFORE = re.compile(
    r"(?:期間|版|改訂|改正|承認|作成|更新|公開|公表|発行|抽出|アクセス|閲覧|取得|制定|告示|通知|発出|提出|受付|締切|基準日|参照|確認|受理|採択|採用|出版|掲載|リリース|配布|調査|集計|解析|ダウンロード"
    r"|最終|開始|終了|締結|事務連絡|通達|有効|期限|納品|倫理|会議|開催|ver\.?|version|as of|updated?|created?|accessed|published|approved?|released?|between|from|since|until|through|to|retrieved|generated|printed|出力|印刷|実行|スナップショット|データ(?:ベース)?)"
    r"[^0-9。\n]{0,12}$|(?:version|ver\.?|(?<![a-z])v)\s?[0-9.]+\s?[(,]?\s?$|(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[,.]?\s?$|(?:から|より|~|〜|～|-|–|—|→|(?<![a-z])to|(?<![a-z])and|至|自)\s{0,2}$",
    re.IGNORECASE,
)
_HARMLESS_BEHIND = re.compile(
    r"\s[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s+(?:LL-Null|Log-Likelihood|Deviance|Scale|R-squared)\b"
    r"|\s{0,2}[(（「]?\s?(?:[月火水木金土日][)）]\s?)?(?:から(?!当院|入院|内服|透析|投与)|より(?!当院|入院)|~|〜|～|–|—|→|-\s|to\s|through|and\s(?=[0-9])|まで|迄|以降|以前|以後|以来|現在|時点|付|づけ|版|施行(?!した)|改正|制定|告示|公布|発出|発行|改訂"
    r"|公開|承認|公表|更新|作成|閲覧|アクセス|取得|を基準|に(?:改訂|承認|公開|発行|施行され|作成|更新|閲覧|アクセス|取得|抽出|開催|公表|公布|制定|改正|実施され|決定|採択|受理|導入され)|法律|政令|省令|薬生|医政|保医|厚生労働省)",
    re.IGNORECASE,
)
_PUBLIC_BEHIND = re.compile(
    r"[にの、][^。\n]{0,14}?(?:宣言|発令|震災|地震|豪雨|台風|改定|法改正|薬価|流行|パンデミック|オリンピック|選挙|発売|導入|開始され|公布|告示)"
)
_SOFTWARE = re.compile(
    r"(?:version|ver\.?|統計|解析|ソフト|パッケージ|package|software|言語|using|EZR)[^。\n]{0,16}$",
    re.IGNORECASE,
)
_SOFTWARE_BEHIND = re.compile(r"\s?(?:を用い|で解析|を使用|で実行|環境|\)|）|\(|（| and | on )")
_WITHOUT_YEAR = re.compile(
    r"(?<![0-9年])(?P<day>(?:0?[1-9]|1[0-2])\s?月\s?(?:0?[1-9]|[12][0-9]|3[01])\s?日)(?:に|、)?(?:生(?![年活産成検存体命理化食物涯後前薬計])|生まれ|うまれ|出生|誕生)"
    r"|(?:誕生日|生年月日)[^0-9。\n]{0,8}(?P<said>(?:0?[1-9]|1[0-2])(?:\s?月\s?|/)(?:0?[1-9]|[12][0-9]|3[01])(?:\s?日)?)(?![0-9/年])"
)
"""A birthday without a year: 4月5日生."""
_SERIAL = re.compile(
    rf"(?:{_BIRTH_WORD})[A-Za-z_ ]{{0,12}}(?:serial|epoch|unix|julian|シリアル値?)[^0-9\n]{{0,8}}(?P<number>[-+]?[0-9]{{3,13}})(?![0-9])",
    re.IGNORECASE,
)
_CLOCK_BEHIND = re.compile(r"(?:T|[ ])[0-9]{1,2}:[0-9]{2}")
_CLOCK_HEADER = re.compile(r"日時|時刻|タイムスタンプ|time|実行|出力|更新|log|(?:^|[\n_ ])at$", re.IGNORECASE)
_NO_UNIT = re.compile(NO_UNIT)
_BIRTH_NUMBER = re.compile(r"(?<![0-9A-Za-z.])[-+]?[0-9]{3,13}(?:\.[0-9]+)?(?![0-9A-Za-z])")


def find_personal_days(reading: Reading) -> Iterator[Hit]:
    """Dates of birth and days of events; see the rules above."""
    born_outside = re.search(_BIRTH_WORD, reading.context, re.IGNORECASE)
    for day in find_days(reading.digits):
        kind, certainty, form = _what(reading, day, born_outside=bool(born_outside))
        if kind:
            yield reading.hit(kind, (day.start, day.end), certainty, form)
    for pattern in (_WITHOUT_YEAR, _SERIAL):
        for match in pattern.finditer(reading.digits):
            yield reading.hit(BIRTH, match.span(match.lastgroup or 0), Certainty.LIKELY, LABEL)
    if born_outside and not re.search(
        r"生年(?!月日)|year|yob|体重|weight|順", reading.context, re.IGNORECASE
    ):
        for match in _BIRTH_NUMBER.finditer(reading.digits):
            yield reading.hit(BIRTH, match.span(), Certainty.LIKELY, "number")


def _what(reading: Reading, day: Day, *, born_outside: bool) -> tuple[str, Certainty, str]:
    """What a day is the day of: its kind (empty when harmless), how sure, and why."""
    before, behind = reading.before(day.start), reading.after(day.end, 16)
    if (
        born_outside
        or _BIRTH_BEFORE.search(before)
        or _BIRTH_LINE.search(before)
        or _BIRTH_BEHIND.match(behind)
    ):
        return BIRTH, Certainty.CERTAIN, LABEL
    if _is_harmless(reading, day, behind):
        return _HARMLESS
    if _EVENT_BEFORE.search(before) or _EVENT_BEHIND.match(behind) or _EVENT_HEADER.search(reading.context):
        return EVENT, Certainty.LIKELY, LABEL
    if day.form in ("solid", "receipt"):
        return (BIRTH, Certainty.WEAK, BARE) if _is_old_and_bare(reading, day) else _HARMLESS
    return (BIRTH, Certainty.LIKELY, SHAPE) if day.year < OLD else (EVENT, Certainty.WEAK, SHAPE)


def _is_harmless(reading: Reading, day: Day, behind: str) -> bool:
    """Whether words around a day say that it is no person's, or that it is no day at all."""
    own = reading.before(day.start).removeprefix(reading.context)
    if day.form == "short":
        return True
    if _CLOCK_BEHIND.match(behind) and _CLOCK_HEADER.search(reading.context):
        return not _EVENT_HEADER.search(reading.context)
    if day.form in ("solid", "receipt") and not _is_old_and_bare(reading, day):
        return not (_EVENT_BEFORE.search(own) or _EVENT_HEADER.search(reading.context))
    if day.form == "letter" and _is_no_era(reading, day, behind):
        return True
    return bool(
        _HARMLESS_BEHIND.match(behind) or _PUBLIC_BEHIND.match(behind) or _HARMLESS_BEFORE.search(own)
    )


def _is_old_and_bare(reading: Reading, day: Day) -> bool:
    """Whether eight digits read as a day long ago and no unit says that they count something."""
    return day.form == "solid" and day.year < OLD and bool(_NO_UNIT.match(reading.digits, day.end))


def _is_no_era(reading: Reading, day: Day, behind: str) -> bool:
    """R 4.3.1 is software and S1.2.3 a section; small letters and years of one digit need a word for birth."""
    written = reading.text[day.start : day.end]
    if written[0].islower():
        return True
    if written[0] == "R":
        return bool(
            written[1] == " "
            or _SOFTWARE.search(reading.text[max(0, day.start - 24) : day.start])
            or _SOFTWARE_BEHIND.match(behind)
        )
    return not re.match(r"[A-Z]\.?\s?[0-9]{2}", written)
