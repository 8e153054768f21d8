"""A person's browser, as far as HTTP goes: two origins, two cookie jars, no automatic anything.

The hub is signed in to with name, password and one-time code. The portal sends its visitors
to the hub and back; redirects are followed by hand, each cookie stays with its own host, and
what a form needs (own ``Origin``, ``Sec-Fetch-Site``, the session's form token) is sent as a
browser would send it.
"""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from demo.walk_people import Cast, Someone

SECONDS = 30.0
MOST_HOPS = 12
JSON = {"Accept": "application/json"}


class Browser:
    """One person at the two addresses."""

    def __init__(self, cast: Cast, person: Someone) -> None:
        self.cast = cast
        self.person = person
        self.hub = httpx.Client(base_url=cast.hub, timeout=SECONDS, trust_env=False)
        self.portal = httpx.Client(base_url=cast.portal, timeout=SECONDS, trust_env=False)
        self.csrf = ""

    def close(self) -> None:
        """Give the connections back."""
        self.hub.close()
        self.portal.close()

    def sign_in_to_hub(self) -> httpx.Response:
        """The hub's answer to name, password and code; a redirect away from the form is success."""
        page = self.hub.get("/hub/login")
        fields = {
            "username": self.person.username,
            "password": self.person.password,
            "otp": self.person.code(),
            "_xsrf": hub_token(self.hub, page.text),
        }
        return self.hub.post("/hub/login", data=fields)

    def sign_in_to_portal(self) -> httpx.Response:
        """Through the hub and back; leaves the form token for later posts."""
        arrived = self.walk(self.cast.portal + "/sign-in", JSON)
        if arrived.status_code == httpx.codes.OK:
            self.csrf = str(self.read("/").get("csrf") or "")
        return arrived

    def client_of(self, address: str) -> httpx.Client:
        """The jar that belongs to an address's host; any other host is a fault of the house."""
        for client in (self.hub, self.portal):
            if urlsplit(address)[:2] == urlsplit(str(client.base_url))[:2]:
                return client
        raise ValueError(f"the house sent this browser to a stranger: {urlsplit(address).netloc}")

    def walk(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """GET and follow redirects by hand, across both origins."""
        for _ in range(MOST_HOPS):
            answer = self.client_of(address).get(address, headers=headers)
            if not answer.has_redirect_location:
                return answer
            address = urljoin(address, answer.headers["location"])
        raise ValueError("the house sends this browser in circles")

    def ask(self, path: str) -> httpx.Response:
        """GET a page of the portal as JSON, whatever the answer."""
        return self.portal.get(path, headers=JSON)

    def read(self, path: str) -> dict[str, Any]:
        """The JSON of a page of the portal that must be shown."""
        answer = self.ask(path)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def post(self, path: str, fields: dict[str, Any] | None = None, **changed: str) -> httpx.Response:
        """POST a form of the portal as its own page would; ``changed`` replaces headers."""
        headers = {
            **JSON,
            "Origin": self.cast.portal,
            "Sec-Fetch-Site": "same-origin",
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        return self.portal.post(path, data={"csrf": self.csrf, **(fields or {})}, headers=headers)


def hub_token(client: httpx.Client, page: str) -> str:
    """The hub's form token: in the page, or in its cookie."""
    found = re.search(r'name="_xsrf"\s+value="([^"]+)"', page)
    if found:
        return found[1]
    return next((c.value or "" for c in client.cookies.jar if c.name == "_xsrf"), "")


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer, the code empty when it carries none."""
    try:
        told = answer.json()
    except ValueError:
        return answer.status_code, ""
    error = told.get("error") if isinstance(told, dict) else None
    return answer.status_code, str(error.get("code", "")) if isinstance(error, dict) else ""
