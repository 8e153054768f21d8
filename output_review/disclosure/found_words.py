"""Words found beside a file's text, judged by the rules of files.

1. They are taken as a file of their own, so that every rule, whichever is added, sees them.
2. What leaves with the file (the words in a picture) keeps every finding.
3. What does not leave keeps what identifies a person (``ID.*``) and what could not be checked:
   a small count on a hidden sheet harms nobody once the sheet is gone, a name in it tells that
   the file is not what it shows.
4. In places where programs write a name by themselves (the author in the properties of a
   document) a finding below REJECT is a REVIEW: the name does not leave.
5. Words read from pixels are read with errors: what counts persons in them is at most a REVIEW, and
   so is everything in words that could hardly be read; the numbers of a rejected file stay what they are. In a
   drawing or on a page a number is a count of persons when its line says so; a line without any letter is a
   scale, and numbers at one distance are no identifier either.
6. What leaves of a file with its codes of letters read (``escaped_text``) is words beside it, and only what
   identifies a person counts there: every other rule has read the file as it is.
7. A finding says in which part of the file the words stood, never which words.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from output_review.disclosure.escaped_text import find_escaped, unescaped
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history_copies import COPY
from output_review.disclosure.submissions import FoundText, SubmittedFile
from output_review.readings.places import CAPPED, FIGURE_WORDS, PIXEL_WORDS, UNSURE_WORDS

IDENTIFYING = "ID."
_FEWEST_TICKS = 3
_COUNTS_PERSONS = re.compile(
    r"\bn\s*[=:＝]|[0-9０-９]\s*(?:名|例|人|件)|patients?|persons?|people|subjects?|cases?", re.IGNORECASE
)
"""What makes a number beside a curve or a tick a count of persons."""
_DOWN = re.compile(r"(?:^[ \t]*[^\W\d_][ \t]*\n+){3,}", re.MULTILINE)
"""Lines of one letter each: words that are written downwards."""
_UNCHECKED = "SDC.unchecked"


def as_file(found: FoundText) -> SubmittedFile:
    """Found words as a file; it has no name, because the name of the file was judged with the file."""
    return SubmittedFile("", found.kind, found.text)


def decoded_words(file: SubmittedFile) -> Iterator[FoundText]:
    """What leaves of a file as programs read it, where it holds codes of letters: its name, text and found words.

    Words that are written downwards, a letter on each line, are codes as well.
    """
    for text in (file.name, file.text, *(found.text for found in file.found if found.leaves)):
        runs = find_escaped(text)
        if runs:
            yield FoundText("decoded", unescaped(text, runs))
        if _DOWN.search(text):
            yield FoundText("decoded", _DOWN.sub(lambda run: "".join(run[0].split()) + "\n", text))


def weigh(finding: Finding, found: FoundText) -> Iterator[Finding]:
    """The finding as it counts for the file; nothing when it does not."""
    if finding.rule.startswith("FILE."):
        return  # about the shape of a file, which found words do not have
    if not found.leaves and not finding.rule.startswith((IDENTIFYING, _UNCHECKED)):
        return
    if found.part in FIGURE_WORDS and _on_a_scale(finding, found.text):
        return
    capped = _is_capped(finding, found)
    where = Place(part=found.part, page=found.number or None)
    if found.leaves:
        where = replace(finding.where, part=found.part, page=found.number or None)
    yield replace(finding, severity=Severity.REVIEW if capped else finding.severity, where=where)


def _is_capped(finding: Finding, found: FoundText) -> bool:
    """Whether a finding weighs no more than a REVIEW in this place."""
    if finding.rule == _UNCHECKED or finding.severity not in {Severity.FIX, Severity.REJECT}:
        return False
    if found.part in UNSURE_WORDS:
        return True
    if finding.rule == COPY:
        return False
    if found.part in FIGURE_WORDS and not finding.rule.startswith(IDENTIFYING):
        return found.part in PIXEL_WORDS or not _COUNTS_PERSONS.search(_line(finding, found.text))
    return not found.leaves and found.part in CAPPED and finding.severity is Severity.FIX


def _on_a_scale(finding: Finding, text: str) -> bool:
    """Whether a finding stands on a line of numbers of a scale."""
    if finding.where.row is None or finding.rule.startswith(_UNCHECKED):
        return False
    line = _line(finding, text)
    if finding.rule.startswith(IDENTIFYING):
        return _in_even_steps(line)
    return not any(character.isalpha() for character in line)


def _in_even_steps(line: str) -> bool:
    """Whether a line holds the numbers of an axis and nothing else: three or more at one distance."""
    try:
        numbers = [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return False
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) >= _FEWEST_TICKS and len(steps) == 1 and steps != {Decimal(0)}


def _line(finding: Finding, text: str) -> str:
    """The line on which a finding stands; nothing when it stands on none."""
    lines = text.split("\n")
    row = finding.where.row
    return lines[row - 1] if row is not None and row <= len(lines) else ""
