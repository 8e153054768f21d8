"""How many people live in a municipality: the board's data, supplied by the operator as a csv.

1. The table has a header ``code,name,population,source``; every row names the source of its number.
   ``code`` is the five or six digits of the municipality and may be blank; ``name`` may carry its
   prefecture. A population may be a lower bound: only the steps of the policy matter.
2. Two rows of one name (府中市, 伊達市) make the name alone ambiguous: then the smaller one counts.
3. What is not in the table is unknown, and unknown counts as the smallest municipality there is.
"""

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.identifiers.written_forms import fold
from enclave.errors import InvalidInputError
from enclave.sentences import say

HEADER = ["code", "name", "population", "source"]
_PREFECTURE = re.compile(r"^(?:北海道|東京都|(?:京都|大阪)府|.{2,3}県)(?=.+[市区町村]$)")
_DISTRICT = re.compile(r"^.+?郡(?=.+[町村]$)")


@dataclass(frozen=True, slots=True)
class Populations:
    """Populations by folded name and by code."""

    by_name: Mapping[str, int]
    digest: str

    def of(self, municipality: str) -> int | None:
        """The population of a municipality as written in a table, or None when it is not known."""
        folded = fold(municipality).text.strip()
        for name in (folded, without_prefecture(folded)):
            if name in self.by_name:
                return self.by_name[name]
        return None


NO_POPULATIONS = Populations(MappingProxyType({}), "")


def without_prefecture(name: str) -> str:
    """A municipality's own name: 東京都西多摩郡檜原村 is 檜原村."""
    return _DISTRICT.sub("", _PREFECTURE.sub("", name))


def populations_from_csv(text: str) -> Populations:
    """The population table of a csv text.

    Raises:
        InvalidInputError: another header, a row without a whole number, a name or a source.
    """
    records = [record for record in csv.reader(text.splitlines(), strict=True) if record]
    if not records or records[0] != HEADER:
        raise _refused(1)
    found: dict[str, int] = {}
    for number, record in enumerate(records[1:], 2):
        if len(record) != len(HEADER) or not record[1].strip() or not record[3].strip():
            raise _refused(number)
        if not re.fullmatch(r"\d{1,9}", record[2].strip()):
            raise _refused(number)
        folded = fold(record[1]).text.strip()
        for name in {folded, without_prefecture(folded), record[0].strip()} - {""}:
            found[name] = min(int(record[2]), found.get(name, int(record[2])))
    return Populations(MappingProxyType(found), hashlib.sha256(text.encode()).hexdigest())


def _refused(row: int) -> InvalidInputError:
    return InvalidInputError(
        "policy_refused",
        say(
            "The population table needs code, name, population and source in every row; look at row {row}.",
            row=row,
        ),
    )
