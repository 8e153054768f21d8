"""How every benchmark speaks: one JSON line each, our value beside a named peer's.

``value`` and ``peer_value`` are medians in the same unit, taken turn by turn on this machine, so
that what disturbs one disturbs both. ``ratio`` is ours divided by the peer's: 1.1 means that
ours takes a tenth longer.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_turns(ours: Callable[[], object], peer: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of both in seconds, measured alternately."""
    pairs = [(seconds(ours), seconds(peer)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def processor_in_turns(
    ours: Callable[[], object], peer: Callable[[], object], times: int
) -> tuple[float, float]:
    """Like ``in_turns``, in seconds of this process's processor time."""
    pairs = [(_processor_seconds(ours), _processor_seconds(peer)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _processor_seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def tell(name: str, value: float, unit: str, peer: str, peer_value: float) -> None:
    """The benchmark's line."""
    line = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 4),
        "ratio": round(value / peer_value, 3) if peer_value else None,
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def whole_number(variable: str, default: int) -> int:
    """A size from the environment."""
    return int(os.environ.get(variable, str(default)))
