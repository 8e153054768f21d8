"""`make test`, `make soak` and `make bench`.

Rules: kinds of test run in a fixed order, each in a process of its own; a kind that passes fewer tests than
tests/expected_counts says, or a container or browser test that was skipped, is a failure; the last line printed is
always `N passed, N failed`.
"""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from setup import oidc, whole
from setup.console import SetupError, line, step
from setup.places import Places
from setup.stamps import Stamps

KINDS = (
    "unit",
    "contract",
    "property",
    "spec",
    "integration",
    "container",
    "browser",
    "architecture",
    "crash",
)
NEVER_SKIPPED = frozenset({"container", "browser"})
SOAKED = ("property", "crash", "container/attacks", "browser/controls", "container/test_reader_mutations.py")
"""What `make soak` runs again: more examples, more crash points, every attack without its control, and broken files."""
SOAK_SECONDS = 3600
"""How long one test may search on; in `make test` it is five minutes."""
NO_TESTS_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Count:
    """What one kind of test came to."""

    kind: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def expected_counts(text: str) -> dict[str, int]:
    """Parse `kind number` lines; every kind must be there, and no other."""
    rows = [row.split("#")[0].split() for row in text.splitlines()]
    found: dict[str, int] = {}
    for row in rows:
        if not row:
            continue
        if len(row) != 2 or not row[1].isdecimal() or row[0] in found:
            message = f"tests/expected_counts: cannot read {' '.join(row)!r}"
            raise SetupError(message, f"tests/expected_counts を読めません: {' '.join(row)!r}")
        found[row[0]] = int(row[1])
    if set(found) != set(KINDS):
        wrong = ", ".join(sorted(set(found) ^ set(KINDS)))
        raise SetupError(
            f"tests/expected_counts must name every kind of test once; look at: {wrong}",
            f"tests/expected_counts にはすべての種類を一度ずつ書いてください: {wrong}",
        )
    return found


def shortfalls(counts: list[Count], expected: Mapping[str, int]) -> list[str]:
    """Why this run does not count as passed, besides failed tests."""
    reasons = [
        f"{count.kind}: {count.passed} passed, at least {expected[count.kind]} expected"
        for count in counts
        if count.passed < expected[count.kind]
    ]
    skipped = [
        f"{count.kind}: {count.skipped} skipped"
        for count in counts
        if count.skipped and count.kind in NEVER_SKIPPED
    ]
    return reasons + skipped


def table(counts: list[Count], expected: Mapping[str, int]) -> str:
    rows = [f"{'kind':<14}{'passed':>8}{'failed':>8}{'skipped':>9}{'expected':>10}{'seconds':>9}"]
    rows += [
        f"{one.kind:<14}{one.passed:>8}{one.failed:>8}{one.skipped:>9}{expected[one.kind]:>10}{one.seconds:>9.0f}"
        for one in counts
    ]
    return "\n".join(rows)


def run_kind(places: Places, kind: str, report: Path, extra: Mapping[str, str]) -> Count:
    """Run one kind; a pytest that ends in any other way than passed or failed counts as one failure more."""
    folder = places.root / "tests" / kind
    if not folder.exists():
        return Count(kind, 0, 0, 0, 0.0)
    report.unlink(missing_ok=True)
    line(f"\n[test] {kind}")
    started = time.monotonic()
    status = subprocess.run(
        [str(places.python), "-m", "pytest", "-p", "tests.support.kinds", "-q", f"tests/{kind}"],
        check=False,
        cwd=places.root,
        env={**os.environ, **extra, "HANARE_KIND_REPORT": str(report)},
        stdin=subprocess.DEVNULL,
    ).returncode
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    failed = int(found.get("failed", 0))
    if status not in {0, NO_TESTS_COLLECTED} and failed == 0:
        failed = 1
    return Count(
        kind, int(found.get("passed", 0)), failed, int(found.get("skipped", 0)), time.monotonic() - started
    )


def test(places: Places, arguments: list[str]) -> int:
    """`make test`: everything, or the kinds that are named."""
    expected = expected_counts((places.root / "tests" / "expected_counts").read_text(encoding="utf-8"))
    whole.setup(places, ["--browser"])
    with step("OpenID provider") as say:
        say(str(oidc.ensure(places, Stamps(places.var / "stamps")).relative_to(places.root)))
    report = places.var / "test" / "kind.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    counts = [run_kind(places, kind, report, {}) for kind in KINDS if not arguments or kind in arguments]
    reasons = shortfalls(counts, expected)
    failed = sum(count.failed for count in counts)
    line("\n" + table(counts, expected))
    for reason in reasons:
        line(f"[test] not enough: {reason}")
    line(f"{sum(count.passed for count in counts)} passed, {failed} failed")
    return 1 if failed or reasons else 0


def soak(places: Places, arguments: list[str]) -> int:
    """`make soak`: properties and crash points with many more examples, and attacks that must win without a control."""
    del arguments
    whole.setup(places, ["--browser"])
    report = places.var / "test" / "kind.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    patient = {"HANARE_SOAK": "1", "PYTEST_TIMEOUT": str(SOAK_SECONDS)}
    counts = [run_kind(places, kind, report, patient) for kind in SOAKED]
    reasons = shortfalls(counts, dict.fromkeys(SOAKED, 1))
    for count in counts:
        line(f"[soak] {count.kind}: {count.passed} passed, {count.failed} failed, {count.seconds:.0f} s")
    for reason in reasons:
        line(f"[soak] not enough: {reason}")
    failed = sum(count.failed for count in counts)
    line(f"{sum(count.passed for count in counts)} passed, {failed} failed")
    return 1 if failed or reasons else 0


def bench(places: Places, arguments: list[str]) -> int:
    """`make bench`: every benchmark, each printing JSON lines of its own."""
    whole.setup(places, [])
    scripts = sorted((places.root / "benchmarks").glob("bench_*.py"))
    chosen = [
        script for script in scripts if not arguments or script.stem.removeprefix("bench_") in arguments
    ]
    if not chosen:
        raise SetupError("No benchmark of that name.", "その名前のベンチマークはありません。")
    statuses = [
        subprocess.run([str(places.python), str(script)], check=False, cwd=places.root).returncode
        for script in chosen
    ]
    return max(statuses)
