"""Where somebody lives: addresses down to the number, the house and the flat, in every way of writing them.

1. An address ends in a number of its kind (丁目, 番地, 番 and 号, 7-3-1, 条), in any digits. In front of it must
   stand a place: a prefecture, a municipality or a town that Japan Post knows, or a label (住所).
2. It reaches back to the prefecture or the postal code, and forward over house and flat (メゾン芝301号室).
3. A number with a unit, a range of ages or a date behind a place's name is no address.
4. A house with a flat's number is one by itself. A municipality with a town and no number is weak.
5. Roman and katakana addresses are read by their endings (-ku, -shi; シ, ク).
"""

import re
from collections.abc import Iterator

from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import LABEL, SHAPE, UNIT
from catalog.identifiers.readings import Reading

KIND = "address"
PREFECTURES = (
    r"(?:東京都|北海道|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良"
    r"|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
)
_N = r"(?:[0-9]{1,5}|[〇一二三四五六七八九十百千]{1,6})"
_DASH = r"\s?[-‐ー−ｰ—の]\s?"
_CHOME = rf"{_N}\s?丁目?(?=[0-9〇一二三四五六七八九十\s\-ー]|\s|$|[^0-9])"
_TAIL = re.compile(
    rf"(?P<strong>{_N}\s?丁目\s?(?:{_N}\s?番地?(?:\s?の?\s?{_N}(?:\s?号)?(?![室棟館])(?:{_DASH}{_N})?)?|{_N}(?:{_DASH}{_N}){{0,3}}(?:\s?号(?![室棟館]))?)?"
    rf"|{_N}\s?番地(?:\s?の?\s?{_N}(?:\s?号)?(?![室棟館]))?(?:{_DASH}{_N})?|{_N}\s?番\s?{_N}\s?号(?:{_DASH}{_N})?"
    rf"|[北南]\s?{_N}\s?条\s?(?:[東西]\s?{_N}\s?(?:丁目)?(?:{_DASH}{_N}|\s?{_N}\s?番\s?{_N}\s?号)?)?|[東西]\s?{_N}\s?線\s?(?:[北南]\s?)?{_N}\s?(?:号|番地)?)"
    rf"|(?P<dashed>(?<![0-9.,/-]){_N}(?:{_DASH}{_N}){{1,4}}(?:号(?![室棟館]))?)|(?P<plain>(?<![0-9.,/-]){_N}(?:番(?!目))?(?![0-9.,/:]))"
)
_HOUSE_WORD = (
    r"(?:マンション|アパート(?:メント)?|ハイツ|コーポ(?:ラス)?|メゾン|[一-鿿ァ-ヶー]荘|ハイム|レジデンス|パレス|コート|タワー|ヒルズ|プラザ|ガーデン|ハウス|ヴィラ|カーサ|シャトー|ドミトリー|ロイヤル|ライオンズ|グラン\w*|サン\w+|エステート"
    r"|団地|住宅|寮|社宅|公舎|官舎|宿舎|ビル(?:ディング)?|フラット|アビタシオン|ステージ|スクエア|テラス|アーバン\w*|クレスト|レオパレス|UR|方)"
)
_FLAT = r"(?:[-ー]\s?(?=[0-9]))?(?:[0-9A-Z]{1,3}\s?(?:号?棟)\s?[-ー]?\s?)?(?:[A-Z]?[0-9]{1,5}\s?(?:号室|号|室|F|階)?(?![0-9年月日人名例件]))"
_NAME = r"[一-鿿々ァ-ヶーぁ-んA-Za-z・'’&]"
_HOUSE = re.compile(
    rf"[\s,、]{{0,3}}(?:(?:{_NAME}|[\s]){{0,18}}?{_HOUSE_WORD}(?:{_NAME}|\s){{0,14}}?(?:[\s第]{{0,2}}[0-9]{{1,2}}(?=[\s]?[0-9A-Z]{{0,2}}号?棟))?\s?{_FLAT}|(?:{_NAME}){{2,16}}\s?[0-9A-Z]{{2,5}}\s?号室|[0-9A-Z]{{1,5}}\s?号室"
    rf"|(?:{_NAME}){{0,14}}{_HOUSE_WORD}(?:{_NAME}){{0,8}}(?=[\s、。,)）」\n]|$))"
)
_HOUSE_ALONE = re.compile(
    r"(?:[一-鿿々ァ-ヶーA-Za-z・]{1,14}?(?:マンション|アパート|ハイツ|コーポ|ハイム|荘|団地|パレス|レジデンス|メゾン|県営住宅|市営住宅|都営住宅)|(?:メゾン|コーポ|ハイツ|グラン|シャトー|レオパレス|ライオンズマンション)[一-鿿々ァ-ヶーA-Za-z・\s]{1,14}?)[一-鿿々ァ-ヶーA-Za-z・]{0,8}\s?(?:[0-9A-Z]{1,3}号?棟\s?)?[0-9]{2,5}(?:\s?(?:号室|号|室)|(?![0-9年月日人名例件%mM床]))"
)
_REACH = 40
"""Characters before a number in which its place may start."""
_BREAK = re.compile(r"[、。,;:!?|\t\n「」『』【】\[\]<>\"=]|[(）)（]")
_AREA_END = re.compile(r"[市区町村郡]")
_LABEL = re.compile(
    r"(?:住所|所在地|居住地|現住|転居先|本籍|帰省先|実家|自宅|宛先|住まい|address)[^0-9。\n]{0,24}$",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"(?:字|大字|小字|番町|通|町|条|台|丘|が丘|ヶ丘|新田|島|原|田|川|山|谷|沢|野|崎|浜|津|木|本|井|見|尾|内|上|下|中|西|東|南|北)$"
)
_UNIT_BEHIND = re.compile(UNIT + r"|\s?(?:代|級|群|期|型|度|～|~|〜)")
_DATE = re.compile(r"(?:(?:18|19|20)[0-9]{2}|[0-9]{2})-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])")
_ROMAN = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{1,4}(?:-[0-9]{1,4}){0,3}(?:-chome)?,?\s+(?:[0-9]{1,4}(?:-[0-9]{1,4}){0,2},?\s+)?(?:[A-Z][A-Za-z'-]+,?\s+){0,3}[A-Z][A-Za-z'-]*-(?:ku|shi|cho|machi|gun|mura|son|city)(?:,?\s+[A-Z][A-Za-z-]+){0,3}"
    r"|[A-Z][A-Za-z'-]*-(?:ken|to|fu|ku|shi|gun)[,\s]+(?:[A-Z][A-Za-z'-]+[,\s]+){0,4}[0-9]{1,4}(?:-[0-9]{1,4}){1,3})"
)
_KANA = re.compile(
    r"(?:[ァ-ヶー]{2,8}(?:ト|ドウ|フ|ケン)\s?)?[ァ-ヶー]{2,12}(?:シ|ク|グン|チョウ|マチ|ムラ|ソン)\s?(?:[ァ-ヶー]{2,10}(?:ク|チョウ|マチ|ムラ|ソン)\s?)?[ァ-ヶー]{2,14}\s?[0-9]{1,4}(?:(?:\s?[-ー]\s?|チョウメ|バンチ|バン|ノ)[0-9]{1,4}){0,3}(?:チョウメ|バンチ|バン|ゴウ)?(?:\s?ゴウ)?(?![0-9人名例件歳%]|\s?(?:mg|mL|ml|g(?![a-z])|錠|単位|IU|ｍｇ|μg))"
    r"|[ぁ-んー]{2,8}(?:と|どう|ふ|けん)\s?[ぁ-んー]{2,12}(?:し|く|ぐん|ちょう|まち|むら)\s?[ぁ-んー]{2,14}\s?[0-9]{1,4}(?:-[0-9]{1,4}){1,3}"
)
_CROSSING = re.compile(
    r"(?:通|町|筋|路|条|[一-鿿])(?:[一-鿿]{0,6})(?:上|下|東入|西入|東へ入|西へ入)[るルﾙ]?\s?(?:[一-鿿々ノ]{1,8}町?)?$"
)
"""Streets of Kyoto: 堺町通六角下る甲屋町, 四条通室町東入函谷鉾町."""
_POSTAL_BEFORE = re.compile(r"〒?\s?[0-9]{3}-?[0-9]{4}\s{0,3}$")


def find_addresses(reading: Reading) -> Iterator[Hit]:
    """Every address of a text, from its prefecture to its flat."""
    text = reading.digits
    done = 0
    for match in _TAIL.finditer(text):
        if match.start() < done:
            continue
        place = _place_before(reading, match)
        if place is None:
            continue
        start, certainty, form = place
        end = _over_house(text, match.end())
        done = end
        yield reading.hit(KIND, (start, end), certainty, form)
    for pattern in (_ROMAN, _KANA, _HOUSE_ALONE):
        for match in pattern.finditer(text):
            yield reading.hit(KIND, match.span(), Certainty.LIKELY, SHAPE)
    if reading.places:
        yield from _areas(reading, reading.places)


def _place_before(reading: Reading, tail: re.Match[str]) -> tuple[int, Certainty, str] | None:
    """Where the address of a tail starts, how sure that is and why; None when there is no place before it."""
    text = reading.digits
    first = max(0, tail.start() - _REACH)
    start = max([first, *(found.end() for found in _BREAK.finditer(text, first, tail.start()))])
    segment = text[start : tail.start()]
    strong = bool(tail["strong"])
    if not strong and (_UNIT_BEHIND.match(text, tail.end()) or _DATE.fullmatch(tail.group())):
        return None
    labelled = bool(_LABEL.search(text[first : tail.start()]) or _LABEL.search(reading.context))
    if not segment.strip() and not labelled:
        return None
    head = _head(segment, reading.places)
    if head is not None:
        found = _behind_municipality(segment, head, tail, reading.places)
    else:
        found = _behind_town(segment, tail, reading.places, labelled=labelled)
    return None if found is None else (start + found[0], found[1], found[2])


def _behind_municipality(
    segment: str, head: tuple[int, str], tail: re.Match[str], places: Gazetteer | None
) -> tuple[int, Certainty, str] | None:
    """An address with a prefecture or a municipality; a plain number needs a town in between."""
    place, rest = head
    named = bool(rest.strip())
    if tail["strong"] or (tail["dashed"] and (named or segment.rstrip()[-1] in "町村")):
        return place, Certainty.CERTAIN, SHAPE
    if tail["plain"] and named and _is_town(rest, places):
        return place, Certainty.LIKELY, SHAPE
    return None


def _behind_town(
    segment: str, tail: re.Match[str], places: Gazetteer | None, *, labelled: bool
) -> tuple[int, Certainty, str] | None:
    """An address from its town on: a town that exists, 丁目 behind kanji, or a label in front."""
    strong = bool(tail["strong"])
    town = _town_at_end(segment, places)
    if town is not None and (strong or (tail["dashed"] and len(re.findall(r"[-ーの]", tail.group())) > 1)):
        return town, Certainty.LIKELY, SHAPE
    if strong and "丁目" in tail.group():
        run = re.search(r"[一-鿿々ヶケ]{2,8}\s?$", segment)
        if run:
            return run.start(), Certainty.LIKELY, SHAPE
    if labelled and (strong or tail["dashed"]):
        run = re.search(r"[一-鿿々ヶケァ-ヶーぁ-ん]*\s?$", segment)
        return run.start() if run else 0, Certainty.LIKELY, LABEL
    return None


def _head(segment: str, places: Gazetteer | None) -> tuple[int, str] | None:
    """Where the prefecture or municipality of a segment starts, and what stands behind the last one."""
    prefecture = None
    for found in re.finditer(PREFECTURES, segment):
        prefecture = found
    start = prefecture.start() if prefecture else None
    last = prefecture.end() if prefecture else 0
    for found in _AREA_END.finditer(segment, last + 1 if prefecture else 0):
        begin = _municipality(segment, last, found.end(), places)
        if begin is not None:
            start = begin if start is None else start
            last = found.end()
    return None if start is None else (start, segment[last:])


def _municipality(segment: str, first: int, end: int, places: Gazetteer | None) -> int | None:
    """Where a municipality's name that ends at ``end`` starts: the longest that exists."""
    for begin in range(max(first, end - 10), end - 1):
        name = segment[begin:end].replace("ヶ", "ケ").replace(" ", "")
        if places is None:
            if re.fullmatch(r"[一-鿿々ヶケァ-ヶ]{1,6}[市区町村郡]", name):
                return begin
        elif name in places.municipalities:
            return begin
    if first and places is None:
        return first
    return None


def _is_town(rest: str, places: Gazetteer | None) -> bool:
    """Whether a municipality is followed by a town: one that exists, or 字 and the like."""
    town = rest.strip().replace("ヶ", "ケ")
    if _CROSSING.search(town):
        return True
    if re.search(r"[ぁ-ん、。]", town):
        return "字" in town
    if places is None:
        return bool(_AREA.search(town))
    return town.removeprefix("大字").removeprefix("字") in places.towns or "字" in town


def _town_at_end(segment: str, places: Gazetteer | None) -> int | None:
    """Where a town's name at the end of a segment starts, if such a town exists."""
    bare = segment.rstrip()
    if places is None:
        return None
    for size in range(min(12, len(bare)), 1, -1):
        if bare[-size:].replace("ヶ", "ケ") in places.towns:
            return len(bare) - size
    return None


def _over_house(text: str, end: int) -> int:
    """The end of an address with the house and the flat behind it."""
    house = _HOUSE.match(text, end)
    return house.end() if house else end


def _areas(reading: Reading, places: Gazetteer) -> Iterator[Hit]:
    """A municipality with a town that exists, without a number: fewer people than a municipality has."""
    text = reading.text
    for found in _AREA_END.finditer(text):
        begin = _municipality(text, max(0, found.end() - 10), found.end(), places)
        if begin is None:
            continue
        for size in range(10, 1, -1):
            end = found.end() + size
            town = text[found.end() : end]
            if (
                len(town) == size
                and town in places.towns
                and not re.match(r"[市区町村立内外郡県]", text[end : end + 1])
            ):
                yield reading.hit(KIND, (begin, end), Certainty.WEAK, "area")
                break
