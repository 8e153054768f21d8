"""Signing in at the real hub with a recovery code, and what the start page says of those left."""

from enclave.credentials import normal_recovery, recovery_hash
from enclave.people import Credential
from enclave.use_cases.first_sign_in import fresh_recovery_codes
from tests.support.hub_running import PASSWORD, Browser, RunningHub


def test_a_recovery_code_signs_in_once_and_the_number_left_is_told(hub: RunningHub) -> None:
    codes = fresh_recovery_codes(hub.foundation.fresh)
    hashes = tuple(recovery_hash("rin", normal_recovery(code) or "") for code in codes)
    with hub.foundation.database.begin() as work:
        known = work.register.find_credential("rin")
        assert known is not None
        work.register.put_credential("rin", Credential(known.password_hash, known.totp_sealed, hashes))
    browser = Browser(hub.url, "rin")
    login = browser.get("/hub/login").content.decode()
    assert "回復コード" in login
    assert "recovery codes" in login
    assert f"{hub.settings.portal_address}/first-sign-in" in login
    page = browser.sign_in(PASSWORD, codes[0].lower())
    assert page.status_code == 200
    assert "残りの回復コード：9。" in page.content.decode()
    assert "Recovery codes left: 9." in page.content.decode()
    assert [(leaf["person"], leaf["facts"]) for leaf in hub.events("person.recovery_used")] == [
        ("rin", {"left": 9})
    ]
    assert Browser(hub.url, "rin").sign_in(PASSWORD, codes[0]).status_code == 403
    again = Browser(hub.url, "rin").sign_in(PASSWORD, hub.code("rin"))
    assert "Recovery codes left: 9." in again.content.decode()
