"""What the second look at prose costs: GiNZA in its container, beside the rules on the same text.

``prose_lane`` is seconds from question to answer for as much prose as the house sends of one submission
(``MOST_PROSE`` characters): a new container, the model's loading, the reading, the answer; the median. Its peer is
the rules alone on the same text, dictionaries loaded, which every file passes first. ``prose_lane_start`` is the same
container asked about a single sentence, which is what starting it and loading the model cost.
``prose_lane_missed`` is the share of planted names that rules and model together miss, beside that of the rules alone.
A submission is asked about once, whatever its size, so this comes on top of ``identifiers_speed`` and grows no further.
"""

import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.bench_reader import reading_house  # noqa: E402  the folder above must be known first
from benchmarks.measured import seconds, tell, whole_number  # noqa: E402
from catalog.adapters.dictionaries import read_dictionaries  # noqa: E402
from catalog.identifiers.recognise import recognise  # noqa: E402
from hub.check_reader import ENGINE  # noqa: E402
from hub.sessions import plan_reader  # noqa: E402
from output_review.adapters.prose_containers import ContainerProse  # noqa: E402
from output_review.disclosure.prose_names import MOST_PROSE, ask_about, findings_of  # noqa: E402
from output_review.disclosure.reports import Report  # noqa: E402
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile  # noqa: E402
from tests.support.identifier_corpus import Sentence, sentences  # noqa: E402

TURNS = whole_number("HANARE_BENCH_TURNS", 5)
RULES = "the rules alone on the same text"
_HELD_OUT = 1


def main() -> int:
    """Every line, where there is an engine."""
    with reading_house() as (house, _, jobs):

        def plan(job: str) -> tuple[str, Mapping[str, Any]]:
            made = plan_reader(house, job)
            return made.name, made.body

        _measure(ContainerProse(ENGINE, jobs, plan))
    return 0


def _measure(reader: ContainerProse) -> None:
    known = read_dictionaries()
    planted = _prose()
    text = "\n".join(one.text for one in planted)
    recognise(text, dictionaries=known)
    ours = [seconds(lambda: reader.people("bench-prose", text)) for _ in range(TURNS)]
    start = [seconds(lambda: reader.people("bench-prose", planted[0].text)) for _ in range(TURNS)]
    rules = statistics.median(seconds(lambda: recognise(text, dictionaries=known)) for _ in range(TURNS))
    tell(f"prose_lane ({len(text)} characters)", statistics.median(ours), "s", RULES, rules)
    tell("prose_lane_start (one sentence)", statistics.median(start), "s", RULES, rules)
    alone, together = _missed(reader, planted)
    tell(f"prose_lane_missed ({len(planted)} names)", together, "share", RULES, alone)


def _prose() -> list[Sentence]:
    """Sentences with a name each, as many as are sent together; every so manieth, so that all forms are among them."""
    listed = [one._replace(text=one.text.replace("\n", " ")) for one in sentences(_HELD_OUT, 10)]
    step = max(1, sum(len(one.text) + 1 for one in listed) // (MOST_PROSE - 100))
    chosen, size = [], 0
    for one in listed[::step]:
        if size + len(one.text) + 1 > MOST_PROSE:
            break
        chosen.append(one)
        size += len(one.text) + 1
    return chosen


def _missed(reader: ContainerProse, planted: list[Sentence]) -> tuple[float, float]:
    """The share of the names that the rules miss, and that rules and model together miss."""
    known = read_dictionaries()
    files = tuple(SubmittedFile(f"{n}.txt", FileKind.TEXT, one.text) for n, one in enumerate(planted))
    submission = Submission("bench", files)
    asked = ask_about(submission, Report((), None, None))
    answer = reader.people("bench-prose", asked.text)
    seen = {file.path: file.findings for file in findings_of(asked, answer.people, answer.examined, known)}
    missed = [
        (one, file.name)
        for one, file in zip(planted, files, strict=True)
        if not any(_is_in(hit.offset, hit.end, one) for hit in recognise(one.text, dictionaries=known))
    ]
    still = [
        one
        for one, name in missed
        if not any(
            _is_in(found.where.offset, found.where.offset + (found.where.length or 1), one)
            for found in seen.get(name, ())
            if found.where.offset is not None
        )
    ]
    return len(missed) / len(planted), len(still) / len(planted)


def _is_in(start: int, end: int, planted: Sentence) -> bool:
    """Whether a finding covers half of the name that was planted."""
    return 2 * (min(end, planted.end) - max(start, planted.start)) >= planted.end - planted.start


if __name__ == "__main__":
    sys.exit(main())
