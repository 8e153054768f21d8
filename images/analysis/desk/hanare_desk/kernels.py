"""No kernel ever starts in the desk.

A kernel specification that lies in the server's own prefix would win over ours and start a
local process beside the token. Three locks, each enough: specifications come from one
read-only folder and must name our provisioner; the provisioner is made here, not looked up;
and a kernel whose provisioner is another is refused before it starts. Kernel ids are UUIDs,
because they become part of file names.

What is told of a running kernel is what the desk knows itself: when something was last asked
of it and whether a cell runs. A kernel's own words on that are not repeated anywhere, and
idle kernels are ended by the desk's knowledge as well. Messages without a window are kept up
to a bound.
"""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager

from .errors import RefusedHereError
from .office import office
from .provisioner import KERNEL_ID, DeskProvisioner
from .windows import queue_of

SPECIFICATIONS: Final = Path(os.environ.get("HANARE_KERNEL_SPECS", "/usr/local/share/jupyter/kernels"))
MOST_BUFFERED: Final = 2_000
MOST_BUFFERED_BYTES: Final = 8 * 1024 * 1024
_STATES: Final = frozenset({"starting", "restarting", "dead"})


class DeskKernelSpecManager(KernelSpecManager):  # type: ignore[misc]
    """Knows the specifications of one folder and no others."""

    def _kernel_dirs_default(self) -> list[str]:
        return [str(SPECIFICATIONS)]

    def _get_kernel_spec_by_name(self, kernel_name: str, resource_dir: str) -> KernelSpec:
        if Path(resource_dir).parent != SPECIFICATIONS:
            raise NoSuchKernel(kernel_name)
        spec = KernelSpec.from_resource_dir(resource_dir)
        if _provisioner_of(spec) != "desk":
            raise NoSuchKernel(kernel_name)
        return spec


class DeskKernelManager(ServerKernelManager):  # type: ignore[misc]
    """Starts kernels through the broker and in no other way."""

    provisioner: Any

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        kernel_id = self.kernel_id or kwargs.get("kernel_id") or ""
        if not KERNEL_ID.fullmatch(kernel_id):
            raise RefusedHereError(400, "http_not_understood")
        if _provisioner_of(self.kernel_spec) != "desk":
            raise RefusedHereError(403, "not_available")
        if self.provisioner is None:
            self.provisioner = DeskProvisioner(
                kernel_id=kernel_id,
                kernel_spec=self.kernel_spec,
                parent=self,
            )
        if type(self.provisioner) is not DeskProvisioner:
            raise RefusedHereError(403, "not_available")
        started: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**kwargs)
        return started

    pre_start_kernel = _async_pre_start_kernel


class DeskKernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """The kernels of this desk, as it knows them itself."""

    def start_watching_activity(self, kernel_id: str) -> None:
        """Watch nothing: what a kernel says of itself is not asked for."""
        kernel = self._kernels[kernel_id]
        kernel.reason, kernel.execution_state, kernel.last_activity = "", "idle", datetime.now(UTC)

    def kernel_model(self, kernel_id: str) -> dict[str, Any]:
        """Tell of a kernel; its own words are not in it."""
        self._check_kernel_id(kernel_id)
        kernel, queue = self._kernels[kernel_id], queue_of(kernel_id)
        state = getattr(kernel, "execution_state", None)
        if state not in _STATES:
            state = "busy" if queue.busy else "idle"
        return {
            "id": kernel_id,
            "name": kernel.kernel_name,
            "last_activity": datetime.fromtimestamp(queue.last_used, UTC).isoformat(),
            "execution_state": state,
            "connections": self._kernel_connections.get(kernel_id, 0),
        }

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel of which nothing was asked for long; one with a running cell is busy."""
        queue = queue_of(kernel_id)
        if getattr(self._kernels[kernel_id], "execution_state", None) != "dead":
            idle = datetime.now(UTC).timestamp() - queue.last_used
            connected = self._kernel_connections.get(kernel_id, 0) and not self.cull_connected
            if queue.busy or connected or idle <= self.cull_idle_timeout:
                return
        self.log.info("a kernel was idle and is ended")
        await self.shutdown_kernel(kernel_id)

    def start_buffering(self, kernel_id: str, session_key: str, channels: Any) -> None:
        """Keep messages for a window that comes back, up to a bound."""
        super().start_buffering(kernel_id, session_key, channels)
        kept = self._kernel_buffers.get(kernel_id)
        if kept is None:
            return
        size = 0

        def keep(channel: str, parts: list[Any]) -> None:
            nonlocal size
            size += sum(map(len, parts))
            if len(kept["buffer"]) < MOST_BUFFERED and size <= MOST_BUFFERED_BYTES:
                kept["buffer"].append((channel, parts))
            else:
                office().refusals.add("buffer_full")

        for channel, stream in channels.items():
            stream.on_recv(partial(keep, channel))


def _provisioner_of(spec: KernelSpec) -> str | None:
    named = ((spec.metadata or {}).get("kernel_provisioner") or {}).get("provisioner_name")
    return named if isinstance(named, str) else None
