"""The desk's own server with its own settings, and one thing taken away: the hub.

Who may enter is the hub's business and tested with the hub; here everybody with the token may,
so that what is left between a request and the files is the desk's.
"""

import sys

from jupyter_server.serverapp import ServerApp
from jupyterhub.singleuser.extension import JupyterHubAuthorizer


def main() -> None:
    JupyterHubAuthorizer.is_authorized = lambda *_: True
    app = ServerApp()
    app.config_file = "/etc/jupyter/jupyter_server_config.py"
    app.initialize(
        [
            f"--ServerApp.sock={sys.argv[1]}",
            "--ServerApp.allow_root=True",
            "--ServerApp.base_url=/user/mei/p-a/",
            "--IdentityProvider.token=t",
            "--ServerApp.log_level=ERROR",
        ]
    )
    app.start()


main()
