"""The hub's routes: each one judged, and what is nobody's refused to everybody."""

import json
import re
import subprocess
import sys

import pytest
import requests

from hub.route_census import HUB_ROUTES, Changes, Route, Who, unjudged
from tests.support.hub_home import ROOT
from tests.support.hub_running import PASSWORD, Browser, RunningHub

FILLED = {
    r"(robots\.txt)": "robots.txt",
    r"(favicon\.ico)": "favicon.ico",
    r"(\d+)": "404",
    "(user|services)": "user",
    "(?!/hub/).*": "/elsewhere",
    "(?P<user_name>[^/]+)(?P<user_path>/.*)?": "mei/p-a/lab",
    "(?:/([^/]+))?": "/x",
    "([^/]+)": "mei",
    "([^/]*)": "p-a",
    "(.*)": "x",
    "/?": "/",
}
NOBODYS = [
    (route, method)
    for route in HUB_ROUTES
    if route.who is Who.NOBODY
    for method in route.methods
    if method != "options"
]
ANOTHERS = [
    (route, method)
    for route in HUB_ROUTES
    if route.who in (Who.OWN, Who.NOBODY) and "([^/]+)" in route.pattern
    for method in route.methods
    if method != "options"
]

REFUSALS = {
    ("/hub/accept-share$", "get"): (400, 403, 404),  # no share code exists, because nobody can make one
    ("/hub/accept-share$", "post"): (400, 403, 404),
    ("/hub/api/authorizations/token/([^/]+)$", "post"): (500,),  # JupyterHub's handler takes no token there
}
"""Refusals of another number than usual, each with its reason."""


def path_of(route: Route) -> str:
    """An address that the pattern matches, naming mei and her project."""
    path = route.pattern.removesuffix("$")
    for pattern, value in FILLED.items():
        path = path.replace(pattern, value)
    return f"{path}?code=made-up" if path.endswith("accept-share") else path


@pytest.fixture(scope="module")
def people(hub: RunningHub) -> list[Browser]:
    return [hub.person("mei"), hub.person("rin"), hub.person("chie")]


@pytest.fixture(scope="module")
def operator(hub: RunningHub) -> Browser:
    return hub.person("ota")


def test_every_route_of_the_running_hub_is_judged(hub: RunningHub) -> None:
    command = [sys.executable, "-m", "tests.support.hub_routes", str(ROOT / "jupyterhub_config.py")]
    done = subprocess.run(
        command, cwd=ROOT, env=hub.environment, capture_output=True, text=True, check=True, timeout=60
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found) > 50
    assert unjudged([(pattern, methods) for pattern, _, methods in found]) == []


def test_a_route_or_method_that_nobody_judged_is_found() -> None:
    known = [(route.pattern, list(route.methods)) for route in HUB_ROUTES]
    assert unjudged(known) == []
    assert unjudged([*known, ("/hub/new$", ["get"])]) == ["/hub/new$", "/hub/new$ get"]
    assert unjudged([(p, [*m, "trace"]) if p == "/hub/home$" else (p, m) for p, m in known]) == [
        "/hub/home$ trace"
    ]
    assert unjudged(known[1:]) == [f"gone: {HUB_ROUTES[0].pattern}"]


def test_nothing_but_ones_own_workspace_and_session_is_ever_changed() -> None:
    for route in HUB_ROUTES:
        if route.changes is Changes.REST:
            assert route.who is Who.NOBODY, route
        if route.changes is Changes.WORKSPACE:
            assert route.who is Who.OWN, route


def test_what_operators_may_is_little_and_about_workspaces() -> None:
    for route in HUB_ROUTES:
        assert set(route.ops) <= set(route.methods), route
        for method in set(route.ops) - {"get", "head"}:
            assert (route.changes, route.pattern.count("server")) == (Changes.WORKSPACE, 1), (route, method)


@pytest.mark.parametrize(("route", "method"), ANOTHERS, ids=lambda v: getattr(v, "pattern", v))
def test_about_somebody_else_an_operator_may_what_stands_in_the_table(
    people: list[Browser], operator: Browser, route: Route, method: str
) -> None:
    """Mei is signed in and has a server that does not run; the operator asks about her."""
    people[0].ask("PUT", "/hub/api/users/mei/servers/p-a")
    status = operator.ask(method.upper(), path_of(route), {}).status_code
    if method not in route.ops:
        assert status in REFUSALS.get((route.pattern, method), (403, 405)), status
    elif method in ("get", "head"):
        assert status in (200, 400, 404), status
    else:
        assert status not in (401, 403, 405) or "server" in route.pattern, status
    if (method, "servers/" in route.pattern) == ("post", True):
        operator.ask("DELETE", path_of(route))


@pytest.mark.parametrize(("route", "method"), NOBODYS, ids=lambda v: getattr(v, "pattern", v))
def test_what_is_nobodys_is_refused_to_everybody(
    hub: RunningHub, people: list[Browser], operator: Browser, route: Route, method: str
) -> None:
    operators = [] if method in route.ops else [operator]
    for person in [*people, *operators, Browser(hub.url, "nobody")]:
        answer = person.ask(method.upper(), path_of(route))
        sent_to_sign_in = answer.status_code == 302 and "/hub/login" in answer.headers["Location"]
        refused = answer.status_code in REFUSALS.get((route.pattern, method), (401, 403, 404, 405))
        assert refused or (person.name == "nobody" and sent_to_sign_in), (person.name, answer.status_code)


def test_not_even_password_and_code_mint_a_token(hub: RunningHub, people: list[Browser]) -> None:
    auth = {"username": "rin", "password": PASSWORD, "otp": hub.code("rin")}
    for body in ({"auth": auth}, {"auth": None}, {}):
        answer = requests.post(f"{hub.url}/hub/api/users/rin/tokens", json=body, timeout=30)
        assert answer.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nobody_changes_an_account_of_the_hub(people: list[Browser], method: str) -> None:
    for person in people:
        for name in ("mei", "mallory"):
            assert person.ask(method, f"/hub/api/users/{name}", {"admin": True}).status_code in (403, 404)


def test_nobody_renames_a_workspace(people: list[Browser]) -> None:
    place = "/hub/api/users/mei/servers/p-a"
    assert people[0].ask("PUT", place).status_code in (201, 409)
    assert people[0].ask("PATCH", place, {"name": "p-b"}).status_code == 403


def test_a_page_of_somewhere_else_starts_nothing(hub: RunningHub, people: list[Browser]) -> None:
    """Without the form's own token the button does nothing."""
    mei, before = people[0], hub.events("workspace.start_intended")
    assert mei.session.post(f"{hub.url}/hub/spawn/mei/p-a", data={}, timeout=30).status_code == 403
    headers = {"Origin": "http://localhost:1", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    answer = mei.session.post(f"{hub.url}/hub/api/users/mei/servers/p-a", headers=headers, timeout=30)
    assert answer.status_code == 403
    assert hub.events("workspace.start_intended") == before


def test_no_route_of_the_hub_says_anything_of_a_request(
    hub: RunningHub, people: list[Browser], operator: Browser
) -> None:
    """Every route, asked by everybody: the ledger then tells of no request, vote or release."""
    before = hub.kinds()
    for route in HUB_ROUTES:
        assert re.fullmatch(r"/[\w./?=-]*", path_of(route)) or not route.methods, route.pattern
        for method in (m for m in route.methods if m != "options" and "logout" not in route.pattern):
            for person in [*people, operator]:
                person.ask(method.upper(), path_of(route), {})
    told = {kind.partition(".")[0] for kind in hub.kinds()[len(before) :]}
    assert told <= {"person", "workspace", "key", "cell"}
