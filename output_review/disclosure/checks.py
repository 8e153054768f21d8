"""The ordered list of rules, and running them so that anything unexpected blocks.

Read ``RULES`` to see everything that is checked. What holds whatever a rule does:

1. No rules, no policy, no files: REJECT. Silence is never a PASS.
2. A file that cannot be taken apart, or a rule that fails in any way, is a REJECT by the rule
   ``SDC.unchecked``. The failure's own words are not shown: they may quote the file.
3. The other rules still run, so an author learns of everything at once.
4. Nothing here reads or writes anything: the same submission, policy, identifiers and history
   give the same report.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.identifiers.pseudonyms import PseudonymSet
from catalog.identifiers.recognise import NO_DICTIONARIES, Dictionaries
from enclave.sentences import say
from output_review.disclosure import (
    combination_rules,
    differencing,
    disguises,
    file_rules,
    identifier_rules,
    masked_cells,
    prose_counts,
    pseudonym_rules,
    row_level,
    small_counts,
)
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import Submission, SubmittedFile

UNCHECKED = "SDC.unchecked"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a rule may know beside the file: the numbers, the project's identifiers, its history."""

    policy: DisclosurePolicy
    ids: PseudonymSet | None
    earlier: tuple[ExaminedFile, ...]
    dictionaries: Dictionaries = NO_DICTIONARIES
    """Words and places, by which names and addresses are found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: which findings it makes from one file."""

    name: str
    check: Callable[[ExaminedFile, Knowledge], Iterable[Finding]]


RULES: tuple[Rule, ...] = (
    Rule("file", lambda file, known: file_rules.check_file(file, known.policy)),
    Rule("pseudonyms", lambda file, known: pseudonym_rules.check_pseudonyms(file, known.ids)),
    Rule("identifiers", lambda file, known: identifier_rules.check_identifiers(file, known.dictionaries)),
    Rule("combinations", lambda file, known: combination_rules.check_combinations(file, known.dictionaries)),
    Rule("disguises", lambda file, _: disguises.check_disguises(file)),
    Rule("row_level", lambda file, known: row_level.check_row_level(file, known.policy)),
    Rule("small_counts", lambda file, known: small_counts.check_small_counts(file, known.policy)),
    Rule("prose_counts", lambda file, known: prose_counts.check_prose_counts(file, known.policy)),
    Rule("vague_counts", lambda file, _: small_counts.check_vague_counts(file)),
    Rule("masked_cells", lambda file, known: masked_cells.check_masked_cells(file, known.policy)),
    Rule("beside_masks", lambda file, known: prose_counts.check_numbers_beside_masks(file, known.policy)),
    Rule("rows_not_persons", lambda file, _: small_counts.check_rows_not_persons(file)),
    Rule(
        "differencing", lambda file, known: differencing.check_differencing(file, known.earlier, known.policy)
    ),
)


def run_checks(
    submission: Submission,
    policy: DisclosurePolicy | None,
    ids: PseudonymSet | None,
    earlier: Sequence[Submission],
    rules: Sequence[Rule] = RULES,
    dictionaries: Dictionaries = NO_DICTIONARIES,
) -> Report:
    """Judge every file of a submission by every rule, in order.

    Without ``dictionaries`` names are not looked for, and addresses by their form alone.
    """
    if not submission.files:
        return Report((_blocked(submission.name),), None, None)
    if policy is None or not rules:
        return Report(tuple(_blocked(file.name) for file in submission.files), None, None)
    try:
        history = tuple(examine(file) for release in earlier for file in release.files)
    except Exception:  # noqa: BLE001  # whatever went wrong, a history that cannot be read blocks
        files = tuple(_blocked(file.name) for file in submission.files)
        return Report(files, policy.profile, policy.digest)
    known = Knowledge(policy, ids, history, dictionaries)
    files = tuple(_check_file(file, known, rules) for file in submission.files)
    return Report(files, policy.profile, policy.digest)


def _check_file(file: SubmittedFile, known: Knowledge, rules: Sequence[Rule]) -> FileReport:
    try:
        examined = examine(file)
    except Exception:  # noqa: BLE001  # whatever went wrong, a file that cannot be taken apart blocks
        return _blocked(file.name)
    findings = [finding for rule in rules for finding in _apply(rule, examined, known)]
    return FileReport(file.name, tuple(_without_repeats(findings)))


def _apply(rule: Rule, examined: ExaminedFile, known: Knowledge) -> list[Finding]:
    try:
        return list(rule.check(examined, known))
    except Exception:  # noqa: BLE001  # whatever went wrong, a rule that did not finish blocks
        return [_unchecked()]


def _without_repeats(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out a finding that the same rule already made at the same place, or over the same characters."""
    places: set[tuple[str, Place]] = set()
    characters: dict[str, set[int]] = {}
    for finding in findings:
        where = finding.where
        covered = characters.setdefault(finding.rule, set())
        span = (
            range(where.offset, where.offset + (where.length or 1)) if where.offset is not None else range(0)
        )
        if (finding.rule, where) not in places and covered.isdisjoint(span):
            places.add((finding.rule, where))
            covered.update(span)
            yield finding


def _blocked(path: str) -> FileReport:
    return FileReport(path, (_unchecked(),))


def _unchecked() -> Finding:
    return Finding(
        UNCHECKED,
        Severity.REJECT,
        Place(),
        say("The checks could not be completed, so this cannot leave."),
        say("Send it again in a simpler form, or ask an output checker."),
    )
