"""A researcher with a script and the portal's cookies: every address there is, asked in every way there is.

Real HTTP over loopback, with the headers a page of the portal would send. What matters is what
came back, wherever it stood in the answer: body, header or error.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Self

import httpx

from hub.portal import ROUTES
from tests.support.portal_house import PortalHouse

QUERIES = ("", "?content=1", "?content=1&page=2", "?page=2", "?download=1&raw=1&as=checker")
ACCEPTS = ("application/json", "text/html")
CALLBACK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@dataclass
class Outside:
    """One person's script."""

    house: PortalHouse
    username: str
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._client = httpx.Client(base_url=self.house.portal, timeout=30, trust_env=False)
        self.house.hub.who = self.username
        gone = self._client.get("/sign-in")
        back = self._client.get(gone.headers["location"])
        arrived = self._client.get(back.headers["location"], headers=CALLBACK)
        assert arrived.status_code == 200, arrived.text
        self._csrf = self._client.get("/", headers={"Accept": "application/json"}).json()["csrf"]
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def tries_everything(self, requests: Sequence[str], digests: Sequence[str]) -> int:
        """Read what can be read, then send what can be sent; how many answers were no refusal."""
        good = 0
        for place in self._places("GET", requests, digests):
            for query, accept in itertools.product(QUERIES, ACCEPTS):
                good += self._hear("GET", place + query, {"Accept": accept}) < 400
            self._hear("GET", place, {"Accept": "text/csv, */*;q=0.1", "Range": "bytes=0-"})
            self._hear("HEAD", place, {"Accept": "text/html"})
        for place in self._places("POST", requests, digests):
            if not place.endswith(("/withdraw", "/sign-out")):
                for digest in (*digests, "0" * 64):
                    good += self._hear("POST", place, {"Accept": "application/json"}, digest) < 400
        return good

    def text(self) -> str:
        """Everything that came back."""
        return "\n".join(self.heard)

    def _places(self, method: str, requests: Sequence[str], digests: Sequence[str]) -> Iterator[str]:
        names = {"request_id": requests, "sha256": digests}
        for route in ROUTES:
            wanted = [name for _, name, _, _ in Formatter().parse(route.path) if name]
            if route.method == method and "/sign-" not in route.path:
                for values in itertools.product(*(names.get(name, digests) for name in wanted)):
                    yield route.path.format(**dict(zip(wanted, values, strict=True)))

    def _hear(self, method: str, place: str, headers: dict[str, str], digest: str = "") -> int:
        sent = {"Origin": self.house.portal, "Sec-Fetch-Site": "same-origin", **headers}
        form = {"csrf": self._csrf, "digest": digest, "reason": "x", "comment": "x", "policy": digest}
        answer = self._client.request(method, place, headers=sent, data=form if method == "POST" else None)
        self.heard.append(f"{answer.headers}\n{answer.text}")
        return answer.status_code
