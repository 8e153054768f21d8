"""Whoever is shut out is out: within five seconds of the command, hub or no hub, and at every door."""

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed

from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.people import AccountState
from hub.sessions_house import Places
from tests.container.test_workspace_lifecycle import containers, desk_token, gone, kill, live_of, row
from tests.support.hub_running import PASSWORD, Browser, Kernel, RunningHub, until

pytestmark = pytest.mark.timeout(400)
PAST = date(2020, 1, 1)
SUSPENSION_SECONDS, WHOLE_SECONDS = 5.0, 60.0


def say(words: str) -> None:
    sys.stderr.write(f"\n[suspension] {words}\n")


@pytest.fixture(autouse=True)
def as_it_was(hub: RunningHub) -> Iterator[None]:
    """Every test finds everybody active, every process running and no workspace."""
    with hub.foundation.database.begin() as work:
        before = work.register.accounts()
    yield
    with hub.foundation.database.begin() as work:
        for account in before:
            work.register.put_account(account)
        work.displays.lift("rin", work.now)
        work.displays.lift("mei", work.now)
    for name in ("gate", "sweeper", "hub"):
        if name not in hub.processes:
            hub.start(name)
    hub.until_serving()


def change(hub: RunningHub, name: str, **values: Any) -> None:
    """The row as ``enclave people suspend`` and the like leave it."""
    with hub.foundation.database.begin() as work:
        account = work.register.find_account(name)
        assert account is not None
        work.register.put_account(replace(account, **values))


def websocket_is_closed(kernel: Kernel) -> bool:
    try:
        kernel._socket.recv(timeout=0.05)
    except TimeoutError:
        return False
    except ConnectionClosed:
        return True
    return False


def until_gone(hub: RunningHub, wid: str, seconds: float) -> None:
    until(gone(hub, wid), seconds, 0.02)


def last_end(hub: RunningHub) -> tuple[str, str]:
    facts = hub.events("workspace.stopped")[-1]["facts"]
    return facts["reason"], facts["code"]


@pytest.mark.parametrize("dead", [None, "hub"], ids=["hub alive", "hub killed"])
def test_a_suspended_person_is_out_within_five_seconds(hub: RunningHub, dead: str | None) -> None:
    mei, wid = live_of(hub, "mei", "p-a")
    kernel = mei.kernel("p-a")
    assert kernel.run("1 + 1") == ("ok", "2")
    if dead:
        hub.end(dead, signal.SIGKILL)
    started = time.monotonic()
    change(hub, "mei", state=AccountState.SUSPENDED)
    until(lambda: not containers(hub) & {hub.places.desk(wid), hub.places.kernel(wid)}, 15, 0.02)
    no_containers = time.monotonic() - started
    until(lambda: websocket_is_closed(kernel), 15, 0.02)
    closed = time.monotonic() - started
    until_gone(hub, wid, 15)
    say(f"hub {'killed' if dead else 'alive'}: containers {no_containers:.2f} s, websocket {closed:.2f} s")
    assert max(no_containers, closed) <= SUSPENSION_SECONDS
    assert last_end(hub) == ("ineligible", "suspended")


def lapse_training(hub: RunningHub) -> None:
    change(hub, "rin", trained_until=PAST)


def withdraw(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        organisation = work.register.find_organisation("univ")
        assert organisation is not None
        work.register.put_organisation(replace(organisation, withdrawn_at=datetime.now(UTC)))


def end_contract(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        for contract in work.register.contracts_of("univ"):
            work.register.put_contract(replace(contract, ended_at=datetime.now(UTC)))


def end_permit(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        permit = work.register.find_permit("p-b")
        assert permit is not None
        work.register.put_permit(replace(permit, ends_on=PAST))


def strike_from_permit(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        permit = work.register.find_permit("p-b")
        assert permit is not None
        work.register.put_permit(replace(permit, people=("mei",)))


@pytest.fixture
def register_as_it_was(hub: RunningHub) -> Iterator[None]:
    with hub.foundation.database.read() as work:
        organisation = work.register.find_organisation("univ")
        contracts, permit = work.register.contracts_of("univ"), work.register.find_permit("p-b")
    assert organisation is not None
    assert permit is not None
    yield
    with hub.foundation.database.begin() as work:
        work.register.put_organisation(organisation)
        work.register.put_permit(permit)
        for contract in contracts:
            work.register.put_contract(contract)


LOSSES: dict[str, tuple[Callable[[RunningHub], None], str]] = {
    "training lapsed": (lapse_training, "training_lapsed"),
    "certification withdrawn": (withdraw, "certification_withdrawn"),
    "contract ended": (end_contract, "contract_lapsed"),
    "permit ended": (end_permit, "project_ended"),
    "no longer named": (strike_from_permit, "not_on_permit"),
}


@pytest.mark.usefixtures("register_as_it_was")
@pytest.mark.parametrize("loss", LOSSES)
def test_whoever_is_no_longer_eligible_is_out_within_a_minute_with_the_hub_dead(
    hub: RunningHub, loss: str
) -> None:
    act, code = LOSSES[loss]
    rin, wid = live_of(hub, "rin", "p-b")
    kernel = rin.kernel("p-b")
    hub.end("hub", signal.SIGKILL)
    started = time.monotonic()
    act(hub)
    until_gone(hub, wid, WHOLE_SECONDS)
    until(lambda: websocket_is_closed(kernel), WHOLE_SECONDS, 0.02)
    took = time.monotonic() - started
    say(f"{loss}, hub killed: {took:.1f} s")
    assert took <= WHOLE_SECONDS
    assert last_end(hub) == ("ineligible", code)


def test_a_paused_person_is_out_and_comes_in_again_afterwards(hub: RunningHub) -> None:
    rin, wid = live_of(hub, "rin", "p-a")
    started = time.monotonic()
    with hub.foundation.database.begin() as work:
        work.displays.pause("rin", work.now + timedelta(seconds=20))
    until_gone(hub, wid, 10)
    assert time.monotonic() - started <= SUSPENSION_SECONDS
    assert last_end(hub) == ("ineligible", "paused")
    until(lambda: "enter-p-a" not in rin.get("/hub/home").text, 5)
    assert "Your workspaces are paused" in rin.get("/hub/home").text
    until(lambda: rin.enter("p-a").status_code == 403, 10)  # until the hub's poll: 400, it is running already
    until(lambda: "enter-p-a" in rin.get("/hub/home").text, 30)
    assert "not allowed to use it" in rin.get("/hub/home").text
    rin.enter("p-a")
    rin.until_ready("p-a")
    rin.leave("p-a")
    until_gone(hub, wid, 15)


def test_a_suspended_person_is_refused_at_every_door_of_the_hub(hub: RunningHub) -> None:
    """Cookie, spawn page, spawn interface, server, page token, desk token, sign-in, intake."""
    rin, wid = live_of(hub, "rin", "p-a")
    page, desk = rin.page_token("p-a"), desk_token(hub, wid)
    xsrf = rin.xsrf("/hub/")
    intake = Places(str(hub.settings.enclave_home)).intake_socket(wid)
    assert intake_answers(intake, desk)
    started = time.monotonic()
    change(hub, "rin", state=AccountState.SUSPENDED)
    until_gone(hub, wid, SUSPENSION_SECONDS)

    def refused() -> bool:
        headers = {"X-XSRFToken": xsrf, "Sec-Fetch-Mode": "cors", "Referer": f"{hub.url}/hub/home"}
        spawn = rin.session.post(f"{hub.url}/hub/api/users/rin/servers/p-a", headers=headers, timeout=20)
        form = rin.session.post(f"{hub.url}/hub/spawn/rin/p-a", data={"_xsrf": xsrf}, timeout=20)
        home = rin.session.get(f"{hub.url}/hub/home", timeout=20)
        lab = rin.session.get(f"{hub.url}/user/rin/p-a/lab", timeout=20)
        return (
            spawn.status_code in {401, 403}
            and (form.status_code == 403 or "/hub/login" in form.url)
            and "/hub/login" in home.url
            and ("/hub/login" in lab.url or lab.status_code in {403, 404})
            and not any(token_opens(hub, token) for token in (page, desk))
        )

    until(refused, 30, 0.2)
    took = time.monotonic() - started
    say(f"every door of the hub closed after {took:.1f} s")
    until(lambda: not intake_answers(intake, desk), 5, 0.05)
    assert Browser(hub.url, "rin").sign_in(PASSWORD, hub.code("rin")).status_code == 403
    assert containers(hub) == set()
    assert row(hub, wid) is WorkspaceState.STOPPED


def token_opens(hub: RunningHub, token: str) -> bool:
    """Whether a token is good for anything: reading its owner, the server, or starting one."""
    headers = {"Authorization": f"token {token}"}
    asked = (
        requests.get(f"{hub.url}/hub/api/user", headers=headers, timeout=20),
        requests.get(
            f"{hub.url}/user/rin/p-a/api/status", headers=headers, timeout=20, allow_redirects=False
        ),
        requests.post(f"{hub.url}/hub/api/users/rin/servers/p-a", headers=headers, timeout=20),
    )
    return any(answer.status_code < 300 for answer in asked)


def intake_answers(path: str, token: str) -> bool:
    request = (
        f"GET /releases HTTP/1.1\r\nHost: intake\r\nAuthorization: token {token}\r\nConnection: close\r\n\r\n"
    )
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(5)
        try:
            door.connect(path)
            door.sendall(request.encode())
            return door.recv(64).split()[1:2] == [b"200"]
        except OSError:
            return False


def test_without_the_sweeper_nothing_of_this_happens(hub: RunningHub) -> None:
    """The control taken away: with the sweeper dead the workspace lives on."""
    mei, wid = live_of(hub, "mei", "p-b")
    hub.end("sweeper", signal.SIGKILL)
    change(hub, "mei", state=AccountState.SUSPENDED)
    time.sleep(SUSPENSION_SECONDS + 1)
    assert containers(hub) == {hub.places.desk(wid), hub.places.kernel(wid)}
    hub.start("sweeper")
    until_gone(hub, wid, 20)
    assert last_end(hub) == ("ineligible", "suspended")
    assert mei.name == "mei"


def test_a_dead_container_of_somebody_suspended_is_not_called_an_accident(hub: RunningHub) -> None:
    """The hub's poll is first: the sweeper is dead, and half of the workspace dies."""
    _, wid = live_of(hub, "rin", "p-a")
    hub.end("sweeper", signal.SIGKILL)
    change(hub, "rin", state=AccountState.SUSPENDED)
    kill(hub.places.kernel(wid))
    until_gone(hub, wid, 30)
    assert last_end(hub) == ("ineligible", "suspended")


def test_an_idle_workspace_is_ended_and_its_person_is_told_why(hub: RunningHub) -> None:
    mei, wid = live_of(hub, "mei", "p-a")
    (hub.settings.workspaces / wid / "work" / "kept.txt").write_text("x")
    with hub.foundation.database.begin() as work:
        rows = WorkspaceTables(work.connection)
        rows._put(wid, started_at=(work.now - timedelta(days=2)).isoformat(), active_at=None)
    until_gone(hub, wid, 30)
    assert last_end(hub) == ("idle", "")
    until(lambda: "nobody worked in it" in mei.get("/hub/home").text, 15)
    mei.enter("p-a")
    mei.until_ready("p-a")
    assert (hub.settings.workspaces / wid / "work" / "kept.txt").read_text() == "x"
    mei.leave("p-a")
    until_gone(hub, wid, 15)
