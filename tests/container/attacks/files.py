"""Files as a way out, and as a way in: what /work gives to a browser, and what the desk reads for it.

The kernel may do anything to /work, while the desk reads there in the browser's name and with the
desk's own rights. Winning means bytes of a kind, size or place that the browser must not get, a file
of the desk's in anybody's hands, or something of the desk's changed from outside.
"""

import base64
from collections.abc import Callable
from typing import Any

from tests.container.attacks.variants import CHECKPOINTS, CONTENTS, ERRORS, HIDDEN
from tests.support.attack_forgery import MARK
from tests.support.attack_scene import Place, Scene
from tests.support.attack_table import Attack, Outcome, Without, won_if

KINDS = "text and notebooks only, whole, below a size, never in base64 (contents)"


def prepared(place: Place, code: str) -> None:
    """A cell that lays something out in /work; what it says must be nothing."""
    said = place.cell(
        "import base64, json, os, shutil, socket, stat, threading, time\nos.chdir('/work')\n" + code
    )
    assert not said, said


def marks(content: bytes) -> int:
    """Bytes of the mark, plain or in base64."""
    inner = base64.b64encode(MARK.encode() * 3)
    return content.count(MARK.encode()) * len(MARK) + content.count(inner) * 3 * len(MARK)


def fetched(place: Place, path: str) -> bytes:
    return place.ask("GET", path).content


def _kinds(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "for n in ('raw.bin', 'rows.csv', 'rows.parquet', 'page.html', 'run.js', 'pic.svg', 'a.txt'):\n    open(n, 'w').write(mark(2400 if n == 'a.txt' else 100_000))",
    )
    paths = [
        f"/api/contents/{n}{q}"
        for n in ("raw.bin", "rows.csv", "rows.parquet", "page.html", "run.js", "pic.svg")
        for q in ("", "?type=file", "?type=file&format=text", "?type=file&format=base64&content=1")
    ]
    paths += ["/api/contents/a.txt?format=base64", "/api/contents/a.txt?type=file&format=base64&content=1"]
    got = {path: marks(fetched(place, path)) for path in paths}
    return won_if(any(got.values()), {p: n for p, n in got.items() if n} or "no byte of any of them")


def _large(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, "open('large.txt', 'w').write(mark(5_000_000))\nopen('hole.txt', 'w').truncate(1 << 40)")
    got = marks(fetched(place, "/api/contents/large.txt"))
    hole = place.ask("GET", "/api/contents/hole.txt", seconds=60).status_code
    prepared(place, "os.remove('hole.txt')")
    return won_if(got > 256 * 1024, f"{got} bytes of 5 MB; the file of 1 TB of nothing: {hole}")


def _growing(scene: Scene) -> Outcome:
    """The size is small when it is looked at, and the file large when it is read."""
    place = scene.at("kei")
    prepared(
        place,
        "stop = [False]\n"
        "def flicker():\n"
        "    big = mark(3_000_000)\n"
        "    open('/work/.big.txt', 'w').write(big)\n"
        "    while not stop[0]:\n"
        "        open('/work/.small.txt', 'w').write('x')\n"
        "        os.rename('/work/.small.txt', '/work/grow.txt'); os.link('/work/.big.txt', '/work/.b2'); os.rename('/work/.b2', '/work/grow.txt')\n"
        "        time.sleep(.0005)\n"
        "threading.Thread(target=flicker, daemon=True).start()",
    )
    most = max(marks(fetched(place, "/api/contents/grow.txt")) for _ in range(150))
    prepared(place, "stop[0] = True; time.sleep(.05); os.remove('grow.txt')")
    return won_if(most > 256 * 1024, f"at most {most} bytes in 150 tries")


def _notebook(outputs: str = "[]", cell: str = "", whole: str = "") -> str:
    return (
        "json.dump({'cells': [{'id': 'a', 'cell_type': 'code', 'source': '', 'metadata': {}, 'execution_count': None, "
        f"'outputs': {outputs}, {cell}}}], 'metadata': {{}}, 'nbformat': 4, 'nbformat_minor': 5, {whole}}}, open('nb.ipynb', 'w'))"
    )


def stored(outputs: str, cell: str = "", whole: str = "") -> Callable[[Scene], Outcome]:
    def run(scene: Scene) -> Outcome:
        place = scene.at("kei-q")
        prepared(place, _notebook(outputs, cell, whole))
        before = place.charged()
        answer = place.ask("GET", "/api/contents/nb.ipynb?type=notebook&content=1")
        got, paid = marks(answer.content), place.charged() - before
        return won_if(got > paid + 2048, f"{answer.status_code}, {got} bytes, {paid} of them paid for")

    return run


def _as_file(scene: Scene) -> Outcome:
    place = scene.at("kei-q")
    prepared(place, _notebook("[{'output_type': 'stream', 'name': 'stdout', 'text': mark(500_000)}]"))
    paths = [
        f"/api/contents/nb.ipynb?{q}"
        for q in ("type=file", "type=file&format=text", "type=file&format=base64", "format=base64")
    ]
    got = max(marks(fetched(place, path)) for path in paths)
    return won_if(got > 0, f"{got} bytes of a notebook as a file")


def _unreadable(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "open('nj.ipynb', 'w').write(mark(200_000))\nopen('nu.txt', 'wb').write(bytes([255]) * 9 + mark(5000).encode())\n"
        "open('nv.ipynb', 'w').write(json.dumps({'nbformat': mark(300), 'cells': mark(300)}))",
    )
    got = sum(marks(fetched(place, f"/api/contents/{name}")) for name in ("nj.ipynb", "nu.txt", "nv.ipynb"))
    return won_if(got > 0, f"{got} bytes in errors")


def _checkpoint(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, "open('kept.txt', 'w').write('old ' + mark(80))")
    made = place.ask("POST", "/api/contents/kept.txt/checkpoints")
    name = made.json().get("id", "none") if made.status_code == 201 else "none"
    prepared(place, "open('kept.txt', 'w').write('new')")
    place.ask("POST", f"/api/contents/kept.txt/checkpoints/{name}")
    back = place.cell("print(open('/work/kept.txt').read()[:3], os.path.isdir('/work/.ipynb_checkpoints'))")
    return won_if(back != "new False", f"the file and the folder of checkpoints: {back}")


def _bring_in(scene: Scene) -> Outcome:
    place = scene.at("kei")
    rows: list[dict[str, Any]] = [
        {"type": "file", "format": "text", "content": "x" * 300_000},
        {"type": "file", "format": "text", "content": "x", "chunk": 1},
        {"type": "file", "format": "text", "content": "x", "chunk": -1},
        {"type": "file", "format": "base64", "content": base64.b64encode(b"x" * 1000).decode()},
    ]
    told = [place.ask("PUT", "/api/contents/brought.txt", row).status_code for row in rows]
    told.append(
        place.ask(
            "PUT", "/api/contents/brought.csv", {"type": "file", "format": "text", "content": "a,b"}
        ).status_code
    )
    nb = {"cells": [], "metadata": {"x": "y" * 400_000}, "nbformat": 4, "nbformat_minor": 5}
    told.append(
        place.ask("PUT", "/api/contents/brought.ipynb", {"type": "notebook", "content": nb}).status_code
    )
    return won_if(any(code < 400 for code in told), f"answers {told}")


def _hidden(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "os.makedirs('.hanare', exist_ok=True); open('.hanare/x.txt', 'w').write(mark(800)); open('.h.txt', 'w').write(mark(800))",
    )
    listed = fetched(place, "/api/contents/?content=1")
    got = sum(marks(fetched(place, f"/api/contents/{p}")) for p in (".hanare/x.txt", ".h.txt", ".hanare"))
    return won_if(got > 0 or b".h.txt" in listed, f"{got} bytes; listed: {b'.h.txt' in listed}")


def file_attack(
    name: str, tries: str, wins: str, control: str, run: Callable[[Scene], Outcome], off: Without = CONTENTS
) -> Attack:
    how = "a cell lays it out in /work; a script with the page's token asks the contents API"
    return Attack(f"file-{name}", tries, how, wins, control, run, off)


OCTETS = "[{'output_type': 'display_data', 'metadata': {}, 'data': {'application/octet-stream': mark(2_000_000), 'application/javascript': mark(300_000), 'image/svg+xml': mark(300_000)}}]"
SAVED = "what a notebook carries passes the rules of live outputs, and all of it together is one bounded text (outputs, contents)"
ATTACKS = (
    file_attack(
        "kinds",
        "tables, pages, scripts, octets through the contents API, as text and in base64",
        "one byte of them",
        KINDS,
        _kinds,
    ),
    file_attack(
        "large",
        "a text of 5 MB, and a file of 1 TB of nothing",
        "more than 256 kB of one text",
        KINDS,
        _large,
    ),
    file_attack(
        "growing",
        "a file that is small when looked at and large when read",
        "more than 256 kB of one text",
        KINDS,
        _growing,
    ),
    file_attack(
        "stored-outputs",
        "2 MB of octets, scripts and drawings as saved outputs of a notebook",
        "more than was paid for",
        SAVED,
        stored(OCTETS),
    ),
    file_attack(
        "stored-metadata",
        "120 kB in the metadata of a cell and the notebook, and in attachments",
        "more than was paid for",
        SAVED,
        stored(
            "[]",
            "'own': {'x': mark(40_000)}, 'attachments': {'a': {'image/png': mark(40_000)}}",
            "'own': mark(40_000)",
        ),
    ),
    file_attack(
        "stored-invalid",
        "2 MB in a notebook that does not validate, told back as the reason",
        "more than was paid for",
        SAVED,
        stored("[{'output_type': 'zzz', 'data': mark(2_000_000)}]"),
    ),
    file_attack(
        "notebook-as-file",
        "a notebook fetched as a text file or in base64, its outputs unread",
        "one byte of its outputs",
        KINDS,
        _as_file,
    ),
    file_attack(
        "errors",
        "bytes of a file in the error that says it cannot be read",
        "one byte of it",
        "errors say fixed sentences, never a value",
        _unreadable,
        ERRORS,
    ),
    file_attack(
        "checkpoints",
        "old content kept as a checkpoint and brought back",
        "content or a folder that came from a checkpoint",
        "there are no checkpoints (contents)",
        _checkpoint,
        CHECKPOINTS,
    ),
    file_attack(
        "bring-in",
        "large texts, pieces, base64, tables and large notebooks brought in through the browser",
        "one of them taken",
        KINDS,
        _bring_in,
    ),
    file_attack(
        "hidden",
        "hidden names, read and listed",
        "bytes or the name of a hidden file",
        "hidden names are nobody's (settings)",
        _hidden,
        HIDDEN,
    ),
)
