"""Where things lie in the kernel's container.

The variables exist so that the kit can be tried elsewhere; they give nobody a right.
"""

import os
from pathlib import Path
from typing import Final

KEY_VARIABLE: Final = "HANARE_KEY_FD"


def extract_file() -> Path:
    return Path(os.environ.get("HANARE_EXTRACT", "/data/extract.duckdb"))


def work_folder() -> Path:
    return Path(os.environ.get("HANARE_WORK", "/work"))


def spill_folder() -> Path:
    return Path(os.environ.get("TMPDIR", "/tmp")) / "duckdb"
