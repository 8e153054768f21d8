"""A matcher over a folder, behind its door, as its process runs it."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from catalog.adapters.matcher import AskedJournal, Matcher
from catalog.adapters.matcher_door import serve
from catalog.adapters.own_set_files import OwnSetFiles
from catalog.identifiers.own_forms import OwnKind
from catalog.identifiers.own_set import OwnSetMaker
from catalog.own_questions import OwnRules
from output_review.adapters.matcher_client import MatcherClient
from tests.support.fakes import CountingRandomness, FakeClock

RULES = OwnRules(per_project_day=1_000, per_day=1_500, moment_seconds=1, own_box_seconds=1)
AT = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class OwnPlace:
    """A producer's folder with a set, and the matcher over it."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    rules: OwnRules = RULES

    def __post_init__(self) -> None:
        for name in ("matcher", "asked"):
            (self.folder / name).mkdir(exist_ok=True)
        self.files = OwnSetFiles(self.folder / "matcher")
        self.matcher = self.started()

    def started(self) -> Matcher:
        """The matcher as it is after a start."""
        journal = AskedJournal(self.folder / "asked")
        return Matcher(self.files, journal, lambda: self.rules, self.clock)

    def put(self, ours: Mapping[str, OwnKind], source: str = "s1") -> None:
        """These forms are the source's."""
        maker = OwnSetMaker(self.files.key(CountingRandomness()))
        for form, kind in ours.items():
            maker.add(kind, [form])
        self.files.write(maker.made(), source, AT)

    def journal(self) -> str:
        """Everything that is written about what was asked."""
        return "".join(path.read_text() for path in sorted((self.folder / "asked").iterdir()))

    @contextmanager
    def served(self, peer: int | None = None) -> Iterator[MatcherClient]:
        """A client of the running matcher; ``peer`` is whom it answers."""
        path, stopped = self.folder / "m.sock", threading.Event()
        uid = os.geteuid() if peer is None else peer
        thread = threading.Thread(
            target=serve, args=(self.matcher, path, uid, lambda: None, stopped), daemon=True
        )
        thread.start()
        while not path.exists():
            stopped.wait(0.01)
        try:
            yield MatcherClient(path)
        finally:
            stopped.set()
            thread.join(5)
