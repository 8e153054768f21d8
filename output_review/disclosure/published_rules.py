"""What a published table tells beside a result: by subtraction, a few persons or one institution.

1. A count that differs from the same count of a published table by fewer persons than the policy's number describes
   those persons.
2. Where a result and a published table count the same groups, and one is nowhere larger than the other and makes up
   most of it, what is left over is a part with a name: all but one hospital, all but one insurer. People look.
3. A table that repeats the published one tells nothing new.

Source: National Cancer Registry, user manual, 1st edition: combined with other published values, nothing may become
known that identifies somebody.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from enclave.sentences import say
from output_review.disclosure.differencing import speaks_of_others
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history import Frame, Item, KeptFile, frames_of
from output_review.disclosure.history_numbers import stated_in
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.published import Published

WITH_PUBLISHED = "SDC.differencing_published"
_FEWEST = 3
"""Groups that both must count."""
_MOST_OF_IT = 0.5


def check_published(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """At most one finding for each table."""
    if not policy.published.digest:
        return
    for frame in frames_of(KeptFile("this request", "", "", stated_in(examined))):
        for known in _frames(policy.published):
            place = _tells(frame, known, policy.min_persons)
            if place is not None:
                yield Finding(
                    WITH_PUBLISHED,
                    Severity.REVIEW,
                    place,
                    say(
                        "A published table counts the same groups; taken from each other, the two tell of a few persons or of one institution."
                    ),
                    say(
                        "Round the counts, or ask an output checker whether the part that is left over may be told."
                    ),
                )
                break


@lru_cache(maxsize=2)
def _frames(published: Published) -> tuple[Frame, ...]:
    return tuple(
        frame
        for file in published.files
        for frame in frames_of(KeptFile("published", "", "", stated_in(examine(file))))
    )


def _tells(frame: Frame, known: Frame, threshold: int) -> Place | None:
    """Where the first number stands that tells something; None where nothing does."""
    if speaks_of_others(frame, known):
        return None
    pairs = [
        (mine[0], theirs[0])
        for key, mine in frame.by_conditions.items()
        if len(mine) == 1 and len(theirs := known.by_conditions.get(key, [])) == 1
    ]
    apart = [(new, old) for new, old in pairs if new.value != old.value]
    if len(pairs) < _FEWEST or not apart:
        return None
    few = [pair for pair in apart if abs(pair[0].value - pair[1].value) < threshold]
    is_alike = 2 * (len(pairs) - len(apart) + len(few)) >= len(pairs)
    told = few if few and is_alike else apart if _is_most(pairs) else []
    return next((new.stated.where for new, _ in told if new.stated is not None), None)


def _is_most(pairs: Sequence[tuple[Item, Item]]) -> bool:
    """Rule 2."""
    ours, theirs = sum(new.value for new, _ in pairs), sum(old.value for _, old in pairs)
    is_part = all(new.value <= old.value for new, old in pairs)
    is_whole = all(new.value >= old.value for new, old in pairs)
    return (is_part and ours >= _MOST_OF_IT * theirs) or (is_whole and theirs >= _MOST_OF_IT * ours)
