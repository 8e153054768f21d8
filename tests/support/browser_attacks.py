"""What a page on the hub's origin can try against the portal: every way a browser sends a request.

The scripts run inside the page, as a notebook's output would; each returns what it could see.
Nothing here knows how the portal defends itself.
"""

from typing import Any

from playwright.sync_api import Error, Page

IN_THE_BACKGROUND = """async ({target, fields}) => {
  const body = new URLSearchParams(fields), seen = {};
  const attempt = async (name, make) => {
    try { const r = await make(); seen[name] = r && r.type !== undefined ? `${r.type} ${r.status}` : String(r); }
    catch (error) { seen[name] = error.name; }
  };
  for (const mode of ["no-cors", "cors"])
    await attempt(`fetch ${mode}`, () => fetch(target, {method: "POST", mode, credentials: "include", body}));
  await attempt("fetch json", () => fetch(target, {method: "POST", credentials: "include",
    headers: {"Content-Type": "application/json"}, body: JSON.stringify(fields)}));
  await attempt("fetch text", () => fetch(target, {method: "POST", mode: "no-cors", credentials: "include",
    headers: {"Content-Type": "text/plain"}, body: JSON.stringify(fields)}));
  await attempt("fetch no referrer", () => fetch(target, {method: "POST", mode: "no-cors", credentials: "include",
    referrerPolicy: "no-referrer", body}));
  await attempt("fetch delete", () => fetch(target, {method: "DELETE", credentials: "include"}));
  await attempt("beacon", () => navigator.sendBeacon(target, body));
  await attempt("xhr", () => new Promise((done) => { const x = new XMLHttpRequest(); x.open("POST", target);
    x.withCredentials = true; x.onloadend = () => done(`status ${x.status} ${x.responseText.length}`); x.send(body); }));
  return seen;
}"""

READING = """async (target) => {
  const seen = {};
  try { const r = await fetch(target, {credentials: "include"}); seen.fetch = await r.text(); }
  catch (error) { seen.fetch = error.name; }
  for (const [tag, attribute] of [["img", "src"], ["script", "src"], ["iframe", "src"], ["object", "data"], ["link", "href"]]) {
    const part = document.createElement(tag); part[attribute] = target;
    if (tag === "link") part.rel = "stylesheet";
    seen[tag] = await new Promise((done) => {
      part.onload = () => { try { done(part.contentDocument ? part.contentDocument.body.innerText : "opaque"); }
                            catch (error) { done(error.name); } };
      part.onerror = () => done("error"); setTimeout(() => done("silence"), 1500);
      document.body.append(part);
    });
  }
  return seen;
}"""

FORM = """({target, fields, where, enctype}) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = target; form.enctype = enctype;
  if (where) { const frame = document.createElement("iframe"); frame.name = where;
    if (where !== "_blank") document.body.append(frame); form.target = where; }
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input"); field.name = name; field.value = value; form.append(field); }
  document.body.append(form); form.submit();
}"""

PLANT = """(name) => {
  for (const rest of ["; path=/", "; path=/reviews", "; domain=localhost; path=/", "; domain=127.0.0.1; path=/"])
    document.cookie = `${name}=planted${rest}`;
}"""


def attack(page: Page, start: str, target: str, fields: dict[str, str]) -> dict[str, Any]:
    """Try every way to post these fields from a page at ``start``; what each could see."""
    seen: dict[str, Any] = {}
    page.goto(start)
    seen.update(page.evaluate(IN_THE_BACKGROUND, {"target": target, "fields": fields}))
    for enctype in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
        for where in ("hidden", "_blank", ""):
            page.goto(start)
            known = list(page.context.pages)
            page.evaluate(FORM, {"target": target, "fields": fields, "where": where, "enctype": enctype})
            page.wait_for_timeout(250)
            for opened in page.context.pages:
                if opened not in known:
                    opened.close()
    return seen


def read_from_outside(page: Page, start: str, target: str) -> dict[str, Any]:
    """Try every way to load a page of the portal into a page at ``start``."""
    page.goto(start)
    seen: dict[str, Any] = page.evaluate(READING, target)
    with page.expect_popup() as popup:
        page.evaluate("(target) => { window.peeked = window.open(target); }", target)
    popup.value.wait_for_load_state()
    try:
        seen["window"] = page.evaluate(
            "() => { try { return window.peeked.document.body.innerText; } catch (error) { return error.name; } }"
        )
    except Error as error:  # the page went away: nothing was read
        seen["window"] = type(error).__name__
    popup.value.close()
    return seen
