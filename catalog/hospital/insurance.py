"""Who insures the invented people, and the numbers that come with it.

An insurer's number has eight digits (法別, prefecture, insurer, check digit), that of national
health insurance (国保) six, without 法別. Those of 75 and over are insured by 法別 39. Some have a
public expense number besides: 公費負担者番号 and 受給者番号, written with a colon between.
"""

from dataclasses import dataclass

import numpy as np

from catalog.hospital.check_digits import with_insurer_check
from catalog.hospital.coded import Reals, Strings, listed, padded
from catalog.hospital.scale import Part, Scale

_AN_EMPLOYER, _A_TOWN, _OF_THE_OLD = 26, 20, 14
_KINDS = (1,) * 10 + (6,) * 12 + (31,) * 2 + (34,) * 2
"""協会けんぽ, 組合, 共済."""
_SYMBOLS = "あいうえおかきくけこ"


@dataclass(frozen=True, slots=True)
class Insurance:
    """The numbers of each person; no two people have all four alike."""

    insurer: Strings
    symbol: Strings
    number: Strings
    branch: Strings
    public: Strings
    """公費負担者番号:受給者番号, or None."""


def draw_insurance(part: Part, age: Reals) -> Insurance:
    """Insurance for people of these ages."""
    fresh, count = part.stream("insurance"), part.count
    employers, towns, old = _insurers(part.scale)
    employed = np.array(employers + towns, dtype=object)[
        fresh.integers(0, len(employers) + len(towns), count)
    ]
    insurer = np.where(age >= 75, np.array(old, dtype=object)[fresh.integers(0, len(old), count)], employed)
    letters = fresh.random(count) < 0.1
    digits = padded(fresh.integers(1, 10**6, count), 6)
    symbol = [
        f"{_SYMBOLS[n % 10]}{_SYMBOLS[n // 10 % 10]}{n % 97 + 1}" if letter else text
        for n, letter, text in zip(
            fresh.integers(0, 1000, count).tolist(), letters.tolist(), digits, strict=True
        )
    ]
    number = padded((part.first + np.arange(1, count + 1)) * 4_567_891 % 10**7 + 1, 7)
    return Insurance(
        insurer, listed(symbol), number, padded(fresh.integers(0, 6, count), 2), _public(fresh, count)
    )


def _insurers(scale: Scale) -> tuple[list[str], list[str], list[str]]:
    """Employers' insurers, municipalities (six digits), and those of the old."""
    fresh = scale.stream("insurers")
    kinds = np.array(_KINDS + (39,) * _OF_THE_OLD)
    prefecture = fresh.integers(1, 48, len(kinds))
    long = with_insurer_check(kinds * 10**5 + prefecture * 1000 + fresh.integers(1, 1000, len(kinds)), 7)
    short = with_insurer_check(
        fresh.integers(1, 48, _A_TOWN) * 1000 + fresh.choice(999, _A_TOWN, replace=False) + 1, 5
    )
    eight = padded(long, 8).tolist()
    return eight[:_AN_EMPLOYER], padded(short, 6).tolist(), eight[_AN_EMPLOYER:]


def _public(fresh: np.random.Generator, count: int) -> Strings:
    # 54 難病, 12 生活保護, 18 被爆者
    kind = np.array(["54", "12", "18", ""])[fresh.choice(4, count, p=(0.008, 0.016, 0.001, 0.975))]
    payer = with_insurer_check(
        np.array([int(k or 0) for k in kind.tolist()]) * 10**5 + fresh.integers(1, 48, count) * 1000 + 601, 7
    )
    recipient = with_insurer_check(fresh.integers(10**5, 10**6, count), 6)
    return listed(
        [
            f"{p:08d}:{r:07d}" if k else None
            for k, p, r in zip(kind.tolist(), payer.tolist(), recipient.tolist(), strict=True)
        ]
    )


def insurance_kind(insurer: str) -> str:
    """What may be studied of an insurer's number: its 法別, or 国保."""
    return "NHI" if len(insurer) == 6 else insurer[:2]
