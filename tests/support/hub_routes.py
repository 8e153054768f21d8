"""Prints every route of the configured hub as JSON: (pattern, handler, methods), as Tornado has them.

Run as a process of its own: JupyterHub is a singleton and wants an event loop.
``python -m tests.support.hub_routes CONFIG``
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from jupyterhub.app import JupyterHub
from tornado.routing import HostMatches, PathMatches, Rule, RuleRouter
from tornado.web import RequestHandler

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def rules_of(router: Any) -> Iterator[tuple[str, type[RequestHandler]]]:
    """Every (pattern, handler) below a router, however deep it lies."""
    for rule in router.rules:
        assert isinstance(rule, Rule)
        matcher, target = rule.matcher, rule.target
        if isinstance(target, RuleRouter):
            assert not isinstance(matcher, HostMatches) or matcher.host_pattern.pattern == ".*$"
            yield from rules_of(target)
        elif isinstance(matcher, PathMatches):
            yield matcher.regex.pattern, target
        else:
            raise TypeError(f"a route of an unknown kind: {matcher!r}")


def methods_of(handler: type[RequestHandler]) -> list[str]:
    """The methods that a handler class implements."""
    return [name for name in METHODS if getattr(handler, name) is not RequestHandler._unimplemented_method]


async def routes(config: str) -> list[tuple[str, str, list[str]]]:
    app: Any = JupyterHub.instance()
    await app.initialize(["-f", config])
    application = app.tornado_application
    found = [*rules_of(application.default_router)]
    return [(pattern, f"{h.__module__}.{h.__qualname__}", methods_of(h)) for pattern, h in found]


if __name__ == "__main__":
    listed = asyncio.run(routes(sys.argv[1]))
    sys.stdout.write("\n" + json.dumps(listed))
