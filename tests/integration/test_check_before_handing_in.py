"""``kit.check`` and ``kit.fix`` over the whole way: outbox, desk, intake's socket, worker, answer file."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from enclave.adapters.lined_yaml import read_lined
from enclave.policy import PolicySet
from images.analysis.desk.hanare_desk.intake import Intake
from images.analysis.desk.hanare_desk.questions import Questions
from images.analysis.desk.hanare_desk.work_folder import WorkFolder
from images.analysis.kit import enclave_kit
from images.analysis.kit.enclave_kit import KitError
from output_review.adapters.project_checker import ProjectChecker
from output_review.disclosure.examined import examine
from output_review.disclosure.history_numbers import stated_in
from output_review.disclosure.submissions import FileKind, SubmittedFile
from output_review.worker import run_once
from tests.support.fakes import START
from tests.support.intake_doors import CHECKS_PER_HOUR, Scene, scene_of_two
from tests.support.review_story import PROJECT

ROOT = Path(__file__).resolve().parents[2]
DISCLOSURE, _ = read_lined((ROOT / "policies" / "disclosure.yaml").read_text("utf-8"))
SMALL = "診断,男,女\nA,120,7\nB,230,140\nC,150,90\n"
FINE = "診断,男,女\nA,120,47\nB,230,140\n"


class NoIdentifiers:
    def of(self, project: str) -> None:
        return None


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    (tmp_path / "work" / "outbox").mkdir(parents=True)
    monkeypatch.setenv("HANARE_WORK", str(tmp_path / "work"))
    with scene_of_two(tmp_path, asyncio.run) as scene:
        yield scene


def in_a_notebook(scene: Scene, cell: Callable[[], Any]) -> Any:
    """What a cell gives while desk and worker do their part."""
    policies = PolicySet({"disclosure": DISCLOSURE}, scene.story.policies.digest)
    worker = scene.story.worker
    worker = type(worker)(
        **{
            **{name: getattr(worker, name) for name in worker.__slots__},
            "checker_for": lambda given: ProjectChecker(given, NoIdentifiers()),
            "load_policy": lambda: policies,
        }
    )
    told: list[Any] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            if not run_once(worker):
                stop.wait(0.05)

    async def tale(path: Path) -> None:
        intake = Intake(str(path), "mei")
        with WorkFolder(scene.folder.parent / "work") as folder:
            carrying = asyncio.create_task(Questions(folder, intake).run())
            try:
                told.append(await asyncio.to_thread(cell))
            finally:
                carrying.cancel()
                await intake.close()

    working = threading.Thread(target=work)
    working.start()
    try:
        scene.play(tale)
    finally:
        stop.set()
        working.join()
    return told[0]


def test_a_small_count_is_told_with_what_would_mend_it_and_mending_is_a_draft(scene: Scene) -> None:
    begun = time.monotonic()
    answer = in_a_notebook(scene, lambda: enclave_kit.check({"t.csv": SMALL}))
    assert time.monotonic() - begun < 10
    assert answer.verdict == "fix"
    assert [(f["rule"], f["where"]) for f in answer.findings] == [
        ("SDC.small_cell", {"row": 2, "column": "女"})
    ]
    kinds = {remedy["kind"] for remedy in answer.remedies}
    assert "round" in kinds
    assert "text" not in str(answer.remedies)
    mended = in_a_notebook(scene, lambda: enclave_kit.fix({"t.csv": SMALL}, "round"))
    assert mended.verdict in {"pass", "review"}
    (path,) = mended.mended
    assert path.name == "mended-t.csv"
    assert ",7\n" not in path.read_text("utf-8")
    again = in_a_notebook(scene, lambda: enclave_kit.check({"t.csv": path}))
    assert again.verdict == mended.verdict
    with scene.story.works.read() as work:
        assert work.requests.of_project(PROJECT) == ()


def test_asking_and_answering_are_recorded_and_the_files_are_kept_no_longer(scene: Scene) -> None:
    in_a_notebook(scene, lambda: enclave_kit.check({"t.csv": FINE}))
    (asked,), (answered,) = scene.leaves("check.asked"), scene.leaves("check.answered")
    assert (asked["person"], asked["project"], len(asked["facts"]["files"])) == ("mei", PROJECT, 1)
    assert answered["facts"]["verdict"] == "pass"
    assert asked["subject"] == answered["subject"]
    with scene.story.works.read() as work:
        check = work.checks.find(asked["subject"])
        assert check is not None
        assert check.files == ()
        assert [kept.request for kept in work.numbers.asked(PROJECT)] == [f"c-{check.id}"]
    assert not list((scene.folder.parent / "work" / "outbox").iterdir())


def test_too_many_questions_in_an_hour_are_refused(scene: Scene) -> None:
    def many() -> list[str]:
        return [enclave_kit.check({"t.csv": FINE}).code for _ in range(CHECKS_PER_HOUR + 1)]

    assert in_a_notebook(scene, many) == ["", "", "", "checks_spent"]


def test_what_another_project_released_changes_no_answer(scene: Scene) -> None:
    stated = stated_in(examine(SubmittedFile("t.csv", FileKind.CSV, FINE.replace("47", "46"))))
    with scene.story.works.begin() as work:
        keyring: Any = work.keyring
        keyring.make("p-other", "body")
        work.numbers.put_released("elsewhere", "p-other", "v1", (stated,), START)
    assert in_a_notebook(scene, lambda: enclave_kit.check({"t.csv": FINE})).verdict == "pass"
    (answered,) = scene.leaves("check.answered")
    assert answered["facts"]["rules"] == []


def test_a_release_of_the_own_project_is_told(scene: Scene) -> None:
    stated = stated_in(examine(SubmittedFile("t.csv", FileKind.CSV, FINE.replace("47", "46"))))
    with scene.story.works.begin() as work:
        work.numbers.put_released("earlier", PROJECT, "v1", (stated,), START)
    answer = in_a_notebook(scene, lambda: enclave_kit.check({"t.csv": FINE}))
    assert answer.verdict == "fix"
    assert {f["rule"] for f in answer.findings} == {"SDC.differencing"}


def test_a_file_that_cannot_be_read_is_no_pass(scene: Scene) -> None:
    answer = in_a_notebook(scene, lambda: enclave_kit.check({"t.png": "x"}))
    assert (answer.verdict, answer.code) == ("", "format_refused")


def test_the_kit_refuses_what_cannot_be_asked(scene: Scene) -> None:
    with pytest.raises(KitError) as refused:
        enclave_kit.fix({"t.csv": FINE}, "anything")
    assert refused.value.code == "unknown_remedy"
    with pytest.raises(KitError) as refused:
        enclave_kit.check({f"{n}.csv": FINE for n in range(6)})
    assert refused.value.code == "too_many_to_check"


def test_an_unfit_question_of_a_kernel_is_answered_by_the_desk(scene: Scene) -> None:
    work = scene.folder.parent / "work"
    check_id = "11111111-1111-1111-1111-111111111111"
    folder = work / "outbox" / f"check-{check_id}"
    folder.mkdir()
    (folder / "check.json").write_text(json.dumps({"files": ["../t.csv"], "remedy": ""}))
    answer = work / ".hanare" / f"check-{check_id}.json"

    def wait() -> dict[str, Any]:
        until = time.monotonic() + 5
        while not answer.exists() and time.monotonic() < until:
            time.sleep(0.05)
        told: dict[str, Any] = json.loads(answer.read_text())
        return told

    told = in_a_notebook(scene, wait)
    assert (told["verdict"], told["code"]) == ("", "draft_unreadable")
    assert scene.leaves("check.asked") == []
