"""People of the running product in real Chromium: signing in, opening a workspace, voting.

One-time codes are good once; each actor keeps the last step they used and waits for the next,
and a code that somebody else spent meanwhile (another run over the same house) is tried anew.
"""

import re
import time
from datetime import UTC, datetime

import pyotp
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.support.product import Actor, Product

STEP_SECONDS = 30
ATTEMPTS = 3
SPAWN_MS = 120_000
CELL_MS = 60_000

_used: dict[str, int] = {}


def fresh_code(actor: Actor) -> str:
    """A code of a time step that this actor has not used."""
    step = max(int(time.time()) // STEP_SECONDS, _used.get(actor.username, 0) + 1)
    while int(time.time()) // STEP_SECONDS < step:
        time.sleep(0.5)
    _used[actor.username] = step
    return str(pyotp.TOTP(actor.totp_secret).at(datetime.fromtimestamp(step * STEP_SECONDS, UTC)))


class OnStage:
    """An actor with a browser profile of their own, signed in at the hub and at the portal."""

    def __init__(self, product: Product, chrome: Browser, username: str) -> None:
        self.product = product
        self.actor = product.actor(username)
        self.page: Page = chrome.new_context(
            locale="ja-JP", viewport={"width": 1280, "height": 900}
        ).new_page()
        self.page.set_default_timeout(30_000)

    def sign_in(self) -> None:
        """At the hub with both factors, then at the portal through it."""
        self.sign_in_to_hub()
        self.page.goto(f"{self.product.portal}/")
        self.page.click("main a.button.primary")
        self.page.wait_for_url(f"{self.product.portal}/")
        expect(self.page.locator(".person-home")).to_contain_text(self.actor.username)

    def sign_in_to_hub(self) -> None:
        for _ in range(ATTEMPTS):
            self.page.goto(f"{self.product.hub}/hub/login")
            self.page.fill("#username_input", self.actor.username)
            self.page.fill("#password_input", self.actor.password)
            self.page.fill("#otp_input", fresh_code(self.actor))
            self.page.click("#login_submit")
            try:
                self.page.wait_for_url(re.compile(r"/hub/(home|spawn)"), timeout=15_000)
            except PlaywrightTimeoutError:
                continue
            return
        raise AssertionError(f"{self.actor.username} could not sign in: {self.page.inner_text('body')[:400]}")

    def open_lab(self) -> Page:
        """JupyterLab in the project's workspace, with one new notebook."""
        page, project = self.page, self.product.project
        page.goto(f"{self.product.hub}/hub/home")
        enter = page.locator(f"#enter-{project}")
        if enter.count():
            enter.click()
            page.wait_for_url(re.compile(rf"/user/[^/]+/{project}/"), timeout=SPAWN_MS)
        page.goto(f"{self.product.hub}/user/{self.actor.username}/{project}/lab?reset")
        card = page.locator(".jp-LauncherCard[data-category='Notebook']").first
        card.wait_for(timeout=60_000)
        card.click()
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.wait_for(timeout=60_000)
        page.get_by_text(re.compile(r"^Python 3 \| (アイドル|Idle)$")).wait_for(
            timeout=60_000
        )  # a cell run before that is dropped
        return page

    def run_cell(self, code: str, marker: str) -> str:
        """Type a cell into the notebook, run it, and give what it showed."""
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        shown = self.page.locator(".jp-OutputArea-output", has_text=marker).last
        try:
            shown.wait_for(timeout=CELL_MS)
        except PlaywrightTimeoutError as error:
            notebook = self.page.locator(".jp-Notebook").last.inner_text()
            raise AssertionError(f"the cell never said {marker}: {notebook[-1500:]}") from error
        return shown.inner_text()

    def portal(self, path: str) -> Page:
        """A page of the portal."""
        self.page.goto(f"{self.product.portal}{path}")
        return self.page

    def leave(self) -> None:
        """Close this person's profile."""
        self.page.context.close()
