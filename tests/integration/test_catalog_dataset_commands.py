"""``register``, ``publish`` and ``datasets`` as people type them."""

import json
from pathlib import Path

import pytest

from tests.support.classes_files import CLASSES, line_with
from tests.support.registry_house import write_registry
from tests.support.steward_commands import Run, home_of_stewards

STRANGERS = CLASSES.replace("      patient_key:\n", "      person:\n").replace(
    "entity: patient\n", "entity: registry_person\n"
)


@pytest.fixture(name="run")
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return home_of_stewards(tmp_path, monkeypatch)


def test_from_a_template_to_a_published_registry(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_registry(tmp_path / "r.duckdb")
    assert run("", "catalog", "register", str(file), "--template") == 0
    template = capsys.readouterr().out
    assert 'from: "診断日"' in template
    classes = tmp_path / "classes.yaml"
    classes.write_text(template, "utf-8")
    assert run("ste", "catalog", "register", str(file), "--classes", str(classes)) == 2
    said = capsys.readouterr()
    assert f"classes.yaml:{line_with(template, 'class:')}: " in said.out
    assert said.out.count("has no class") == 7
    assert "分類がありません" in said.out
    classes.write_text(STRANGERS, "utf-8")
    assert run("ste", "catalog", "register", str(file), "--classes", str(classes)) == 0
    assert "cancer_case: 2" in capsys.readouterr().out
    view = tmp_path / "v.sql"
    view.write_text("SELECT stage, count(*) AS n FROM cancer_case GROUP BY stage")
    assert run("", "catalog", "check-view", str(view)) == 3
    assert run("", "catalog", "check-view", str(view), "--source") == 0
    capsys.readouterr()
    assert run("", "catalog", "datasets", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"published_at": None, "datasets": []}


def test_publish_and_look_through(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("", "catalog", "datasets") == 0
    assert "まだ何も公開されていません" in capsys.readouterr().out
    assert run("mei", "catalog", "publish") == 1
    assert run("ste", "catalog", "publish") == 0
    capsys.readouterr()
    assert run("", "catalog", "datasets", "--json", "--search", "ＪＬＡＣ１０") == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"lab_result", "code_jlac10"} <= {one["name"] for one in answer["datasets"]}
    assert all({"class", "use", "label"} <= set(c) for one in answer["datasets"] for c in one["columns"])
    assert run("", "catalog", "datasets", "--search", "採取日時") == 0
    assert "specimen_ts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nowhere.duckdb", "--template"), 2),
        (("r.duckdb",), 2),
        (("r.duckdb", "--classes", "nowhere.yaml"), 2),
        (("r.duckdb", "--classes", "latin.yaml"), 2),
        (("r.duckdb", "--classes", "tabs.yaml"), 2),
        (("r.duckdb", "--classes", "r.duckdb"), 2),
    ],
)
def test_wrong_use_is_two(tmp_path: Path, run: Run, words: tuple[str, ...], code: int) -> None:
    write_registry(tmp_path / "r.duckdb")
    (tmp_path / "latin.yaml").write_bytes("name: é".encode("latin-1"))
    (tmp_path / "tabs.yaml").write_text("name:\n\t- x", "utf-8")
    places = [str(tmp_path / word) if "." in word else word for word in words]
    try:
        assert run("ste", "catalog", "register", *places) == code
    except SystemExit as left:
        assert left.code == code
