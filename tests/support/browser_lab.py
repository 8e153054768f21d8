"""JupyterLab in real Chromium, in a house of its own: signing in, notebooks, and what the page complained about.

One sign-in serves a whole run, because one-time codes are scarce; each test has a window of its own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.support import hub_running
from tests.support.hub_running import PASSWORD, RunningHub, running_hub

PERSON, PROJECT = "yui", "lab-a"
OTHER_PERSON, OTHER_PROJECT = "ema", "lab-b"
SETTLE_MS = 1_500
IDLE = re.compile(r"^[^|]+ \| (アイドル|Idle)$")
QUIET = (
    "An iframe which has both allow-scripts and allow-same-origin",  # MathJax's own frame, without a source
    "Menu entry for command 'docmanager:restore-checkpoint' is duplicated.",  # how Lab notes that we turned it off
    "Connection lost, reconnecting in 0 seconds.",  # Lab's word for a kernel that was restarted on purpose
    "履歴を取得できませんでした",  # a desk gives no history
    "Could not retrieve history",
)


@contextmanager
def lab_house(
    chrome: Browser,
    person: str = PERSON,
    project: str = PROJECT,
    change: Callable[[RunningHub], None] | None = None,
) -> Iterator["LabHouse"]:
    """A running house whose one researcher works in the browser; ``change`` may alter it before it starts."""
    with (
        mock.patch.multiple(hub_running, PEOPLE=(person,), PROJECTS=(project,)),
        running_hub(change) as hub,
    ):
        yield LabHouse(hub, chrome, person, project)


@dataclass
class LabWindow:
    """One browser window on the workspace, and everything that its page said and asked."""

    page: Page
    base: str
    """Where the workspace is."""
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.set_default_timeout(30_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))
        page.on("response", self._response)
        page.on("download", lambda download: self.downloads.append(download.url))
        page.context.on("page", lambda opened: self.windows.append(opened.url))

    def _console(self, message: Any) -> None:
        text = str(message.text)
        if message.type in {"error", "warning"} and not text.startswith(QUIET):
            self.complaints.append(f"{message.type}: {text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.request.method} {response.url}")

    def say_meter(self, document: dict[str, Any]) -> None:
        """Answer the page's meter with this document, as it is at each moment."""
        self.page.route("**/hanare/meter*", lambda route: route.fulfill(json=document))

    def open(self, *, reset: bool = True) -> Page:
        """The Lab page, its launcher or its last layout."""
        self.page.goto(f"{self.base}/lab{'?reset' if reset else ''}")
        self.page.locator("#jp-main-statusbar").wait_for(timeout=60_000)
        self.page.locator(".jp-LauncherCard, .jp-Notebook, .jp-FileEditor").first.wait_for(timeout=60_000)
        return self.page

    def new_notebook(self, kernel: str = "Python 3") -> Locator:
        """A new notebook whose kernel is ready; a cell run before that would be dropped."""
        panels = self.page.locator(".jp-NotebookPanel")
        before = panels.count()
        self.page.locator(".jp-LauncherCard[data-category='Notebook']:visible", has_text=kernel).first.click()
        panels.nth(before).wait_for(timeout=60_000)
        # The status bar tells of the notebook before until the new one's kernel was asked for.
        self.page.wait_for_timeout(SETTLE_MS)
        return self.ready()

    def ready(self) -> Locator:
        panel = self.page.locator(".jp-NotebookPanel:visible").last
        panel.locator(".jp-CodeCell .cm-content").first.wait_for(timeout=60_000)
        self.page.get_by_text(IDLE).wait_for(timeout=60_000)
        return panel

    def run(self, code: str, marker: str, seconds: float = 60) -> Locator:
        """Run a cell at the end of the notebook; the output that holds the marker."""
        panel = self.page.locator(".jp-NotebookPanel:visible").last
        self.write(code)
        self.page.keyboard.press("Shift+Enter")
        shown = panel.locator(".jp-OutputArea-output", has_text=marker).last
        shown.wait_for(timeout=seconds * 1000)
        return shown

    def write(self, code: str) -> None:
        """Put a text into the last cell."""
        cell = self.page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").last
        cell.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def menu(self, name: str) -> list[str]:
        """The visible entries of a menu of the menu bar, its sub-menus not opened."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile(rf"^{name}$")).click()
        shown = self.page.locator(".lm-Menu:visible").last
        shown.wait_for()
        entries = shown.locator(".lm-Menu-item:visible .lm-Menu-itemLabel").all_inner_texts()
        self.page.keyboard.press("Escape")
        return [entry for entry in entries if entry]

    def choose(self, menu: str, entry: str) -> None:
        """Click an entry of a menu."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile(rf"^{menu}$")).click()
        self.page.locator(
            ".lm-Menu:visible .lm-Menu-item", has_text=re.compile(rf"^\s*{entry}\s*")
        ).first.click()

    def speak_english(self) -> None:
        """By the settings menu, as a person would; it holds for the workspace, so it has to be taken back."""
        self._speak("設定", "言語", "English", "File")

    def speak_japanese(self) -> None:
        self._speak("Settings", "Language", "日本語", "ファイル")

    def _speak(self, menu: str, entry: str, language: str, then: str) -> None:
        page = self.page
        page.locator(".lm-MenuBar-item", has_text=re.compile(rf"^{menu}$")).click()
        page.locator(".lm-Menu:visible .lm-Menu-item", has_text=re.compile(rf"^\s*{entry}\s*$")).first.hover()
        page.locator(".lm-Menu:visible .lm-Menu-item", has_text=language).first.click()
        with page.expect_navigation():
            self.dialog().locator("button").last.click()
        page.locator(".lm-MenuBar-item", has_text=then).wait_for(timeout=60_000)
        page.locator(".jp-LauncherCard, .jp-Notebook").first.wait_for(timeout=60_000)

    def dialog(self) -> Locator:
        return self.page.locator(".jp-Dialog:visible")

    def close_dialog(self) -> str:
        """Dismiss the dialog that stands there; what it said."""
        self.dialog().first.wait_for()
        said = self.dialog().first.inner_text()
        self.dialog().first.locator("button").last.click()
        self.dialog().first.wait_for(state="hidden")
        return said

    def bring_in(self, name: str, content: bytes) -> None:
        """Hand a file to the upload button."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(".jp-id-upload button, .jp-id-upload jp-button").first.click()
        chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": content})

    def end_kernels(self) -> None:
        """End every kernel of the workspace: all windows of a run share one, and a broker starts no more than 16."""
        context = self.page.context
        tokens = [c["value"] for c in context.cookies(f"{self.base}/") if c["name"] == "_xsrf"]
        asked = context.request.get(f"{self.base}/api/kernels")
        for kernel in asked.json() if asked.ok else ():
            for token in tokens:
                headers = {"X-XSRFToken": token}
                if context.request.delete(f"{self.base}/api/kernels/{kernel['id']}", headers=headers).ok:
                    break
            else:
                raise AssertionError("a kernel of a window that closes was not ended")

    def close(self) -> None:
        self.end_kernels()
        self.page.context.close()


class LabHouse:
    """The house and its windows."""

    def __init__(self, hub: RunningHub, chrome: Browser, person: str, project: str) -> None:
        self.hub, self._chrome = hub, chrome
        self.person, self.project = person, project
        self._state: StorageState | None = None

    def window(self, locale: str = "ja-JP", width: int = 1280) -> LabWindow:
        """A window of its own, signed in, with the workspace running."""
        context = self._chrome.new_context(
            locale=locale, viewport={"width": width, "height": 860}, storage_state=self._state
        )
        if self._state is None:
            self._state = self._sign_in(context)
        window = LabWindow(context.new_page(), f"{self.hub.url}/user/{self.person}/{self.project}")
        self._enter(window)
        return window

    def window_in(self, context: BrowserContext) -> LabWindow:
        """A window of a browser of its own, with the same sign-in."""
        if self._state is None:
            first = self._chrome.new_context()
            self._state = self._sign_in(first)
            first.close()
        context.add_cookies(self._state["cookies"])  # type: ignore[arg-type]  # one shape, two names
        window = LabWindow(context.new_page(), f"{self.hub.url}/user/{self.person}/{self.project}")
        self._enter(window)
        return window

    def _sign_in(self, context: BrowserContext) -> StorageState:
        page = context.new_page()
        page.goto(f"{self.hub.url}/hub/login")
        page.fill("#username_input", self.person)
        page.fill("#password_input", PASSWORD)
        page.fill("#otp_input", self.hub.code(self.person))
        page.click("#login_submit")
        page.wait_for_url(re.compile(r"/hub/(home|spawn)"))
        page.close()
        return context.storage_state()

    def _enter(self, window: LabWindow) -> None:
        page = window.page
        page.goto(f"{self.hub.url}/hub/home")
        button = page.locator(f"#enter-{self.project}")
        if button.count():
            button.click(no_wait_after=True)
            try:
                page.wait_for_url(f"{window.base}/**", timeout=90_000)
            except PlaywrightTimeoutError as error:
                raise AssertionError(
                    f"no workspace at {page.url}: {page.inner_text('body')[:600]}"
                ) from error
        page.goto("about:blank")
        for heard in (window.complaints, window.refused):
            heard.clear()
