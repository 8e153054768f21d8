"""The ordered list of rules, and running them so that anything unexpected blocks.

Read ``RULES`` to see everything that is checked. What holds whatever a rule does:

1. No rules, no policy, no files: REJECT. Silence is never a PASS.
2. A file that cannot be taken apart, or a rule that fails in any way, is a REJECT by the rule
   ``SDC.unchecked``. The failure's own words are not shown: they may quote the file.
3. The other rules still run, so an author learns of everything at once.
4. Words that were found beside a file (hidden in it, or in a picture) are judged like the file:
   by every rule when they leave, by the rules on identifiers when they do not.
5. Nothing here reads or writes anything: the same submission, policy, identifiers and history
   give the same report.
6. Checks that do not end in time (whoever runs them takes the time) are a REJECT by ``SDC.out_of_time``.
7. A rule that rests on what the author must not learn is for checkers, and so is everything that it
   says, its failure included. ``AUTHOR_RULES`` are the others: a check that an author asks for runs no
   other rule, so neither its findings nor its time can tell.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog.identifiers.pseudonyms import PseudonymSet
from catalog.identifiers.recognise import NO_DICTIONARIES, Dictionaries
from enclave.sentences import say
from output_review.disclosure import (
    bare_numbers,
    combination_rules,
    disguises,
    figure_words,
    file_rules,
    hidden_counts,
    history_rules,
    identifier_rules,
    listed_records,
    masked_cells,
    picture_rules,
    prose_counts,
    pseudonym_rules,
    published_rules,
    reading_rules,
    recount,
    row_level,
    shares,
    small_counts,
    unread_rules,
)
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.found_words import as_file, decoded_words, weigh
from output_review.disclosure.history import NO_HISTORY, History
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.recount import Recounted
from output_review.disclosure.reports import Examination, FileReport, Report
from output_review.disclosure.result_rules import RESULT_CHECKS, Check
from output_review.disclosure.submissions import FoundText, Submission, SubmittedFile

UNCHECKED = "SDC.unchecked"
OUT_OF_TIME = "SDC.out_of_time"
NOT_RECOUNTED = "not_recounted"
"""What an examination says that did not count again."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a rule may know beside the file: the numbers, the project's identifiers, its history, its siblings."""

    policy: DisclosurePolicy
    ids: PseudonymSet | None
    earlier: tuple[ExaminedFile, ...]
    beside: tuple[ExaminedFile, ...] = ()
    """The other files of the submission that could be taken apart."""
    history: History = NO_HISTORY
    """Every number that was stated before."""
    recounts: Mapping[str, Recounted] = field(default_factory=dict)
    """What counting again gave, by the name of the file."""
    dictionaries: Dictionaries = NO_DICTIONARIES
    """Words and places, by which names and addresses are found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: which findings it makes from one file."""

    name: str
    check: Callable[[ExaminedFile, Knowledge], Iterable[Finding]]
    audience: Audience = Audience.AUTHOR


def _under_policy(check: Check) -> Callable[[ExaminedFile, Knowledge], Iterable[Finding]]:
    return lambda file, known: check(file, known.policy)


RULES: tuple[Rule, ...] = (
    Rule("file", lambda file, known: file_rules.check_file(file, known.policy)),
    Rule("unread", lambda file, _: unread_rules.check_unread(file)),
    Rule("reading", lambda file, _: reading_rules.check_reading(file)),
    Rule("pictures", lambda file, known: picture_rules.check_pictures(file, known.policy)),
    Rule(
        "figure_words", lambda file, known: figure_words.check_figure_words(file, known.policy, known.beside)
    ),
    Rule("pseudonyms", lambda file, known: pseudonym_rules.check_pseudonyms(file, known.ids)),
    Rule("identifiers", lambda file, known: identifier_rules.check_identifiers(file, known.dictionaries)),
    Rule("combinations", lambda file, known: combination_rules.check_combinations(file, known.dictionaries)),
    Rule("disguises", lambda file, _: disguises.check_disguises(file)),
    Rule("row_level", lambda file, known: row_level.check_row_level(file, known.policy)),
    Rule("listed_records", lambda file, _: listed_records.check_listed_records(file)),
    Rule("small_counts", lambda file, known: small_counts.check_small_counts(file, known.policy)),
    Rule("prose_counts", lambda file, known: prose_counts.check_prose_counts(file, known.policy)),
    Rule("rounded_counts", lambda file, known: small_counts.check_rounded_counts(file, known.policy)),
    Rule("vague_counts", lambda file, _: small_counts.check_vague_counts(file)),
    Rule(
        "masked_cells",
        lambda file, known: masked_cells.check_masked_cells(file, known.policy, known.beside, known.earlier),
    ),
    Rule(
        "hidden_counts",
        lambda file, known: hidden_counts.check_hidden_counts(file, known.policy, known.beside),
    ),
    Rule("beside_masks", lambda file, known: prose_counts.check_numbers_beside_masks(file, known.policy)),
    Rule("rows_not_persons", lambda file, known: small_counts.check_rows_not_persons(file, known.policy)),
    *(Rule(name, _under_policy(check)) for name, check in RESULT_CHECKS),
    Rule("dominance", lambda file, known: shares.check_dominance(file, known.policy, known.beside)),
    Rule(
        "bare_numbers",
        lambda file, known: bare_numbers.check_bare_numbers(file, known.policy, known.beside),
    ),
    Rule(
        "history",
        lambda file, known: history_rules.check_history(file, known.beside, known.history, known.policy),
    ),
    Rule("published", lambda file, known: published_rules.check_published(file, known.policy)),
    Rule("recount", lambda file, known: recount.check_recount(file, known.recounts, known.policy)),
    Rule(
        "other_projects",
        lambda file, known: history_rules.check_elsewhere(file, known.history, known.policy),
        Audience.CHECKER,
    ),
)
AUTHOR_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.audience is Audience.AUTHOR)
"""What runs when an author asks."""


def run_checks(
    submission: Submission,
    policy: DisclosurePolicy | None,
    ids: PseudonymSet | None,
    earlier: Sequence[Submission],
    rules: Sequence[Rule] = RULES,
    history: History | None = None,
    recounts: Mapping[str, Recounted] | None = None,
    dictionaries: Dictionaries = NO_DICTIONARIES,
) -> Report:
    """Judge every file of a submission by every rule, in order.

    ``history`` is what was stated before; without one, what the files of ``earlier`` state.
    Without ``dictionaries`` names are not looked for, and addresses by their form alone.
    """
    if not submission.files:
        return Report((_blocked(submission.name),), None, None)
    if policy is None or not rules:
        return Report(tuple(_blocked(file.name) for file in submission.files), None, None)
    try:
        before = tuple(examine(file) for release in earlier for file in release.files)
        history = history_rules.history_of(before) if history is None else history
    except Exception:  # noqa: BLE001  # whatever went wrong, a history that cannot be read blocks
        blocked = tuple(_blocked(file.name) for file in submission.files)
        return Report(blocked, policy.profile, policy.digest)
    examined = [_examine(file) for file in submission.files]
    files: list[FileReport] = []
    for place, (file, taken_apart) in enumerate(zip(submission.files, examined, strict=True)):
        beside = tuple(other for other in (*examined[:place], *examined[place + 1 :]) if other is not None)
        known = Knowledge(policy, ids, before, beside, history, recounts or {}, dictionaries)
        files.append(_check_file(file, taken_apart, known, rules))
    return Report(tuple(files), policy.profile, policy.digest)


def _examine(file: SubmittedFile) -> ExaminedFile | None:
    """The file taken apart; None where that fails, which blocks the file."""
    try:
        return examine(file)
    except Exception:  # noqa: BLE001  # whatever went wrong, a file that cannot be taken apart blocks
        return None


def _check_file(
    file: SubmittedFile, examined: ExaminedFile | None, known: Knowledge, rules: Sequence[Rule]
) -> FileReport:
    if examined is None:
        return _blocked(file.name)
    findings = [finding for rule in rules for finding in _apply(rule, examined, known)]
    for text, words in _words_of(file):
        if words is None:
            return _blocked(file.name)
        findings += [f for rule in rules for made in _apply(rule, words, known) for f in weigh(made, text)]
    examination = Examination(
        tuple(rule.name for rule in rules),
        len(examined.tables),
        sum(1 for table in examined.tables for _ in table.counts()),
        len(known.history.released),
        (),
        () if file.name in known.recounts else (NOT_RECOUNTED,),
    )
    return FileReport(file.name, tuple(_without_repeats(findings)), examination)


def _words_of(file: SubmittedFile) -> Sequence[tuple[FoundText, ExaminedFile | None]]:
    """Words found in a file and what its codes of letters give, taken apart; None where that fails."""
    try:
        decoded = tuple(decoded_words(file))
    except Exception:  # noqa: BLE001  # whatever went wrong, codes that cannot be read block the file
        return [(FoundText("decoded", ""), None)]
    return [(text, _examine(as_file(text))) for text in (*file.found, *decoded)]


def _apply(rule: Rule, examined: ExaminedFile, known: Knowledge) -> list[Finding]:
    try:
        found = list(rule.check(examined, known))
    except Exception:  # noqa: BLE001  # whatever went wrong, a rule that did not finish blocks
        found = [_unchecked()]
    if rule.audience is Audience.AUTHOR:
        return found
    return [replace(finding, audience=rule.audience) for finding in found]


def _without_repeats(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out a finding that the same rule made at the same place, or over the same characters; the heavier stays."""
    places: set[tuple[str, Place]] = set()
    characters: dict[str, set[int]] = {}
    kept: set[int] = set()
    weights = list(Severity)
    for number in sorted(range(len(findings)), key=lambda n: -weights.index(findings[n].severity)):
        finding = findings[number]
        where = finding.where
        covered = characters.setdefault(finding.rule, set())
        span = (
            range(where.offset, where.offset + (where.length or 1)) if where.offset is not None else range(0)
        )
        if (finding.rule, where) not in places and covered.isdisjoint(span):
            places.add((finding.rule, where))
            covered.update(span)
            kept.add(number)
    yield from (finding for number, finding in enumerate(findings) if number in kept)


def _blocked(path: str) -> FileReport:
    return FileReport(path, (_unchecked(),))


def out_of_time(submission: Submission, policy: DisclosurePolicy, author: Report | None = None) -> Report:
    """What is said of files whose checks did not end in time.

    ``author`` is what the rules for authors made of them, where those did end: then only what checkers alone may
    know took too long, and only they are told.
    """
    finding = Finding(
        OUT_OF_TIME,
        Severity.REJECT,
        Place(),
        say("The file could not be examined in time, so it cannot leave."),
        say("Send it again in a simpler form or in smaller files, or ask an output checker."),
        Audience.AUTHOR if author is None else Audience.CHECKER,
    )
    names = [file.name for file in submission.files] or [submission.name]
    if author is None:
        return Report(tuple(FileReport(name, (finding,)) for name in names), policy.profile, policy.digest)
    return author.joined_with(FileReport(name, (finding,)) for name in names)


def _unchecked() -> Finding:
    return Finding(
        UNCHECKED,
        Severity.REJECT,
        Place(),
        say("The checks could not be completed, so this cannot leave."),
        say("Send it again in a simpler form, or ask an output checker."),
    )
