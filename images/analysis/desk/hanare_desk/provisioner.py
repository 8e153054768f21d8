"""A kernel is started by the broker in the other container, and only there.

The broker is told the kernel's name, its id and where to listen; it has its own command lines
and its own environment, and nothing of the desk's goes along. Sockets lie in the shared
folder under the kernel's id; the desk's connection file stays in the desk. A broker that does
not answer is not a dead kernel: the hub ends a workspace that lost its other half.
"""

import asyncio
import os
import re
import signal
from typing import Any, Final

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from .broker_line import BrokerError, ask_broker
from .errors import RefusedHereError
from .office import new_id, office
from .windows import drop_line, line_of, queue_of

BROKER: Final = os.environ.get("HANARE_BROKER_SOCKET", "/run/k/b/broker.sock")
SOCKETS: Final = os.environ.get("HANARE_KERNEL_SOCKETS", "/run/k/rt")
KERNEL_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PORTS: Final = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class DeskProvisioner(KernelProvisionerBase):  # type: ignore[misc]
    """Speaks to the broker in the place of a local process."""

    started = False
    _lives = 0
    _ended = True

    @property
    def has_process(self) -> bool:
        return self.started

    async def poll(self) -> int | None:
        if not self.started:
            return 0
        try:
            rc = (await ask_broker(BROKER, {"op": "poll", "id": self.kernel_id})).get("rc")
        except BrokerError as error:
            rc = 1 if error.code == "unknown_kernel" else None
        if not isinstance(rc, int):
            return None
        self._tell("ended")
        return rc

    async def wait(self) -> int | None:
        rc = await self.poll()
        while rc is None:
            await asyncio.sleep(0.1)
            rc = await self.poll()
        self.started = False
        queue_of(self.kernel_id).kernel_ended()
        return rc

    def _tell(self, stage: str) -> None:
        """Report a kernel's beginning or end, the end once."""
        if stage == "ended" and self._ended:
            return
        self._ended = stage == "ended"
        told = {"kernel_id": self.kernel_id, "name": self.parent.kernel_name, "stage": stage}
        office().recorder.report("/kernels", {"event_id": new_id(), **told})

    async def send_signal(self, signum: int) -> None:
        if signum == signal.SIGINT:
            queue_of(self.kernel_id).interrupt()
        if self.started:
            try:
                await ask_broker(BROKER, {"op": "signal", "id": self.kernel_id, "signum": int(signum)})
            except BrokerError as error:
                self.log.warning("the kernel broker did not take a signal: %s", error.code)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        queue_of(self.kernel_id).kernel_ended()
        if not restart:
            self._tell("ended")
            drop_line(self.kernel_id)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare where to listen; what was given for a local process is thrown away."""
        kernel = self.parent
        kernel.ip = f"{SOCKETS}/{self.kernel_id}"
        # The sockets belong to the kernel's user; the broker removes them.
        kernel.cleanup_ipc_files = lambda: None
        kernel.write_connection_file()
        self.connection_info = kernel.get_connection_info()
        return {"cmd": ["-"], "env": {}, **{name: kwargs[name] for name in ("cwd",) if name in kwargs}}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        info = self.connection_info
        key = info["key"]
        where = {
            "transport": info["transport"],
            "ip": info["ip"],
            "key": key.decode() if isinstance(key, bytes) else key,
            "signature_scheme": info["signature_scheme"],
            **{name: info[name] for name in _PORTS},
        }
        question = {"op": "start", "id": self.kernel_id, "kernel": self.parent.kernel_name, "conn": where}
        try:
            await ask_broker(BROKER, question)
        except BrokerError as error:
            # The broker's word comes from the container with the data: it is not shown.
            self.log.warning("the kernel broker did not start a kernel: %s", error.code)
            raise RefusedHereError(503, "kernel_not_started") from None
        self.started = True
        if self._lives:
            line_of(self.kernel_id).envelopes.begin_life()
        self._tell("restarted" if self._lives else "started")
        self._lives += 1
        return dict(info)
