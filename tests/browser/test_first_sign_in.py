"""A person sets up their own sign-in in real Chromium, with a real authenticator's codes."""

from pathlib import Path

import pyotp
from playwright.sync_api import Browser, expect

from enclave.people import Credential
from tests.support.portal_server import served_portal

PASSWORD = "ame futte ji katamaru"


def test_password_authenticator_recovery_codes_and_the_line_for_the_operator(
    tmp_path: Path, chrome: Browser
) -> None:
    with served_portal(tmp_path) as house:
        page = chrome.new_context(locale="ja-JP").new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(house.portal)
        page.click("text=初めての方")
        page.fill("#username", "eve")
        page.fill("#password", PASSWORD)
        page.fill("#again", f"{PASSWORD}.")
        page.click("button.primary")
        expect(page.locator("[role=alert]")).to_contain_text("二つのパスワードが異なります")
        expect(page.locator("#username")).to_have_value("eve")
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("button.primary")
        picture = page.locator(".picture svg")
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 200
        secret = page.locator("code.whole").first.inner_text()
        page.fill("#code", pyotp.TOTP(secret).at(house.house.clock.at))
        page.click("form.decide button.primary")
        codes = page.locator(".recovery code").all_inner_texts()
        assert len(set(codes)) == 10
        digest = page.locator("#credential").inner_text()
        expect(page.locator("a.language")).to_have_count(0)
        assert all(address.startswith(house.portal) for address in asked)
        with house.house.begin() as work:
            made = work.register.take_pending_credential("eve", digest, work.now)
            assert isinstance(made, Credential)
            assert house.passwords.verify(made.password_hash, PASSWORD)
            assert work.register.open_totp("eve", made.totp_sealed) == secret
            assert len(made.recovery) == 10
