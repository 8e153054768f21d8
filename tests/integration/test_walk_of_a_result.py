"""The outside client's chapters on results and proofs, over a real portal, vault, ledger and checks.

Only the notebook is a stand-in: the walk's cells run here, against a small extract, and what
they hand in arrives as a desk's would. ``make demo`` walks the same chapters over the whole house.
"""

import contextlib
import io
import json
import sys
import time
import types
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import cast as cast_to

import duckdb
import pandas as pd
import pytest

from demo import verify_evidence, walk_company, walk_proof, walk_result
from demo.walk_browser import Browser
from demo.walk_company import Walk
from demo.walk_notebook import Notebook, Said
from demo.walk_people import Cast, Someone
from demo.walk_telling import FaultError, Telling
from enclave.adapters.lined_yaml import read_lined
from enclave.adapters.translations import both
from enclave.identity import Person
from enclave.policy import PolicySet
from output_review.adapters.project_checker import ProjectChecker
from output_review.asked_checks import Answer
from output_review.intake_drafts import finding_of
from output_review.use_cases import ask
from output_review.worker import run_once
from output_review.worker_house import WorkerDeps
from tests.support.people import CAST, PERMIT
from tests.support.portal_house import POLICY_DIGEST, PortalHouse
from tests.support.review_fakes import FakeExtracts, FakeReader
from tests.unit.demo.test_walk_cells import LISTING

ROOT = Path(__file__).resolve().parents[2]
DISCLOSURE, _ = read_lined((ROOT / "policies" / "disclosure.yaml").read_text("utf-8"))


class NoIdentifiers:
    """A project without an extract has no pseudonym."""

    def of(self, project: str) -> None:
        return None


def real_checks(policies: PolicySet) -> ProjectChecker:
    """The product's rules under the board's numbers, for a project without an extract."""
    return ProjectChecker(policies, NoIdentifiers())


class Member(Someone):
    """A person whose codes are the test house's; its clock moves on for each."""

    house: PortalHouse

    def code(self, *_: Any) -> str:
        return self.house.code(self.username)


class PretendNotebook:
    """Runs cells here; what they hand in goes to the house as mei's."""

    def __init__(self, house: PortalHouse, extract: Path) -> None:
        self._house = house
        self._extract = extract
        self.work: Callable[[], object] = lambda: None
        """What the worker does meanwhile."""

    def run(self, code: str) -> Said:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "cell", "exec"), {"__name__": "__main__"})
        return Said("ok", out.getvalue(), 0.0)

    def close(self) -> None: ...

    def kit(self) -> types.ModuleType:
        kit = types.ModuleType("enclave_kit")
        own: dict[str, Any] = {
            "connect": lambda: duckdb.connect(str(self._extract), read_only=True),
            "tables": lambda connection: connection.execute(LISTING).fetchdf(),
            "request_release": self._request_release,
            "releases": self._releases,
            "check": self._check,
            "fix": self._fix,
        }
        vars(kit).update(own)
        return kit

    def _request_release(self, files: dict[str, pd.DataFrame], title: str, what_it_shows: str) -> str:
        texts = {name: table.to_csv(index=False, lineterminator="\n") for name, table in files.items()}
        request_id = self._house.hand_in(texts, title, what_it_shows)
        return self._house.request(request_id).draft_id

    def _check(self, files: dict[str, pd.DataFrame]) -> types.SimpleNamespace:
        answer = self._answer(files, "")
        assert answer.report is not None
        found = [finding_of(one.path, f, both) for one in answer.report.files for f in one.findings]
        remedies = [
            {
                "kind": mended.kind,
                "left": [f.rule for one in mended.report.files for f in one.findings],
            }
            for mended in answer.remedies
        ]
        return types.SimpleNamespace(verdict=answer.report.verdict.value, findings=found, remedies=remedies)

    def _fix(self, files: dict[str, pd.DataFrame], remedy: str) -> types.SimpleNamespace:
        mended = next(one for one in self._answer(files, remedy).remedies if one.kind == remedy)
        return types.SimpleNamespace(verdict=mended.report.verdict.value)

    def _answer(self, files: dict[str, pd.DataFrame], remedy: str) -> Answer:
        """What the house answers, asked as a desk asks it."""
        contents = tuple((n, t.to_csv(index=False, lineterminator="\n").encode()) for n, t in files.items())
        asked_id = str(uuid.uuid4())
        with self._house.works.begin() as work:
            ask.ask(work, Person("mei"), PERMIT.project, asked_id, contents, remedy, 60)
        self.work()
        with self._house.works.read() as work:
            answer = ask.answer_to(work, Person("mei"), PERMIT.project, asked_id).answer
        assert answer is not None
        return answer

    def _releases(self) -> pd.DataFrame:
        with self._house.works.read() as work:
            mine = work.requests.of_author("mei")
        return pd.DataFrame({"draft_id": [r.draft_id for r in mine], "state": [r.state.value for r in mine]})


def an_extract(place: Path) -> Path:
    with duckdb.connect(str(place)) as made:
        made.execute("""
            CREATE TABLE patients AS
            SELECT uuid() AS patient_key, CASE WHEN n % 2 = 0 THEN 'F' ELSE 'M' END AS sex,
                   printf('%d-04', 2026 - CASE WHEN n < 6 THEN 95 ELSE 20 + (n * 7) % 65 END) AS birth_month
            FROM range(600) r(n)
        """)
    return place


@pytest.fixture(name="walk")
def _walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    (tmp_path / "house").mkdir()
    house = PortalHouse(tmp_path / "house")
    Member.house = house
    members = [
        Member(a.username, "pw", "", frozenset(r.value for r in a.roles), a.display_name, a.organisation)
        for a in CAST
    ]
    cast = Cast(house.hub_address, house.portal, PERMIT.project, tuple(members), {}, "")
    walk = Walk(cast, Telling(io.StringIO()), tmp_path)
    for member in members:
        browser, signed_in = Browser(cast, member), house.browser(member.username)
        browser.portal.close()
        browser.portal, browser.csrf = signed_in.client, signed_in.csrf
        walk.browsers[member.username] = browser
    notebook = PretendNotebook(house, an_extract(tmp_path / "extract.duckdb"))
    walk.notebook = cast_to("Notebook", notebook)  # it runs cells, which is all that these chapters ask
    monkeypatch.setitem(sys.modules, "enclave_kit", notebook.kit())
    worker = WorkerDeps(
        works=house.works,
        vault=house.vault,
        reader=FakeReader(),
        checker_for=real_checks,
        load_policy=lambda: PolicySet({"disclosure": DISCLOSURE}, POLICY_DIGEST),
        extracts=FakeExtracts(),
    )

    notebook.work = lambda: run_once(worker)

    def tick(_: float) -> None:
        run_once(worker)
        house.compare()
        house.checkpoint()

    monkeypatch.setattr(walk_company, "time", types.SimpleNamespace(monotonic=time.monotonic, sleep=tick))
    return walk


def test_a_result_is_walked_to_its_proof(walk: Walk, tmp_path: Path) -> None:
    walk_result.chapter(walk)
    walk_proof.chapter(walk)
    walk.telling.write(tmp_path / "evidence.json")
    kept = json.loads((tmp_path / "evidence.json").read_text("utf-8"))
    assert kept["held"] is True
    assert kept["stopped"]["findings"]
    refused = {one["what"]: one["code"] for one in kept["refusals"]}
    assert refused["a vote by the author"] == "wrong_role"
    assert refused["the same checker again"] == "already_reviewed"
    assert refused["a fourth attempt"] == "link_used_up"
    assert kept["tampered"]["exit"] == 4


def test_a_stranger_verifies_the_evidence_and_finds_a_changed_package(walk: Walk, tmp_path: Path) -> None:
    walk_result.chapter(walk)
    with contextlib.suppress(FaultError):
        walk_proof.chapter(walk)
    evidence = {**walk.telling.kept}
    assert all(held for _, held in verify_evidence.check_release(evidence))
    receipt = {**evidence["release"]["receipt"], "path": evidence["release"]["receipt"]["path"][:-1]}
    broken = {"release": {**evidence["release"], "receipt": receipt}}
    assert not all(held for _, held in verify_evidence.check_release(broken))
    other = {"release": {**evidence["release"], "package_sha256": "0" * 64}}
    assert not all(held for _, held in verify_evidence.check_release(other))


def test_the_same_story_can_be_walked_again_in_the_same_house(walk: Walk) -> None:
    walk_result.chapter(walk)
    first = walk.request_id
    walk_result.chapter(walk)
    assert walk.request_id != first
    assert len(walk.events(kind="release.done")) == 2
