"""Making the lock files again: `make lock`.

Rules: exact versions with hashes, no index address, no note of who ran it; the host is locked for the oldest Python we
run on, images for the Python of their base; what the desk must not have is left out by overrides, with all it needs.
"""

import os
import shutil

from setup.commands import run
from setup.console import SetupError, line
from setup.places import Places

PLAIN = ("--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links")
WHEELS = ("--only-binary", ":all:")
"""An image is built without a compiler and without a build backend: what has no wheel is no candidate."""
LOCKS = (
    ("requirements/host.txt", "3.11", ("pyproject.toml", "--all-extras")),
    ("requirements/build.txt", "3.11", ("requirements/build.in", "--constraint", "requirements/host.txt")),
    (
        "images/analysis/desk/requirements.txt",
        "3.13",
        ("images/analysis/desk/requirements.in", "--override", "images/analysis/desk/left-out.txt", *WHEELS),
    ),
    ("images/analysis/kernel/requirements.txt", "3.13", ("images/analysis/kernel/requirements.in", *WHEELS)),
    ("benchmarks/stock/requirements.txt", "3.13", ("benchmarks/stock/requirements.in",)),
    ("benchmarks/names_peer/requirements.txt", "3.11", ("benchmarks/names_peer/requirements.in", *WHEELS)),
    ("benchmarks/acro_peer/requirements.txt", "3.11", ("benchmarks/acro_peer/requirements.in", *WHEELS)),
    ("images/reader/requirements.txt", "3.13", ("images/reader/requirements.in", *WHEELS)),
)


def lock(places: Places, arguments: list[str]) -> int:
    """Resolve every input again; `--upgrade` moves versions forward."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("make lock needs uv on the PATH.", "make lock には uv が必要です。")
    for output, python, inputs in LOCKS:
        command = [
            uv,
            "pip",
            "compile",
            *inputs,
            "--python-version",
            python,
            *PLAIN,
            "--output-file",
            output,
            *arguments,
        ]
        env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
        run(command, what=f"Locking {output}", what_ja=f"{output} の固定", cwd=places.root, env=env)
        line(f"[setup] {output}")
    return 0
