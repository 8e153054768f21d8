"""Front door of the hub: read the settings, call ``hub.config``, nothing else."""

import os
from pathlib import Path

from hub.config import start_hub

start_hub(get_config(), os.environ, Path(__file__).resolve().parent)  # type: ignore[name-defined]  # noqa: F821
