"""Opt-outs: who asked that their data be used no more, and what follows from it.

Rules (Articles 52 to 56 of the Act; japan.md 5.7):

1. An opt-out names a person as their provider does (facility and chart number), or by the key the
   source has for them (the research id). It is kept although the source may not know that person
   yet: whoever arrives later under that name is left out too.
2. It holds at once: every build from then on leaves the person out, with everything that is theirs.
3. Where the policy says *all providers*, whoever is the same person at another provider is left
   out with them: the same insurer, symbol, number and branch, the same individual number, or the
   same name in kana with the same day of birth and sex. Two people who agree in the last three
   are both left out; to err to that side costs a row, to the other a promise.
4. An extract that was cut from a cohort with that person in it is *stale* from then on, and has to
   be rebuilt within the policy's days. When they have passed no workspace starts on it any more.
5. Who opted out stands in the source alone. The ledger and the enclave's database know an opt-out
   by a number of its own, without a name, a chart number or a key.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from enclave.errors import InvalidInputError
from enclave.sentences import say

_CHART = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")


@dataclass(frozen=True, slots=True)
class Named:
    """A person as an opt-out names them: by facility and chart number, or by their key."""

    facility: int | None = None
    chart_no: str = ""
    patient_key: int | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """An extract that holds someone who opted out since it was built."""

    project: str
    version: str
    since: datetime
    due: datetime
    """Until then it has to be rebuilt."""


def check_named(named: Named) -> Named:
    """The name of a person, when it is one.

    Raises:
        InvalidInputError: neither both facility and chart number nor a key, or all of them.
    """
    by_provider = named.facility is not None and bool(named.chart_no)
    half = (named.facility is None) == bool(named.chart_no)
    if half or by_provider == (named.patient_key is not None):
        raise InvalidInputError(
            "optout_named", say("Name the person by facility and chart number, or by the source's key.")
        )
    if by_provider and not _CHART.fullmatch(named.chart_no):
        raise InvalidInputError(
            "bad_chart_no", say("A chart number has 1 to 40 letters, digits and hyphens. Write it so.")
        )
    return named


def due_by(since: datetime, rebuild_days: int) -> datetime:
    """When a stale extract has to be rebuilt."""
    return since + timedelta(days=rebuild_days)
