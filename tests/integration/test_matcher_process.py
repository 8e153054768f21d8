"""The matcher's process as it is started: it answers, gives its sign of life, and takes up a new set while it runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.adapters.own_set_files import OwnSetFiles
from catalog.identifiers.own_forms import OwnKind
from catalog.identifiers.own_set import OwnSetMaker
from enclave.errors import EnclaveError
from enclave.settings import Settings
from output_review.adapters.matcher_client import MatcherClient
from tests.support.fakes import CountingRandomness
from tests.support.own_matcher import AT

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"ENCLAVE_HOME": str(tmp_path / "e"), "PRODUCER_HOME": str(tmp_path / "p")}
    made = Settings.from_environment(environment, ROOT)
    for folder in (made.matcher_socket.parent, made.own_set, made.own_asked):
        folder.mkdir(parents=True)
    return made


def started(settings: Settings) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "ENCLAVE_HOME": str(settings.enclave_home),
        "PRODUCER_HOME": str(settings.producer_home),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.processes", "matcher"], env=environment, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + SECONDS
    while not settings.matcher_socket.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return process


@pytest.fixture
def running(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    process = started(settings)
    yield process
    process.kill()
    process.wait(10)


def put(settings: Settings, form: str, source: str) -> None:
    files = OwnSetFiles(settings.own_set)
    maker = OwnSetMaker(files.key(CountingRandomness()))
    maker.add(OwnKind.NAME, [form])
    files.write(maker.made(), source, AT)


def test_it_answers_from_the_newest_set_and_lives_until_told_to_end(
    settings: Settings, running: "subprocess.Popen[bytes]"
) -> None:
    client = MatcherClient(settings.matcher_socket)
    with pytest.raises(EnclaveError) as none:
        client.kinds_of("p-diabetes", ["山田太郎"])
    assert none.value.code == "own_no_set"
    for number, name in enumerate(["山田太郎", "山田花子"]):
        put(settings, name, f"s{number}")
        assert client.kinds_of("p-diabetes", ["山田太郎", "山田花子"]).ours == {name: OwnKind.NAME}
    assert time.time() - settings.beat("matcher").stat().st_mtime < 15
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 0
    assert not settings.matcher_socket.exists()


def test_killed_anywhere_it_starts_again_and_forgets_no_count(
    settings: Settings, running: "subprocess.Popen[bytes]"
) -> None:
    put(settings, "山田太郎", "s")
    client = MatcherClient(settings.matcher_socket)
    client.kinds_of("p-diabetes", ["山田太郎"] * 7)
    running.kill()
    running.wait(10)
    with pytest.raises(EnclaveError) as away:
        client.kinds_of("p-diabetes", ["山田太郎"])
    assert away.value.code == "own_failed"
    again = started(settings)
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                assert client.kinds_of("p-diabetes", ["山田太郎"]).ours
                break
            except EnclaveError:
                time.sleep(0.1)
        (day,) = settings.own_asked.iterdir()
        assert len(day.read_text().splitlines()) == 2
    finally:
        again.kill()
        again.wait(10)
