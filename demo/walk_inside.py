"""Inside: the workspace starts, a cell reads the extract, and every other way is closed."""

import httpx

from demo import walk_cells
from demo.walk_browser import Browser
from demo.walk_company import Walk, sign_in
from demo.walk_notebook import Notebook
from demo.walk_telling import Step


def chapter(walk: Walk) -> None:
    """From signing in to the closed doors."""
    with walk.telling.step("研究者がサインインする", "the researcher signs in") as step:
        step.show(
            "researcher", f"{walk.author.display_name} ({walk.author.username}, {walk.author.organisation})"
        )
        step.insist(walk.browser(walk.author).csrf, "signed in at hub and portal")
    with walk.telling.step(
        "ワークスペースの起動", "the workspace starts: two containers, no network"
    ) as step:
        spawn(walk, step)
    with walk.telling.step("セルが抽出データを読む", "a cell reads the extract through enclave_kit") as step:
        read_extract(walk, step)
    with walk.telling.step(
        "ネットワークへ出ようとする", "a cell tries the network: socket, DNS, urllib"
    ) as step:
        try_network(walk, step)
    with walk.telling.step("カーネルから見えるもの", "what a kernel can see: lo, no token, no desk") as step:
        look_around(walk, step)
    with walk.telling.step("生データの直接取得を試みる", "the raw data is asked for directly") as step:
        ask_directly(walk, step)
    with walk.telling.step("部外者は入れない", "another researcher is kept out") as step:
        keep_out(walk, step)


def inside(walk: Walk) -> Notebook:
    """The researcher's notebook, which must be open by now."""
    if walk.notebook is None:
        raise ValueError("the notebook is not open")
    return walk.notebook


def spawn(walk: Walk, step: Step) -> None:
    """Two containers started; the engine's own account of them is in the ledger."""
    walk.notebook = Notebook(walk.browser(walk.author), walk.cast.project)
    step.show("seconds to Lab", round(walk.notebook.open(), 2))
    walk.notebook.connect()
    (event, *_) = walk.events(kind="workspace.start_done", person=walk.author.username) or [{}]
    step.insist(event, "the start is in the ledger")
    step.insist(event["project"] == walk.cast.project, "it is the project's workspace")
    auditor = walk.browser(walk.cast.one("auditor"))
    started = auditor.read(f"/audit/workspaces/{event['subject']}")["started"]
    containers = started["body"]
    walk.telling.kept["workspace"] = {"wid": event["subject"], "facts": event["facts"], "inspect": containers}
    for name in ("desk", "kernel"):
        check_container(step, name, containers[name])
    data = [mount for mount in containers["kernel"]["Mounts"] if mount["Destination"].startswith("/data")]
    step.insist(len(data) == 1 and data[0]["RW"] is False, "the kernel has the extract, read-only")
    none = not [mount for mount in containers["desk"]["Mounts"] if mount["Destination"].startswith("/data")]
    step.insist(none, "the desk has no extract")


def check_container(step: Step, name: str, inspected: dict[str, dict[str, object]]) -> None:
    """The isolation of one container, as the engine reports it."""
    host = inspected["HostConfig"]
    sealed = {
        "network": host["NetworkMode"],
        "capabilities dropped": host["CapDrop"],
        "read-only root": host["ReadonlyRootfs"],
        "pids": host["PidsLimit"],
        "memory": host["Memory"],
    }
    step.show(name, sealed)
    step.insist(host["NetworkMode"] == "none", f"{name}: no network")
    step.insist(host["CapDrop"] == ["ALL"] and not host["CapAdd"], f"{name}: no capabilities")
    step.insist(host["ReadonlyRootfs"] is True, f"{name}: root is read-only")
    step.insist(host["Privileged"] is False, f"{name}: not privileged")
    options = host["SecurityOpt"]
    quiet = isinstance(options, list) and any(str(o).startswith("no-new-privileges") for o in options)
    step.insist(quiet, f"{name}: no new privileges")


def read_extract(walk: Walk, step: Step) -> None:
    """Rows by table."""
    said = inside(walk).run(walk_cells.READ_EXTRACT)
    step.insist(said.status == "ok", f"the cell ran: {said.text[-300:]}")
    for table, rows in said.last["rows"].items():
        step.show(table, f"{rows} rows  {said.last['labels'].get(table) or ''}")
    step.insist(sum(said.last["rows"].values()) > 0, "the extract holds rows")
    step.show("seconds", round(said.seconds, 2))
    recorded = walk.events(kind="cell.requested", person=walk.author.username)
    step.insist(recorded, "the cell is in the ledger")
    step.show("ledger", f"entry {recorded[0]['n']}: {recorded[0]['kind']}")


def try_network(walk: Walk, step: Step) -> None:
    """Nothing connects."""
    said = inside(walk).run(walk_cells.TRY_NETWORK)
    step.insist(said.status == "ok", f"the cell ran: {said.text[-300:]}")
    for what, outcome in said.last.items():
        step.show(what, outcome)
        step.insist(outcome != "CONNECTED", f"no way out: {what}")


def look_around(walk: Walk, step: Step) -> None:
    """Only lo, no token, nothing of the desk, and the extract cannot be written."""
    said = inside(walk).run(walk_cells.LOOK_AROUND)
    step.insist(said.status == "ok", f"the cell ran: {said.text[-300:]}")
    seen = said.last
    for what, value in seen.items():
        step.show(what, value)
    step.insist(seen["interfaces"] == ["lo"], "only the loopback interface")
    step.insist(seen["token in an environment"] is False, "no token in any environment")
    step.insist(seen["desk processes"] == [], "no process of the desk")
    step.insist(seen["sockets of the desk"] == [], "no socket of the desk")
    step.insist(seen["writing to the extract"] != "WRITABLE", "the extract cannot be written")
    step.insist(seen["uid"] != 0, "not root")


def ask_directly(walk: Walk, step: Step) -> None:
    """The page's own token, and every address that gives files elsewhere: all refused."""
    notebook, hub = inside(walk), walk.browser(walk.author).hub
    left = notebook.run(walk_cells.LEAVE_A_FILE)
    step.insist(left.status == "ok", f"the cell ran: {left.text[-300:]}")
    step.show("rows in /work", f"{left.last['bytes']} bytes in rows.csv and rows.txt")
    user = walk.author.username
    attempts = {
        "GET files/rows.csv": ("GET", f"{notebook.place}/files/rows.csv"),
        "GET files/rows.txt?download=1": ("GET", f"{notebook.place}/files/rows.txt?download=1"),
        "GET contents, base64": ("GET", f"{notebook.place}/api/contents/rows.txt?type=file&format=base64"),
        "GET contents/rows.csv": ("GET", f"{notebook.place}/api/contents/rows.csv"),
        "GET nbconvert": ("GET", f"{notebook.place}/nbconvert/html/rows.ipynb?download=true"),
        "GET the extract": ("GET", f"{notebook.place}/api/contents/%2e%2e/data/extract.duckdb"),
        "POST a terminal": ("POST", f"{notebook.place}/api/terminals"),
        "hub: list users": ("GET", "/hub/api/users"),
        "hub: make a token": ("POST", f"/hub/api/users/{user}/tokens"),
        "hub: routes of the proxy": ("GET", "/hub/api/proxy"),
    }
    for what, (method, path) in attempts.items():
        with_page_token = {**notebook.headers, "Accept": "application/json"}
        walk.must_refuse(step, what, hub.request(method, path, headers=with_page_token))


def keep_out(walk: Walk, step: Step) -> None:
    """Somebody whom the permit does not name."""
    intruder = Browser(walk.cast, walk.intruder)
    walk.browsers[walk.intruder.username] = intruder
    sign_in(intruder)
    step.show("another researcher", walk.intruder.username)
    place = f"{walk.cast.hub}/user/{walk.author.username}/{walk.cast.project}"
    walk.must_refuse(step, "the author's workspace", intruder.walk(f"{place}/lab"))
    own = f"{walk.cast.hub}/hub/spawn/{walk.intruder.username}/{walk.cast.project}"
    page = intruder.walk(own)
    running = intruder.walk(f"{walk.cast.hub}/user/{walk.intruder.username}/{walk.cast.project}/lab")
    step.show("a workspace of their own", f"{page.status_code}, then {running.status_code}")
    step.insist(
        running.status_code != httpx.codes.OK or '"token"' not in running.text, "no workspace was started"
    )
    started = walk.events(kind="workspace.start_done", person=walk.intruder.username)
    step.insist(started == [], "the ledger tells of no start")
    refused = walk.events(kind="workspace.refused", person=walk.intruder.username)
    walk.telling.refused(
        "a workspace of their own",
        page.status_code,
        ", ".join(refused[0]["facts"].get("codes", [])) if refused else "",
    )
    walk.must_refuse(step, "the auditor's pages", intruder.ask("/audit"), {"wrong_role"})
    walk.must_refuse(step, "the adoption of a permit", intruder.ask("/adoptions"), {"wrong_role"})
