"""The addresses a browser may use at the desk. What the table does not name is refused.

The table stands before all routing, so it also covers what extensions add and what an
upgrade brings. It looks at the raw path: one that spells a dot or a slash in percent signs,
or climbs with ``..``, is refused before any pattern is tried.
"""

import re
from typing import Final

_KERNEL: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PART: Final = r"[^/]+"
_NAME: Final = r"[\w.@:-]+"
_MAX_PATH: Final = 2_048

_RULES: Final[tuple[tuple[str, str], ...]] = (
    # the page itself
    ("GET", r"/"),
    ("GET", r"/lab/?"),
    ("GET", rf"/lab/tree(?:/{_PART})*/?"),
    ("GET", rf"/lab/workspaces/{_NAME}(?:/tree(?:/{_PART})*)?/?"),
    ("GET|HEAD", r"/static/.+"),
    ("GET|HEAD", r"/lab/extensions/.+"),
    ("GET", r"/lab/api/themes/.+"),
    ("GET", r"/lab/api/translations/?.*"),
    ("GET", r"/lab/api/listings/.+"),
    ("GET|PUT", rf"/lab/api/settings(?:/{_NAME}){{0,2}}/?"),
    ("GET|PUT|DELETE", rf"/lab/api/workspaces(?:/{_NAME})?/?"),
    # who am I, is it up
    ("GET", r"/api/?"),
    ("GET", r"/api/me"),
    # what may still be shown
    ("GET", r"/hanare/meter"),
    # kernels
    ("GET", r"/api/kernelspecs(?:/[a-z0-9._-]+)?"),
    ("GET", r"/kernelspecs/[a-z0-9._-]+/[\w.-]+\.(?:png|svg)"),
    ("GET|POST", r"/api/sessions"),
    ("GET|PATCH|DELETE", rf"/api/sessions/{_KERNEL}"),
    ("GET|POST", r"/api/kernels"),
    ("GET|DELETE", rf"/api/kernels/{_KERNEL}"),
    ("POST", rf"/api/kernels/{_KERNEL}/(?:interrupt|restart)"),
    ("GET", rf"/api/kernels/{_KERNEL}/channels"),
    # files, guarded again by the contents class
    ("GET|POST|PUT|PATCH|DELETE", rf"/api/contents(?:/{_PART})*/?"),
    ("POST", r"/api/security/csp-report"),
    # signing in through the hub
    ("GET", r"/oauth_callback"),
    ("GET", r"/login"),
    ("GET", r"/logout"),
)

RULES: Final = tuple((frozenset(methods.split("|")), re.compile(path)) for methods, path in _RULES)
_HIDDEN: Final = re.compile(r"%2e|%2f|%5c|%00|//|\\|\x00", re.IGNORECASE)


def is_open(method: str, path: str, prefix: str) -> bool:
    """Tell whether the table opens this address; ``prefix`` is the server's own."""
    root = prefix.rstrip("/")
    if len(path) > _MAX_PATH or not (path == root or path.startswith(root + "/")):
        return False
    inside = path[len(root) :] or "/"
    if _HIDDEN.search(inside) or "/../" in inside + "/" or "/./" in inside + "/":
        return False
    return any(method in methods and rule.fullmatch(inside) for methods, rule in RULES)
