"""Japanese text with names, numbers and harmless sentences: our recognisers against Presidio with GiNZA.

``identifiers_speed``: a megabyte through the whole table of recognisers, dictionaries loaded before, as
seconds; the peer (labels mapped, in an environment of its own) reads a sample of the same lines, and its time
is scaled by characters. ``identifiers_names_missed`` and ``identifiers_benign_flagged``: shares on that same
sample, so both are judged on what both read. ``identifiers_memory``: the largest resident size of each
process in MB. Ours runs in a process of its own too. What GiNZA's second look in its container adds to a file, ours
alone, is measured in ``bench_prose``. ``HANARE_BENCH_BYTES`` and ``HANARE_BENCH_SAMPLE``
(characters) make it smaller.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.measured import tell, whole_number  # noqa: E402  the folder above must be known first
from tests.support.identifier_benign import benign  # noqa: E402
from tests.support.identifier_corpus import sentences  # noqa: E402

BYTES = whole_number("HANARE_BENCH_BYTES", 1_000_000)
SAMPLE = whole_number("HANARE_BENCH_SAMPLE", 20_000)
PEER = "Presidio with ja_ginza, labels mapped"
_HELD_OUT = 1
_SEED = 5
_NUMBERS = (
    "電話 03-1234-{0:04d}、収縮期血圧 {1} mmHg、HbA1c {2}%",
    "{0},{1},{2},12.3,陰性",
    "費用は{0}円、在院日数は{1}日であった。",
)


def lines() -> list[tuple[str, int, int]]:
    """Lines of ``BYTES`` bytes together: text, and where a name is planted in it (0, 0 for none)."""
    fresh = random.Random(_SEED)
    named = [(s.text.replace("\n", " "), s.start, s.end) for s in sentences(_HELD_OUT, 10)]
    harmless = list(benign(_HELD_OUT))
    made: list[tuple[str, int, int]] = []
    size = 0
    while size < BYTES:
        draw = fresh.random()
        if draw < 0.25:
            line = fresh.choice(named)
        elif draw < 0.4:
            text = fresh.choice(_NUMBERS).format(*(fresh.randrange(10, 9999) for _ in range(3)))
            line = (text, -1, -1)
        else:
            line = (fresh.choice(harmless), 0, 0)
        made.append(line)
        size += len(line[0].encode()) + 1
    return made


def ours(texts: Path, answer: Path) -> None:
    """Read all of the text at once, as a file is read; then line by line what was found in each."""
    from catalog.adapters.dictionaries import read_dictionaries  # noqa: PLC0415  only the process that measures
    from catalog.identifiers.recognise import recognise  # noqa: PLC0415

    known = read_dictionaries()
    recognise("患者の山田太郎", dictionaries=known)
    listed: list[str] = json.loads(texts.read_text(encoding="utf-8"))
    whole = "\n".join(listed)
    began = time.perf_counter()
    found = recognise(whole, dictionaries=known)
    took = time.perf_counter() - began
    hits: list[list[list[Any]]] = [[] for _ in listed]
    starts = [0]
    for text in listed:
        starts.append(starts[-1] + len(text) + 1)
    line = 0
    for hit in found:
        while hit.offset >= starts[line + 1]:
            line += 1
        hits[line].append([hit.offset - starts[line], hit.end - starts[line], hit.kind])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.write_text(json.dumps({"seconds": took, "rss_mb": peak, "hits": hits}), encoding="utf-8")


def peer_python() -> Path:
    """The peer's own Python, made once from its locked requirements."""
    folder = Path(os.environ.get("HANARE_BENCH_PEER", str(ROOT / "var" / "bench" / "names-peer")))
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        venv.create(folder, with_pip=True, clear=True)
        locked = ROOT / "benchmarks" / "names_peer" / "requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", locked], check=True)
        (folder / "made").write_text("")
    return python


def judged(
    taken: list[tuple[str, int, int]], hits: list[list[list[Any]]], names: frozenset[str]
) -> tuple[float, float]:
    """The share of planted names that were missed, and of benign lines in which somebody was seen."""
    planted = missed = harmless = flagged = 0
    for (_, start, end), found in zip(taken, hits, strict=True):
        people = [span for span in found if span[2] in names]
        if end > 0:
            planted += 1
            inside = {place for first, last, _ in people for place in range(first, last)} & set(
                range(start, end)
            )
            missed += 2 * len(inside) < end - start
        elif end == 0:
            harmless += 1
            flagged += bool(people)
    return missed / planted, flagged / harmless


def main() -> int:
    """All four lines."""
    made = lines()
    sample: list[tuple[str, int, int]] = []
    while sum(len(text) for text, _, _ in sample) < SAMPLE and len(sample) < len(made):
        sample.append(made[len(sample)])
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        for name, listed in (("all", made), ("sample", sample)):
            (folder / name).write_text(json.dumps([text for text, _, _ in listed]), encoding="utf-8")
        subprocess.run(
            [sys.executable, __file__, "ours", str(folder / "all"), str(folder / "we")], check=True
        )
        script = ROOT / "benchmarks" / "names_peer" / "peer.py"
        subprocess.run([peer_python(), script, folder / "sample", folder / "they"], check=True)
        we, they = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("we", "they"))
    characters = sum(len(text) + 1 for text, _, _ in made)
    scaled = they["seconds"] * characters / sum(len(text) + 1 for text, _, _ in sample)
    missed, flagged = judged(sample, we["hits"][: len(sample)], frozenset({"name"}))
    their_missed, their_flagged = judged(sample, they["hits"], frozenset({"PERSON"}))
    read = f"{characters} characters, peer {len(sample)} lines scaled"
    tell(f"identifiers_speed ({read})", we["seconds"], "s", PEER, scaled)
    tell("identifiers_names_missed (held-out names)", missed, "share", PEER, their_missed)
    tell("identifiers_benign_flagged (held-out sentences)", flagged, "share", PEER, their_flagged)
    tell("identifiers_memory", we["rss_mb"], "MB", PEER, they["rss_mb"])
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        ours(Path(sys.argv[2]), Path(sys.argv[3]))
        sys.exit(0)
    sys.exit(main())
