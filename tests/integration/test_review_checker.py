"""The checks with what the house knows: the board's numbers and the project's own pseudonyms."""

import uuid
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from enclave.adapters.policy_files import load_policies
from output_review.adapters.extract_facts import ExtractFolder
from output_review.adapters.project_checker import ProjectChecker, ProjectIdentifiers
from output_review.disclosure.findings import Verdict
from output_review.disclosure.history import NO_HISTORY
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.fakes import FakeKeyring
from tests.support.people import PERMIT

PROJECT = PERMIT.project
POLICIES = Path(__file__).parents[2] / "policies"
OLD, NEW = (str(uuid.UUID(int=n, version=4)) for n in (4711, 4712))


def make_extract(path: Path, key: bytes, patient: str) -> None:
    """An encrypted extract of one patient."""
    extension = files("duckdb_extension_httpfs") / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"LOAD '{extension}'")
        connection.execute(f"ATTACH '{path}' AS made (ENCRYPTION_KEY '{key.hex()}')")
        connection.execute("CREATE TABLE made.patient (patient_key UUID)")
        connection.execute("INSERT INTO made.patient VALUES (?)", [patient])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PROJECT).mkdir()
    return tmp_path


@pytest.fixture
def keyring() -> FakeKeyring:
    made = FakeKeyring()
    made.make(PROJECT, "data")
    return made


def checker(folder: Path, keyring: FakeKeyring) -> ProjectChecker:
    return ProjectChecker(load_policies(POLICIES), ProjectIdentifiers(folder, keyring))


def submission(text: str) -> Submission:
    return Submission("r1", (SubmittedFile("memo.txt", FileKind.TEXT, text),))


def test_a_pseudonym_of_any_extract_of_the_project_is_found(folder: Path, keyring: FakeKeyring) -> None:
    key = keyring.make(PROJECT, "data")
    make_extract(folder / PROJECT / "v1.duckdb", key, OLD)
    make_extract(folder / PROJECT / "v2.duckdb", key, NEW)
    checks = checker(folder, keyring)
    for patient in (OLD, NEW):
        report = checks.check(PROJECT, submission(f"the case {patient} is odd"), (), NO_HISTORY, {})
        assert report.verdict is Verdict.REJECT
        assert [f.rule for f in report.files[0].findings] == ["ID.pseudonym"]
    assert checks.check(PROJECT, submission("nothing here"), (), NO_HISTORY, {}).verdict is Verdict.PASS


def test_a_new_extract_is_seen_at_once(folder: Path, keyring: FakeKeyring) -> None:
    key = keyring.make(PROJECT, "data")
    make_extract(folder / PROJECT / "v1.duckdb", key, OLD)
    checks = checker(folder, keyring)
    assert checks.check(PROJECT, submission("nothing here"), (), NO_HISTORY, {}).verdict is Verdict.PASS
    make_extract(folder / PROJECT / "v2.duckdb", key, NEW)
    assert checks.check(PROJECT, submission(f"the case {NEW}"), (), NO_HISTORY, {}).verdict is Verdict.REJECT


def test_a_set_is_read_once_and_ahead_and_one_that_cannot_be_read_stops_no_other(
    folder: Path, keyring: FakeKeyring
) -> None:
    path = folder / PROJECT / "v1.duckdb"
    make_extract(path, keyring.make(PROJECT, "data"), OLD)
    (folder / "a-broken").mkdir()
    (folder / "a-broken" / "v1.duckdb").write_bytes(b"no extract")
    identifiers = ProjectIdentifiers(folder, keyring)
    identifiers.read_ahead()
    keyring.destroy(PROJECT, "data")
    ids = identifiers.of(PROJECT)
    assert ids is not None
    assert set(ids.table.digests) == {"md5", "sha1", "sha256"}
    assert identifiers.of(PROJECT) is ids
    path.unlink()
    assert identifiers.of(PROJECT) is None


def test_without_the_key_nothing_passes(folder: Path, keyring: FakeKeyring) -> None:
    make_extract(folder / PROJECT / "v1.duckdb", keyring.make(PROJECT, "data"), OLD)
    keyring.destroy(PROJECT, "data")
    with pytest.raises(LookupError):
        checker(folder, keyring).check(PROJECT, submission("nothing here"), (), NO_HISTORY, {})


def test_an_extract_that_does_not_open_lets_nothing_pass(folder: Path, keyring: FakeKeyring) -> None:
    (folder / PROJECT / "v1.duckdb").write_bytes(b"nonsense")
    with pytest.raises(Exception, match="extract"):
        checker(folder, keyring).check(PROJECT, submission("nothing here"), (), NO_HISTORY, {})


def test_a_project_without_extract_has_uuids_looked_at(folder: Path, keyring: FakeKeyring) -> None:
    assert (
        checker(folder, keyring).check(PROJECT, submission(f"x {OLD}"), (), NO_HISTORY, {}).verdict
        is Verdict.REVIEW
    )


def test_the_record_names_the_newest_extract(folder: Path) -> None:
    assert ExtractFolder(folder).facts(PROJECT) == {}
    (folder / PROJECT / "v1.duckdb.manifest.json").write_text("{}")
    facts = ExtractFolder(folder).facts(PROJECT)
    assert facts["version"] == "v1"
    assert len(str(facts["manifest_sha256"])) == 64
