"""A pytest plugin: counts of one kind of test for `make test`, and the longer profile of `make soak`.

Rules: a test counts as passed only when its body passed and neither set-up nor tear-down failed; a collection error is
a failure; the counts are written once, when the session ends, where HANARE_KIND_REPORT says.
"""

import json
import os
from pathlib import Path

import hypothesis
import pytest

SOAK_EXAMPLES = 3000


class Counts:
    """The outcome of every test by its node id; the worst phase wins."""

    def __init__(self) -> None:
        self._passed: set[str] = set()
        self._failed: set[str] = set()
        self._skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.skipped:
            self._skipped.add(report.nodeid)
        elif report.when == "call":
            self._passed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.skipped:
            self._skipped.add(report.nodeid)

    def figures(self) -> dict[str, int]:
        return {
            "passed": len(self._passed - self._failed),
            "failed": len(self._failed),
            "skipped": len(self._skipped - self._failed),
        }

    def pytest_sessionfinish(self) -> None:
        target = os.environ.get("HANARE_KIND_REPORT")
        if target:
            Path(target).write_text(json.dumps(self.figures()), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Hook the counts in."""
    config.pluginmanager.register(Counts(), "hanare-counts")
    if os.environ.get("HANARE_SOAK") == "1":
        hypothesis.settings.register_profile("soak", max_examples=SOAK_EXAMPLES, deadline=None)
        hypothesis.settings.load_profile("soak")
