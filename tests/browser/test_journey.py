"""The whole journey in real Chromium on the running product: notebook, two checkers, download.

And on the way: what a notebook's output and a hub page try against the portal, with the cookies
of both present, changes nothing there.
"""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.support.browser_attacks import IN_THE_BACKGROUND, attack, read_from_outside
from tests.support.browser_people import OnStage, fresh_code
from tests.support.product import Product

READY = "HANARE-READY"
ASK = f"""
import pandas as pd
import enclave_kit as kit
with kit.connect() as extract:
    tables = kit.tables(extract)
    people = tables[tables["column"] == "patient_key"]["table"].iloc[0]
    persons = extract.execute(f'SELECT count(DISTINCT patient_key) FROM "{{people}}"').fetchone()[0]
table = pd.DataFrame({{"区分": ["全体"], "患者数": [persons]}})
draft = kit.request_release({{"全体.csv": table}}, TITLE, "対象者の総数")
print("{READY}", persons)
"""

OUTPUT_THAT_ATTACKS = """
from IPython.display import HTML, display
display(HTML('''<p>HANARE-OUTPUT</p><img src="PORTAL/sign-out">
<form id="evil" method="post" action="PORTALTARGET"><input name="csrf" value="TOKEN"></form>
<iframe src="PORTALTARGET"></iframe><script>
fetch("PORTALTARGET", {method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({csrf: "TOKEN"})});
document.getElementById("evil").target = "_blank"; document.getElementById("evil").submit();</script>'''))
"""


def wait_for_state(page: Page, place: str, state: str, seconds: float = 90) -> dict[str, Any]:
    """Ask the portal until the request is in this state."""
    until, shown = time.monotonic() + seconds, {}
    while time.monotonic() < until:
        shown = page.request.get(place, headers={"Accept": "application/json"}).json()
        if shown.get("state") == state:
            break
        time.sleep(1)
    assert shown.get("state") == state, json.dumps(shown, ensure_ascii=False)[:2000]
    return shown


def find_request(page: Page, portal: str, title: str) -> str:
    """The id of the request with this title, once the desk has handed it in."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        lines = page.request.get(f"{portal}/requests", headers={"Accept": "application/json"}).json()[
            "requests"
        ]
        found = [line["request_id"] for line in lines if line["title"] == title]
        if found:
            return str(found[0])
        time.sleep(1)
    raise AssertionError("the request never arrived at the portal")


def test_a_result_goes_from_the_notebook_through_two_checkers_to_its_author(
    product: Product, chrome: Browser, tmp_path: Path
) -> None:
    title = f"対象者の総数 {time.strftime('%Y-%m-%d %H:%M:%S')}"
    mei = OnStage(product, chrome, "mei")
    mei.sign_in()
    mei.open_lab()
    shown = mei.run_cell(ASK.replace("TITLE", repr(title)), READY)
    persons = shown.split()[-1]
    request_id = find_request(mei.page, product.portal, title)
    place = f"{product.portal}/requests/{request_id}"
    wait_for_state(mei.page, place, "awaiting_author")

    page = mei.portal(f"/requests/{request_id}")
    expect(page.locator("td", has_text=persons).first).to_be_visible()
    page.check("input[name=digest]")
    page.click("text=この内容で確認する")
    wait_for_state(page, place, "in_review")

    for name in ("aoi", "rin"):
        vote(product, chrome, name, request_id)
    wait_for_state(mei.page, place, "released")
    fetch_result(mei, request_id, persons, tmp_path / "package.zip")
    mei.leave()


def vote(product: Product, chrome: Browser, name: str, request_id: str) -> None:
    """A checker reads the request and completes a review that approves it."""
    checker = OnStage(product, chrome, name)
    checker.sign_in()
    page = checker.portal(f"/reviews/{request_id}")
    assert page.locator("h2", has_text="審査の記録").count() == 0, "blind"
    until = time.monotonic() + 90
    while not page.locator(".choices .approve").count() and time.monotonic() < until:
        time.sleep(2)  # it is compared with the source's own identifiers first
        page.reload()
    page.click(".choices .approve")
    page.fill("#comment", "総数のみ。問題ありません。")
    page.fill("#code-review", fresh_code(checker.actor))
    page.click("text=審査を完了する")
    expect(page.locator(".notice").first).to_be_visible()
    checker.leave()


def fetch_result(mei: OnStage, request_id: str, persons: str, saved: Path) -> None:
    """The author makes a link, downloads, and holds the receipt."""
    page = mei.portal(f"/requests/{request_id}")
    page.click("text=ダウンロード用リンクを作成")
    with page.expect_download() as download:
        page.click("text=一式をダウンロード")
    download.value.save_as(saved)
    with zipfile.ZipFile(io.BytesIO(saved.read_bytes())) as package:
        assert package.read("全体.csv").decode() == f"区分,患者数\n全体,{persons}\n"
        reviewers = json.loads(package.read("record.json"))["reviewers"]
    assert sorted(reviewers) == ["aoi", "rin"]
    until = time.monotonic() + 90
    while time.monotonic() < until:
        receipt = page.request.get(f"{mei.product.portal}/releases/{request_id}/receipt")
        if receipt.status == 200:
            break
        time.sleep(2)
    said = receipt.json()
    assert json.loads(said["leaf"])["subject"] == request_id


def test_neither_a_notebooks_output_nor_a_hub_page_changes_anything_at_the_portal(
    product: Product, chrome: Browser
) -> None:
    mei = OnStage(product, chrome, "mei")
    mei.sign_in()
    portal = product.portal
    token = mei.page.locator("form[action='/sign-out'] input[name=csrf]").input_value()
    mei.open_lab()
    names = {cookie.get("name") for cookie in mei.page.context.cookies()}
    assert "hanare-portal" in names
    assert any(str(name).startswith("jupyterhub-") for name in names), "cookies of both are present"
    target = f"{portal}/sign-out"
    cell = (
        OUTPUT_THAT_ATTACKS.replace("PORTALTARGET", target).replace("PORTAL", portal).replace("TOKEN", token)
    )
    mei.run_cell(cell, "HANARE-OUTPUT")
    seen = mei.page.evaluate(IN_THE_BACKGROUND, {"target": target, "fields": {"csrf": token}})
    for how, what in seen.items():
        assert how == "beacon" or what in {"TypeError", "opaque 0", "status 0 0"}, (how, what)
    home = f"{product.hub}/hub/home"
    attack(mei.page, home, target, {"csrf": token})
    for how, what in read_from_outside(mei.page, home, f"{portal}/").items():
        assert mei.actor.username not in what, how
    page = mei.portal("/")
    expect(page.locator(".person-home")).to_contain_text("mei")
    still = page.request.get(f"{portal}/", headers={"Accept": "application/json"}).json()
    assert still["csrf"] == token, "the very same session: nobody signed out, nobody signed in over it"
    mei.leave()
