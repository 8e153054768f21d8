"""A made-up intake's socket that takes both ways to speak: frames and HTTP.

It knows a connection by its first byte, answers frames itself and hands everything else on to an
HTTP server at another socket. Used inside the desk image, so it imports nothing of ours.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

Answer = Callable[[str, str, dict[str, Any]], Awaitable[tuple[int, Any]]]
"""From authorization, route and body to status and answer."""
_GONE = (OSError, asyncio.IncompleteReadError)


async def serve_both(path: Path, http: Path, answer: Answer) -> asyncio.AbstractServer:
    """Listen at ``path``; HTTP is answered at ``http``."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if first == b"\0":
                await _frames(first, reader, writer, answer)
            else:
                await _http(first, reader, writer, http)
        except _GONE:
            pass
        finally:
            writer.close()

    return await asyncio.start_unix_server(meet, path)


async def _frames(
    first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
) -> None:
    opening = await _frame(first, reader)
    tasks = set()

    async def say(message: dict[str, Any]) -> None:
        status, body = await answer(opening["authorization"], message["route"], message["body"])
        told = json.dumps({"id": message["id"], "status": status, "body": body}).encode()
        writer.write(len(told).to_bytes(4, "big") + told)

    while True:
        task = asyncio.ensure_future(say(await _frame(b"", reader)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _frame(first: bytes, reader: asyncio.StreamReader) -> dict[str, Any]:
    length = int.from_bytes(first + await reader.readexactly(4 - len(first)), "big")
    told: dict[str, Any] = json.loads(await reader.readexactly(length))
    return told


async def _http(first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, http: Path) -> None:
    there, back = await asyncio.open_unix_connection(http)
    back.write(first)

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(*_GONE):
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
        target.close()

    await asyncio.gather(copy(reader, back), copy(there, writer))
