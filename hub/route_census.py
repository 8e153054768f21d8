"""Every route of the running hub, judged: who gets an answer, and what it can change.

JupyterHub brings most of these routes; an upgrade may bring more. A test enumerates the routes
of the configured hub at run time and compares them with this table: a route that is missing
here, or has a method more than was judged, fails it. Others ask every route as each kind of
person, about somebody else, and want a refusal wherever the table does not say otherwise.

What a route can change is named by what the product cares about: none of them touches a
request, a vote or a release; the most that a person reaches here is the start and the end of
their own workspace, and an operator of anybody's. The operators' page is a shell: it lists and
acts through the REST interface with its reader's rights, and its other buttons are refused there.
"""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """Who gets more than a refusal."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    OWN = "own"
    """The person themselves, by cookie or by a token with the scope for exactly their own."""
    HOLDER = "holder"
    """Whoever holds a client's secret or a code that the hub gave out."""
    NOBODY = "nobody"
    """A scope is needed that no role of ours has, or (``Route.ops``) only that of operators."""


class Changes(StrEnum):
    """What an answer may have changed."""

    NOTHING = "nothing"
    SESSION = "session"
    """Signing in or out, and tokens that follow from it."""
    WORKSPACE = "workspace"
    """Start, end or name of the person's own workspace; ``spawner`` asks for eligibility again."""
    REST = "rest"
    """Something else in the hub; judged ``NOBODY`` without exception."""


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern, the methods it answers, and the judgement."""

    pattern: str
    methods: tuple[str, ...]
    who: Who
    changes: Changes = Changes.NOTHING
    ops: tuple[str, ...] = ()
    """Methods that an operator gets an answer to about anybody."""


_GET, _READ = ("get",), ("get", "head")
_OPTIONS = ("options",)


def _api(
    path: str,
    *methods: str,
    who: Who = Who.NOBODY,
    changes: Changes = Changes.REST,
    ops: tuple[str, ...] = (),
) -> Route:
    """A route of the REST interface; ``options`` answers there with an empty page."""
    return Route(f"/hub/api{path}$", (*methods, *_OPTIONS), who, changes, ops)


def _servers(path: str) -> Route:
    """A server of one person: its owner's, and an operator's to look at, start and end."""
    methods = ("get", "post", "put", "patch", "delete")
    return _api(path, *methods, who=Who.OWN, changes=Changes.WORKSPACE, ops=methods)


HUB_ROUTES: tuple[Route, ...] = (
    Route(r"/(robots\.txt)$", _READ, Who.ANYONE),
    Route(r"/(favicon\.ico)$", _READ, Who.ANYONE),
    Route("/hub/static/(.*)$", _READ, Who.ANYONE),
    Route("/hub/logo$", _READ, Who.ANYONE),
    Route("/hub$", _GET, Who.ANYONE),
    Route("/hub/$", _GET, Who.ANYONE),
    Route("/(user|services)/([^/]+)$", _GET, Who.ANYONE),
    Route("(?!/hub/).*$", _GET, Who.ANYONE),
    Route("(.*)$", (), Who.ANYONE),
    Route("/hub/health$", _READ, Who.ANYONE),
    Route("/hub/api/health$", _READ, Who.ANYONE),
    Route(r"/hub/error/(\d+)$", _GET, Who.ANYONE),
    Route("/hub/security/csp-report$", ("post",), Who.SIGNED_IN),
    Route("/hub/login$", ("get", "post"), Who.ANYONE, Changes.SESSION),
    Route("/hub/logout$", _GET, Who.ANYONE, Changes.SESSION),
    Route("/hub/home$", _GET, Who.SIGNED_IN),
    Route("/hub/user-redirect/(.*)?$", _GET, Who.SIGNED_IN),
    Route(
        "/hub/user/(?P<user_name>[^/]+)(?P<user_path>/.*)?$",
        ("get", "post", "patch", "delete"),
        Who.SIGNED_IN,
    ),
    Route("/hub/spawn-pending/([^/]+)$", _GET, Who.OWN),
    Route("/hub/spawn-pending/([^/]+)/([^/]+)$", _GET, Who.OWN),
    Route("/hub/spawn$", ("get", "post"), Who.OWN, Changes.WORKSPACE),
    Route("/hub/spawn/([^/]+)$", ("get", "post"), Who.OWN, Changes.WORKSPACE),
    Route("/hub/spawn/([^/]+)/([^/]+)$", ("get", "post"), Who.OWN, Changes.WORKSPACE),
    Route("/hub/admin$", _GET, Who.NOBODY, ops=_GET),
    Route("/hub/token$", _GET, Who.OWN),
    Route("/hub/accept-share$", ("get", "post"), Who.NOBODY, Changes.REST),
    Route("/hub/metrics$", _GET, Who.NOBODY),
    Route("/hub/api/metrics$", _GET, Who.NOBODY),
    Route("/hub/api/oauth2/authorize$", ("get", "post"), Who.SIGNED_IN, Changes.SESSION),
    _api("/oauth2/token", "post", who=Who.HOLDER, changes=Changes.SESSION),
    _api("/oauth2/revoke", "post", who=Who.HOLDER, changes=Changes.SESSION),
    _api("/authorizations/cookie/([^/]+)(?:/([^/]+))?", "get"),
    _api("/authorizations/token/([^/]+)", "get", "post"),
    _api("/authorizations/token", "get", "post"),
    _api("/?", "get", who=Who.ANYONE, changes=Changes.NOTHING),
    _api("/(.*)", who=Who.ANYONE, changes=Changes.NOTHING),
    _api("/user", "get", who=Who.OWN, changes=Changes.NOTHING),
    _api("/users/([^/]+)/activity", "post", who=Who.OWN, changes=Changes.NOTHING),
    _api("/users/([^/]+)", "get", "post", "patch", "delete", who=Who.OWN, changes=Changes.NOTHING, ops=_GET),
    _servers("/users/([^/]+)/server"),
    _servers("/users/([^/]+)/servers/([^/]*)"),
    _api("/users/([^/]+)/server/progress", "get", who=Who.OWN, changes=Changes.NOTHING, ops=_GET),
    _api("/users/([^/]+)/servers/([^/]*)/progress", "get", who=Who.OWN, changes=Changes.NOTHING, ops=_GET),
    _api("/shutdown", "post"),
    _api("/info", "get"),
    _api("/proxy", "get", "post", "patch"),
    _api("/users", "get", "post", ops=_GET),
    _api("/users/([^/]+)/tokens", "get", "post"),
    _api("/users/([^/]+)/tokens/([^/]*)", "get", "delete"),
    _api("/users/([^/]+)/admin-access", "post"),
    _api("/groups", "get", "post"),
    _api("/groups/([^/]+)", "get", "post", "delete"),
    _api("/groups/([^/]+)/users", "post", "delete"),
    _api("/groups/([^/]+)/properties", "put"),
    _api("/services", "get"),
    _api("/services/([^/]+)", "get", "post", "delete"),
    _api("/shares/([^/]+)", "get", "post", "patch", "delete"),
    _api("/shares/([^/]+)/([^/]*)", "get", "post", "patch", "delete"),
    _api("/users/([^/]+)/shared", "get"),
    _api("/groups/([^/]+)/shared", "get"),
    _api("/users/([^/]+)/shared/([^/]+)/([^/]*)", "get", "delete"),
    _api("/groups/([^/]+)/shared/([^/]+)/([^/]*)", "get", "delete"),
    _api("/share-codes/([^/]+)", "get", "post", "delete"),
    _api("/share-codes/([^/]+)/([^/]*)", "get", "post", "delete"),
)


def unjudged(found: list[tuple[str, list[str]]]) -> list[str]:
    """Routes and methods of a running hub that stand in no row, and rows that no hub has any more."""
    judged = {route.pattern: set(route.methods) for route in HUB_ROUTES}
    seen = {pattern for pattern, _ in found}
    new = [
        f"{pattern} {method}"
        for pattern, methods in found
        for method in methods
        if method not in judged.get(pattern, ())
    ]
    missing = [pattern for pattern in seen if pattern not in judged]
    return sorted([*new, *missing, *(f"gone: {pattern}" for pattern in judged if pattern not in seen)])
