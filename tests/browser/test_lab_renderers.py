"""Every renderer that JupyterLab really ships in the desk, each judged: what it can run or fetch, and what keeps it fed.

A renderer is code that is handed what a kernel or a file says. The census is taken in the running
page; one that an upgrade brings, takes away or calls safe where it did not, fails here until
somebody judges it. That a kind of output is held back is not believed from this table: the desk's
own filter is asked.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from images.analysis.desk.hanare_desk.meter import Limits
from images.analysis.desk.hanare_desk.mime import trim_mime
from tests.support.browser_census import exposed_window
from tests.support.browser_lab import LabHouse


@dataclass(frozen=True, slots=True)
class Renderer:
    """One kind of output: whether Lab calls its renderer safe, whether the desk lets it through, and the judgement."""

    safe: bool
    arrives: bool
    why: str


HELD = "the desk shows no output of this kind; documents of it are text of the author's, drawn as a tree"
RENDERERS = {
    "text/plain": Renderer(
        True, True, "text with colours; addresses become links, which the page may not open"
    ),
    "application/vnd.jupyter.stdout": Renderer(
        True, False, "the page's own name for a stream; as text/plain"
    ),
    "application/vnd.jupyter.stderr": Renderer(
        True, False, "the page's own name for a stream; as text/plain"
    ),
    "text/latex": Renderer(True, True, "MathJax of the image, no address is fetched (CSP)"),
    "text/html": Renderer(
        True, True, "cleaned by nh3 in the desk, then by Lab; nothing runs, nothing is fetched (CSP)"
    ),
    "text/markdown": Renderer(
        True, False, "arrives as its source; of documents and cells Lab cleans it, CSP holds"
    ),
    "image/png": Renderer(True, True, "decoded and counted in the desk"),
    "image/jpeg": Renderer(True, True, "decoded and counted in the desk"),
    "image/bmp": Renderer(True, False, "the desk shows no output of this kind"),
    "image/gif": Renderer(True, False, "the desk shows no output of this kind"),
    "image/webp": Renderer(True, False, "the desk shows no output of this kind"),
    "image/svg+xml": Renderer(False, False, "scripts and addresses; the desk shows no output of this kind"),
    "text/javascript": Renderer(False, False, "runs in the page; the desk shows no output of this kind"),
    "application/javascript": Renderer(
        False, False, "runs in the page; the desk shows no output of this kind"
    ),
    "application/json": Renderer(True, False, HELD),
    "text/jsonl": Renderer(True, False, HELD),
    "application/jsonl": Renderer(True, False, HELD),
    "application/json-lines": Renderer(True, False, HELD),
}
WIDGETS = {
    "Editor": "text in an editor, through /api/contents, charged",
    "Notebook": "cells and saved outputs, filtered by the rules of live ones, charged",
    "Markdown Preview": "markdown of a file, cleaned by Lab; nothing runs, nothing is fetched (CSP)",
    "JSON": "a tree of text, through /api/contents, charged",
    "JSONLines": "a tree of text, through /api/contents, charged",
}
"""What a document can be opened with."""
MODELS = {
    "text": "text, as the desk gives it",
    "base64": "the desk gives no file in base64",
    "notebook": "as the desk gives it",
}
"""What a document can be asked for as."""
TAKE = """() => { const app = globalThis.jupyterapp;
  const panel = Array.from(app.shell.widgets('main')).find(one => one.content && one.content.rendermime);
  const registry = panel.content.rendermime, documents = app.docRegistry;
  return {renderers: Object.fromEntries(registry.mimeTypes.map(kind => [kind, registry.getFactory(kind).safe])),
    widgets: Array.from(documents.widgetFactories()).map(one => one.name),
    models: Array.from(documents.modelFactories()).map(one => one.name)}; }"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PHOTO = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="
SAID = {"image/png": PIXEL, "image/jpeg": PHOTO}


@pytest.fixture(name="census", scope="module")
def _census(lab: LabHouse) -> dict[str, Any]:
    """What the page can render, taken from the registry of an open notebook."""
    window = exposed_window(lab)
    cards = window.page.locator(".jp-LauncherCard[data-category='Notebook']:visible", has_text="Python 3")
    cards.first.click()
    window.page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=60_000)
    found: dict[str, Any] = window.page.evaluate(TAKE)
    window.close()
    return found


def differences(found: dict[str, Any]) -> list[str]:
    """Where a census and the tables do not say the same."""
    renderers = found["renderers"]
    wrong = [f"not judged: {kind}" for kind in renderers if kind not in RENDERERS]
    wrong += [f"gone: {kind}" for kind in RENDERERS if kind not in renderers]
    wrong += [
        f"called {'' if safe else 'un'}safe now: {kind}"
        for kind, safe in renderers.items()
        if kind in RENDERERS and RENDERERS[kind].safe is not safe
    ]
    for name, table in (("widgets", WIDGETS), ("models", MODELS)):
        wrong += [f"not judged: {name} {one}" for one in found[name] if one not in table]
        wrong += [f"gone: {name} {one}" for one in table if one not in found[name]]
    return sorted(wrong)


def test_every_renderer_and_every_way_to_open_a_document_is_judged(census: dict[str, Any]) -> None:
    assert differences(census) == []


def test_what_nobody_judged_is_found() -> None:
    whole = {
        "renderers": {kind: one.safe for kind, one in RENDERERS.items()},
        "widgets": list(WIDGETS),
        "models": list(MODELS),
    }
    assert differences(whole) == []
    more = json.loads(json.dumps(whole))
    more["renderers"]["application/vnd.vega.v5+json"] = True
    more["renderers"]["text/javascript"] = True
    del more["renderers"]["image/gif"]
    more["widgets"].append("PDF")
    assert differences(more) == [
        "called safe now: text/javascript",
        "gone: image/gif",
        "not judged: application/vnd.vega.v5+json",
        "not judged: widgets PDF",
    ]


@pytest.mark.parametrize("kind", RENDERERS)
def test_the_desk_lets_through_what_the_table_says(kind: str) -> None:
    kept, _ = trim_mime({kind: SAID.get(kind, "x")}, lambda html: html, Limits())
    assert (kind in kept) is RENDERERS[kind].arrives, kept


def test_nothing_that_runs_in_the_page_arrives() -> None:
    for kind, one in RENDERERS.items():
        assert one.safe or not one.arrives, kind
