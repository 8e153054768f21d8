"""The second line: what the hub lets in may still do only what ``resources`` names.

The server's decorator remembers the first caller's action and resource for the life of the
process, so neither is believed: the answering class and the request's method are asked.
"""

from typing import Any

from jupyterhub.singleuser.extension import JupyterHubAuthorizer

from .activity import is_deed
from .office import office
from .resources import is_allowed


class DeskAuthorizer(JupyterHubAuthorizer):  # type: ignore[misc]
    """The hub's scopes, and our table; both must say yes."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        named = getattr(handler, "auth_resource", None)
        if not is_allowed(named, handler.request.method, type(handler).__name__):
            self.log.warning("refused: %s by %s", handler.request.method, type(handler).__name__)
            office().refusals.add("right")
            return False
        if not super().is_authorized(handler, user, action, resource):
            return False
        request = handler.request
        inside = request.path[len(handler.base_url.rstrip("/")) :]
        if is_deed(request.method, inside, request.query):
            office().activity.touch()
        return True
