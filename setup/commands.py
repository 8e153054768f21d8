"""Running other programs during set-up.

Rules: output is kept and shown only when the program fails (its last lines); no shell; what a program needs in its
environment is given explicitly where it differs from ours.
"""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from setup.console import SetupError

LAST_LINES = 25


def last_lines(text: str, count: int = LAST_LINES) -> str:
    return "\n".join(text.rstrip().splitlines()[-count:])


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    what_ja: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: IO[bytes] | None = None,
) -> str:
    """Run a program to its end and return what it printed; a failure becomes a SetupError about `what`."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            env=None if env is None else dict(env),
            cwd=cwd,
            stdin=stdin if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise SetupError(
            f"{what} failed: {words[0]} cannot be run.",
            f"{what_ja}に失敗しました: {words[0]} を実行できません。",
            str(error),
        ) from error
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise SetupError(
            f"{what} failed ({Path(words[0]).name} ended with status {done.returncode}); its last lines stand above.",
            f"{what_ja}に失敗しました({Path(words[0]).name} の終了コード {done.returncode})。直前の行をご覧ください。",
            last_lines(text),
        )
    return text


def answers(command: Sequence[str | Path], *, timeout: float = 20.0) -> str | None:
    """What a program prints when it succeeds, None when it is missing, fails or hangs."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
