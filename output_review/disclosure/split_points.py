"""Where a tree divides persons: a threshold is a value between two of them, and may be the value of one.

Printed trees of the usual programs are told by how they write a split. From ``FEWEST`` splits on people look
(a boosted model keeps hundreds, and the outer ones lie beside single persons). Leaves that hold too few
persons are judged in ``curves``.
"""

import re
from collections.abc import Iterator
from typing import Final

from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity

SPLIT_POINTS: Final = "SDC.split_points"
FEWEST: Final = 3
_NUMBER: Final = r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,20})?"
_SPLIT: Final = re.compile(
    rf"\[[^\[\]<>\s]{{1,80}}<{_NUMBER}\]"  # a boosted tree's node, with where yes and no lead
    rf"|\|--- [^\n<>]{{1,80}}[<>]=? *{_NUMBER}"  # a tree printed with bars
    rf"|^ *[0-9]{{1,6}}\) [^\s<>]{{1,80}} ?[<>]=? ?{_NUMBER} ",  # numbered nodes
    re.MULTILINE,
)
_STORED: Final = re.compile(rf"^threshold={_NUMBER}(?: {_NUMBER}){{{FEWEST - 1}}}", re.MULTILINE)
"""A stored model's line of thresholds."""


def check_split_points(examined: ExaminedFile) -> Iterator[Finding]:
    """A REVIEW for a text that prints the splits of a tree."""
    for passage in examined.passages:
        found = [match.span() for match in _SPLIT.finditer(passage.text)]
        stored = _STORED.search(passage.text)
        if len(found) >= FEWEST or stored:
            start, end = stored.span() if stored else found[0]
            yield Finding(
                SPLIT_POINTS,
                Severity.REVIEW,
                passage.place(start, end - start),
                say(
                    "The split points of a tree stand here. Each lies beside the value of some person, or is one."
                ),
                say("Round them, or send the importance of the variables instead."),
            )
