"""The kernels that exist, with the whole command line and environment of each.

A caller names a kernel; it never gives an argument or a variable. Neither kernel reads a
start-up file of the person's folder. Libraries start a few threads and not one per processor
of the machine: the container has a limit of processes, and threads count as processes.
"""

import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "python3": (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection}"),
        "ir": (
            "/usr/bin/R",
            "--no-echo",
            "--vanilla",
            "--file=/opt/analysis/share/ir_kernel.R",
            "--args",
            "{connection}",
        ),
    },
)
KEY_VARIABLE: Final = "HANARE_KEY_FD"
"""Names the inherited descriptor; the key itself is in no variable."""

_THREADS: Final = str(min(4, os.cpu_count() or 1))
_ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PATH": "/opt/analysis/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/tmp/ipython",
        "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": _THREADS,
        "POLARS_MAX_THREADS": _THREADS,
        "LOKY_MAX_CPU_COUNT": _THREADS,
        "RETICULATE_PYTHON": sys.executable,
        "RETICULATE_REMAP_OUTPUT_STREAMS": "1",
        "TZ": "Etc/UTC",
    },
)


def command(kernel: str, connection_file: str) -> list[str] | None:
    """Give the command line of a kernel, or None when there is no such kernel."""
    words = COMMANDS.get(kernel)
    return None if words is None else [word.replace("{connection}", connection_file) for word in words]


def environment(key_descriptor: int | None) -> dict[str, str]:
    """Give a kernel's whole environment."""
    own = dict(_ENVIRONMENT)
    if key_descriptor is not None:
        own[KEY_VARIABLE] = str(key_descriptor)
    return own
