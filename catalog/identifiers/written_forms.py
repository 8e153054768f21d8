"""Text as a reader understands it, with the way back to the characters as written.

One value can be written in many forms: full-width, upper case, circled, with old glyphs, split by
invisible characters or by any of a dozen hyphens. Recognisers look at the folded text; people are
shown the place in the original. The rules:

1. Folding is NFKC by cluster: a character together with the marks behind it (half-width voicing
   marks, combining marks, selectors) is one cluster, so ``ﾀﾞ`` and ``か`` with a combining mark
   become one letter. ``normalise`` keeps the case, ``fold`` lowers it as well.
2. Invisible characters (format controls, tags, variation selectors, joiners, fillers) vanish:
   they cannot hide anything.
3. Every hyphen and dash becomes ``-``, and for ``normalise`` a long-vowel mark or a ruled line between
   two digits as well; every digit of any script, circled or raised, becomes ASCII.
4. Variant glyphs of one ideograph (髙 for 高, 﨑 for 崎, 彌 for 弥, radicals out of a PDF) become the common one.
5. Every folded character knows where its cluster starts and ends in the original. Folding never
   reorders.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

HYPHENS = frozenset("-‐‑‒–—―⁃−﹣－˗➖﹘⸺⸻⹀")
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me"})
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HALF_WIDTH_MARKS = {"\uff9e": "\u3099", "\uff9f": "\u309a", "\u309b": "\u3099", "\u309c": "\u309a"}
_VARIANTS = str.maketrans(
    "髙﨑嵜𥔎邉邊齋齊𠮷濵濱德栁桺槗𣘺桒渕渊靑黑眞惠櫻靜淸淨增曾凞煕薗籐舘舩靏靍鷗穗寬晧姬郞"
    "⺟⺠⺩⺫⺬⺼⻁⻂⻄⻑⻘⻝⻤⻨⻩⻫⻭⻯⻰⻲巛"
    "亞惡壓圍爲醫壹稻飮隱營榮衞驛鹽緣艷應歐奧橫溫穩假價畫會繪壞懷擴殼覺學樂勸卷歡觀關顏歸氣舊據擧虛峽狹鄕曉驅勳薰徑揭溪經繼莖螢輕鷄藝擊劍圈檢權獻縣險顯驗嚴效廣恆鑛號國濟碎雜參贊殘齒兒辭"
    "實舍寫釋壽收從澁獸縱肅處緖敍燒奬條狀乘剩疊孃讓釀觸囑寢愼盡圖粹醉隨髓數樞聲竊攝戰淺潛纖踐錢禪雙壯搜插爭總聰莊裝藏臟屬續墮體對帶滯臺瀧擇澤擔膽團彈斷癡晝蟲鑄廳徵聽敕鎭遞鐵轉點黨盜當鬪"
    "獨讀屆繩貳惱腦霸廢拜賣拔蠻祕甁拂竝變舖步寶襃豐沒飜槇萬滿默彌藥譯豫餘與譽搖樣謠來賴覽兩獵綠壘淚勵禮隸靈齡戀爐勞樓祿灣內瀨曆歷凉龜荣曻昻槙籔藪枩梹秌躰",
    "高崎崎崎辺辺斎斉吉浜浜徳柳柳橋橋桑淵淵青黒真恵桜静清浄増曽熙熙園藤館船鶴鶴鴎穂寛皓姫郎"
    "母民王目示肉虎衣西長青食鬼麦黄斉歯竜龍亀川"
    "亜悪圧囲為医壱稲飲隠営栄衛駅塩縁艶応欧奥横温穏仮価画会絵壊懐拡殻覚学楽勧巻歓観関顔帰気旧拠挙虚峡狭郷暁駆勲薫径掲渓経継茎蛍軽鶏芸撃剣圏検権献県険顕験厳効広恒鉱号国済砕雑参賛残歯児辞"
    "実舎写釈寿収従渋獣縦粛処緒叙焼奨条状乗剰畳嬢譲醸触嘱寝慎尽図粋酔随髄数枢声窃摂戦浅潜繊践銭禅双壮捜挿争総聡荘装蔵臓属続堕体対帯滞台滝択沢担胆団弾断痴昼虫鋳庁徴聴勅鎮逓鉄転点党盗当闘"
    "独読届縄弐悩脳覇廃拝売抜蛮秘瓶払並変舗歩宝褒豊没翻槙万満黙弥薬訳予余与誉揺様謡来頼覧両猟緑塁涙励礼隷霊齢恋炉労楼禄湾内瀬暦歴涼亀栄昇昂槇薮薮松浜秋体",
)
_LINE_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ー─━](?=[0-9])|(?<=[0-9] )[ー─━](?= [0-9])")
_SCRIPT_DIGITS = {"No", "Nd"}
_Fold = Callable[[str], str]


_SHORT = 64
"""Up to how many characters a text is remembered once it is folded."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character ``i`` is the original's ``origins[i]`` up to before ``ends[i]``."""

    text: str
    origins: Sequence[int]
    ends: Sequence[int] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length, in the original, of the folded characters ``start`` to ``end``."""
        first = self.origins[start]
        return first, self.ends[end - 1] - first

    def kept(self, places: Sequence[int]) -> "Folded":
        """Only the characters at ``places`` (ascending), each with its way back."""
        return Folded(
            "".join([self.text[place] for place in places]),
            [self.origins[place] for place in places],
            [self.ends[place] for place in places],
        )


def fold(text: str) -> Folded:
    """The whole text in lower case; see the rules above."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    return _fold_short(text) if len(text) <= _SHORT else _folded(text, _lower_cluster)


def normalise(text: str) -> Folded:
    """The whole text with its case kept; see the rules above."""
    if text.isascii():
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    return _normalise_short(text) if len(text) <= _SHORT else _normalised(text)


def _normalised(text: str) -> Folded:
    folded = _folded(text, _fold_cluster)
    return replace(folded, text=_LINE_BETWEEN_DIGITS.sub("-", folded.text))


@lru_cache(maxsize=16_384)
def _fold_short(text: str) -> Folded:
    """Cells of a table repeat, and many rules fold each of them."""
    return _folded(text, _lower_cluster)


@lru_cache(maxsize=16_384)
def _normalise_short(text: str) -> Folded:
    return _normalised(text)


def compact(folded: Folded) -> Folded:
    """Only the letters and digits of a folded text: what is left when all separators are ignored."""
    return folded.kept([place for place, character in enumerate(folded.text) if character.isalnum()])


def _folded(text: str, fold_cluster: _Fold) -> Folded:
    """Fold cluster by cluster; stretches in which one character stays one are translated at once."""
    table = {ord(character): fold_cluster(character) for character in set(text)}
    marks = "".join(sorted(character for character in set(text) if _is_mark(character)))
    longer = "".join(sorted(chr(code) for code, folded in table.items() if len(folded) > 1))
    if not marks and not longer:
        return Folded(text.translate(table), range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    origins: list[int] = []
    ends: list[int] = []
    done = 0
    for cluster in _cluster_pattern(marks, longer).finditer(text):
        start, end = cluster.span()
        piece = fold_cluster(cluster.group())
        pieces += (text[done:start].translate(table), piece)
        origins += (*range(done, start), *([start] * len(piece)))
        ends += (*range(done + 1, start + 1), *([end] * len(piece)))
        done = end
    pieces.append(text[done:].translate(table))
    origins += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return Folded("".join(pieces), origins, ends)


def _cluster_pattern(marks: str, longer: str) -> re.Pattern[str]:
    """A character with the marks behind it, marks alone at the start, or one that folds to several."""
    choices = []
    if marks:
        choices.append(f"[^{re.escape(marks)}]?[{re.escape(marks)}]+")
    if longer:
        choices.append(f"[{re.escape(longer)}]")
    return re.compile("|".join(choices), re.DOTALL)


@lru_cache(maxsize=20_000)
def _is_mark(character: str) -> bool:
    """Whether a character belongs to the one before it or is not seen at all."""
    return (
        character in _HALF_WIDTH_MARKS
        or character in _FILLERS
        or unicodedata.category(character) in _INVISIBLE_CATEGORIES
    )


@lru_cache(maxsize=20_000)
def _lower_cluster(cluster: str) -> str:
    return _fold_cluster(cluster).lower()


@lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> str:
    """One original cluster in folded form; empty when nothing of it is seen."""
    if cluster in HYPHENS:
        return "-"
    seen = "".join(
        _HALF_WIDTH_MARKS.get(part, part)
        for part in cluster
        if part not in _FILLERS and unicodedata.category(part) != "Cf"
    )
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", "".join(map(_ascii_digit, seen))))
    return "".join(
        "-" if part in HYPHENS else _ascii_digit(part)
        for part in folded
        if part not in _FILLERS and unicodedata.category(part) not in _INVISIBLE_CATEGORIES
    ).translate(_VARIANTS)


def _ascii_digit(character: str) -> str:
    """The ASCII digit for a digit of any script or dress; other characters unchanged."""
    if unicodedata.category(character) not in _SCRIPT_DIGITS:
        return character
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
