"""One browser window's line to a kernel, with the tables in force both ways.

Browser to kernel: a message is read, written anew and put in the kernel's queue; what the
table does not name is dropped. Kernel to browser: a message is written anew and counted. Both
wire protocols pass through here, and so do messages that were buffered while no window was
open.
"""

import json
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import DELIM
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from .messages import Message, read_message
from .outputs import Shown, trim, trim_header
from .sanitising import SANITISER
from .sentences import Sentence
from .windows import queue_of

_V1 = "v1.kernel.websocket.jupyter.org"


class RecordedWebsocket(ZMQChannelsWebsocketConnection):  # type: ignore[misc]
    """No log, no run; and nothing passes that no table names."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Take what the browser sent."""
        if not self.channels:
            return
        message = self._read(incoming_msg)
        if message is None:
            self.log.warning("a message from the browser that no table names was dropped")
            return
        queue_of(self.kernel_id).put(self, message)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass on what the kernel sent, as far as the tables go."""
        if isinstance(stream, str):
            stream = self.channels[stream]
        channel = getattr(stream, "channel", "")
        try:
            identities, fed = self.session.feed_identities(outgoing_msg)
            header, parent = self.session.unpack(fed[1]), self.session.unpack(fed[2])
            content = self.session.unpack(fed[4])
            kind = header["msg_type"]
            shown = trim(channel, kind, content, SANITISER)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            shown = None
        if shown is None:
            self.log.warning("a message from the kernel that no table names was dropped")
            return
        head, origin = trim_header(header), trim_header(parent)
        self._tell_queue(channel, kind, origin.get("msg_id", ""), shown)
        # The kernel holds the same signing key; the signature only has to be right.
        parts = [self.session.pack(part) for part in (head, origin, {}, shown.content)]
        super().handle_outgoing_message(stream, [*identities, DELIM, self.session.sign(parts), *parts])

    def forward(self, message: Message) -> None:
        """Send a message on to the kernel, written anew."""
        stream = self.channels.get(message.channel)
        if stream is None or stream.closed():
            queue_of(self.kernel_id).replied(message.msg_id, "aborted")
            return
        whole = {
            "header": dict(message.header),
            "parent_header": dict(message.parent),
            "metadata": {},
            "content": dict(message.content),
        }
        self.session.send(stream, whole)

    def refuse(self, message: Message, reason: Sentence) -> None:
        """Answer as a kernel would: busy, error, reply, idle."""
        text = reason.both
        error = {"ename": "NotRecorded", "evalue": text, "traceback": ["\x1b[31mNotRecorded\x1b[0m: " + text]}
        reply: dict[str, Any] = {
            "status": "error",
            "execution_count": None,
            "user_expressions": {},
            "payload": [],
            **error,
        }
        parent = {"header": dict(message.header)}
        if not message.is_cell:
            # An answer to input(): the kernel goes on waiting, and Interrupt ends that.
            self._show(
                "iopub", "stream", {"name": "stderr", "text": text + "\n"}, {"header": dict(message.parent)}
            )
            return
        self._show("iopub", "status", {"execution_state": "busy"}, parent)
        self._show("iopub", "error", error, parent)
        self._show(message.channel, "execute_reply", reply, parent)
        self._show("iopub", "status", {"execution_state": "idle"}, parent)

    def _read(self, raw: Any) -> Message | None:
        try:
            if self.subprotocol == _V1:
                channel, parts = deserialize_msg_from_ws_v1(raw)
                if len(parts) != 4:  # binary buffers, or something that is no message
                    return None
                header, parent, _, content = (self.session.unpack(part) for part in parts)
                return read_message(channel, header, parent, content)
            if not isinstance(raw, str):
                return None
            whole = json.loads(raw)
            if whole.get("buffers"):
                return None
            return read_message(
                whole.get("channel"), whole["header"], whole.get("parent_header"), whole["content"]
            )
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            return None

    def _tell_queue(self, channel: str, kind: str, msg_id: str, shown: Shown) -> None:
        queue = queue_of(self.kernel_id)
        if kind == "execute_reply":
            queue.replied(msg_id, shown.content["status"])
        elif kind == "status":
            if shown.content["execution_state"] == "idle":
                queue.report_shown()
            return
        if channel == "iopub" and kind != "execute_input":
            queue.shown(msg_id, text=shown.text, image=shown.image)

    def _show(self, channel: str, kind: str, content: dict[str, Any], parent: dict[str, Any]) -> None:
        message = self.session.msg(kind, content=content, parent=parent)
        try:
            if self.subprotocol == _V1:
                self.write_message(serialize_msg_to_ws_v1(message, channel, self.session.pack), binary=True)
            else:
                message["channel"] = channel
                self.write_message(json.dumps(message, default=json_default))
        except Exception as error:  # noqa: BLE001  # the window went away; there is nobody to tell
            self.log.info("a refusal could not be shown: %s", type(error).__name__)
