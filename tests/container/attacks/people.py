"""Other people's workspaces, and tokens: whose cookie or token opens what.

``nao`` is somebody with a workspace of her own in another project; ``kei-q`` is a person whose name
and project join to the same words as kei's. Winning means an answer of kei's workspace to somebody
else, a token for anybody, or a workspace started or ended for another.
"""

import re
from collections.abc import Callable

import requests
from websockets.exceptions import WebSocketException

from tests.container.attacks.variants import ROLES, ROLES_TO_END
from tests.support.attack_scene import Place, Scene, desk_token
from tests.support.attack_table import Attack, Outcome, Without, won_if
from tests.support.hub_running import Browser

CONTROL = "the hub's roles: each person's own server and nobody else's, no tokens, no sharing (hub/config)"
PATHS = (
    "/lab",
    "/api/contents",
    "/api/kernels",
    "/api/me",
    "/api/status",
    "/static/favicon.ico",
    "/lab/api/settings",
    "/hanare/meter",
)


def _gives(answer: requests.Response) -> bool:
    """Whether the workspace itself answered, and not a sign-in page on the way to it."""
    return answer.status_code == 200 and "/hub/" not in answer.url


def _entered(browser: Browser, address: str) -> requests.Response:
    """Go there, and say yes when the hub asks whether this server may know who one is."""
    answer = browser.session.get(address, timeout=30)
    if "/oauth2/authorize" in answer.url and answer.status_code == 200:
        fields = {
            "_xsrf": browser.xsrf("/hub/"),
            "scopes": re.findall(r'name="scopes" value="([^"]*)"', answer.text),
        }
        answer = browser.session.post(answer.url, data=fields, headers={"Referer": answer.url}, timeout=30)
    return answer


def _by_cookie(scene: Scene) -> Outcome:
    kei = scene.at("kei")
    for other in ("nao", "kei-q"):
        _entered(scene.at(other).browser, f"{kei.hub.url}{kei.root}/lab")
    opened = [
        (other, path)
        for other in ("nao", "kei-q")
        for path in PATHS
        if _gives(scene.at(other).browser.session.get(f"{kei.hub.url}{kei.root}{path}", timeout=30))
        and "favicon" not in path
    ]
    return won_if(bool(opened), opened or f"{2 * len(PATHS)} addresses refused")


def _by_token(scene: Scene) -> Outcome:
    """A page's token where it does not belong: another's server, another project, the hub's interface."""
    kei, nao = scene.at("kei"), scene.at("nao")
    opened: list[str] = []
    for path in PATHS[1:5]:
        for token in (nao.token, desk_token(nao)):
            headers = {"Authorization": f"token {token}"}
            if _gives(requests.get(f"{kei.hub.url}{kei.root}{path}", headers=headers, timeout=30)):
                opened.append(path)
            if _gives(requests.get(f"{kei.hub.url}{kei.root}{path}?token={token}", timeout=30)):
                opened.append(f"{path}?token")
    return won_if(bool(opened), opened or "refused")


def _websocket(scene: Scene) -> Outcome:
    """Another's kernel, its id known."""
    kei, nao = scene.at("kei"), scene.at("nao")
    kernel_id = kei.new_kernel()
    told: list[str] = []
    for token in (nao.token, desk_token(nao)):
        stranger = Place(kei.hub, "kei", kei.project, nao.browser, token)
        try:
            wire = stranger.wire(kernel_id)
        except (WebSocketException, OSError) as error:
            told.append(f"{type(error).__name__}: {str(error)[:80]}")
            continue
        heard = wire.execute("6 * 7", 5)
        wire.close()
        return won_if(bool(heard), f"{len(heard)} messages")
    return won_if(False, told)


def _tokens(scene: Scene) -> Outcome:
    kei, nao = scene.at("kei"), scene.at("nao")
    made: list[str] = []
    for path in ("/users/kei/tokens", "/users/nao/tokens"):
        answer = kei.browser.ask("POST", f"/hub/api{path}", {"note": "mine"})
        made += [path] if answer.status_code in {200, 201} else []
        for token in (kei.token, desk_token(kei), nao.token):
            headers = {"Authorization": f"token {token}"}
            answer = requests.post(f"{kei.hub.url}/hub/api{path}", headers=headers, json={}, timeout=30)
            made += [f"{path} by token"] if answer.status_code in {200, 201} else []
    return won_if(bool(made), made or "no token was made")


def _servers(scene: Scene) -> Outcome:
    """Starting and ending for another, by cookie and by every token there is."""
    kei, nao = scene.at("kei"), scene.at("nao")
    done: list[str] = []
    assert nao.token
    for method, path in (("POST", "/users/nao/servers/q-c"), ("DELETE", f"/users/nao/servers/{nao.project}")):
        codes = [kei.browser.ask(method, f"/hub/api{path}").status_code]
        for token in (kei.token, desk_token(kei)):
            headers = {"Authorization": f"token {token}"}
            codes.append(
                requests.request(
                    method, f"{kei.hub.url}/hub/api{path}", headers=headers, timeout=60
                ).status_code
            )
        done += [f"{method} {path} {code}" for code in codes if code < 400 or code == 424]
    alive = nao.ask("GET", "/api/me").status_code == 200
    return won_if(bool(done) or not alive, done or f"refused; the neighbour's workspace lives: {alive}")


def _listing(scene: Scene) -> Outcome:
    kei = scene.at("kei")
    told: list[str] = []
    for path in (
        "/users",
        "/users/nao",
        "/groups",
        "/services",
        "/proxy",
        "/shares/kei/q-a",
        "/authorizations/token/x",
    ):
        for headers in ({}, kei.headers, {"Authorization": f"token {desk_token(kei)}"}):
            session = kei.browser.session if not headers else requests
            answer = session.get(f"{kei.hub.url}/hub/api{path}", headers=headers, timeout=30)
            if answer.status_code == 200 and "nao" in answer.text:
                told.append(path)
    return won_if(bool(told), told or "the neighbour's name is in no answer")


def _attack(
    name: str, tries: str, wins: str, run: Callable[[Scene], Outcome], off: Without = ROLES
) -> Attack:
    return Attack(
        f"people-{name}",
        tries,
        "a script with one's own cookies and tokens asks the hub and the proxy",
        wins,
        CONTROL,
        run,
        off,
    )


ATTACKS = (
    _attack(
        "by-cookie",
        "another's workspace by its address, with one's own cookies",
        "one page or answer of it",
        _by_cookie,
    ),
    _attack(
        "by-token",
        "another's workspace with the token of one's own page or desk",
        "one answer of it",
        _by_token,
    ),
    _attack("websocket", "another's kernel by its id", "one message of it", _websocket),
    _attack("tokens", "a token that outlives the page, for oneself and for others", "a token", _tokens),
    _attack("listing", "who else is here", "another person's name in an answer", _listing),
    _attack(
        "servers",
        "starting and ending workspaces for others",
        "a workspace started or ended",
        _servers,
        ROLES_TO_END,
    ),
)
