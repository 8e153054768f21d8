"""Tables of parts that leave a handful of persons of a table of everybody.

1. A table whose caption or file name speaks of everybody (全施設, both arms, overall), and tables with the same
   labels whose numbers it holds in every row, are taken for a whole and its parts, whatever the parts are
   called: the words for a part (大学病院, new users only) are too many to be known.
2. What a part, or up to ``MOST_PARTS`` parts together, leave of the whole in a row describes those persons. One
   person or more, and fewer than the policy's number, is to be fixed where no row contradicts.
3. At least one of the tables is new, and fewer than ``FEWEST_ROWS`` rows say nothing: few numbers lie within
   others by chance.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history import Frame, History, Item
from output_review.disclosure.history_labels import Conditions
from output_review.disclosure.history_numbers import PERSONS
from output_review.disclosure.policy import DisclosurePolicy

PARTS = "SDC.parts_of_whole"
MOST_PARTS = 4
FEWEST_ROWS = 5
MOST_TABLES = 16

Key = tuple[str, Conditions]
Numbers = Mapping[Key, Item]


def check_parts(
    frames: Sequence[Frame], beside: Sequence[Frame], history: History, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Every count of a file that, with earlier tables of the same labels, leaves too few persons of a whole."""
    flagged: set[Place] = set()
    for frame in frames:
        mine = _numbers(frame)
        if len(mine) < FEWEST_ROWS:
            continue
        others = [old for old in (*history.released_frames, *beside) if old.base == frame.base == 1]
        tables = [(old, _numbers(old)) for old in others[-MOST_TABLES:]]
        alike = [(old, numbers) for old, numbers in tables if _are_alike(mine, numbers)]
        for key in _revealed(frame, mine, alike, policy.min_persons):
            stated = mine[key].stated
            if stated is not None and stated.where not in flagged:
                flagged.add(stated.where)
                yield _finding(stated.where, policy)


def _numbers(frame: Frame) -> Numbers:
    """The numbers of persons that stand under labels of their own."""
    return {
        key: items[0]
        for key, items in frame.by_conditions.items()
        if len(items) == 1 and items[0].measure == PERSONS and items[0].stated is not None
    }


def _are_alike(one: Numbers, other: Numbers) -> bool:
    common = len(one.keys() & other.keys())
    return common >= FEWEST_ROWS and common * 5 >= 4 * max(len(one), len(other))


def _revealed(
    frame: Frame, mine: Numbers, alike: Sequence[tuple[Frame, Numbers]], threshold: int
) -> Iterator[Key]:
    wholes = [(old, numbers) for old, numbers in alike if old.is_whole and not frame.is_whole]
    parts = [numbers for old, numbers in alike if not old.is_whole]
    for _, whole in wholes:
        for size in range(MOST_PARTS):
            for chosen in combinations(parts, size):
                yield from _left(whole, [mine, *chosen], threshold)
    if frame.is_whole:
        for size in range(1, MOST_PARTS + 1):
            for chosen in combinations(parts, size):
                yield from _left(mine, chosen, threshold)


def _left(whole: Numbers, parts: Sequence[Numbers], threshold: int) -> list[Key]:
    """The rows in which the parts leave few of the whole; none where a row holds more than its whole."""
    keys = set(whole).intersection(*parts)
    if len(keys) < FEWEST_ROWS:
        return []
    rest = {key: whole[key].value - sum(part[key].value for part in parts) for key in keys}
    if min(rest.values()) < 0:
        return []
    return [key for key, left in rest.items() if 0 < left < threshold]


def _finding(where: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        PARTS,
        Severity.FIX,
        where,
        say(
            "Together with two counts that are known already, this count gives a group of fewer than {threshold} persons.",
            threshold=policy.min_persons,
        ),
        say("Round the counts of this table, or leave this count out."),
    )
