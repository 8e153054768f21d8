"""Whether bytes begin with a program for the pickle machine, told without running one step of it.

The oldest pickles are plain text, so that a file of any ending can hold one. The program is listed
with ``pickletools``, which only reads. It counts as one when it comes to its end and on the way names
something to import and calls or fills it; prose and tables do not.
"""

import pickletools
import re
from typing import Final

MOST: Final = 200_000
"""Steps after which a program counts as one without coming to its end."""
_NAME: Final = re.compile(r"[A-Za-z_][\w.]* [A-Za-z_][\w.]*")
_CALLS: Final = frozenset({"REDUCE", "BUILD", "OBJ", "INST", "NEWOBJ", "NEWOBJ_EX"})
_STARTS: Final = frozenset(b"c(]})NVSILFi\x80")


def is_pickle(content: bytes) -> bool:
    """Whether loading these bytes would import and call something."""
    if content[:1] == b"" or content[0] not in _STARTS:
        return False
    imports = calls = steps = 0
    try:
        for step, argument, _ in pickletools.genops(content):
            steps += 1
            imports += step.name == "STACK_GLOBAL"
            if step.name in {"GLOBAL", "INST"}:
                imports += _NAME.fullmatch(str(argument)) is not None
            calls += step.name in _CALLS
            if steps > MOST:
                break
    except Exception:  # noqa: BLE001  # the listing raises whatever bytes that are no program lead it to
        return False
    return bool(imports and calls)
