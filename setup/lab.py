"""What we add to JupyterLab, built from TypeScript: the extension that the desk image carries.

Rules: npm installs what images/analysis/desk/lab/package-lock.json names (no address, hashes checked, no install script
runs); what npm brought builds only in a container of the base image that has no network, no capability and nothing
writable but the result's folder (its checkers run in `make check`); that container sees the sources at one fixed path, so that the same sources give the
same bytes on every machine; results are kept in var/lab under stamps and never committed.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from setup.commands import answers, run
from setup.console import SetupError
from setup.places import Places
from setup.stamps import Stamps, digest

SOURCE = Path("images/analysis/desk/lab")
LOCKS = ("package.json", "package-lock.json")
RULES = ("eslint.config.mjs", ".prettierrc.json")
"""What `make check` asks of the sources; the result does not depend on it."""
TYPESCRIPT = "node_modules/typescript/bin/tsc"
ESLINT = "node_modules/eslint/bin/eslint.js"
PRETTIER = "node_modules/prettier/bin/prettier.cjs"
BUILDER = "node_modules/@jupyter/builder/lib/build-labextension.js"
CORE = "node_modules/@jupyterlab/core-meta/core.package.json"
STEPS = f"/node {TYPESCRIPT} -p . && /node {BUILDER} --core-package-file {CORE} ."


def folder(places: Places) -> Path:
    return places.var / "lab"


def sources(root: Path) -> list[Path]:
    """Every file that the result depends on, in a fixed order."""
    start = root / SOURCE
    below = (path for name in ("src", "style") for path in (start / name).rglob("*") if path.is_file())
    return [*(start / name for name in (*LOCKS, "tsconfig.json")), *sorted(below)]


def packages_stamp(root: Path) -> str:
    """What the installed packages depend on."""
    return digest(root / SOURCE / name for name in LOCKS)


def prepare(places: Places, stamps: Stamps) -> str:
    """Have the sources and the packages they are built with side by side in var/lab."""
    target, start = folder(places), places.root / SOURCE
    for name in ("src", "style"):
        shutil.rmtree(target / name, ignore_errors=True)
    for path in (*sources(places.root), *(start / name for name in RULES)):
        copy = target / path.relative_to(start)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    value = packages_stamp(places.root)
    if stamps.fresh("lab-packages", value) and (target / TYPESCRIPT).exists():
        return "packages reused"
    node = places.node_folder / "bin" / "node"
    npm = places.node_folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    run(
        [node, npm, "ci", *quiet],
        what="Installing what the JupyterLab extension is built with",
        what_ja="JupyterLab 拡張の作成に使うパッケージのインストール",
        cwd=target,
        env={**os.environ, "PATH": f"{node.parent}:{os.environ.get('PATH', '')}"},
    )
    stamps.write("lab-packages", value)
    return "packages installed"


def checks(places: Places) -> list[tuple[str, list[str]]]:
    """What is asked of what `prepare` has laid out: types, rules and form."""
    node, target = str(places.node_folder / "bin" / "node"), folder(places)
    rules, form = target / RULES[0], target / RULES[1]
    shown = [str(target / name) for name in ("src", "style")]
    every = ["--ignore-path", str(target / "none")]  # else what git ignores is not looked at
    return [
        ("types of hanare-lab", [node, str(target / TYPESCRIPT), "--noEmit", "-p", str(target)]),
        ("rules of hanare-lab", [node, str(target / ESLINT), "--config", str(rules), shown[0]]),
        (
            "form of hanare-lab",
            [node, str(target / PRETTIER), "--check", "--config", str(form), *every, *shown],
        ),
    ]


def build_command(places: Places, base: str, result: Path) -> list[str]:
    """The container in which the packages of others turn our sources into the extension."""
    target = folder(places)
    node = (places.node_folder / "bin" / "node").absolute()
    sealed = ["--network", "none", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"]
    bounds = ["--pids-limit", "256", "--memory", "2g", "--tmpfs", "/tmp", "--env", "HOME=/tmp"]
    owner = ["--user", f"{os.getuid()}:{os.getgid()}", "--tmpfs", f"/lab/lib:uid={os.getuid()}"]
    shown = [
        *("--volume", f"{node}:/node:ro"),
        *("--volume", f"{target.absolute()}:/lab:ro"),
        *("--volume", f"{result.absolute()}:/lab/dist"),
    ]
    return [
        *("docker", "run", "--rm", "--init", *sealed, *bounds, *owner, *shown),
        *("--workdir", "/lab", base, "sh", "-ec", STEPS),
    ]


def ensure(places: Places, stamps: Stamps, base: str, node_ready: Callable[[], object]) -> tuple[Path, str]:
    """Have the extension; its folder, and what was done. `node_ready` waits until .venv holds node."""
    node_ready()
    target, result = folder(places), folder(places) / "dist"
    version = answers([places.node_folder / "bin" / "node", "--version"]) or ""
    start = places.root / SOURCE
    named = [part for path in sources(places.root) for part in (path.relative_to(start).as_posix(), path)]
    value = digest([base, version, STEPS, *named])
    if stamps.fresh("lab", value) and (result / "package.json").exists():
        return result, "extension reused"
    prepare(places, stamps)
    part = target / "dist.part"
    for name in ("dist.part", "dist", "lib"):
        shutil.rmtree(target / name, ignore_errors=True)
        (target / name).mkdir()
    run(
        build_command(places, base, part),
        what="Building the JupyterLab extension",
        what_ja="JupyterLab 拡張の作成",
    )
    if not (part / "package.json").exists():
        raise SetupError(
            "The build of the JupyterLab extension left nothing behind.",
            "JupyterLab 拡張の作成結果が見つかりません。",
        )
    (target / "dist").rmdir()
    part.rename(result)
    stamps.write("lab", value)
    return result, "extension built"
