"""The steward's commands as people type them: exit codes, JSON, both languages."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyotp
import pytest

import hub.cli
from catalog.adapters import producer
from catalog.cli.officers import officers_of
from catalog.time_boxes import Purpose
from enclave.adapters.foundation import open_foundation
from enclave.people import Credential
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import propose_policies
from enclave.use_cases.sign_in import SecondFactor
from hub.database_schema import bring_up_to_date
from tests.support.catalog_house import DEMO_VIEWS, PROJECT, WIDE_PERMIT, _settings
from tests.support.officers import QUICK, WHY, both_at, settle_officers
from tests.support.people import settle

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Run = Callable[..., int]


def _run(*words: str) -> int:
    return hub.cli.main(list(words))


def test_check_view_accepts_with_lineage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view = tmp_path / "v.sql"
    view.write_text(
        "SELECT pseudonym(patient_key) AS k, birth_month(birth_date) AS m FROM patient WHERE sex = 'F'"
    )
    assert _run("catalog", "check-view", str(view), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["accepted"] is True
    assert answer["refusals"] == []
    assert answer["columns"][1] == {
        "name": "m",
        "sources": ["patient.birth_date", "patient.sex"],
        "values": ["patient.birth_date"],
        "transforms": ["birth_month"],
    }


def test_check_view_refuses_with_place_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view = tmp_path / "v.sql"
    view.write_text("SELECT sex,\n  email FROM patient_identity")
    assert _run("catalog", "check-view", str(view), "--json", "--profile", "pseudo") == 3
    answer = json.loads(capsys.readouterr().out)
    assert (answer["accepted"], answer["columns"]) == (False, [])
    identifier = next(r for r in answer["refusals"] if r["rule"] == "direct_identifier")
    assert (identifier["line"], identifier["column"]) == (2, 3)
    assert set(identifier["message"]) == {"ja", "en"}
    assert identifier["message"]["ja"] != identifier["message"]["en"]
    assert identifier["remedy"]["ja"]
    assert _run("catalog", "check-view", str(view)) == 3


def test_check_view_says_when_types_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view = tmp_path / "v.sql"
    view.write_text("SELECT birth_date + birth_date AS d FROM patient")
    assert _run("catalog", "check-view", str(view), "--json") == 3
    assert json.loads(capsys.readouterr().out)["refusals"][0]["rule"] == "types"


def test_wrong_use_is_two(tmp_path: Path) -> None:
    assert _run("catalog", "check-view", str(tmp_path / "nothing.sql")) == 2
    (tmp_path / "b.sql").write_bytes(b"\xff\xfe")
    assert _run("catalog", "check-view", str(tmp_path / "b.sql")) == 2
    with pytest.raises(SystemExit) as ended:
        _run("catalog", "check-view")
    assert ended.value.code == 2
    assert _run("catalog", "write-uke", str(tmp_path / "x"), "--patients", "0", "--seed", "1") == 2


def test_write_uke_writes_the_same_file_again(tmp_path: Path) -> None:
    words = ["catalog", "write-uke", "--patients", "200", "--seed", "4", "--month", "2024-10"]
    assert _run(*words, str(tmp_path / "a")) == 0
    assert _run(*words, str(tmp_path / "b")) == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != b""


@pytest.fixture
def as_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A home of real files, and a command run by a person who proves who they are."""
    for folder in ("state", "keys/projects", "checkpoints", "extracts", "producer"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "keys" / "master.key").write_bytes(bytes(range(32)))
    settings = _settings(tmp_path)
    bring_up_to_date(settings.database_url)
    house = open_foundation(settings)
    secrets = {name: pyotp.random_base32() for name in ("ste", "bo", "mei")}
    monkeypatch.setattr(producer, "Stretching", lambda: QUICK)
    settings.producer_home.chmod(0o700)
    with house.database.begin() as work:
        settle(work)
        settle_officers(work)
        work.register.put_permit(WIDE_PERMIT)
        for name, secret in secrets.items():
            sealed = work.register.seal_totp(name, secret)
            work.register.put_credential(name, Credential(house.passwords.hash("pw"), sealed))
        policies = propose_policies(work, "bo", house.policies())
        adopt(work, SecondFactor("ben", work.now), policies.id, policies.digest)
    officers = officers_of(house)
    officers.make(both_at(house.clock.now()))
    officers.open(both_at(house.clock.now()), Purpose.BUILD, "", 5, 5, WHY)
    monkeypatch.setattr(hub.cli, "open_house", lambda: house)

    def run(person: str, *words: str) -> int:
        code = pyotp.TOTP(secrets[person]).at(house.clock.now())
        with house.database.begin() as work:  # as if half a minute had passed since the last command
            work.connection.exec_driver_sql("DELETE FROM totp_spent")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"pw\n{code}\n"))
        return _run(*words, "--as", person)

    yield run
    officers.close(both_at(house.clock.now()).first)


def test_from_a_claims_file_to_an_extract(
    tmp_path: Path, as_person: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    uke = tmp_path / "claims.UKE"
    _run("catalog", "write-uke", str(uke), "--patients", "200", "--seed", "4")
    capsys.readouterr()
    assert as_person("ste", "catalog", "ingest", "uke", str(uke)) == 0
    said = capsys.readouterr().out
    lines = uke.read_bytes().count(b"\n")
    assert f"rows read {lines} + rows quarantined 0 = rows in the file {lines}" in said
    assert "読み込んだ行" in said
    assert as_person("mei", "catalog", "build", PROJECT) == 1
    assert as_person("ste", "catalog", "propose-view", PROJECT, *map(str, DEMO_VIEWS)) == 0
    proposals = [
        word for word in capsys.readouterr().out.split() if ":" in word and len(word.partition(":")[2]) == 64
    ]
    wanted = sorted(set(proposals))
    assert len(wanted) == len(DEMO_VIEWS)
    assert as_person("bo", "proposals", "adopt", *wanted) == 0
    capsys.readouterr()
    assert as_person("ste", "catalog", "risk", PROJECT) == 0
    told = capsys.readouterr().out.split()
    digest = told[told.index("accept-risk") + 2]
    why = "a trial with generated people"
    assert as_person("ste", "catalog", "accept-risk", PROJECT, digest, "--reason", why) == 0
    assert as_person("ste", "catalog", "build", PROJECT) == 0
    assert (tmp_path / "extracts" / PROJECT / "v1.manifest.json").is_file()
    assert _run("catalog", "source") == 0
    assert "claims.UKE" in capsys.readouterr().out


def test_generate_writes_where_identifiers_stand_in_the_texts(
    tmp_path: Path, as_person: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "planted.jsonl"
    words = ("catalog", "generate", "--scale", "tiny", "--seed", "3", "--manifest", str(path))
    assert as_person("mei", *words) == 1
    assert not list(tmp_path.glob("*planted*"))
    assert as_person("ste", *words) == 0
    assert "patient: 200" in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_text(encoding="utf-8")
    with duckdb.connect(str(tmp_path / "producer" / "source.duckdb"), read_only=True) as source:
        texts = dict(source.execute("SELECT document_key, text FROM document").fetchall())
    planted = [json.loads(line) for line in first.splitlines()]
    assert len(planted) > 50
    for one in planted:
        assert texts[one["key"]][one["start"] : one["end"]] == one["value"]
    assert as_person("ste", *words) == 0
    assert "This was taken in before" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == first
    with pytest.raises(SystemExit):
        as_person("ste", "catalog", "generate", "--scale", "tiny", "--patients", "3", "--seed", "1")
