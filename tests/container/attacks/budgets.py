"""All channels at once: a scripted client that takes what it can get until nothing comes any more.

It knows every road from a kernel to a browser that may carry bytes at all, uses them in turn, and
comes back after each refusal. Winning means that all of them together gave more than the hour's
budget. What came by which road is told in any case.
"""

import base64
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from websockets.exceptions import WebSocketException

from tests.container.attacks.files import marks
from tests.support.attack_forgery import picture_cell
from tests.support.attack_scene import Place, Scene, obtained
from tests.support.attack_table import Attack, Outcome, Without, won_if
from tests.support.attack_wire import Heard, Wire

HOUR = {"text": 500_000, "image": 5_000_000}
ROUNDS = 6
PICTURES = 24
_LAY_OUT = (
    "import json, os\n"
    "n = globals().get('n', 0) + 1\n"
    "import secrets\n"
    "fresh = lambda size: (secrets.token_hex(8) + ' ' + mark(size))[:size]\n"
    "open(f'/work/t{n}.txt', 'w').write(fresh(30_000))\n"
    "json.dump({'cells': [{'id': 'a', 'cell_type': 'markdown', 'source': fresh(20_000), 'metadata': {}}], 'metadata': {'x': fresh(9_000)},"
    " 'nbformat': 4, 'nbformat_minor': 5}, open(f'/work/b{n}.ipynb', 'w'))\n"
    "os.makedirs(f'/work/d{n}', exist_ok=True)\n"
    "for k in range(100):\n    open(f'/work/d{n}/' + fresh(180) + '.txt', 'w').close()\n"
)
_CELLS = {
    "stream": "print(fresh(20_000))",
    "error": "raise ValueError(fresh(9_000))",
    "result": "fresh(20_000)",
    "html": "display({'text/html': '<p>' + fresh(20_000)}, raw=True)",
    "latex": "display({'text/latex': fresh(20_000)}, raw=True)",
    "update": "forge('update_display_data', {'data': {'text/plain': fresh(20_000)}, 'metadata': {}, 'transient': {'display_id': 'x'}})",
    "echo": "forge('execute_input', {'code': fresh(20_000), 'execution_count': 1})",
    "octets": "display({'application/x-own': fresh(20_000)}, raw=True)",
    "comm": "forge('comm_open', {'comm_id': 'c', 'target_name': fresh(9_000), 'data': {}}, buffers=[fresh(20_000).encode()])",
    "envelope": "forge('stream', {'name': 'stdout', 'text': ''}, header={'username': mark(64), 'session': mark(64)}, metadata={'x': fresh(9_000)})",
}
_ASKED = {
    "inspect": (
        "inspect_reply",
        "{'found': True, 'data': {'text/plain': fresh(20_000)}}",
        "inspect_request",
        {"code": "x", "cursor_pos": 1, "detail_level": 0},
    ),
    "complete": (
        "complete_reply",
        "{'status': 'ok', 'matches': [fresh(200) for k in range(99)]}",
        "complete_request",
        {"code": "x", "cursor_pos": 1},
    ),
    "banner": ("kernel_info_reply", "{'banner': fresh(20_000)}", "kernel_info_request", {}),
}


class Client:
    """One person's script, and what it got by each road."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.text: Counter[str] = Counter()
        self.image: Counter[str] = Counter()
        self.ended = ""

    @contextmanager
    def until_turned_out(self) -> Iterator[None]:
        """A workspace that is ended under the script's feet ends the script."""
        try:
            yield
        except (AssertionError, WebSocketException, requests.RequestException, OSError) as error:
            self.ended = self.ended or f"{type(error).__name__}: {str(error)[:100]}"

    def take(self) -> None:
        with self.until_turned_out():
            wire = self.place.forger()
            wire.execute(picture_cell(200) + "from IPython.display import display")
            for _ in range(PICTURES):
                heard = wire.execute(
                    "png = base64.b64encode(png_of(258)).decode()\ndisplay({'image/png': png}, raw=True)", 30
                )
                self.image["picture"] += sum(pictures(h) for h in heard)
            for _ in range(ROUNDS):
                self.round(wire)

    def round(self, wire: Wire) -> None:
        wire.execute(_LAY_OUT)
        for name, code in _CELLS.items():
            self.text[name] += obtained(wire.execute(code))
        for name, (reply, content, kind, asked) in _ASKED.items():
            wire.execute(f"replies[{reply!r}] = {{'content': {content}}}")
            self.text[name] += obtained(wire.ask("shell", kind, asked, reply, 5))
            wire.execute("replies.clear()")
        number = int("".join(str(h.content.get("text", "")) for h in wire.execute("print(n)")).strip() or 0)
        roads = {
            "file": f"t{number}.txt",
            "notebook": f"b{number}.ipynb",
            "names": f"d{number}?content=1",
            "hash": f"t{number}.txt?content=0&hash=1",
        }
        for name, path in roads.items():
            got = marks(self.place.ask("GET", f"/api/contents/{path}").content)
            # A listing says each name twice, as a name and as the end of a path.
            self.text[name] += got // 2 if name == "names" else got
        self.text["models"] += sum(
            marks(self.place.ask("GET", path).content) for path in ("/api/kernels", "/api/sessions")
        )


def pictures(heard: Heard) -> int:
    """Decoded bytes of the pictures in a message."""
    data = heard.content.get("data")
    found = data.get("image/png", "") if isinstance(data, dict) else ""
    return len(base64.b64decode(found)) if found else 0


def emptied(scene: Scene) -> Client:
    """A client that has taken all it could."""
    client = Client(scene.at("sui"))
    client.take()
    return client


def _everything(scene: Scene) -> Outcome:
    client = emptied(scene)
    text, image = client.text.total(), client.image.total()
    told = f"text {text} of {HOUR['text']}: {dict(client.text)}; pictures {image} of {HOUR['image']}; ended: {client.ended or 'no'}"
    return won_if(text > HOUR["text"] or image > HOUR["image"], told)


_GENEROUS = "import enclave.use_cases.meter as meter\nmeter._grant = lambda work, rules, person, project, asked: asked.most"
_RUN: Callable[[Scene], Outcome] = _everything
ATTACKS = (
    Attack(
        "budget-every-road",
        "every road from a kernel to a browser, in turn, until nothing comes any more",
        "cells, forged messages and a script with the page's token, for one person in one go",
        "more than the hour's budget, all roads together",
        "what is shown is leased from intake before it is shown, for the person over all projects (purse, meter)",
        _RUN,
        Without("generous-intake", processes={"intake": _GENEROUS}),
    ),
)
