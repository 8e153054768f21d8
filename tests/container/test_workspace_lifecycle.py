"""A workspace from its start to its end, whatever dies on the way: the ledger, Docker and the
hub say the same afterwards, and nothing is left over."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docker
import pytest
import requests

from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.people import AccountState
from hub.sessions import Session, plan_kernel
from hub.sessions_house import Places, workspace_id
from hub.workspaces_gate import GateClient
from hub.workspaces_house import HouseFiles
from tests.support.hub_running import PASSWORD, Browser, Kernel, RunningHub, until

pytestmark = pytest.mark.timeout(400)
SEALED = os.getuid() == 0
"""Where root runs the house, what was kept is on a closed disk (test_workspace_disks opens it again)."""


def containers(hub: RunningHub) -> set[str]:
    """Names of the containers of this home's workspaces."""
    with hub.foundation.database.read() as work:
        known = {workspace_id(p, q) for p in ("mei", "rin", "mei-p") for q in ("p-a", "p-b", "a")}
        assert all(w.wid in known for w in WorkspaceTables(work.connection).live())
    engine: Any = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    home = str(hub.settings.enclave_home)
    try:
        found = set()
        for one in engine.containers(all=True, filters={"label": "hanare.workspace"}):
            mounts = [m["Source"] for m in one["Mounts"]]
            if any(m.startswith(f"{home}/") for m in mounts):
                found.add(one["Names"][0].removeprefix("/"))
        return found
    finally:
        engine.close()


def row(hub: RunningHub, wid: str) -> WorkspaceState:
    with hub.foundation.database.read() as work:
        found = WorkspaceTables(work.connection).find(wid)
    return WorkspaceState.STOPPED if found is None else found.state


def live_of(hub: RunningHub, person: str, project: str) -> tuple[Browser, str]:
    browser = hub.person(person)
    browser.enter(project)
    browser.until_ready(project)
    return browser, workspace_id(person, project)


def desk_token(hub: RunningHub, wid: str) -> str:
    engine: Any = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        environment = engine.inspect_container(hub.places.desk(wid))["Config"]["Env"]
    finally:
        engine.close()
    return next(str(e).split("=", 1)[1] for e in environment if e.startswith("JUPYTERHUB_API_TOKEN="))


def token_works(hub: RunningHub, token: str) -> bool:
    headers = {"Authorization": f"token {token}"}
    return requests.get(f"{hub.url}/hub/api/user", headers=headers, timeout=20).status_code == 200


def kill(name: str) -> None:
    subprocess.run(["docker", "kill", name], check=True, capture_output=True, timeout=30)


def gone(hub: RunningHub, wid: str) -> Callable[[], bool]:
    return lambda: (
        not containers(hub) & {hub.places.desk(wid), hub.places.kernel(wid)}
        and row(hub, wid) is WorkspaceState.STOPPED
    )


def test_a_wrong_code_does_not_sign_in_and_is_recorded(hub: RunningHub) -> None:
    before = len(hub.events("person.refused"))
    for password, code in ((PASSWORD, "000000"), ("wrong", hub.code("rin")), (PASSWORD, "")):
        browser = Browser(hub.url, "rin")
        answer = browser.sign_in(password, code)
        assert answer.status_code == 403
        assert "Try again" in answer.text
        assert browser.get("/hub/home").url.startswith(f"{hub.url}/hub/login")
    assert len(hub.events("person.refused")) == before + 3


def test_a_code_is_good_once(hub: RunningHub) -> None:
    code = hub.code("rin")
    assert Browser(hub.url, "rin").sign_in(PASSWORD, code).status_code == 200
    assert Browser(hub.url, "rin").sign_in(PASSWORD, code).status_code == 403


def test_signing_in_starts_nothing_and_lists_the_projects(hub: RunningHub) -> None:
    mei = hub.person("mei")
    page = mei.get("/hub/home")
    assert page.url == f"{hub.url}/hub/home"
    assert all(f"enter-{project}" in page.text for project in ("p-a", "p-b", "a"))
    assert containers(hub) == set()


def test_a_checker_is_shown_no_project_and_refused_one(hub: RunningHub) -> None:
    chie = hub.person("chie")
    assert "enter-" not in chie.get("/hub/home").text
    answer = chie.enter("p-a")
    assert answer.status_code == 403
    (refused,) = [e for e in hub.events("workspace.refused") if e["person"] == "chie"]
    assert "wrong_role" in refused["facts"]["codes"]
    assert containers(hub) == set()


def test_a_project_without_permit_is_refused(hub: RunningHub) -> None:
    answer = hub.person("mei").enter("nowhere")
    assert answer.status_code in (403, 503)
    assert containers(hub) == set()


def test_the_unnamed_server_is_refused(hub: RunningHub) -> None:
    mei = hub.person("mei")
    mei.get("/hub/home")
    data = {"_xsrf": mei.xsrf("/hub/")}
    answer = mei.session.post(f"{hub.url}/hub/spawn/mei", data=data, timeout=30)
    assert answer.status_code == 400
    headers = {"X-XSRFToken": mei.xsrf("/hub/"), "Sec-Fetch-Mode": "cors", "Referer": f"{hub.url}/hub/home"}
    answer = mei.session.post(f"{hub.url}/hub/api/users/mei/server", headers=headers, timeout=30)
    assert answer.status_code >= 400
    assert containers(hub) == set()


def test_one_workspace_at_a_time_and_a_stop_leaves_nothing(hub: RunningHub) -> None:
    mei, wid = live_of(hub, "mei", "p-a")
    token = desk_token(hub, wid)
    assert token_works(hub, token)
    second = mei.enter("p-b")
    assert second.status_code == 403
    assert "one at a time" in second.text
    assert containers(hub) == {hub.places.desk(wid), hub.places.kernel(wid)}
    (hub.settings.workspaces / wid / "work" / "kept.txt").write_text("x")
    started = time.monotonic()
    assert mei.leave("p-a").status_code in (202, 204)
    until(gone(hub, wid), 10)
    assert time.monotonic() - started < 5
    assert not token_works(hub, token)
    assert (hub.settings.workspaces / wid / "work" / "kept.txt").exists() is not SEALED
    assert not (hub.settings.workspaces / wid / "web").exists()
    stopped = hub.events("workspace.stopped")[-1]
    assert (stopped["person"], stopped["subject"], stopped["facts"]["reason"]) == ("mei", wid, "stop")


def test_names_with_hyphens_do_not_meet(hub: RunningHub) -> None:
    """mei's p-a and mei-p's a: one client id in stock JupyterHub."""
    mei, one = live_of(hub, "mei", "p-a")
    other, two = live_of(hub, "mei-p", "a")
    assert mei.lab("p-a").status_code == 200
    assert mei.get("/user/mei-p/a/lab").status_code in (403, 404)
    mei.leave("p-a")
    until(gone(hub, one))
    assert other.lab("a").status_code == 200
    other.leave("a")
    until(gone(hub, two))


@pytest.mark.parametrize("half", [Places.kernel, Places.desk], ids=["kernel", "desk"])
def test_half_a_workspace_is_no_workspace(hub: RunningHub, half: Callable[[Places, str], str]) -> None:
    _, wid = live_of(hub, "rin", "p-a")
    token = desk_token(hub, wid)
    kill(half(hub.places, wid))
    until(gone(hub, wid), 30)
    until(lambda: not token_works(hub, token), 5)
    assert hub.events("workspace.stopped")[-1]["facts"]["reason"] == "found_dead"


def test_whoever_loses_eligibility_loses_the_workspace_within_a_minute(hub: RunningHub) -> None:
    rin, wid = live_of(hub, "rin", "p-b")
    token = desk_token(hub, wid)
    with hub.foundation.database.begin() as work:
        account = work.register.find_account("rin")
        assert account is not None
        work.register.put_account(replace(account, state=AccountState.SUSPENDED))
    try:
        until(gone(hub, wid), 60)
        stopped = hub.events("workspace.stopped")[-1]["facts"]
        assert (stopped["reason"], stopped["code"]) == ("ineligible", "suspended")
        until(lambda: not token_works(hub, token), 10)
        until(lambda: "/hub/login" in rin.get("/hub/home").url, 40)
        assert rin.sign_in(PASSWORD, hub.code("rin")).status_code == 403
    finally:
        with hub.foundation.database.begin() as work:
            work.register.put_account(account)


def test_a_killed_hub_adopts_what_runs(hub: RunningHub) -> None:
    mei, wid = live_of(hub, "mei", "p-b")
    token = desk_token(hub, wid)
    kernel = mei.kernel("p-b")
    assert kernel.run("kept = 41") == ("ok", "")
    hub.end("hub", signal.SIGKILL)
    assert containers(hub) == {hub.places.desk(wid), hub.places.kernel(wid)}
    hub.start("hub")
    hub.until_serving()
    until(lambda: mei.lab("p-b").status_code == 200)
    kernel.close()

    page = mei.page_token("p-b")
    again = Kernel(hub.url, "/user/mei/p-b/api/kernels", kernel.id, page)
    assert again.run("print(kept + 1)") == ("ok", "42")
    again.close()
    assert row(hub, wid) is WorkspaceState.LIVE
    assert mei.leave("p-b").status_code in (202, 204)
    until(gone(hub, wid), 10)
    assert not token_works(hub, token)


def test_a_hub_killed_during_a_start_leaves_nothing(hub: RunningHub) -> None:
    mei = hub.person("mei")
    wid = workspace_id("mei", "p-a")
    before = len(hub.events("workspace.start_undone"))
    with pytest.raises(requests.RequestException):
        mei.get("/hub/home")
        data = {"_xsrf": mei.xsrf("/hub/")}
        mei.session.post(f"{hub.url}/hub/spawn/mei/p-a", data=data, timeout=0.6)
    until(lambda: row(hub, wid) is WorkspaceState.STARTING, 5, 0.01)
    hub.end("hub", signal.SIGKILL)
    assert row(hub, wid) is WorkspaceState.STARTING
    hub.start("hub")
    hub.until_serving()
    until(gone(hub, wid), 60)
    undone = hub.events("workspace.start_undone")
    assert len(undone) == before + 1
    assert undone[-1]["facts"]["reason"] in ("open_intent", "no_server")
    mei = hub.person("mei")
    mei.enter("p-a")
    mei.until_ready("p-a")
    mei.leave("p-a")
    until(gone(hub, wid), 10)


def test_a_labelled_container_that_no_server_owns_is_swept(hub: RunningHub) -> None:
    """Made through the gate, as an attacker in the hub or an earlier life would have."""
    stray = Session("rin", "a", 99, "v1.duckdb", "x" * 32)
    gate = GateClient(hub.settings.gate_socket)
    gate.make_folders(stray.wid, stray.number)
    gate.create(plan_kernel(HouseFiles.of_this_process(hub.settings).get_house(), stray))
    assert hub.places.kernel(stray.wid) in containers(hub)
    until(lambda: hub.places.kernel(stray.wid) not in containers(hub), 40)


def test_without_the_gate_a_start_is_refused_and_undone(hub: RunningHub) -> None:
    hub.end("gate")
    try:
        answer = hub.person("mei").enter("p-a")
        assert answer.status_code == 503
    finally:
        hub.start("gate")
    until(lambda: row(hub, workspace_id("mei", "p-a")) is WorkspaceState.STOPPED, 40)


def test_without_intake_a_start_is_undone(hub: RunningHub) -> None:
    hub.end("intake")
    wid = workspace_id("mei", "p-a")
    for leftover in (hub.settings.intake_sockets / wid).glob("*"):
        leftover.unlink()
    before = len(hub.events("workspace.start_undone"))
    try:
        mei = hub.person("mei")
        mei.enter("p-a")
        until(lambda: len(hub.events("workspace.start_undone")) > before, 40)
        undone = hub.events("workspace.start_undone")[-1]["facts"]
        assert (undone["reason"], undone["code"]) == ("start_failed", "not_up")
        until(gone(hub, wid), 30)
        until(lambda: "did not start in time" in mei.get("/hub/spawn-pending/mei/p-a").text, 20)
    finally:
        hub.start("intake")


def test_a_taken_port_is_a_reason_not_to_start(hub: RunningHub) -> None:
    hub.end("hub")
    port = int(hub.url.rsplit(":", 1)[1])
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        hub.start("hub")
        assert hub.processes.pop("hub").wait(40) != 0
        assert "is taken by another program" in hub.log("hub").read_text()
    hub.start("hub")
    hub.until_serving()
