"""The clone's mount at /run/hanare, and the modes that let service users read the code.

Rules: only root mounts; a mount that shows another folder (the clone was moved or made again) is replaced; reading is
opened for the clone's files and never for anything below var/, whose owners and modes are setup.zones' alone; a folder
is removed only after nothing is mounted inside it.
"""

import os
from pathlib import Path

from setup.commands import answers, run
from setup.places import Places, same_folder

NEVER_OPENED = frozenset({".git", "var", ".venv"})


def is_mount_point(path: Path, table: str | None = None) -> bool:
    """Whether something is mounted exactly here; os.path.ismount misses a bind mount within one file system."""
    rows = Path("/proc/self/mountinfo").read_text(encoding="utf-8") if table is None else table
    return str(path) in {row.split()[4] for row in rows.splitlines() if row}


def mounted(places: Places) -> bool:
    return is_mount_point(places.seen) and same_folder(places.seen, places.root)


def mount(places: Places) -> bool:
    """Show the clone at its mount point; True when something had to be done."""
    if not places.as_root or mounted(places):
        return False
    unmount(places)
    places.seen.mkdir(parents=True, exist_ok=True)
    places.seen.parent.chmod(0o755)
    run(
        ["mount", "--bind", places.root, places.seen],
        what=f"Mounting the clone at {places.seen}",
        what_ja=f"{places.seen} へのマウント",
    )
    return True


def unmount(places: Places) -> None:
    """Take the mount away, however often it was made."""
    while places.as_root and is_mount_point(places.seen):
        if answers(["umount", "--lazy", str(places.seen)]) is None:
            break
    if places.as_root and places.seen.is_dir() and not is_mount_point(places.seen):
        places.seen.rmdir()


def mount_points_below(folder: Path, table: str | None = None) -> list[str]:
    """Where something is mounted inside a folder, deepest and latest first."""
    rows = Path("/proc/self/mountinfo").read_text(encoding="utf-8") if table is None else table
    points = [row.split()[4] for row in rows.splitlines() if row]
    inside = [point for point in reversed(points) if point.startswith(f"{folder}/")]
    return sorted(inside, key=lambda point: -point.count("/"))


def unmount_below(folder: Path) -> int:
    """Take away what is mounted inside a folder (disks of workspaces); how many. Their keys go with them."""
    taken = 0
    for point in mount_points_below(folder):
        plainly = answers(["umount", "--no-canonicalize", point])
        if plainly is not None or answers(["umount", "--no-canonicalize", "--lazy", point]) is not None:
            taken += 1
    return taken


def _open(path: Path) -> None:
    if path.is_symlink():
        return
    mode = path.stat().st_mode & 0o7777
    wanted = mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0)
    if wanted != mode:
        path.chmod(wanted)


def open_for_reading(root: Path, *, also: tuple[Path, ...] = ()) -> None:
    """Let everyone read the clone's code, whatever umask it was cloned with."""
    _open(root)
    (root / "var").mkdir(exist_ok=True)
    (root / "var").chmod(0o755)
    starts = [entry for entry in root.iterdir() if entry.name not in NEVER_OPENED]
    for start in [*starts, *(path for path in also if path.exists())]:
        _open(start)
        for folder, folders, files in os.walk(start):
            for name in (*folders, *files):
                _open(Path(folder) / name)
