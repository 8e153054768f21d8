"""Puts a folder with a pyproject.toml into a virtual environment, without a build backend and without network.

Rules: the folder's packages are copied as they are and compiled; name, version and entry points come from its
pyproject.toml; nothing of the folder runs while it is installed. Standard library only.
"""

import compileall
import py_compile
import shutil
import sys
import sysconfig
import tomllib
from pathlib import Path


def entry_point_lines(project: dict[str, object]) -> list[str]:
    """The text of entry_points.txt for the project table of a pyproject.toml."""
    groups = project.get("entry-points", {})
    lines: list[str] = []
    if isinstance(groups, dict):
        for group, points in groups.items():
            lines.append(f"[{group}]")
            lines.extend(f"{name} = {target}" for name, target in points.items())
    return lines


def install(folder: Path, site: Path) -> None:
    """Copy every package of the folder into site, with the metadata that importlib.metadata reads."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = sorted(path.parent for path in folder.glob("*/__init__.py"))
    if not packages:
        sys.exit(f"{folder}: no package here")
    for package in packages:
        shutil.copytree(package, site / package.name)
        compileall.compile_dir(
            site / package.name,
            quiet=1,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text("\n".join(entry_point_lines(project)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        install(Path(argument), Path(sysconfig.get_path("purelib")))
