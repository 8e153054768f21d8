"""What two officers type: box, time box, inquiry, passphrase; every secret on standard input."""

import io
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest

import hub.cli
from catalog.adapters import producer
from catalog.cli.officers import officers_of
from catalog.officers_box import Stretching, open_box
from enclave.adapters.foundation import Foundation, open_foundation
from enclave.people import Credential
from hub.database_schema import bring_up_to_date
from tests.support.catalog_house import PROJECT, _settings
from tests.support.inquiry_house import UNKNOWN
from tests.support.officers import PASSPHRASES, QUICK, WHY, both_at, settle_officers
from tests.support.people import settle

Type = Callable[..., int]
TWO = ("--as", "emi", "--with", "jun")
WORDS = (PASSPHRASES["emi"], PASSPHRASES["jun"])


@pytest.fixture(name="house")
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Foundation]:
    for folder in ("state", "keys/projects", "checkpoints", "extracts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "producer").mkdir(mode=0o700)
    (tmp_path / "keys" / "master.key").write_bytes(bytes(range(32)))
    settings = _settings(tmp_path)
    bring_up_to_date(settings.database_url)
    house = open_foundation(settings)
    monkeypatch.setattr(producer, "Stretching", lambda: QUICK)
    monkeypatch.setattr(hub.cli, "open_house", lambda: house)
    with house.database.begin() as work:
        settle(work)
        settle_officers(work)
    yield house
    if officers_of(house).box.find() is not None:
        officers_of(house).close(both_at(house.clock.now()).first)


@pytest.fixture(name="type_in")
def _type_in(house: Foundation, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Run a command; whoever acts gives password and code, and then the passphrase if there is one."""
    hashed = house.passwords.hash("pw")

    def run(*words: str, acting: tuple[str, ...] = ("emi", "jun"), secrets: tuple[str, ...] = WORDS) -> int:
        lines = []
        for place, name in enumerate(acting):
            secret = pyotp.random_base32()
            with house.database.begin() as work:
                sealed = work.register.seal_totp(name, secret)
                work.register.put_credential(name, Credential(hashed, sealed))
                work.connection.exec_driver_sql("DELETE FROM totp_spent")
            lines += ["pw", pyotp.TOTP(secret).at(house.clock.now()), *secrets[place : place + 1]]
        lines += secrets[len(acting) :]
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
        return hub.cli.main(list(words))

    return run


def open_words(minutes: int = 5) -> tuple[str, ...]:
    return ("catalog", "officers", "open", "--minutes", str(minutes), "--reason", WHY, *TWO)


def test_before_there_is_a_box_nothing_opens_and_status_says_so(
    type_in: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub.cli.main(["catalog", "officers", "status"]) == 0
    assert "There is no officers' box yet" in capsys.readouterr().out
    assert type_in(*open_words()) == 1
    assert "no_officers_box" in capsys.readouterr().err


def test_from_a_box_to_a_time_box_and_closed_again(
    house: Foundation, type_in: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in("catalog", "officers", "init", *TWO) == 0
    assert type_in(*open_words(), secrets=(WORDS[0], WORDS[0])) == 1
    assert "[wrong_passphrase]" in capsys.readouterr().err
    assert type_in(*open_words(minutes=10_000)) == 2
    assert type_in(*open_words()) == 0
    (opened,) = house.settings.opened.iterdir()
    assert stat.S_IMODE(opened.stat().st_mode) == 0o600
    assert stat.S_IMODE(house.settings.opened.stat().st_mode) == 0o700
    assert hub.cli.main(["catalog", "officers", "status"]) == 0
    said = capsys.readouterr().out
    assert "emi jun (sakusei)" in said
    assert "The officers' box is open until" in said
    assert type_in("catalog", "officers", "close", "--as", "jun", acting=("jun",), secrets=()) == 0
    assert not house.settings.opened.exists()
    for word in WORDS:
        assert word not in said


def test_a_passphrase_is_changed_after_both_proved_themselves(house: Foundation, type_in: Type) -> None:
    assert type_in("catalog", "officers", "init", *TWO) == 0
    new = "a passphrase of another year"
    assert type_in("catalog", "officers", "passphrase", *TWO, secrets=(*WORDS, "short")) == 2
    assert type_in("catalog", "officers", "passphrase", *TWO, secrets=(*WORDS, new)) == 0
    assert type_in(*open_words()) == 1
    assert type_in(*open_words(), secrets=(new, WORDS[1])) == 0


def test_an_inquiry_is_answered_into_a_new_file_of_its_owner_alone(
    house: Foundation, type_in: Type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in("catalog", "officers", "init", *TWO) == 0
    begun = ("catalog", "inquiry", "open", PROJECT, "--number", "A-1", "--authority", "pmda")
    words = (*begun, "--reason", WHY, "--minutes", "5", *TWO)
    assert type_in(*words) == 1
    assert "[no_pseudonym_key]" in capsys.readouterr().err
    zone = producer.open_producer(house.settings, house.fresh)
    assert type_in(*open_words()) == 0
    zone.pseudonym_keys.make(PROJECT)
    assert (
        type_in("catalog", "generate", "--patients", "3", "--seed", "1", "--as", "ste", acting=("ste",)) == 0
    )
    assert type_in(*words) == 0
    asked, out = tmp_path / "asked.txt", tmp_path / "answer.json"
    asked.write_text(f"{UNKNOWN}\n")
    answer = ("catalog", "inquiry", "answer", "A-1", "--pseudonyms", str(asked), "--as", "jun")
    assert type_in(*answer, "--out", str(asked), acting=("jun",)) == 1
    assert type_in(*answer, "--out", str(out), acting=("jun",)) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text())["unknown"] == [UNKNOWN]
    assert hub.cli.main(["catalog", "inquiry", "list"]) == 0
    assert "A-1 p-diabetes pmda resealed 1" in capsys.readouterr().out


def test_the_master_key_is_changed_at_the_command_line(
    type_in: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("keys", "rotate-master", "--as", "ota", "--with", "bo")
    assert type_in(*words, acting=("ota", "bo"), secrets=()) == 0
    assert "Keys wrapped anew: 5" in capsys.readouterr().out
    assert type_in(*words[:-1], "ste", acting=("ota", "ste"), secrets=()) == 1


def test_a_box_of_full_strength_takes_its_time_and_opens(house: Foundation) -> None:
    box = producer.open_producer(house.settings, house.fresh, cost=Stretching()).box
    made = box.propose("sakusei", PASSPHRASES)
    assert made.stretching.memory_kib >= 65536
    assert len(open_box(made, PASSPHRASES)) == 32
