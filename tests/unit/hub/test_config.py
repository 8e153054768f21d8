"""What the hub is told: closed roles, sockets, no unnamed server, nobody an administrator."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from traitlets.config import Config

from enclave.errors import InvalidInputError, UnavailableError
from enclave.identity import Role
from enclave.settings import Settings
from hub import config
from hub.roles import groups_of
from hub.sessions_house import Places
from hub.spawner import Keeper, WorkspaceSpawner

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A home with the hub's secrets; nothing is opened but these."""
    home = tmp_path / "h"
    (home / "hub").mkdir(parents=True)
    (home / "run" / "portal" / "secrets").mkdir(parents=True)
    (home / "hub" / "proxy.token").write_text("proxy-secret\n")
    (home / "run" / "portal" / "secrets" / "portal-client").write_text("portal-secret\n")
    yield Settings.from_environment({"ENCLAVE_HOME": str(home), "PRODUCER_HOME": str(tmp_path / "p")}, ROOT)


def keeper_of(settings: Settings) -> Keeper:
    foundation = SimpleNamespace(settings=settings, database=None, passwords=None)
    nothing = cast("Any", None)
    places = Places(str(settings.enclave_home))
    return Keeper(cast("Any", foundation), nothing, nothing, nothing, nothing, places)


@pytest.fixture
def c(settings: Settings, tmp_path: Path) -> Config:
    """A whole configuration; the proxy's two files stand in the environment."""
    for name in ("node", "chp"):
        (tmp_path / name).write_text("")
    environment = {"HANARE_NODE": str(tmp_path / "node"), "HANARE_CHP": str(tmp_path / "chp")}
    made = Config()
    config.configure(made, keeper_of(settings), environment, ROOT)
    return made


def test_the_roles_are_closed(c: Config) -> None:
    user, ops = c.JupyterHub.load_roles
    assert user["name"] == "user"
    assert not {"users", "groups", "services"} & set(user)
    assert (ops["name"], ops["groups"]) == ("ops", ["ops"])
    assert not {"users", "services"} & set(ops)
    assert c.Authenticator.manage_groups is True
    assert sorted(user["scopes"]) == [
        "access:servers!user",
        "access:services!service=portal",
        "read:users!user",
        "servers!user",
        "users:activity!user",
    ]
    assert c.Authenticator.admin_users == set()


def test_no_scope_reaches_beyond_the_person(c: Config) -> None:
    for scope in c.JupyterHub.load_roles[0]["scopes"]:
        assert scope.endswith("!user") or scope == "access:services!service=portal"


def test_operators_see_start_and_end_and_are_nobody_else(c: Config) -> None:
    scopes = set(c.JupyterHub.load_roles[1]["scopes"])
    assert scopes == {
        "admin-ui", "list:users", "read:users", "read:servers", "start:servers", "delete:servers"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("held", "groups"),
    [
        ((), []),
        ((Role.RESEARCHER,), []),
        ((Role.OPERATOR,), ["ops"]),
        ((Role.OPERATOR, Role.AUDITOR), ["ops"]),
        ((Role.OPERATOR, Role.RESEARCHER), []),
        ((Role.BOARD, Role.CHECKER, Role.STEWARD, Role.OFFICER, Role.AUDITOR), []),
    ],
)
def test_the_group_is_of_operators_whose_pages_are_nobody_elses(
    held: tuple[Role, ...], groups: list[str]
) -> None:
    assert groups_of(frozenset(held)) == groups


def test_the_hub_speaks_over_its_socket_and_the_proxys_interface_too(c: Config, settings: Settings) -> None:
    for address in (c.JupyterHub.hub_bind_url, c.JupyterHub.hub_connect_url, c.HouseProxy.api_url):
        assert address.startswith("http+unix://")
    assert c.JupyterHub.bind_url == settings.hub_address == "http://127.0.0.1:8000"


def test_there_is_no_unnamed_server_and_running_ones_outlive_the_hub(c: Config) -> None:
    assert c.JupyterHub.redirect_to_server is False
    assert c.JupyterHub.allow_named_servers is True
    assert c.JupyterHub.cleanup_servers is False
    assert c.JupyterHub.shutdown_on_logout is False
    assert c.Spawner.poll_interval == 5


def test_a_refresh_is_strict_and_precedes_every_spawn(c: Config) -> None:
    assert c.Authenticator.auth_refresh_age < 5  # with the sweeper's second: refused everywhere within five
    assert c.Authenticator.refresh_pre_spawn is True
    assert c.Authenticator.auth_refresh_strict is True
    assert c.Authenticator.enable_auth_state is False


def test_the_portal_is_a_service_without_a_process_or_a_place_under_the_hub(c: Config) -> None:
    (portal,) = c.JupyterHub.services
    assert portal["oauth_client_id"] == "service-portal"
    assert portal["api_token"] == "portal-secret"
    assert portal["oauth_redirect_uri"] == "http://localhost:8001/oauth_callback"
    assert not {"url", "command"} & set(portal)
    assert c.JupyterHub.oauth_require_pkce is True


def test_local_sign_in_asks_for_a_one_time_code(c: Config) -> None:
    assert c.Authenticator.request_otp is True
    assert c.JupyterHub.authenticator_class.__name__ == "HouseSignIn"


def test_the_spawner_is_the_houses(c: Config) -> None:
    assert issubclass(c.JupyterHub.spawner_class, WorkspaceSpawner)
    assert WorkspaceSpawner.remove is not False


def test_another_way_of_signing_in_is_refused(settings: Settings) -> None:
    with pytest.raises(InvalidInputError):
        config.configure_sign_in(Config(), keeper_of(settings), {"HANARE_SIGN_IN": "none"})


def test_an_openid_provider_needs_all_its_addresses(settings: Settings) -> None:
    with pytest.raises(InvalidInputError) as refused:
        config.configure_sign_in(Config(), keeper_of(settings), {"HANARE_SIGN_IN": "oidc"})
    assert refused.value.code == "no_oidc"


def openid(folder: Path) -> dict[str, str]:
    return {
        "HANARE_SIGN_IN": "oidc",
        "HANARE_OIDC_ISSUER": "https://id.example",
        "HANARE_OIDC_CLIENT_ID": "hanare",
        "HANARE_OIDC_CLIENT_SECRET_FILE": str(folder / "secret"),
        "HANARE_OIDC_AUTHORIZE_URL": "https://id.example/a",
        "HANARE_OIDC_TOKEN_URL": "https://id.example/t",
        "HANARE_OIDC_CALLBACK_URL": "https://hub.example/hub/oauth_callback",
        "HANARE_OIDC_AMR": "otp hwk",
    }


def test_an_openid_provider_must_name_the_second_factor(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    made = Config()
    config.configure_sign_in(made, keeper_of(settings), openid(tmp_path))
    assert made.OidcSignIn.required_amr == ["otp", "hwk"]
    assert made.OidcSignIn.userdata_from_id_token is True
    assert made.OidcSignIn.enable_pkce is True
    assert made.JupyterHub.authenticator_class.__name__ == "HouseOidcSignIn"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HANARE_OIDC_AMR": ""}, "no_second_factor"),
        ({"HANARE_OIDC_ISSUER": "http://id.example"}, "oidc_not_tls"),
        ({"HANARE_OIDC_TOKEN_URL": "http://id.example/t"}, "oidc_not_tls"),
        ({"HANARE_OIDC_AUTHORIZE_URL": "ftp://127.0.0.1/a"}, "oidc_not_tls"),
    ],
)
def test_an_openid_provider_that_proves_nothing_or_over_an_open_line_is_refused(
    settings: Settings, tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    (tmp_path / "secret").write_text("s")
    with pytest.raises(InvalidInputError) as refused:
        config.configure_sign_in(Config(), keeper_of(settings), {**openid(tmp_path), **changes})
    assert refused.value.code == code


def test_a_missing_secret_or_proxy_is_a_reason_not_to_start(settings: Settings) -> None:
    settings.portal_secret_file.write_text("  \n")
    with pytest.raises(UnavailableError):
        config.configure_portal(Config(), settings)
    settings.portal_secret_file.unlink()
    with pytest.raises(UnavailableError):
        config.configure_portal(Config(), settings)
    with pytest.raises(UnavailableError):
        config.find_proxy({"HANARE_NODE": "/nowhere", "HANARE_CHP": "/nowhere"}, ROOT)


@pytest.mark.parametrize(
    ("address", "demo", "fits"),
    [
        ("http://127.0.0.1:8000", True, True),
        ("http://localhost:8000", True, True),
        ("http://0.0.0.0:8000", True, False),
        ("https://hanare.example", True, False),
        ("https://hanare.example", False, True),
    ],
)
def test_a_demo_home_serves_loopback_only(settings: Settings, address: str, demo: bool, fits: bool) -> None:
    given = {"ENCLAVE_HOME": str(settings.enclave_home), "HANARE_HUB_ADDRESS": address}
    asked = Settings.from_environment(given, ROOT)
    if fits:
        config.check_start(asked, demo=demo)
    else:
        with pytest.raises(InvalidInputError):
            config.check_start(asked, demo=demo)


def test_cookies_are_secure_where_tls_is(settings: Settings) -> None:
    for address, secure in (("http://127.0.0.1:8000", False), ("https://hanare.example", True)):
        given = {"ENCLAVE_HOME": str(settings.enclave_home), "HANARE_HUB_ADDRESS": address}
        made = Config()
        config.configure_addresses(made, Settings.from_environment(given, ROOT))
        assert made.JupyterHub.tornado_settings["cookie_options"] == {"samesite": "Lax", "secure": secure}
