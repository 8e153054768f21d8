"""Whether a place is memory: a file system that keeps nothing when the machine stops."""

from pathlib import Path

MEMORY = frozenset({"tmpfs", "ramfs"})


def lies_in_memory(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether the file system that holds this path is memory. What cannot be read is not."""
    wanted = path.resolve()
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].replace("\\040", " "))
        depth = len(point.parts)
        if depth >= best and (wanted == point or point in wanted.parents):
            best, kind = depth, after.split()[0]
    return kind in MEMORY
