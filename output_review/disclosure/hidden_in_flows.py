"""Few persons between two boxes of a flow chart that is written as text.

1. A chart is read from Mermaid, from Graphviz, and from lines with arrows (→, ↓, ``->``). A box has the number
   that follows ``n =`` in its label, or that stands before a unit for persons.
2. The persons of a box less those of all boxes that it leads to are those who are shown nowhere. One person
   or more, and fewer than the policy's number, is to be fixed.
3. Where an arrow stands between two numbers of running lines, the step itself is the difference.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import FileKind

IN_FLOW = "SDC.hidden_in_flow"

_N = r"(?:\bn\s*[=:]\s*(?P<n>\d[\d,]{0,15})|(?P<m>\d[\d,]{0,15})\s*(?:人|名|例|症例|patients|persons|people|subjects|participants|individuals|cases))"
_NUMBER = re.compile(_N)
_BOX = re.compile(r"(?<![\w\]])(?P<id>\w+)\s*(?:\[label\s*=\s*|[\[({>]+)\s*[\"']?(?P<label>[^\"'\]})\n]*)")
_EDGE = re.compile(
    r"(?P<from>\w+)(?:\s*[\[({]+[^\n]*?[\])}]+)?\s*(?:--+>|==+>|-\.+->|->)\s*(?:\|[^|\n]*\|\s*)?(?P<to>\w+)"
)
_CHART = re.compile(
    r"^\s*(?:graph|flowchart)\s+(?:t[db]|bt|lr|rl)\b|^\s*(?:strict\s+)?digraph\b", re.MULTILINE
)
_OF_WHICH = re.compile(
    r"\b(?:of|from|among) (?:the |these |all )?(?P<a>\d{1,3}(?:,\d{3})+|\d{2,9}) (?:[a-z-]+ ){1,4}[^.\n\d]{0,60}?\b(?P<b>\d{1,3}(?:,\d{3})+|\d{2,9})(?![\d.,]*\d?%)(?: [a-z-]+){0,3}? (?:were|was|remained|met|had|could|entered|completed|who)\b"
)
_ARROW = re.compile(r"→|⇒|↓|⇓|▼|(?<![-<])->|=>|\n\s*[|v]\s*(?=\n)")

Box = tuple[int, int, int]
"""The number of a box, and where it stands."""


def check_flows(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every step of a flow chart that leaves too few persons aside."""
    if examined.file.kind is not FileKind.TEXT:
        return
    for passage in examined.passages:
        folded = fold(passage.text)
        text = folded.text
        steps = [*(_of_chart(text) if _CHART.search(text) else _of_lines(text)), *_of_sentences(text)]
        for start, end, rest in steps:
            if 0 < rest < policy.min_persons:
                yield Finding(
                    IN_FLOW,
                    Severity.FIX,
                    passage.place(*folded.span(start, end)),
                    say(
                        "Between this cumulative count and its neighbour lie fewer than {threshold} persons.",
                        threshold=policy.min_persons,
                    ),
                    say("Leave out steps until each holds enough persons, or round the cumulative counts."),
                )


def _of_chart(text: str) -> Iterator[tuple[int, int, int]]:
    """Rule 2: where a box stands, and how many of its persons are in no box that it leads to."""
    boxes: dict[str, Box] = {}
    for box in _BOX.finditer(text):
        number = _NUMBER.search(box["label"])
        if number:
            start = box.start("label")
            boxes.setdefault(box["id"], (_count(number), start + number.start(), start + number.end()))
    leads: dict[str, set[str]] = {}
    for edge in _EDGE.finditer(text):
        leads.setdefault(edge["from"], set()).add(edge["to"])
    for line in text.split("\n"):
        # ``A --> B --> C`` in one line: each arrow's left side is the box before it.
        names = re.findall(r"(?:^|>|\|)\s*(\w+)", line) if line.count("->") + line.count("=>") > 1 else []
        for one, other in pairwise(names):
            leads.setdefault(one, set()).add(other)
    for name, others in leads.items():
        known = [boxes[other] for other in others if other in boxes]
        if name in boxes and known:
            count, start, end = boxes[name]
            yield start, end, count - sum(box[0] for box in known)
            if len(known) > 1:
                yield from ((box[1], box[2], count - box[0]) for box in known)


def _of_lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Rule 3."""
    numbers = list(_NUMBER.finditer(text))
    for one, other in pairwise(numbers):
        between = text[one.end() : other.start()]
        if len(between) <= 120 and _ARROW.search(between) and "\n\n\n" not in between:
            yield other.start(), other.end(), _count(one) - _count(other)


def _of_sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """Rule 3 for a sentence: of so many, so many were included."""
    for match in _OF_WHICH.finditer(text):
        yield match.start("b"), match.end("b"), _whole(match["a"]) - _whole(match["b"])


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))


def _count(number: re.Match[str]) -> int:
    return int((number["n"] or number["m"]).replace(",", ""))
