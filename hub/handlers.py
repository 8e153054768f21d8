"""What JupyterHub's own handlers do otherwise here: three small corrections, each tried.

They stand on the class that every page and every address of the REST interface is made from, so
that a route that an upgrade brings has them too. A test asks the running hub for each.
"""

from typing import Any

from jupyterhub.handlers.base import BaseHandler
from tornado import web

NOT_YOURS = "No access to resources or resources not found"
"""What JupyterHub says where a person holds a right, but not over this."""
_stop_single_user = BaseHandler.stop_single_user


def mend_jupyterhub() -> None:
    """JupyterHub's handlers are ours from now on; calling it twice changes nothing."""
    # 6.1.1 reads this attribute before it sets it when a refresh fails on a cookie request
    BaseHandler._token_authenticated = False  # noqa: SLF001
    BaseHandler.send_error = send_error
    BaseHandler.stop_single_user = stop_single_user


def send_error(handler: Any, status_code: int = 500, **more: Any) -> None:
    """Who may not is told so: 403, whether the thing exists or not.

    JupyterHub answers 404 there to say nothing of what exists. It decides before it looks, so 403
    in both cases says as little, and a refusal is told from an address that was mistyped.
    """
    error = (more.get("exc_info") or (None, None))[1]
    if isinstance(error, web.HTTPError) and error.log_message == NOT_YOURS:
        status_code = 403
    web.RequestHandler.send_error(handler, status_code, **more)


async def stop_single_user(handler: Any, user: Any, server_name: str = "") -> Any:
    """The server is stopped, and its spawner knows who asked for it: the ledger names them."""
    if server_name in user.spawners:
        user.spawners[server_name].ended_by = handler.current_user.name
    return await _stop_single_user(handler, user, server_name)
