"""Our verdicts on bare csv beside ACRO's from the rows, and how far they agree.

A table is handed in *alone*; with the table of *counts* of the same cells, as the guidance for authors asks; and
with *counts and spreads*, as it asks where somebody could make up most of a sum. What is judged is the table's
own file, under the preset with ACRO's numbers.

Strict agreement: ACRO's fail is our FIX or REJECT, its pass our PASS. A REVIEW is a disagreement there. Apart:
a REVIEW of a table that ACRO passes is left out of both sides, with its rules named.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from enclave.adapters.policy_files import load_policies
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Severity, Verdict
from output_review.disclosure.policy import DisclosurePolicy, policy_from_mapping
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.acro_tables import Call, calls, subsets, table

ROOT = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).with_name("acro_verdicts.csv")
HANDED_IN: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "alone": (),
    "counts": (("count",),),
    "counts and spreads": (("count",), ("std",)),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One table as both judge it."""

    name: str
    statistics: tuple[str, ...]
    acro: str
    ours: Verdict
    rules: frozenset[str]
    """The rules behind our verdict."""

    @property
    def agrees(self) -> bool:
        """In the strict sense."""
        return (self.acro == "fail") == (self.ours in (Verdict.FIX, Verdict.REJECT)) and not self.is_review

    @property
    def is_review(self) -> bool:
        """We leave it to people."""
        return self.ours is Verdict.REVIEW

    @property
    def is_passed_fail(self) -> bool:
        """We pass what ACRO fails: what must never be."""
        return self.acro != "pass" and self.ours is Verdict.PASS


def read_verdicts(text: str) -> dict[str, str]:
    """Status by table, from what ``benchmarks/acro_verdicts.py`` prints."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["table"]: row["status"] for row in csv.DictReader(io.StringIO("\n".join(lines)))}


@cache
def policy(profile: str = "acro") -> DisclosurePolicy:
    """A shipped profile."""
    return policy_from_mapping(load_policies(ROOT / "policies").document("disclosure"), profile)


@cache
def _csv(call: Call) -> str:
    return table(call, _subsets()[call.data]).to_csv()


@cache
def _subsets() -> dict[str, pd.DataFrame]:
    return dict(subsets())


def pairs(
    verdicts: Mapping[str, str], beside: Iterable[tuple[str, ...]], profile: str = "acro"
) -> list[Pair]:
    """Every table judged by us, with these others beside it where it does not show their statistics itself."""
    found = []
    for call in calls():
        others = [call.beside(f) for f in beside if not set(f) <= set(call.functions) or call.is_crosstab]
        listed = [call, *(other for other in others if not call.is_crosstab)]
        files = tuple(SubmittedFile(f"{one.name}.csv", FileKind.CSV, _csv(one)) for one in listed)
        report = run_checks(Submission("request", files), policy(profile), None, [])
        judged = report.files[0]
        weights = [f for f in judged.findings if f.severity is not Severity.INFO]
        rules = frozenset(f.rule for f in weights)
        found.append(Pair(call.name, call.functions, verdicts[call.name], judged.verdict, rules))
    return found


def strict(found: Iterable[Pair]) -> float:
    """The share of tables on which both agree, REVIEW counted as a disagreement."""
    listed = list(found)
    return sum(pair.agrees for pair in listed) / len(listed)


def apart(found: Iterable[Pair]) -> float:
    """The same without the tables that ACRO passes and we leave to people."""
    return strict(pair for pair in found if not (pair.is_review and pair.acro == "pass"))


def disagreements(found: Iterable[Pair]) -> Counter[str]:
    """What is behind the strict disagreements: statistics, both verdicts, rules."""
    return Counter(
        f"{'+'.join(p.statistics)}: ACRO {p.acro}, ours {p.ours.value} ({', '.join(sorted(p.rules))})"
        for p in found
        if not p.agrees
    )
