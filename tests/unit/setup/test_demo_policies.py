"""A demo home's policies: the board's, with the exceptions of this machine, for this home alone."""

import shutil
from pathlib import Path

import pytest

from enclave.adapters.policy_files import load_policies
from hub.host_baseline import EXCEPTABLE, Part, parse_exceptions
from setup import demo_policies, programs
from setup.places import Places, find

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    return find(tmp_path, {}, as_root=False)


def needing(monkeypatch: pytest.MonkeyPatch, *parts: str) -> None:
    monkeypatch.setattr(demo_policies, "needed", lambda _places: list(parts))


def test_every_part_that_can_be_excepted_has_a_reason_here() -> None:
    assert set(demo_policies.REASONS) == {part.value for part in EXCEPTABLE}


def test_the_products_own_loader_reads_what_set_up_wrote(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needing(monkeypatch, "apparmor", "yama")
    demo_policies.ensure(places)
    ours, boards = load_policies(demo_policies.folder(places)), load_policies(places.root / "policies")
    exempt = parse_exceptions(ours.documents["exceptions"])
    assert set(exempt) == {Part.APPARMOR, Part.YAMA}
    assert all(one.reason and one.source for one in exempt.values())
    assert ours.digest != boards.digest
    rest = set(boards.documents) - {"exceptions"}
    assert {name: ours.documents[name] for name in rest} == {name: boards.documents[name] for name in rest}
    said = capsys.readouterr().out
    assert "WARNING" in said
    assert "実データ" in said


def test_where_nothing_is_missing_nothing_is_excepted_and_nothing_said(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needing(monkeypatch)
    demo_policies.ensure(places)
    exceptions = load_policies(demo_policies.folder(places)).documents["exceptions"]
    assert parse_exceptions(exceptions) == {}
    assert "WARNING" not in capsys.readouterr().out


def test_every_process_of_a_demo_home_reads_them_and_no_other_home_does(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "HANARE_POLICIES" not in programs.shared_environment(places)
    needing(monkeypatch, "yama")
    demo_policies.ensure(places)
    told = programs.shared_environment(places)
    assert told["HANARE_POLICIES"] == str(demo_policies.folder(places))
    other = find(places.root, {"ENCLAVE_HOME": str(tmp_path / "other")}, as_root=False)
    assert "HANARE_POLICIES" not in programs.shared_environment(other)
