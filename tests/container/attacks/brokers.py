"""A kernel that takes the broker's place, and one that spoils what desk and kernel share.

Kernel and broker have one user, so a kernel can put another socket where the broker's stands; and the
folder of kernel sockets is shared with the desk. Winning means that the desk or the hub suffers, or
that the liar's words reach a browser without being counted.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import requests
from websockets.exceptions import WebSocketException

from tests.container.attacks.files import prepared
from tests.container.attacks.variants import BROKER_LINE, NO_FENCE
from tests.support.attack_forgery import MARK
from tests.support.attack_scene import Place, Scene, hub_answers
from tests.support.attack_table import Attack, Outcome, Without, won_if

SLOW = 8.0
FENCE = "nothing a kernel starts can make, remove or rename a name outside /work and /tmp (fence: Landlock)"
BOUNDS = (
    FENCE
    + "; behind it, the broker's answer is bounded in bytes and seconds, and only known fields are looked at (broker_line)"
)
_TAKE_PLACE = """
import socket
path = '/run/k/b/broker.sock'
os.chmod('/run/k/b', 0o755)
os.rename(path, '/run/k/b/true.sock')
liar = socket.socket(socket.AF_UNIX); liar.bind(path); os.chmod(path, 0o666); liar.listen(64)
stop = [False]
def lie():
    while not stop[0]:
        try:
            one = liar.accept()[0]
            {answer}
        except OSError:
            continue
for _ in range(8):
    threading.Thread(target=lie, daemon=True).start()
"""
_GIVE_BACK = "stop[0] = True\nliar.close()\nos.remove(path); os.rename('/run/k/b/true.sock', path)"
_WORDS = "one.recv(65536); one.sendall((json.dumps({'error': mark(4000), 'rc': mark(4000)}) + chr(10)).encode()); one.close()"
_SILENCE = "one.recv(65536); time.sleep(120)"


def impersonated(answer: str, act: Callable[[Place], Outcome]) -> Callable[[Scene], Outcome]:
    def run(scene: Scene) -> Outcome:
        place = scene.at("kei")
        taken = place.fresh().cell("import json, os, threading, time\n" + _TAKE_PLACE.format(answer=answer))
        if taken:
            return won_if(False, f"the broker's place cannot be taken: {taken[:120]}")
        try:
            return act(place)
        finally:
            with suppress(AssertionError, WebSocketException):
                prepared(place, _GIVE_BACK)

    return run


def _ask_for_kernels(place: Place) -> list[requests.Response]:
    answers = []
    for path, body in (
        ("/api/kernels", {"name": "python3"}),
        ("/api/sessions", {"path": "x.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}),
    ):
        answers.append(place.ask("POST", path, body, seconds=90))
    return [*answers, place.ask("GET", "/api/kernels"), place.ask("GET", "/api/sessions")]


def _place_taken(place: Place) -> Outcome:
    """The socket at the broker's name is the liar's: whoever asks there asks the liar."""
    return won_if(True, f"{place.person}'s desk asks a socket that a cell opened")


def _words(place: Place) -> Outcome:
    said = b"".join(answer.content for answer in _ask_for_kernels(place))
    got = said.count(MARK.encode()) * len(MARK)
    return won_if(got > 0, f"{got} bytes of the liar's words in {len(said)} bytes of answers")


def _patience(place: Place) -> Outcome:
    """While the liar is silent, the desk answers others of its person, and the hub everybody."""
    start = time.monotonic()
    try:
        told = str(place.ask("POST", "/api/kernels", {"name": "python3"}, seconds=45).status_code)
    except requests.RequestException as error:
        told = type(error).__name__
    took = time.monotonic() - start
    start = time.monotonic()
    try:
        place.ask("GET", "/api/contents?content=0", seconds=30)
    except requests.RequestException:
        start -= 30
    other, hub = time.monotonic() - start, hub_answers(place.hub)
    return won_if(
        took > 40 or other > SLOW or hub > SLOW,
        f"starting a kernel ended with {told} after {took:.1f} s; the desk then took {other:.2f} s, the hub {hub:.2f} s",
    )


def _attack(
    name: str, tries: str, wins: str, control: str, run: Callable[[Scene], Outcome], off: Without
) -> Attack:
    return Attack(
        f"broker-{name}",
        tries,
        "a cell takes the broker's place; a script asks the desk for kernels",
        wins,
        control,
        run,
        off,
    )


ATTACKS = (
    _attack(
        "place",
        "another socket at the broker's name",
        "the broker's name belongs to a cell",
        FENCE,
        impersonated(_WORDS, _place_taken),
        NO_FENCE,
    ),
    _attack(
        "words",
        "words of a false broker in the desk's errors and lists",
        "one byte of them in a browser",
        "errors say fixed sentences, never a value; " + BOUNDS,
        impersonated(_WORDS, _words),
        BROKER_LINE,
    ),
    _attack(
        "silence",
        "a false broker that never answers",
        "the desk or the hub slow, or a kernel's start that does not end",
        BOUNDS,
        impersonated(_SILENCE, _patience),
        BROKER_LINE,
    ),
)
