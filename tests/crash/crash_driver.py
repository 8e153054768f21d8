"""Runs every crash point in processes of its own: ``python -m tests.crash.crash_driver FOLDER``.

Imports are paid for once; every run is a fork. For point *k*: a run that is killed at *k*, a
look at what is left, a second run that is killed as well (at a point that depends on *k*), a
look, and a run to the end. One JSON line per point goes to standard output.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.crash.one_result import copy_home, faults, live, make_template

SECOND_CRASH = 23
"""The recovery from point ``k`` is killed at its point ``k % SECOND_CRASH + 1``, if it has one."""


def in_child(act: Callable[[], None]) -> int:
    """The child's wait status; 0 when it ended well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        except BaseException:  # noqa: BLE001  the parent learns it from the status
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def look(home: Path, *, at_the_end: bool) -> list[str]:
    """What is wrong with a home; that it cannot even be looked at is one of the things."""
    try:
        return faults(home, at_the_end=at_the_end)
    except Exception as error:  # noqa: BLE001  it is told, not raised: the other points go on
        return [f"it cannot be read: {type(error).__name__}: {error}"]


def try_point(template: Path, folder: Path, number: int) -> list[str]:
    """Everything that is wrong after a crash at this point."""
    home = folder / f"point-{number}"
    copy_home(template, home)
    wrong: list[str] = []
    status = in_child(lambda: _run(home, number))
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        wrong.append(f"the point was not reached: {status}")
    wrong += [f"after the crash: {fault}" for fault in look(home, at_the_end=False)]
    in_child(lambda: _run(home, number % SECOND_CRASH + 1))
    wrong += [f"after the second crash: {fault}" for fault in look(home, at_the_end=False)]
    if in_child(lambda: _run(home, 0)) != 0:
        wrong.append("the run to the end failed")
    wrong += [f"at the end: {fault}" for fault in look(home, at_the_end=True)]
    shutil.rmtree(home)
    return wrong


def _run(home: Path, end_at: int) -> None:
    live(home, end_at)


def _name(home: Path, names_file: Path) -> None:
    names_file.write_text(json.dumps(live(home)))


def main(folder: Path, part: int, parts: int) -> None:
    """Try every ``parts``-th point, from ``part`` on."""
    template = folder / f"template-{part}"
    make_template(template)
    names_file = folder / f"names-{part}"
    whole = folder / f"whole-{part}"
    copy_home(template, whole)
    status = in_child(lambda: _name(whole, names_file))
    names = json.loads(names_file.read_text()) if status == 0 else []
    wrong = look(whole, at_the_end=True)
    sys.stdout.write(json.dumps({"points": names, "wrong": wrong}) + "\n")
    for number in range(part + 1, len(names) + 1, parts):
        found = try_point(template, folder, number)
        sys.stdout.write(json.dumps({"point": number, "name": names[number - 1], "wrong": found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
