"""The desk's settings, read-only in the image.

They say what is off and which classes stand in the way; the tables themselves are code in
``hanare_desk``. Everything that the server may write lies on its own tmpfs, except what people
save in /work, and that is made so that the kernel's user can write it too.
"""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821

# The kernel shares /work through the group: what the desk saves, the kernel may change, and nobody else.
os.umask(0o007)

POLICY = "; ".join(  # noqa: FLY002  # one rule a line
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'none'",
        "base-uri 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        # What is missing here does the work: no allow-downloads, no allow-popups.
        "sandbox allow-scripts allow-same-origin allow-forms allow-modals",
    ),
)

# Where it listens. The folder of the socket is private to this workspace.
c.ServerApp.sock = "/run/web/s.sock"
c.ServerApp.sock_mode = "0666"
c.ServerApp.root_dir = "/work"
c.ServerApp.default_url = "/lab"
c.ServerApp.max_body_size = 8 * 1024 * 1024
c.ServerApp.max_buffer_size = 8 * 1024 * 1024

# What is on.
c.ServerApp.jpserver_extensions = {
    "jupyterlab": True,
    "hanare_desk": True,
    "jupyter_lsp": False,
    "jupyter_resource_usage": False,
    "jupyter_server_fileid": False,
    "jupyter_server_proxy": False,
    "jupyter_server_terminals": False,
    "jupyter_server_ydoc": False,
    "nbclassic": False,
    "notebook": False,
    "notebook_shim": False,
}
c.ServerApp.terminals_enabled = False
c.ServerApp.quit_button = False
c.ServerApp.allow_unauthenticated_access = False
c.ServerApp.allow_external_kernels = False

# Who stands in the way.
c.ServerApp.authorizer_class = "hanare_desk.authorizer.DeskAuthorizer"
c.ServerApp.contents_manager_class = "hanare_desk.contents.DeskContents"
c.ServerApp.kernel_manager_class = "hanare_desk.kernels.DeskKernels"
c.ServerApp.kernel_spec_manager_class = "hanare_desk.kernels.DeskKernelSpecManager"
c.ServerApp.kernel_websocket_connection_class = "hanare_desk.websocket.RecordedWebsocket"
c.AsyncMappingKernelManager.kernel_manager_class = "hanare_desk.kernels.DeskKernelManager"
c.KernelProvisionerFactory.default_provisioner_name = "desk"
c.HubOAuth.cache_max_age = 15
c.HubAuth.cache_max_age = 15

# Files.
c.ContentsManager.allow_hidden = False
c.ContentsManager.files_handler_class = None
c.ContentsManager.checkpoints_class = "hanare_desk.contents.NoCheckpoints"
c.NotebookNotary.db_file = ":memory:"

# Kernels.
c.KernelManager.transport = "ipc"
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"python3", "ir"}
CULL_SECONDS = int(os.environ.get("HANARE_CULL_SECONDS", "3600"))
c.MappingKernelManager.cull_idle_timeout = CULL_SECONDS
c.MappingKernelManager.cull_interval = max(1, min(300, CULL_SECONDS // 4))
# A window that is left open keeps no kernel alive; a running cell does.
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = False

# The page.
c.LabApp.extension_manager = "readonly"
c.LabApp.lock_all_plugins = True
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.user_settings_dir = "/tmp/lab/settings"
c.LabApp.workspaces_dir = "/tmp/lab/workspaces"
c.ServerApp.tornado_settings = {
    "headers": {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    },
}
