"""No kernel ever starts in the desk.

A kernel specification that lies in the server's own prefix would win over ours and start a
local process beside the token. Three locks, each enough: specifications come from one
read-only folder and must name our provisioner; the provisioner is made here, not looked up;
and a kernel whose provisioner is another is refused before it starts. Kernel ids are UUIDs,
because they become part of file names.
"""

import os
from pathlib import Path
from typing import Any, Final

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from tornado import web

from .provisioner import KERNEL_ID, DeskProvisioner

SPECIFICATIONS: Final = Path(os.environ.get("HANARE_KERNEL_SPECS", "/usr/local/share/jupyter/kernels"))


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
            raise web.HTTPError(400, "a kernel id is a UUID")
        if _provisioner_of(self.kernel_spec) != "desk":
            raise web.HTTPError(403, "this kernel would start in the desk")
        if self.provisioner is None:
            self.provisioner = DeskProvisioner(
                kernel_id=kernel_id,
                kernel_spec=self.kernel_spec,
                parent=self,
            )
        if type(self.provisioner) is not DeskProvisioner:
            raise web.HTTPError(403, "this kernel would start in the desk")
        started: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**kwargs)
        return started

    pre_start_kernel = _async_pre_start_kernel


def _provisioner_of(spec: KernelSpec) -> str | None:
    named = ((spec.metadata or {}).get("kernel_provisioner") or {}).get("provisioner_name")
    return named if isinstance(named, str) else None
