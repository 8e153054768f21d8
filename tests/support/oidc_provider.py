"""A real OpenID provider (npm's ``oidc-provider``) beside a hub that signs people in through it.

The package is installed once into ``var/oidc`` from a lock file without addresses, by ``make
test``'s own step or by the first test that asks. The provider is a process of the test's, ended
by its pid.
"""

import json
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from setup import oidc
from setup.places import Places
from setup.stamps import Stamps
from tests.support.hub_home import ROOT, free_port
from tests.support.hub_running import RunningHub, running_hub

PROVIDER = ROOT / "tests" / "support" / "oidc" / "provider.mjs"
PASSWORD = "known to the provider alone"
STRONG = "urn:hanare:two"


@dataclass(frozen=True, slots=True)
class Known:
    """Someone the provider knows, and what it says of their sign-in."""

    username: str
    amr: Sequence[str] = ("pwd", "otp")
    acr: str = STRONG
    age: int = 0
    """Seconds since they proved themselves there."""
    says: str = ""
    """The ``preferred_username`` it vouches for, if not their own."""

    def document(self) -> dict[str, Any]:
        return {
            "username": self.username,
            "password": PASSWORD,
            "amr": list(self.amr),
            "acr": self.acr,
            "age": self.age,
            "says": self.says or self.username,
        }


@dataclass
class Provider:
    """A provider about to run for one hub."""

    people: Sequence[Known]
    port: int = field(default_factory=free_port)
    client_id: str = "hanare-test"
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, hub: RunningHub) -> dict[str, str]:
        """What the hub is told of this provider."""
        place = hub.settings.enclave_home / "hub" / "oidc.secret"
        place.write_text(self.secret)
        return {
            "HANARE_SIGN_IN": "oidc",
            "HANARE_OIDC_ISSUER": self.issuer,
            "HANARE_OIDC_CLIENT_ID": self.client_id,
            "HANARE_OIDC_CLIENT_SECRET_FILE": str(place),
            "HANARE_OIDC_AUTHORIZE_URL": f"{self.issuer}/auth",
            "HANARE_OIDC_TOKEN_URL": f"{self.issuer}/token",
            "HANARE_OIDC_CALLBACK_URL": f"{hub.url}/hub/oauth_callback",
            "HANARE_OIDC_AMR": "otp",
            "HANARE_OIDC_ACR": STRONG,
        }

    @contextmanager
    def serving(self, callback: str) -> Iterator[None]:
        """It answers until the block ends."""
        places = Places(ROOT, ROOT, ROOT / "var", ROOT / "var", as_root=True)
        settings: Mapping[str, Any] = {
            "issuer": self.issuer,
            "port": self.port,
            "client_id": self.client_id,
            "client_secret": self.secret,
            "callback": callback,
            "people": [one.document() for one in self.people],
        }
        installed = oidc.ensure(places, Stamps(places.var / "stamps"))
        with subprocess.Popen(
            [places.node_folder / "bin" / "node", installed / PROVIDER.name, json.dumps(settings)],
            cwd=installed,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline().strip() == "ready"
                yield
            finally:
                process.terminate()
                process.wait(10)


@contextmanager
def hub_with_provider(people: Sequence[Known], **changes: str) -> Iterator[tuple[RunningHub, Provider]]:
    """A running hub that knows people through this provider; ``changes`` alter its environment."""
    provider = Provider(people)

    def change(hub: RunningHub) -> None:
        hub.extra.update({**provider.environment(hub), **changes})

    with running_hub(change) as hub, provider.serving(f"{hub.url}/hub/oauth_callback"):
        yield hub, provider


class Visitor:
    """A browser that goes from the hub to the provider and back."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.session = requests.Session()
        self.session.headers.update({"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        self.began = ""
        """The address at which the provider was asked."""

    def sign_in(self, username: str, password: str = PASSWORD) -> requests.Response:
        """The page on which it ends."""
        page = self.session.get(f"{self.hub.url}/hub/oauth_login", timeout=20)
        self.began = next(
            (r.headers["Location"] for r in page.history if "/auth?" in r.headers["Location"]), ""
        )
        assert "<form" in page.text, page.text[:500]
        return self.session.post(page.url, data={"username": username, "password": password}, timeout=30)

    def sentence(self, page: requests.Response) -> str:
        """What a refusal says."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
