"""A kernel that says whatever it is told to, and the broker that starts it.

A cell's code is a list of messages in JSON, each with channel, type, content and, for a
kernel that forges, header and parent. They are signed with the right key: nothing stops a
kernel from writing what it likes.
"""

import asyncio
import json
import threading
from typing import Any

import zmq
from jupyter_client.session import Session

PORTS = {"shell": "shell_port", "iopub": "iopub_port", "stdin": "stdin_port", "control": "control_port"}


class ForgingKernel(threading.Thread):
    """One kernel on its sockets."""

    def __init__(self, conn: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        context = zmq.Context.instance()
        self.session = Session(key=conn["key"].encode())
        self.sockets = {name: context.socket(zmq.PUB if name == "iopub" else zmq.ROUTER) for name in PORTS}
        for name, port in PORTS.items():
            self.sockets[name].bind(f"ipc://{conn['ip']}-{conn[port]}")
        self.beat = context.socket(zmq.REP)
        self.beat.bind(f"ipc://{conn['ip']}-{conn['hb_port']}")
        self.asked: list[dict[str, Any]] = []

    def run(self) -> None:
        poller = zmq.Poller()
        for socket in (*self.sockets.values(), self.beat):
            poller.register(socket, zmq.POLLIN)
        while True:
            for socket, _ in poller.poll():
                if socket is self.beat:
                    socket.send(socket.recv())
                else:
                    self.answer(socket)

    def answer(self, socket: Any) -> None:
        identities, message = self.session.recv(socket, zmq.NOBLOCK)
        self.asked.append(message)
        kind = message["header"]["msg_type"]
        self.send("iopub", "status", {"execution_state": "busy"}, message)
        if kind == "kernel_info_request":
            told = {"status": "ok", "protocol_version": "5.3", "language_info": {"name": "python"}}
            self.send(socket, "kernel_info_reply", told, message, identities)
        elif kind == "execute_request":
            self.send("iopub", "execute_input", {"code": message["content"]["code"]}, message)
            for one in json.loads(message["content"]["code"]):
                self.forge(one, message, identities, socket)
            self.send(socket, "execute_reply", {"status": "ok", "execution_count": 1}, message, identities)
        elif kind == "complete_request":
            told = {"status": "ok", "matches": ["x" * 100], "cursor_start": 0, "cursor_end": 1}
            self.send(socket, "complete_reply", told, message, identities)
        self.send("iopub", "status", {"execution_state": "idle"}, message)

    def forge(self, one: dict[str, Any], message: Any, identities: Any, socket: Any) -> None:
        made = self.session.msg(one["type"], one.get("content", {}), message)
        made["header"].update(one.get("header", {}))
        made["metadata"] = one.get("metadata", {})
        if "parent" in one:
            made["parent_header"] = one["parent"]
        buffers = [text.encode() for text in one.get("buffers", [])]
        for _ in range(one.get("times", 1)):
            if one.get("channel", "iopub") == "iopub":
                self.session.send(self.sockets["iopub"], made, ident=[b"x"], buffers=buffers)
            else:
                self.session.send(self.sockets[one["channel"]], made, ident=identities, buffers=buffers)

    def send(self, socket: Any, kind: str, content: Any, parent: Any, ident: Any = None) -> None:
        target = self.sockets[socket] if isinstance(socket, str) else socket
        self.session.send(target, kind, content, parent=parent, ident=ident)


class FakeBroker:
    """Starts kernels when the desk asks, and says what it is told to say."""

    def __init__(self) -> None:
        self.kernels: dict[str, ForgingKernel] = {}
        self.dead: set[str] = set()
        self.error: str | None = None

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        question = json.loads(await reader.readline())
        told: dict[str, Any] = {"rc": None}
        if self.error is not None:
            told = {"error": self.error}
        elif question["op"] == "start":
            self.dead.discard(question["id"])
            kernel = self.kernels[question["id"]] = ForgingKernel(question["conn"])
            kernel.start()
        elif question["op"] == "poll":
            told = {"rc": 0 if question["id"] in self.dead else None}
        elif question["op"] == "signal" and question["signum"] in {9, 15}:
            self.dead.add(question["id"])
        writer.write(json.dumps(told).encode() + b"\n")
        await writer.drain()
        writer.close()
