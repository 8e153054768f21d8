"""Check digits of Japanese numbers, for whole arrays at once.

An insurer's number, a public expense number, its recipient's number and an institution's code
end in a digit that makes the sum of the digits of (number times 2, 1, 2, 1 from the right) a
multiple of ten; an individual number (個人番号) ends in 11 minus its weighted sum modulo 11; a
corporate number (法人番号) begins with 9 minus its weighted sum modulo 9.
"""

import numpy as np

from catalog.hospital.coded import Numbers

_MY_NUMBER_WEIGHTS = np.array([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])


def digits_of(numbers: Numbers, width: int) -> Numbers:
    """One row of ``width`` digits per number, the highest first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits: Numbers = (numbers[:, None] // powers) % 10
    return digits


def with_insurer_check(numbers: Numbers, width: int) -> Numbers:
    """Each number of ``width`` digits with its check digit put behind it."""
    weights = np.array([2 if (width - place) % 2 else 1 for place in range(width)])
    products = digits_of(numbers, width) * weights
    total = (products // 10 + products % 10).sum(axis=1)
    checked: Numbers = numbers * 10 + (10 - total % 10) % 10
    return checked


def with_my_number_check(numbers: Numbers) -> Numbers:
    """Each number of eleven digits as a twelve-digit 個人番号."""
    rest = (digits_of(numbers, 11) * _MY_NUMBER_WEIGHTS).sum(axis=1) % 11
    return numbers * 10 + np.where(rest <= 1, 0, 11 - rest)


def with_corporate_check(numbers: Numbers) -> Numbers:
    """Each number of twelve digits as a thirteen-digit 法人番号, the check digit in front."""
    weights = np.array([2 if place % 2 == 0 else 1 for place in range(12)])
    total = (digits_of(numbers, 12) * weights).sum(axis=1)
    checked: Numbers = numbers + (9 - total % 9) * 10**12
    return checked
