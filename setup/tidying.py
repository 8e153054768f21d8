"""Taking the demo away again.

Rules: only what lies under var/ is removed, never a home that was chosen elsewhere; what is slow to make again (virtual
environment, wheels, images) stays; the system users stay, they own nothing afterwards.
"""

import shutil

from setup import mounts, supervision
from setup.console import line, step
from setup.places import Places

REMOVED = ("enclave", "producer", "demo", "policies", "run")


def clean_demo(places: Places, arguments: list[str]) -> int:
    """`make clean-demo`."""
    supervision.down(places, arguments)
    with step("clean"):
        mounts.unmount(places)
        for name in REMOVED:
            if (places.var / name).exists():
                shutil.rmtree(places.var / name)
    for home in (places.enclave_home, places.producer_home):
        if home.exists():
            line(f"[setup] {home} was chosen by you and stays. / {home} は指定された場所なので残します。")
    return 0
