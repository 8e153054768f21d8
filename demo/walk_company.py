"""What the chapters of the walk share: people, their browsers, the notebook, the telling."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from demo.walk_browser import Browser, refusal
from demo.walk_notebook import Notebook
from demo.walk_people import Cast, Someone
from demo.walk_telling import FaultError, Step, Telling

SIGN_IN_ATTEMPTS = 4
"""A code that somebody used just before the walk began costs one attempt; five close the account."""
PATIENCE_SECONDS = 90.0


@dataclass
class Walk:
    """One walk through the house."""

    cast: Cast
    telling: Telling
    folder: Path
    browsers: dict[str, Browser] = field(default_factory=dict)
    notebook: Notebook | None = None
    request_id: str = ""
    canonical_sha256: str = ""

    @property
    def author(self) -> Someone:
        """The researcher whose result this is."""
        return self.cast.one("researcher")

    @property
    def intruder(self) -> Someone:
        """A person of the house whom the project does not concern."""
        return self.cast.with_role("researcher")[-1]

    def browser(self, person: Someone) -> Browser:
        """The person's browser, signed in at both addresses."""
        if person.username not in self.browsers:
            browser = Browser(self.cast, person)
            sign_in(browser)
            self.browsers[person.username] = browser
        return self.browsers[person.username]

    def events(self, **wanted: str) -> list[dict[str, Any]]:
        """Events as the auditor reads them, the newest first."""
        query = str(httpx.QueryParams(wanted))
        found: list[dict[str, Any]] = self.browser(self.cast.one("auditor")).read(
            f"/audit/events.json?{query}"
        )["events"]
        return found

    def must_refuse(self, step: Step, what: str, answer: httpx.Response, codes: Iterable[str] = ()) -> None:
        """An attempt that has to fail; status and code are kept."""
        status, code = refusal(answer)
        self.telling.refused(what, status, code)
        step.show(what, f"{status} {code}".strip())
        step.insist(400 <= status < 500, f"refused: {what}")
        step.insist(not codes or code in set(codes), f"refused for the right reason: {what} ({code})")

    def close(self) -> None:
        """Everything given back; the workspace goes on."""
        if self.notebook:
            self.notebook.close()
        for browser in self.browsers.values():
            browser.close()


def sign_in(browser: Browser) -> None:
    """Signed in at the hub, then at the portal."""
    for _ in range(SIGN_IN_ATTEMPTS):
        answer = browser.sign_in_to_hub()
        if answer.has_redirect_location and "/hub/login" not in answer.headers["location"]:
            break
    else:
        raise FaultError(f"{browser.person.username} cannot sign in: status {answer.status_code}")
    arrived = browser.sign_in_to_portal()
    if arrived.status_code != httpx.codes.OK or not browser.csrf:
        raise FaultError(f"{browser.person.username} is not let into the portal: {refusal(arrived)}")


def wait_for(what: str, look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """What ``look`` gives once it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.3)
    raise FaultError(f"this did not happen within {seconds:.0f} s: {what}")
