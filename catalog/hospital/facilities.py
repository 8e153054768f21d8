"""The invented hospitals: where they are, what their laboratories measure, who works there.

Twelve hospitals in the eight regions. Each measures thirty to forty of the forty-three items and
changed ALP (and LD) from the JSCC to the IFCC method on a day of its own within six months of
2020-04-01; some report Ca in mEq/L or WBC in thousands; two measure HbA1c by another method.
"""

from dataclasses import dataclass

import numpy as np

from catalog.hospital.check_digits import with_insurer_check
from catalog.hospital.coded import Days, Flags, Numbers, Reals
from catalog.hospital.given_names import GIVEN
from catalog.hospital.lab_items import ITEMS, OF_THE_43
from catalog.hospital.places import all_places, region_of
from catalog.hospital.scale import Scale
from catalog.hospital.surnames import all_surnames

PREFECTURES = (1, 4, 13, 13, 14, 11, 23, 15, 27, 34, 38, 40)
"""Where the hospitals are."""
_KINDS = ("中央病院", "総合医療センター", "記念病院", "市民病院", "赤松病院", "東病院")
DOCTORS = 40
METHOD_CHANGE = np.datetime64("2020-04-01")


@dataclass(frozen=True, slots=True)
class Facilities:
    """The hospitals, one entry each in every array."""

    keys: Numbers
    """The seven digits of an institution's code, the last a check digit."""
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    doctors: tuple[tuple[str, ...], ...]
    nearby: tuple[Numbers, ...]
    """For each region, the hospitals its people go to."""
    measures: Flags
    """Hospitals by items."""
    changed: Days
    """When ALP and LD went over to the IFCC method."""
    calcium_in_meq: Flags
    white_in_thousands: Flags
    immuno_hba1c: Flags
    level: Reals
    """Hospitals by items: how far its instrument stands off, in standard deviations."""


def make_facilities(scale: Scale) -> Facilities:
    """The hospitals of this seed."""
    fresh = scale.stream("facilities")
    count, places = len(PREFECTURES), all_places()
    regions = region_of(np.array(PREFECTURES))
    names, addresses = [], []
    for number, prefecture in enumerate(PREFECTURES):
        towns = np.flatnonzero(places.prefecture == prefecture)
        town = int(towns[fresh.integers(0, len(towns))])
        stem = str(all_surnames()[0][int(fresh.integers(110, 600))])
        names.append(f"{stem}{_KINDS[number % len(_KINDS)]}")
        addresses.append(f"{places.address[town]}{fresh.integers(1, 9)}-{fresh.integers(1, 30)}")
    return Facilities(
        keys=with_insurer_check(990_001 + np.arange(count), 6),
        names=tuple(names),
        addresses=tuple(addresses),
        doctors=tuple(_doctors(fresh) for _ in range(count)),
        nearby=tuple(
            np.flatnonzero(regions == region) if (regions == region).any() else np.arange(count)
            for region in range(8)
        ),
        measures=_measured(fresh, count),
        changed=METHOD_CHANGE + fresh.integers(-180, 181, count).astype("timedelta64[D]"),
        calcium_in_meq=np.arange(count) == 4,
        white_in_thousands=np.arange(count) % 5 == 1,
        immuno_hba1c=np.isin(np.arange(count), (5, 9)),
        level=fresh.normal(0, 0.12, (count, len(ITEMS))),
    )


def _doctors(fresh: np.random.Generator) -> tuple[str, ...]:
    family, _, share = all_surnames()
    names = fresh.choice(len(family), DOCTORS, p=share).tolist()
    given = fresh.integers(0, len(GIVEN), DOCTORS).tolist()
    return tuple(f"{family[n]}　{GIVEN[g][0]}" for n, g in zip(names, given, strict=True))


def _measured(fresh: np.random.Generator, count: int) -> Flags:
    measures = np.ones((count, len(ITEMS)), dtype=bool)
    optional = np.array([n for n in range(OF_THE_43) if not ITEMS[n].everywhere])
    for facility in range(count):
        without = int(fresh.integers(3, 14))  # 43 less 3 to 13 is 30 to 40
        measures[facility, fresh.choice(optional, without, replace=False)] = False
    return measures
