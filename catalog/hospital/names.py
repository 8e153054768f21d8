"""Names of the invented people: kanji and kana, from abroad, single, very long.

Of a hundred people about ninety-four have a family and a given name in kanji, three a name from
abroad in katakana, one a single name and two a very long one (up to some forty letters).
"""

from dataclasses import dataclass

import numpy as np

from catalog.hospital.coded import Flags, Numbers, Strings
from catalog.hospital.given_names import (
    ABROAD_FAMILY,
    ABROAD_GIVEN,
    COHORTS_BEGIN,
    GIVEN,
    GIVEN_A_COHORT,
    SINGLE,
)
from catalog.hospital.surnames import all_surnames

USUAL, ABROAD, ONE_NAME, LONG = 0, 1, 2, 3
_SHARES = (0.94, 0.03, 0.01, 0.02)


@dataclass(frozen=True, slots=True)
class Names:
    """Names as columns; a single name has no family name."""

    kind: Numbers
    family: Strings
    given: Strings
    family_kana: Strings
    given_kana: Strings


def draw_names(fresh: np.random.Generator, female: Flags, year: Numbers) -> Names:
    """Names for people of these sexes, born in these years."""
    count = len(female)
    kanji, kana, share = all_surnames()
    kind = fresh.choice(len(_SHARES), count, p=_SHARES)
    surname = fresh.choice(len(share), count, p=share)
    cohort = np.searchsorted(np.array(COHORTS_BEGIN), year, side="right")
    given = (female * 3 + cohort) * GIVEN_A_COHORT + fresh.integers(0, GIVEN_A_COHORT, count)
    names = Names(
        kind,
        np.array(kanji, dtype=object)[surname],
        np.array([name for name, _ in GIVEN], dtype=object)[given],
        np.array(kana, dtype=object)[surname],
        np.array([reading for _, reading in GIVEN], dtype=object)[given],
    )
    for row in np.flatnonzero(kind != USUAL).tolist():
        names.family[row], names.given[row] = _other(fresh, int(kind[row]))
        names.family_kana[row] = names.family[row].replace("・", "")
        names.given_kana[row] = names.given[row].replace("・", "")
    return names


def _other(fresh: np.random.Generator, kind: int) -> tuple[str, str]:
    if kind == ONE_NAME:
        return "", str(fresh.choice(SINGLE))
    family = str(fresh.choice(ABROAD_FAMILY))
    if kind == ABROAD:
        return family, str(fresh.choice(ABROAD_GIVEN))
    parts = fresh.choice(ABROAD_GIVEN, int(fresh.integers(3, 7)), replace=False)
    return f"{family}・{fresh.choice(ABROAD_FAMILY)}", "・".join(parts.tolist())
