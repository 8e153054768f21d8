"""RFC 7009 at the hub: an OAuth client hands back a token that it was given.

JupyterHub issues tokens and revokes them only for holders of the ``tokens`` scope, which
nobody here has. This handler lets a client, proved by its own secret, end tokens that were
issued to that very client, and nothing else. An unknown token answers 200, as the RFC says.
``hub.config`` adds it as ``(r"/api/oauth2/revoke", RevokeHandler)`` to ``extra_handlers``.
"""

from jupyterhub import orm
from jupyterhub.utils import compare_token
from tornado.web import RequestHandler


class RevokeHandler(RequestHandler):
    """``POST /hub/api/oauth2/revoke`` with client_id, client_secret and token."""

    def check_xsrf_cookie(self) -> None:
        """No cookie counts here: the client's secret in the body does."""

    def post(self) -> None:
        """The token opens nothing after this."""
        db = self.settings["db"]
        secret, token = self.get_body_argument("client_secret", ""), self.get_body_argument("token", "")
        name = self.get_body_argument("client_id", "")
        client = db.query(orm.OAuthClient).filter_by(identifier=name).first()
        if client is None or not client.secret or not secret or not compare_token(client.secret, secret):
            self.set_status(401)
            self.finish({"error": "invalid_client"})
            return
        found = orm.APIToken.find(db, token) if token else None
        if found is not None and found.client_id == client.identifier:
            db.delete(found)
            db.commit()
        self.finish({})
