"""One question to the kernel broker: a JSON line there, a JSON line back, both bounded.

The broker lives in the container that holds the data, so its answer is a stranger's: it is
cut at a few kilobytes, has a few seconds, and only the expected fields are looked at.
"""

import asyncio
import json
from typing import Any, Final

MAX_LINE: Final = 64 * 1024
_MAX_ANSWER: Final = 4 * 1024
_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 10.0


class BrokerError(Exception):
    """The broker is away, or said no; ``code`` is its word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def ask_broker(socket: str, question: dict[str, Any]) -> dict[str, Any]:
    """Ask the broker and give its answer, or raise ``BrokerError``."""
    line = json.dumps(question).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise BrokerError("too_long")
    try:
        connecting = asyncio.open_unix_connection(socket, limit=_MAX_ANSWER)
        reader, writer = await asyncio.wait_for(connecting, _CONNECT_SECONDS)
        try:
            writer.write(line)
            await writer.drain()
            answer: Any = json.loads(await asyncio.wait_for(reader.readline(), _ANSWER_SECONDS))
        finally:
            writer.close()
    except (OSError, TimeoutError, ValueError):
        raise BrokerError("broker_away") from None
    if not isinstance(answer, dict):
        raise BrokerError("broker_away")
    if "error" in answer:
        raise BrokerError(str(answer["error"])[:64])
    return answer
