"""Points on a map: coordinates, plus codes, geohashes and mesh codes that lie in Japan.

1. Two decimal degrees side by side are a position if one is a latitude and the other a longitude of Japan,
   with three decimals or more: 0.01 degree is a kilometre.
2. A single coordinate needs its name (緯度, lat). Degrees, minutes and seconds are read.
3. A plus code has a plus sign in its place; a geohash of Japan starts with one of few letters and needs its
   name unless it is long; a mesh code needs its name.
Sources: ISO 6709, Open Location Code specification, Geohash (public domain), JIS X 0410.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import LABEL, SHAPE
from catalog.identifiers.readings import Reading

KIND = "coordinates"
_LAT = r"(?:2[0-9]|3[0-9]|4[0-5])\.[0-9]{3,12}"
_LON = r"1(?:2[2-9]|3[0-9]|4[0-9]|5[0-4])\.[0-9]{3,12}"
_GAP = r"[\s°度]{0,2}[NE北南東西]?[\s,、/;:\"'\])]{1,4}(?:[\"'\[(]?\s?(?:lon(?:g(?:itude)?)?|lng|lat(?:itude)?|経度|緯度|東経|北緯|[EN])[\"']?\s?[:=：]?\s?[\"'\[(]?)?"
_PAIR = re.compile(rf"(?<![0-9.])(?:{_LAT}{_GAP}{_LON}|{_LON}{_GAP}{_LAT})(?![0-9])", re.IGNORECASE)
_ONE = re.compile(
    rf"(?:緯度|経度|北緯|東経|(?<![a-z])lat(?:itude)?|(?<![a-z])lon(?:g(?:itude)?)?|(?<![a-z])lng|geo_?[xy])[\"']?\s?[:：=はが]?\s?[\"']?(?P<value>{_LAT}|{_LON})(?![0-9])",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?:(?:北緯|東経|[NE])\s?)?(?:2[0-9]|3[0-9]|4[0-5]|1[2-5][0-9])\s?[°度]\s?[0-9]{1,2}(?:\.[0-9]+)?\s?[′'分](?:\s?[0-9]{1,2}(?:\.[0-9]+)?\s?(?:[″\"秒]|'')?)?\s?[NE]?"
)
_PLUS = re.compile(
    r"(?<![0-9A-Za-z+])(?=[2-9CFGHJMPQRVWX]*[0-9])(?:[23456789CFGHJMPQRVWX]{2}){2,4}\+[23456789CFGHJMPQRVWX]{2,3}(?![0-9A-Za-z])"
)
_GEOHASH_NAMED = re.compile(
    r"(?:geohash|geo[ _]hash|ジオハッシュ)[^0-9A-Za-z\n]{0,8}(?:は|=|:)?[^0-9A-Za-z\n]{0,4}(?P<value>[0-9b-hjkmnp-z]{5,12})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_GEOHASH = re.compile(
    r"(?<![0-9A-Za-z_.-])(?=[a-z]*[0-9])x(?:n|p|0|j|h|5)[0-9b-hjkmnp-z]{5,10}(?![0-9A-Za-z_.-])|(?<![0-9A-Za-z_.-])(?=[a-z]{2,4}[0-9])w(?:v|u|y|z)[0-9b-hjkmnp-z]{6,10}(?![0-9A-Za-z_.-])"
)
_MESH = re.compile(
    r"(?:メッシュ|mesh)(?:コード|番号|[ _]?code)?[^0-9\n]{0,8}(?P<value>[3-6][0-9]{3}-?[0-7]{2}(?:-?[0-9]{2})?(?:-?[1-4]){0,3})(?![0-9])",
    re.IGNORECASE,
)
_NAMED_OUTSIDE = re.compile(r"緯度|経度|座標|lat|lon|lng|geohash|position|location|位置", re.IGNORECASE)


def find_positions(reading: Reading) -> Iterator[Hit]:
    """Every point on a map of Japan."""
    text = reading.text
    for match in _PAIR.finditer(text):
        yield reading.hit(KIND, match.span(), Certainty.LIKELY, SHAPE)
    for pattern in (_ONE, _GEOHASH_NAMED, _MESH):
        for match in pattern.finditer(text):
            yield reading.hit(KIND, match.span("value"), Certainty.LIKELY, LABEL)
    for match in _DEGREES.finditer(text):
        yield reading.hit(KIND, match.span(), Certainty.LIKELY, SHAPE)
    for match in _PLUS.finditer(text):
        yield reading.hit(KIND, match.span(), Certainty.LIKELY, SHAPE)
    for match in _GEOHASH.finditer(text):
        yield reading.hit(KIND, match.span(), Certainty.WEAK, SHAPE)
    if _NAMED_OUTSIDE.search(reading.context):
        for match in re.finditer(
            rf"(?<![0-9.])(?:{_LAT}|{_LON})(?![0-9])|(?<![0-9A-Za-z])[xw][0-9b-hjkmnp-z]{{4,11}}(?![0-9A-Za-z])",
            text,
        ):
            yield reading.hit(KIND, match.span(), Certainty.LIKELY, LABEL)
