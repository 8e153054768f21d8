"""``enclave people suspend`` in the whole house, every process its own user: five seconds from the command on."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from hub.sessions_house import Places, workspace_id
from setup import places
from tests.support.hub_running import Browser, Kernel, until
from tests.support.product import ROOT, Product

pytestmark = pytest.mark.timeout(500)
WHO, SECONDS = "mei", 5.0


def with_code(try_with: Callable[[int], bool]) -> None:
    """A code's step is used up by whoever came first: now, the one after, the one before, then wait."""
    for attempt in range(4):
        for step in (0, 1, -1):
            if try_with(step):
                return
        if attempt < 1:
            time.sleep(31)
    raise AssertionError("no one-time code was good")


def enclave(product: Product, person: str, *words: str) -> tuple[str, float]:
    """A command, proved with the person's password and code; what it printed, and its seconds."""
    told: list[str] = []
    seconds: list[float] = []
    actor = product.actor(person)

    def run(step: int) -> bool:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "hub.cli", *words, "--as", person],
            cwd=ROOT, input=f"{actor.password}\n{actor.code(step)}\n", capture_output=True, text=True,
            check=False, timeout=120, env={**os.environ, "ENCLAVE_HOME": str(product.enclave_home)},
        )  # fmt: skip
        told[:], seconds[:] = [done.stdout, done.stderr], [time.monotonic() - started]
        assert done.returncode == 0 or "wrong_credentials" in done.stderr, told
        return done.returncode == 0

    with_code(run)
    return told[0], seconds[0]


@pytest.fixture
def at_work(product: Product) -> Iterator[tuple[Browser, Kernel, str]]:
    """Mei at work, with a kernel that answers; open again afterwards, by two people."""
    actor, browser = product.actor(WHO), Browser(product.hub, WHO)
    with_code(lambda step: browser.sign_in(actor.password, actor.code(step)).status_code == 200)
    browser.enter(product.project)
    browser.until_ready(product.project)
    kernel = browser.kernel(product.project)
    assert kernel.run("1 + 1") == ("ok", "2")
    yield browser, kernel, workspace_id(WHO, product.project)
    with contextlib.suppress(ConnectionClosed):
        kernel.close()
    told, _ = enclave(product, "ota", "people", "reinstate", WHO, "--reason", "the test is over")
    proposal = next(word for word in told.split() if ":" in word and len(word) > 64).rstrip(".")
    enclave(product, "bo", "proposals", "adopt", proposal)


def containers() -> set[str]:
    words = ["docker", "ps", "--all", "--format", "{{.Names}}"]
    return set(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split())


def test_the_command_ends_everything_within_five_seconds_and_says_so(
    product: Product, at_work: tuple[Browser, Kernel, str]
) -> None:
    browser, kernel, wid = at_work
    home = places.find(ROOT, os.environ, as_root=os.getuid() == 0).enclave_home
    named = Places(str(home))
    both = {named.desk(wid), named.kernel(wid)}
    assert both <= containers()
    told, took = enclave(product, "ota", "people", "suspend", WHO, "--reason", "a test of the suspension")
    assert not both & containers()
    with pytest.raises(ConnectionClosed):
        kernel._socket.recv(timeout=1)
    sys.stderr.write(f"\n[suspend] the whole command took {took:.2f} s and said: {' '.join(told.split())}\n")
    assert took <= SECONDS
    until(lambda: "/hub/login" in browser.get("/hub/home").url, SECONDS)
    assert browser.enter(product.project).status_code in {200, 403}
    assert not both & containers()
