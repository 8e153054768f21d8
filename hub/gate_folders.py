"""The folders of a workspace, made with their owners and removed again, by the gate alone.

The gate owns every workspace's top folder, so nothing below it can be replaced by what runs in
the containers; it is the process that may give files away (CAP_CHOWN, CAP_FOWNER and
CAP_DAC_OVERRIDE, ambient). ``web``, ``b`` and ``rt`` are made anew at each start, which also
removes stale sockets; ``work`` is kept: a plain folder, or the place where the workspace's disk
is shown (``disks_ext4``; its owner and mode are the same). A workspace's number is remembered beside its folders:
it decides the user ids, so no second workspace may take it. A mode is set while the gate owns
the folder, and the folder is given away after: without CAP_FSETID the set-group bit can only be
set by a process that is in the folder's group.
"""

import os
import shutil
import stat
from pathlib import Path

from enclave.errors import ConflictError
from enclave.sentences import say
from hub.sessions import FolderPlan, plan_folders
from hub.sessions_house import House

NUMBER = ".number"


def make_folders(house: House, wid: str, number: int) -> None:
    """The workspace's folders are there, empty but for ``work``, and belong to its users.

    Raises:
        ConflictError: the number belongs to another workspace, or this one has another number.
    """
    plans = plan_folders(house, wid, number)
    top = Path(house.places.workspace(wid))
    _claim_number(top, number)
    for plan in plans:
        path = Path(plan.path)
        if not plan.kept:
            shutil.rmtree(path, ignore_errors=True)
        path.mkdir(exist_ok=plan.kept)
        _settle(path, plan)


def _settle(path: Path, plan: FolderPlan) -> None:
    """Owner and mode are the plan's; a folder that is right is left alone."""
    have = path.lstat()
    if (have.st_uid, have.st_gid, stat.S_IMODE(have.st_mode)) == (plan.uid, plan.gid, plan.mode):
        return
    os.chown(path, os.geteuid(), os.getegid(), follow_symlinks=False)
    path.chmod(plan.mode)
    os.chown(path, plan.uid, plan.gid, follow_symlinks=False)


def remove_run_folders(house: House, wid: str) -> None:
    """Sockets and runtime files of the workspace are gone; ``work`` stays."""
    top = Path(house.places.workspace(wid))
    for name in ("web", "b", "rt"):
        shutil.rmtree(top / name, ignore_errors=True)


def number_of(house: House, wid: str) -> int | None:
    """The number a workspace was given when its folders were made."""
    return read_number(Path(house.places.workspace(wid)))


def _claim_number(top: Path, number: int) -> None:
    for other in sorted(top.parent.glob("*/" + NUMBER)):
        if other.parent != top and read_number(other.parent) == number:
            raise ConflictError(
                "number_taken", say("Another workspace has this number. Nothing was started.")
            )
    top.mkdir(mode=0o711, exist_ok=True)
    top.chmod(0o711)
    have = read_number(top)
    if have is None:
        descriptor = os.open(top / NUMBER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(str(number))
    elif have != number:
        raise ConflictError("other_number", say("This workspace has another number. Nothing was started."))


def read_number(top: Path) -> int | None:
    """The number that stands beside a workspace's folders."""
    try:
        return int((top / NUMBER).read_text())
    except (FileNotFoundError, ValueError):
        return None
