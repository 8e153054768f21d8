"""The Docker engine: found running, or started.

Rules: an engine that answers is used as it is; one that does not is started only by root, in a session of its own that
outlives set-up, with its log under var/; it is never stopped by us. Nothing here raises a resource limit.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from setup import packages
from setup.commands import answers, last_lines
from setup.console import SetupError

WAIT_SECONDS = 60


def version() -> str | None:
    """The running engine's version and storage, None when no engine answers."""
    told = answers(["docker", "info", "--format", "{{.ServerVersion}} {{.Driver}}"])
    return told.strip() if told and told.strip() else None


def _start(log: Path) -> str:
    if (
        Path("/run/systemd/system").is_dir()
        and answers(["systemctl", "start", "docker"], timeout=90) is not None
    ):
        return "started by systemd"
    program = (
        shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "dockerd"
    )
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        # setsid forks: the engine is nobody's child here, and a Ctrl-C in this shell does not reach it
        words = ["setsid", "--fork", program]
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=True)
    return f"started by us, log {log}"


def ensure(log: Path, *, as_root: bool) -> str:
    """Have an engine that answers; the words say which, and whether it was started."""
    running = version()
    if running:
        return f"answers ({running})"
    if not as_root:
        raise SetupError(
            "No Docker engine answers: install docker.io and join its group, or run this as root once.",
            "Docker エンジンが応答しません。docker.io をインストールして docker グループに入るか、一度 root で実行してください。",
        )
    packages.install(packages.missing(packages.ENGINE), as_root=as_root)
    how = "came with its package"
    if not version():
        how = _start(log)
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        running = version()
        if running:
            return f"{how} ({running})"
        time.sleep(0.5)
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    raise SetupError(
        f"The Docker engine did not come up within {WAIT_SECONDS} seconds; its log is {log}.",
        f"Docker エンジンが {WAIT_SECONDS} 秒以内に起動しませんでした。ログ: {log}",
        last_lines(text, 10),
    )
