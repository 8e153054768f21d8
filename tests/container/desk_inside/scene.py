"""The desk with everything around it made up: intake, broker, kernel and browser."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web
from kernel import FakeBroker
from stream import serve_both

HERE = Path(__file__).parent
PREFIX = "http://localhost/user/mei/p-a"
V1 = "v1.kernel.websocket.jupyter.org"


class FakeIntake:
    """Takes every record, grants what is left, and can be away."""

    def __init__(self) -> None:
        self.left = {"text": 5_000_000, "image": 5_000_000}
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.leases: dict[str, int] = {}
        self.attempts = 0
        self.away: set[str] = set()
        self.delay = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        """What is asked over HTTP."""
        status, told = await self.take("", request.path, {})
        return web.json_response(told, status=status)

    async def take(self, _token: str, route: str, body: dict[str, Any]) -> tuple[int, Any]:
        if route in self.away:
            return 503, {}
        if route == "/display/meter":
            return 200, self.meter()
        if route == "/releases":
            return 200, {"requests": []}
        if route == "/display/lease":
            await asyncio.sleep(self.delay)
            return 200, {"granted": self.grant(body), "meter": self.meter()}
        self.events.append((route, body))
        return 200, {"n": len(self.events)}

    def grant(self, body: dict[str, Any]) -> int:
        if body["lease"] not in self.leases:
            left = self.left[body["kind"]]
            granted = min(left, body["most"]) if left >= body["least"] else 0
            self.attempts += granted < body["least"]
            self.left[body["kind"]] -= granted
            self.leases[body["lease"]] = granted
        return self.leases[body["lease"]]

    def meter(self) -> dict[str, Any]:
        one = {
            kind: {name: [5_000_000 - left, 5_000_000] for name in ("hour", "day")}
            for kind, left in self.left.items()
        }
        return {**one, "message": {"text": 64_000, "image": 300_000}, "paused_until": None}

    def told(self, route: str) -> list[dict[str, Any]]:
        return [body for path, body in self.events if path == route]


class Window:
    """One browser window on a kernel."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.v1 = socket.protocol == V1

    async def ask(self, kind: str, content: dict[str, Any], channel: str = "shell") -> str:
        msg_id = uuid.uuid4().hex
        header = {
            "msg_id": msg_id,
            "msg_type": kind,
            "session": "page",
            "username": "",
            "date": "",
            "version": "5.3",
        }
        parts = [json.dumps(one).encode() for one in (header, {}, {}, content)]
        if self.v1:
            offsets = [8 * 7]
            for part in (channel.encode(), *parts):
                offsets.append(offsets[-1] + len(part))
            head = [len(offsets).to_bytes(8, "little"), *(one.to_bytes(8, "little") for one in offsets)]
            await self.socket.send_bytes(b"".join((*head, channel.encode(), *parts)))
        else:
            whole = {
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
                "channel": channel,
            }
            await self.socket.send_str(json.dumps(whole))
        return msg_id

    async def receive(self, seconds: float = 5.0) -> dict[str, Any]:
        message = await asyncio.wait_for(self.socket.receive(), seconds)
        if message.type is aiohttp.WSMsgType.TEXT:
            told: dict[str, Any] = json.loads(message.data)
            return told
        assert message.type is aiohttp.WSMsgType.BINARY, message
        raw = message.data
        count = int.from_bytes(raw[:8], "little")
        offsets = [int.from_bytes(raw[8 * n + 8 : 8 * n + 16], "little") for n in range(count)]
        pieces = [raw[offsets[n] : offsets[n + 1]] for n in range(count - 1)]
        assert len(pieces) == 5, "a message with something beside its four parts"
        names = ("header", "parent_header", "metadata", "content")
        return {
            "channel": pieces[0].decode(),
            **{n: json.loads(p) for n, p in zip(names, pieces[1:], strict=True)},
        }

    async def run(self, *messages: dict[str, Any]) -> list[dict[str, Any]]:
        """Run a cell in which the kernel says these things; give everything until its end."""
        msg_id = await self.ask("execute_request", {"code": json.dumps(messages)})
        return await self.until_done(msg_id)

    async def until_done(self, msg_id: str) -> list[dict[str, Any]]:
        found, ends = [], set()
        while ends != {"idle", "reply"}:
            one = await self.receive()
            found.append(one)
            if one["parent_header"].get("msg_id") == msg_id:
                if one["content"].get("execution_state") == "idle":
                    ends.add("idle")
                if one["header"]["msg_type"] == "execute_reply":
                    ends.add("reply")
        return found


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment)


class Scene:
    """A running desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = Path(os.environ["HANARE_WORK"])
        self.intake = FakeIntake()
        self.broker = FakeBroker()
        self._open = AsyncExitStack()
        self._server: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=32 * 1024 * 1024)
        application.router.add_route("*", "/{anything:.*}", self.intake.answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        self._open.push_async_callback(runner.cleanup)
        await web.UnixSite(runner, str(self.folder / "http.sock")).start()
        both = await serve_both(self.folder / "intake.sock", self.folder / "http.sock", self.intake.take)
        self._open.callback(both.close)
        (self.folder / "rt").mkdir()
        server = await asyncio.start_unix_server(self.broker.answer, self.folder / "broker.sock")
        self._open.callback(server.close)
        socket = self.folder / "web.sock"
        environment = {
            **os.environ,
            "HANARE_INTAKE_SOCKET": str(self.folder / "intake.sock"),
            "HANARE_BROKER_SOCKET": str(self.folder / "broker.sock"),
            "HANARE_KERNEL_SOCKETS": str(self.folder / "rt"),
            "JUPYTERHUB_API_TOKEN": "desk-token",
        }
        self._server = start([sys.executable, "-B", str(HERE / "server.py"), str(socket)], environment)
        connector = aiohttp.UnixConnector(str(socket))
        self.client = await self._open.enter_async_context(
            aiohttp.ClientSession(connector=connector, headers={"Authorization": "token t"})
        )
        told: Any = None
        for _ in range(200):
            with suppress(aiohttp.ClientError, OSError):
                told = await self.get("/hanare/meter")
                if told[0] == 200 and told[1]["recorded"]:
                    return self
            await asyncio.sleep(0.05)
        raise TimeoutError(f"the desk did not come up: {told}")

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.kill()
        self._server.wait()
        await self._open.aclose()

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        async with self.client.request(method, PREFIX + path, json=body) as answer:
            text = await answer.text()
            with suppress(ValueError):
                return answer.status, json.loads(text)
            return answer.status, text

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.ask("GET", path)

    async def kernel(self, name: str = "python3") -> str:
        status, model = await self.ask("POST", "/api/kernels", {"name": name})
        assert status == 201, model
        return str(model["id"])

    async def window(self, kernel_id: str, *, v1: bool = True, session: str = "") -> Window:
        address = f"{PREFIX}/api/kernels/{kernel_id}/channels?session_id={session or uuid.uuid4().hex}"
        protocols = [V1] if v1 else []
        socket = await self.client.ws_connect(address, protocols=protocols, max_msg_size=0)
        return Window(socket)

    def put(self, name: str, content: bytes, time: int = 1_700_000_000) -> None:
        """What a kernel writes."""
        (self.work / name).write_bytes(content)
        os.utime(self.work / name, (time, time))
