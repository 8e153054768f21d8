"""The operator's commands over a real database: eligibility shown, narrowed, and proposed anew."""

import argparse
import io
import json
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.adapters.checkpoint_files import CheckpointFiles
from enclave.adapters.foundation import Foundation
from enclave.adapters.system import SystemRandomness
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.errors import DeniedError, EnclaveError, InvalidInputError, UnavailableError
from enclave.people import AccountState, Credential
from enclave.settings import Settings
from hub.cli import parser
from tests.support.fakes import FakePasswords
from tests.support.houses import SqliteHouse
from tests.support.people import CAST, CONTRACT, settle

ROOT = Path(__file__).resolve().parents[2]
REASON = "調査が済むまで停止する"


@dataclass
class Desk:
    """An operator's terminal."""

    house: SqliteHouse
    foundation: Foundation
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *words: str, who: str = "ota", typed: str = "") -> str:
        """What a command printed; ``--as`` is added when ``who`` acts."""
        self.house.clock.forward(timedelta(seconds=60))
        code = FakePasswords.code(who, int(self.house.clock.at.timestamp()) // 30)
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed or f"pw\n{code}\n"))
        arguments: argparse.Namespace = parser().parse_args([*words, *(["--as", who] if who else [])])
        assert arguments.run(arguments, lambda: self.foundation) == 0
        return self.capsys.readouterr().out

    def adopt(self, printed: str, who: str = "bo") -> str:
        found = re.search(r"[0-9a-f]{16}:[0-9a-f]{64}", printed)
        assert found, printed
        return self.run("proposals", "adopt", found[0], who=who)

    def start(self, username: str) -> None:
        with self.house.begin() as work:
            rows = WorkspaceTables(work.connection)
            rows.begin_start("a" * 12, username, "p-diabetes", "v1", work.now)
            rows.put_live("a" * 12)

    def stop(self) -> None:
        with self.house.begin() as work:
            WorkspaceTables(work.connection).put_stopped("a" * 12, work.now)


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    house = SqliteHouse(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    with house.begin() as work:
        settle(work)
        for one in CAST:
            sealed = work.register.seal_totp(one.username, one.username)
            work.register.put_credential(one.username, Credential(FakePasswords().hash("pw"), sealed))
    environment = {"ENCLAVE_HOME": str(tmp_path), "PRODUCER_HOME": str(tmp_path / "producer")}
    foundation = Foundation(
        settings=Settings.from_environment(environment, ROOT),
        database=house.database,
        keyring=house.keyring,
        notes=CheckpointFiles(tmp_path / "checkpoints"),
        passwords=FakePasswords(),  # type: ignore[arg-type]
        clock=house.clock,  # type: ignore[arg-type]
        fresh=SystemRandomness(),
    )
    yield Desk(house, foundation, capsys, monkeypatch)
    house.database.close()


def test_a_project_says_in_both_languages_who_may_work_and_why_not(desk: Desk) -> None:
    said = desk.run("projects", "show", "p-diabetes", who="")
    assert "mei: may work today." in said
    assert "本日、利用できます" in said
    assert CONTRACT.id in said
    desk.run("contracts", "end", CONTRACT.id, "--reason", "双方の合意による終了")
    said = desk.run("projects", "show", "p-diabetes", who="")
    assert "[contract_lapsed]" in said
    assert "利用契約は効力がありません" in said
    assert "is not in force" in said
    assert "0/1" in desk.run("projects", "list", who="")
    assert "双方の合意による終了" in desk.run("contracts", "list", who="")


def test_a_contract_and_a_course_take_two_people(desk: Desk) -> None:
    desk.run("contracts", "end", CONTRACT.id, "--reason", "双方の合意による終了")
    days = ["--from", "2026-01-01", "--until", "2027-03-31", "--sha256", "d" * 64]
    printed = desk.run("contracts", "propose", "k-2", "--organisation", "daigaku", *days)
    with pytest.raises(DeniedError):
        desk.adopt(printed, "ota")
    desk.adopt(printed)
    assert "mei: may work today." in desk.run("projects", "show", "p-diabetes", who="")
    course = ["--course", "更新研修", "--completed", "2026-03-30", "--valid-until", "2028-03-31"]
    desk.adopt(desk.run("people", "training", "mei", *course))
    said = desk.run("people", "show", "mei", who="")
    assert "valid until 2028-03-31" in said
    assert "更新研修" in said


def test_a_withdrawn_certification_shows_on_everyone_of_the_organisation(desk: Desk) -> None:
    desk.run("organisations", "withdraw", "daigaku", "--reason", "認定の取消しの通知があった")
    assert "[certification_withdrawn]" in desk.run("organisations", "list", who="")
    said = desk.run("people", "list", who="")
    assert said.count("[certification_withdrawn]") == 2
    printed = desk.run(
        "people", "organisation", "daigaku", "--name", "東都大学", "--kind", "type_two_user",
        "--certificate", "二-9", "--certified-from", "2026-01-01", "--certified-until", "2027-03-31",
    )  # fmt: skip
    desk.adopt(printed)
    assert "[certification_withdrawn]" not in desk.run("people", "list", who="")


def test_suspending_waits_until_nothing_of_the_person_runs_and_says_how_long(desk: Desk) -> None:
    desk.start("mei")
    sweeper = threading.Timer(0.5, desk.stop)
    sweeper.start()
    said = desk.run("people", "suspend", "mei", "--reason", REASON)
    sweeper.join()
    found = re.search(r"running: 1\. All are ended, after (\d+\.\d) seconds", said)
    assert found, said
    assert 0.3 <= float(found[1]) < 5
    shown = desk.run("people", "show", "mei", who="")
    assert REASON in shown
    assert "[suspended]" in shown
    desk.adopt(desk.run("people", "reinstate", "mei", "--reason", "調査が済み、問題はなかった"))
    with desk.house.read() as work:
        account = work.register.find_account("mei")
    assert account is not None
    assert account.state is AccountState.ACTIVE


def test_a_workspace_that_does_not_end_is_said_and_the_suspension_stands(desk: Desk) -> None:
    desk.start("mei")
    with pytest.raises(UnavailableError) as caught:
        desk.run("people", "suspend", "mei", "--reason", REASON, "--wait", "0")
    assert caught.value.code == "still_running"
    assert "1" in caught.value.sentence.en
    with desk.house.read() as work:
        account = work.register.find_account("mei")
    assert account is not None
    assert account.state is AccountState.SUSPENDED


def test_a_credential_comes_with_recovery_codes_and_a_password_that_is_one(desk: Desk) -> None:
    made = json.loads(desk.run("people", "credential", "eve", who="", typed="ame futte ji katamaru\n"))
    assert len(made["recovery_codes"]) == 10
    assert len(made["totp_secret"]) == 32
    with desk.house.read() as work:
        assert work.register.has_pending_credential("eve", made["credential"], work.now - timedelta(days=7))
    for name, password in (("eve", "short"), ("Eve", "ame futte ji katamaru")):
        with pytest.raises(InvalidInputError):
            desk.run("people", "credential", name, who="", typed=f"{password}\n")


def test_a_recovery_code_commands_nothing(desk: Desk) -> None:
    with desk.house.begin() as work:
        known = work.register.find_credential("ota")
        assert known is not None
    with pytest.raises(EnclaveError) as caught:
        desk.run("people", "suspend", "mei", "--reason", REASON, typed="pw\nAAAA-AAAA-AAAA-AAAA\n")
    assert caught.value.code == "wrong_credentials"
