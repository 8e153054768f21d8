"""Covert channels, measured: a sender in a kernel, a receiver at the browser's side, bits per second.

``python -m tests.support.attack_covert`` starts a house of its own, sends random bits by each road
and prints what arrived: bits per second after errors (the capacity of a symmetric channel at the
measured error rate), and what it cost of the display budget. Roads that cost nothing are the ones
that matter: they are bounded by their rate alone. A cleverer code may be faster than these; the
figures say how large such a road is, not how large it can be at most.
"""

import itertools
import math
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.attack_scene import Place
from tests.support.attack_variants import house_without

LINK = "\nimport os, secrets, time\n"


@dataclass(frozen=True, slots=True)
class Measured:
    """One road: what was sent, how much of it was wrong, how long it took and what it cost."""

    road: str
    bits: float
    wrong: float
    seconds: float
    paid: int

    @property
    def rate(self) -> float:
        """Bits per second, after what errors take away."""
        lost = 0.0 if self.wrong <= 0 else 1.0 if self.wrong >= 0.5 else _entropy(self.wrong)
        return self.bits * (1 - lost) / self.seconds

    def line(self) -> str:
        cost = (
            f"{self.paid / max(1.0, self.bits):.1f} bytes of the budget a bit" if self.paid > 64 else "free"
        )
        return f"{self.road}: {self.rate:.2f} bit/s ({self.bits:.0f} bits in {self.seconds:.0f} s, {self.wrong:.1%} wrong), {cost}"


def _entropy(p: float) -> float:
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def _bits(count: int) -> list[int]:
    word = secrets.randbits(count)
    return [word >> n & 1 for n in range(count)]


def _wrong(sent: list[int], got: list[int]) -> float:
    return (sum(a != b for a, b in zip(sent, got, strict=False)) + abs(len(sent) - len(got))) / len(sent)


def _started(place: Place, code: str) -> str:
    """Run a cell in a kernel of its own without waiting for its end; the kernel's id."""
    kernel_id = place.new_kernel()
    wire = place.wire(kernel_id)
    wire.execute("1")
    wire.send("shell", "execute_request", {"code": LINK + code, "silent": True, "user_expressions": {}})
    time.sleep(0.2)
    wire.close()
    return kernel_id


def spacing(place: Place, count: int = 240, short: float = 0.015, long: float = 0.045) -> Measured:
    """The time between messages of one character: a short pause is 0, a long one 1."""
    sent = _bits(count)
    wire = place.forger()
    before = place.charged()
    code = (
        f"for bit in [0, *{sent!r}]:\n    time.sleep({long} if bit else {short})\n"
        "    forge('stream', {'name': 'stdout', 'text': '.'})"
    )
    wire.send("shell", "execute_request", {"code": code, "silent": False, "user_expressions": {}})
    moments: list[float] = []
    time.monotonic()
    while len(moments) <= count and (heard := wire.receive(3)) is not None:
        if heard.kind == "stream":
            moments.append(time.monotonic())
    took = moments[-1] - moments[0]
    wire.drain(0.5)
    middle = (short + long) / 2 + 0.0005
    got = [int(b - a > middle) for a, b in itertools.pairwise(moments)]
    return Measured("spacing of messages", count, _wrong(sent, got), took, place.charged() - before)


def gauge(place: Place, symbols: int = 6) -> Measured:
    """How full the disk is, as the meter tells it: each look is one of as many levels as it can tell apart."""
    room = place.meter()["disk"]
    pause, levels = 5.6, 64
    values = [secrets.randbelow(levels) for _ in range(symbols)]
    part = int(room["size"]) * 3 // 4 // levels
    code = (
        "path = '/work/.gauge'\n"
        f"for value in {values!r}:\n"
        "    with open(path, 'wb') as file:\n"
        f"        os.posix_fallocate(file.fileno(), 0, (value + 1) * {part})\n"
        f"    time.sleep({pause})\nos.remove(path)"
    )
    kernel_id = _started(place, code)
    got: list[int] = []
    start = time.monotonic()
    while len(got) < symbols:
        time.sleep(pause if got else pause - 0.4)
        got.append(round((int(place.meter()["disk"]["used"]) - int(room["used"])) / part) - 1)
    took = time.monotonic() - start
    place.end_kernel(kernel_id)
    right = sum(a == b for a, b in zip(got, values, strict=True))
    bits = math.log2(levels) * symbols * right / symbols
    return Measured("how full the disk is", max(1.0, bits), 0.0, took, 0)


def load(place: Place, count: int = 24, pause: float = 0.6) -> Measured:
    """Processors kept busy or left alone, felt as the time of an answer that costs nothing."""
    sent = _bits(count)
    code = (
        "import signal\nfor bit in [1, 0, *"
        + repr(sent)
        + "]:\n    end, pids = time.monotonic() + "
        + str(pause)
        + ", []\n"
        "    for _ in range(48 if bit else 0):\n        pid = os.fork()\n"
        "        if pid == 0:\n            while time.monotonic() < end: pass\n            os._exit(0)\n        pids.append(pid)\n"
        "    time.sleep(max(0, end - time.monotonic()))\n    [os.waitpid(pid, 0) for pid in pids]"
    )
    kernel_id = _started(place, code)
    start = time.monotonic()
    seen: list[tuple[float, float]] = []
    while time.monotonic() - start < (count + 2) * pause + 1:
        asked = time.monotonic()
        place.meter()
        seen.append((asked - start, time.monotonic() - asked))
        time.sleep(0.01)
    took = time.monotonic() - start
    place.end_kernel(kernel_id)
    best = 1.0
    for shift in range(20):
        at = shift * pause / 10
        slots = [
            [d for t, d in seen if at + (n + 2) * pause <= t < at + (n + 3) * pause] for n in range(count)
        ]
        means = [statistics.median(slot) if slot else 0.0 for slot in slots]
        middle = (min(means) + max(means)) / 2
        best = min(best, _wrong(sent, [int(mean > middle) for mean in means]))
    return Measured("load of the processors", count, best, took, 0)


def times(place: Place, count: int = 120) -> Measured:
    """The times and sizes of files with names that are known already, as a listing tells them."""
    place.cell(
        LINK
        + f"os.makedirs('/work/m', exist_ok=True)\nfor n in range({count}): open(f'/work/m/{{n}}.txt', 'w').close()"
    )
    place.ask("GET", "/api/contents/m?content=1")
    values = [secrets.randbits(30) for _ in range(count)]
    sizes = [secrets.randbelow(1 << 17) for _ in range(count)]
    place.cell(
        LINK
        + f"for n, (t, s) in enumerate(zip({values!r}, {sizes!r})):\n    os.truncate(f'/work/m/{{n}}.txt', s); os.utime(f'/work/m/{{n}}.txt', (t, t))"
    )
    before, start = place.charged(), time.monotonic()
    listed = {e["name"]: e for e in place.ask("GET", "/api/contents/m?content=1").json()["content"]}
    took = time.monotonic() - start
    right = 0
    for n, (value, size) in enumerate(zip(values, sizes, strict=True)):
        entry = listed.get(f"{n}.txt", {})
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(value))
        right += 30 * (str(entry.get("last_modified", "")).startswith(stamp)) + 17 * (
            entry.get("size") == size
        )
    return Measured("times and sizes in a listing", max(1, right), 0.0, took, place.charged() - before)


ROADS: tuple[Callable[[Place], Measured], ...] = (spacing, times, gauge, load)


def main() -> int:
    with house_without(None) as scene:
        place = scene.at("kei")
        place.forger()
        for road in ROADS:
            sys.stdout.write(road(place).line() + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
