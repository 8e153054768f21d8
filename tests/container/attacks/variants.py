"""The houses in which one control is missing, named once, for the attacks that share them."""

from tests.support.attack_table import Patch, Without

_CONFIG = "/etc/jupyter/jupyter_server_config.py"


def settings(replaces: str, *lines: str) -> Patch:
    """Lines after the desk's own settings."""
    return Patch(_CONFIG, replaces, "\n".join(lines))


_OUT = """
def _as_it_is(self, stream, outgoing_msg):
    self.limit_rate = False
    ZMQChannelsWebsocketConnection.handle_outgoing_message(self, stream, outgoing_msg)
RecordedWebsocket.handle_outgoing_message = _as_it_is
"""
_IN = """
def _as_it_came(self, incoming_msg):
    ZMQChannelsWebsocketConnection.handle_incoming_message(self, incoming_msg)
RecordedWebsocket.handle_incoming_message = _as_it_came
"""
_UNRECORDED = """
def _at_once(self, message):
    self._waiting.popleft().window.forward(message)
CellQueue._admit = _at_once
"""
UNRECORDED = Without("run-without-record", desk=(Patch("hanare_desk.cells", "_admit", _UNRECORDED),))
OUTGOING = Without(
    "outgoing-unread",
    desk=(Patch("hanare_desk.websocket", "handle_outgoing_message", _OUT),),
)
INCOMING = Without(
    "incoming-unread",
    desk=(Patch("hanare_desk.websocket", "handle_incoming_message", _IN),),
)
_UPSTREAM = "jupyter_server.services.contents.largefilemanager.AsyncLargeFileManager"
CONTENTS = Without(
    "plain-contents",
    desk=(settings("contents_manager_class", f"c.ServerApp.contents_manager_class = '{_UPSTREAM}'"),),
)
CHECKPOINTS = Without(
    "checkpoints",
    desk=(
        settings(
            "contents_manager_class",
            f"c.ServerApp.contents_manager_class = '{_UPSTREAM}'",
            "c.ContentsManager.checkpoints_class = "
            "'jupyter_server.services.contents.filecheckpoints.AsyncFileCheckpoints'",
        ),
    ),
)
_SEEN = """
def visible(path):
    return PurePosixPath(path.strip('/') or '.')
def _is_listed(name):
    return True
"""
HIDDEN = Without(
    "hidden-names",
    desk=(
        Patch("hanare_desk.files", "visible", _SEEN),
        Patch(
            "hanare_desk.contents",
            "is_hidden",
            "async def _never(self, path):\n    return False\nDeskContents.is_hidden = _never",
        ),
        settings("allow_hidden", "c.ContentsManager.allow_hidden = True"),
    ),
)
_BY_NAME = """
def _open_by_name(self, path):
    return os.open(f'{self.root}/{path}', os.O_RDONLY)
WorkFolder.open_file = _open_by_name
"""
OPEN_BY_NAME = Without("open-by-name", desk=(Patch("hanare_desk.work_folder", "open_file", _BY_NAME),))
_GATE = Patch("hanare_desk.addresses", "is_open", "def is_open(*_, **__):\n    return True")
_RIGHTS = Patch("hanare_desk.resources", "is_allowed", "def is_allowed(*_, **__):\n    return True")
OPEN_GATE = Without("open-gate", desk=(_GATE, _RIGHTS))
FILES_ROUTE = Without(
    "files-route",
    desk=(
        _GATE,
        _RIGHTS,
        settings(
            "files_handler_class",
            f"c.ServerApp.contents_manager_class = '{_UPSTREAM}'",
            "c.ContentsManager.files_handler_class = 'jupyter_server.base.handlers.AuthenticatedFileHandler'",
        ),
    ),
)
SHARED_FOLDERS = Without(
    "folders-of-the-kernel",
    desk=(
        settings(
            "workspaces_dir",
            "c.LabApp.extra_labextensions_path = ['/work/labextensions']",
            "c.LabApp.workspaces_dir = '/work/lab-workspaces'",
            "c.LabApp.user_settings_dir = '/work/lab-settings'",
        ),
    ),
)
_SPECS = """
DeskKernelSpecManager._kernel_dirs_default = lambda self: ['/work/kernels', '/usr/local/share/jupyter/kernels']
DeskKernelSpecManager._get_kernel_spec_by_name = KernelSpecManager._get_kernel_spec_by_name
_own_start = DeskKernelManager._async_pre_start_kernel
async def _either(self, **kwargs):
    ours = _provisioner_of(self.kernel_spec) == 'desk'
    return await (_own_start if ours else ServerKernelManager._async_pre_start_kernel)(self, **kwargs)
DeskKernelManager._async_pre_start_kernel = DeskKernelManager.pre_start_kernel = _either
"""
KERNELSPECS = Without(
    "kernelspecs-of-the-kernel",
    desk=(
        Patch("hanare_desk.kernels", "DeskKernelSpecManager", _SPECS),
        settings(
            "allowed_kernelspecs",
            "c.KernelSpecManager.allowed_kernelspecs = set()",
            "c.KernelProvisionerFactory.default_provisioner_name = 'local-provisioner'",
        ),
    ),
)
KERNEL_IDS = Without(
    "any-kernel-id",
    desk=(Patch("hanare_desk.kernels", "KERNEL_ID", "import re\nKERNEL_ID = re.compile('.+')"),),
)
_MODELS = """
DeskKernels.start_watching_activity = AsyncMappingKernelManager.start_watching_activity
DeskKernels.kernel_model = AsyncMappingKernelManager.kernel_model
"""
REST_STATE = Without("kernels-own-words", desk=(Patch("hanare_desk.kernels", "kernel_model", _MODELS),))
_WORDS = """
def write_api_error(handler, status_code, **kwargs):
    error, words = _error_of(kwargs), []
    while error is not None:
        words.append(str(error))
        error = error.__cause__ or error.__context__
    handler.finish(json.dumps({'message': words}))
"""
_ERRORS = Patch("hanare_desk.errors", "write_api_error", _WORDS)
ERRORS = Without("errors-with-words", desk=(*CONTENTS.desk, _ERRORS))
_PATIENT = "_MAX_ANSWER = 1 << 30\n_CONNECT_SECONDS = _ANSWER_SECONDS = 1_000.0"
_FENCE = Patch("hanare_broker.fence", "put_up", "def put_up(folders: object) -> bool:\n    return True")
NO_FENCE = Without("no-fence", kernel=(_FENCE,))
BROKER_LINE = Without(
    "patient-desk",
    kernel=(_FENCE,),
    desk=(_ERRORS, Patch("hanare_desk.broker_line", "_ANSWER_SECONDS", _PATIENT)),
)
DUMPABLE = Without(
    "dumpable-broker",
    kernel=(Patch("hanare_broker.__main__", "_close_up", "def _close_up() -> None:\n    return"),),
)
ROLES = Without(
    "roles",
    settings="for role in c.JupyterHub.load_roles:\n"
    "    role['scopes'] = [*role['scopes'], 'access:servers', 'servers', 'tokens', 'list:users', 'read:servers']\n"
    "c.JupyterHub.load_roles.append({'name': 'server', 'scopes': ['users:activity!user', 'access:servers', 'servers']})",
)
ROLES_TO_END = Without("roles-to-end-others", settings=ROLES.settings)
"""The same house once more, for the attack after which nobody else can attack there."""
