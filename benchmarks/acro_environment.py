"""ACRO in an environment of its own, made once from its locked requirements.

``HANARE_BENCH_ACRO`` names a python that has acro already; otherwise ``var/bench/acro-peer`` is made.
"""

import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def acro_python() -> str:
    """The python of ACRO's environment.

    Raises:
        CalledProcessError: its packages cannot be installed here.
    """
    given = os.environ.get("HANARE_BENCH_ACRO", "")
    if given:
        return given
    folder = ROOT / "var" / "bench" / "acro-peer"
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        venv.create(folder, with_pip=True, clear=True)
        locked = ROOT / "benchmarks" / "acro_peer" / "requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", locked], check=True)
        (folder / "made").write_text("")
    return str(python)
