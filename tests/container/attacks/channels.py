"""Messages as a way out: what a kernel can put before a browser, channel by channel.

Winning means more bytes of the kernel's own choosing in one message than one message may carry, or
bytes in a place where none may stand at all. Text that does pass is cut and counted, so each attack
is worth at most one message of it; whoever runs many of them does so as several people, because
the hour's budget is a person's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tests.container.attacks.variants import OUTGOING
from tests.support.attack_forgery import MARK
from tests.support.attack_scene import Place, Scene, obtained
from tests.support.attack_table import Attack, Outcome, won_if
from tests.support.attack_wire import Heard, Wire

TEXT_MESSAGE = 64 * 1024
IMAGE_MESSAGE = 300_000
SLACK = 4 * 1024
"""For the sentence that says what was cut."""
_PEOPLE = cycle(("kei-q", "ume", "rei"))
BOTH = (False, True)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one channel is given to carry."""

    id: str
    tries: str
    code: str
    """The cell that sends it."""
    most: int = TEXT_MESSAGE + SLACK
    """Bytes that may come through all the same."""
    protocols: tuple[bool, ...] = (False,)
    asks: tuple[str, Mapping[str, Any], str] | None = None
    """A request that follows the cell: its type, content and reply."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the cell's request."""
    control: str = "every message is written anew from a table of types, fields and sizes (outputs)"


def counted(sent: Sent, wire: Wire) -> list[Heard]:
    heard = wire.execute(sent.code, 60, **sent.more)
    if sent.asks is not None:
        kind, content, reply = sent.asks
        heard += wire.ask("shell", kind, content, reply, 4)
    wire.execute("replies.clear()", 20)
    return heard


def attack_of(sent: Sent, person: str) -> Attack:
    def run(scene: Scene) -> Outcome:
        place = scene.at(person)
        got = {v1: obtained(counted(sent, place.forger(v1=v1))) for v1 in sent.protocols}
        seen = ", ".join(f"{'v1' if v1 else 'legacy'} {count} bytes" for v1, count in got.items())
        return won_if(min(got.values()) > sent.most, f"{seen}; at most {sent.most} may come")

    return Attack(
        f"channel-{sent.id}",
        sent.tries,
        "a cell forges the message; a script counts what arrives over the websocket",
        f"more than {sent.most} bytes of the kernel's choice reach the browser",
        sent.control,
        run,
        OUTGOING,
    )


_REPLY = "replies[{kind!r}] = {{'content': {content}}}"


def _reply(kind: str, content: str) -> str:
    return _REPLY.format(kind=kind, content=content)


NOTHING = 0
FIVE = (
    Sent("stream", "20 MB of stream in one message", "print(mark(20_000_000))", protocols=BOTH),
    Sent(
        "display-any-mime",
        "20 MB in one display_data, as octets and as kinds that nobody has heard of",
        "display({'application/octet-stream': mark(10_000_000), 'x-own/kind': mark(10_000_000)}, raw=True)",
        most=NOTHING,
        protocols=BOTH,
    ),
    Sent("execute-result", "20 MB as the value of a cell", "print(end='')\nmark(20_000_000)", protocols=BOTH),
    Sent(
        "comm-buffers",
        "20 MB in the binary buffers of a comm message",
        "forge('comm_open', {'comm_id': 'c', 'target_name': 't', 'data': {}}, buffers=[mark(10_000_000).encode()])\n"
        "forge('comm_msg', {'comm_id': 'c', 'data': {'x': mark(10_000_000)}}, buffers=[mark(10_000_000).encode()])",
        most=NOTHING,
        protocols=BOTH,
    ),
    Sent(
        "user-expressions",
        "20 MB as the value of a user expression in a cell's reply",
        "1",
        most=NOTHING,
        protocols=BOTH,
        more={"user_expressions": {"x": "mark(20_000_000)"}},
    ),
)
REPLIES = (
    Sent(
        "traceback",
        "2 MB in an error's name, value and traceback",
        "forge('error', {'ename': mark(700_000), 'evalue': mark(700_000), 'traceback': [mark(700_000)]})",
        most=2 * TEXT_MESSAGE,
    ),
    Sent(
        "payload",
        "2 MB in the pager payload and in invented fields of a cell's reply",
        _reply(
            "execute_reply",
            "{'payload': [{'source': 'page', 'data': {'text/plain': mark(2_000_000)}}], 'own': mark(1_000_000)}",
        ),
        most=NOTHING,
    ),
    Sent(
        "execute-input",
        "2 MB as the echo of a cell that nobody sent",
        "forge('execute_input', {'code': mark(2_000_000), 'execution_count': 1})",
    ),
    Sent(
        "inspect",
        "2 MB as the help text of a name",
        _reply(
            "inspect_reply",
            "{'found': True, 'data': {'text/plain': mark(2_000_000), 'x/y': mark(1_000_000)}}",
        ),
        asks=("inspect_request", {"code": "x", "cursor_pos": 1, "detail_level": 0}, "inspect_reply"),
    ),
    Sent(
        "complete",
        "2 MB as completions of a word",
        _reply(
            "complete_reply",
            "{'status': 'ok', 'matches': [mark(1000)] * 2000, 'metadata': {'x': mark(100_000)}}",
        ),
        asks=("complete_request", {"code": "x", "cursor_pos": 1}, "complete_reply"),
    ),
    Sent(
        "is-complete",
        "1 MB as the indent of an unfinished cell",
        _reply("is_complete_reply", "{'status': mark(1000), 'indent': mark(1_000_000)}"),
        most=1_024,
        asks=("is_complete_request", {"code": "x"}, "is_complete_reply"),
    ),
    Sent(
        "history",
        "2 MB as the history of cells",
        "_kernel.do_history = lambda *_, **__: {'status': 'ok', 'history': [[0, 1, mark(2_000_000)]]}",
        most=NOTHING,
        asks=("history_request", {"hist_access_type": "tail", "n": 10, "raw": True}, "history_reply"),
    ),
    Sent(
        "kernel-info",
        "1 MB in the names, banner, links and language of a kernel",
        _reply(
            "kernel_info_reply",
            "{'banner': mark(300_000), 'implementation': mark(300_000), 'help_links': [{'text': mark(300_000), 'url': 'x'}],"
            " 'language_info': {'name': 'python', **{mark(16) + str(n): n for n in range(300)}}}",
        ),
        most=16 * 1024,
        asks=("kernel_info_request", {}, "kernel_info_reply"),
    ),
    Sent(
        "comm-info",
        "1 MB as a list of comms",
        _reply(
            "comm_info_reply",
            "{'status': 'ok', 'comms': {mark(16) + str(n): {'target_name': mark(10_000)} for n in range(100)}}",
        ),
        most=NOTHING,
        asks=("comm_info_request", {}, "comm_info_reply"),
    ),
)
EDGES = (
    Sent(
        "stream-again-and-again",
        "900 kB of stream in each of four cells, below Jupyter's own limit of rate",
        "for _ in range(4):\n    forge('stream', {'name': 'stdout', 'text': mark(900_000)})\n    time.sleep(.2)",
        most=4 * (TEXT_MESSAGE + SLACK),
    ),
    Sent(
        "status",
        "2 MB as the state of a kernel",
        "forge('status', {'execution_state': mark(2_000_000), 'x': mark(1000)})",
        most=NOTHING,
    ),
    Sent(
        "unknown-types",
        "2 MB in message types that no table names",
        "for kind in ('debug_event', 'shell_extra', 'zz'):\n    forge(kind, {'text': mark(700_000)})",
        most=NOTHING,
    ),
    Sent(
        "small-fields",
        "2 MB in the small fields of messages: stream names, display ids, transients, clear_output",
        "forge('stream', {'name': mark(700_000), 'text': 'x'})\n"
        "forge('update_display_data', {'data': {'text/plain': 'x'}, 'transient': {'display_id': mark(700_000), 'y': mark(9)}})\n"
        "forge('clear_output', {'wait': mark(700_000)})",
        most=1_024,
    ),
    Sent(
        "latex-and-markdown",
        "2 MB each as latex, markdown and html",
        "display({'text/latex': mark(2_000_000), 'text/markdown': mark(2_000_000), 'text/html': mark(2_000_000)}, raw=True)",
        most=2 * (TEXT_MESSAGE + SLACK),
    ),
    Sent(
        "picture-too-large",
        "a picture of 3 MB, and text that says it is a picture",
        "display({'image/png': 'iVBORw0KGgo' + mark(3_000_000), 'image/jpeg': '/9j/' + mark(3_000_000)}, raw=True)",
        most=IMAGE_MESSAGE * 4 // 3,
        control="a picture is below a size and what it says it is (outputs)",
    ),
)


def _envelope(scene: Scene) -> Outcome:
    place = scene.at("toa")
    code = (
        "own = {name: mark(60) for name in ('username', 'date', 'version', 'session', 'msg_id', 'own')}\n"
        "forge('stream', {'name': 'stdout', 'text': 'x'}, header=own, metadata={'x': mark(500)}, parent={**own, 'msg_type': 'x'})\n"
        "replies['execute_reply'] = {'header': own, 'metadata': {'x': mark(500)}, 'parent_header': {'own': mark(500)}}"
    )
    got = 0
    for v1 in BOTH:
        wire = place.forger(v1=v1)
        wire.send("shell", "execute_request", {"code": code, "silent": False, "user_expressions": {}})
        heard = wire.drain(1)
        wire.execute("replies.clear()", 5)
        got += obtained(heard)
    return won_if(got > 0, f"{got} bytes of the kernel's choice in envelopes")


def _numbers(scene: Scene) -> Outcome:
    wire = scene.at("kei").forger()
    heard = wire.execute(
        "import sys\nif hasattr(sys, 'set_int_max_str_digits'): sys.set_int_max_str_digits(0)\n"
        "big = int('7' * 4000)\n"
        "forge('execute_result', {'data': {'text/plain': 'x'}, 'metadata': {}, 'execution_count': big})\n"
        "replies['complete_reply'] = {'content': {'status': 'ok', 'matches': [], 'cursor_start': big, 'cursor_end': big}}"
    )
    heard += wire.ask("shell", "complete_request", {"code": "x", "cursor_pos": 1}, "complete_reply")
    wire.execute("replies.clear()", 20)
    got = max(h.raw.count(b"7777777777") for h in heard)
    return won_if(got > 5, f"{got * 10} digits in a number")


def _while_away(scene: Scene) -> Outcome:
    place: Place = scene.at("kei-q")
    kernel_id = place.new_kernel()
    session = "away" + kernel_id.replace("-", "")
    wire = place.wire(kernel_id, session_id=session)
    wire.execute("from IPython.display import display")
    code = (
        f"import time; time.sleep(2); m = {MARK[::-1]!r}[::-1]\n"
        "display({'application/octet-stream': m * 500_000}, raw=True); print(m * 200_000)"
    )
    wire.send("shell", "execute_request", {"code": code, "silent": False, "user_expressions": {}})
    wire.drain(0.5)
    wire.close()
    wire = place.wire(kernel_id, session_id=session)
    heard = wire.drain(4)
    wire.close()
    place.end_kernel(kernel_id)
    got = obtained(heard)
    return won_if(got > TEXT_MESSAGE + SLACK, f"{got} bytes after coming back")


def _prompt(scene: Scene) -> Outcome:
    wire = scene.at("toa").forger()
    asked: dict[str, Any] = {
        "code": "input(mark(1_000_000))",
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": True,
    }
    wire.send("shell", "execute_request", asked)
    heard = wire.until(lambda h: h.kind == "input_request", 10)
    wire.send("stdin", "input_reply", {"value": "", "status": "ok"})
    heard += wire.until(lambda h: h.kind == "execute_reply", 10)
    wire.drain(0.3)
    got = obtained(heard)
    return won_if(got > 4 * 1024, f"{got} bytes in a prompt")


def _special(name: str, tries: str, wins: str, run: Callable[[Scene], Outcome], control: str = "") -> Attack:
    how = "a cell forges messages; a script reads the websocket"
    return Attack(f"channel-{name}", tries, how, wins, control or FIVE[0].control, run, OUTGOING)


ATTACKS = (
    *(attack_of(sent, person) for sent, person in zip((*FIVE, *REPLIES, *EDGES), _PEOPLE, strict=False)),
    _special(
        "envelope",
        "text in message ids, sessions, dates, versions, usernames, metadata and parent headers, in both protocols",
        "one byte of the kernel's choice in an envelope",
        _envelope,
        "headers are the desk's own, metadata is empty, a parent is echoed only when the desk forwarded it",
    ),
    _special(
        "numbers",
        "numbers of 4000 digits where a count is expected",
        "more than fifty digits in a number",
        _numbers,
    ),
    _special(
        "while-away",
        "4 MB and more while no window is open, fetched by coming back",
        "more than one message's text",
        _while_away,
        "messages that waited pass the same tables as live ones",
    ),
    _special("prompt", "1 MB as the prompt of input()", "more than 4 kB in a prompt", _prompt),
)
