"""The disks process, as root with four capabilities: it mounts, and reads no database and no data.

Only one runs for a home: a second one waits until the first is gone, so that no image is ever
opened by two. Without root there are no disks, and it ends at once and says so.
"""

import fcntl
import os

from enclave.adapters.policy_files import load_policies
from enclave.errors import UnavailableError
from enclave.sentences import say
from hub import disks_door
from hub.disks import parse_disk_size
from hub.disks_ext4 import Disks
from hub.process_start import read_settings, stopping


def serve() -> None:
    """Answer until told to end.

    Raises:
        UnavailableError: not root.
    """
    if os.geteuid() != 0:
        raise UnavailableError("not_root", say("Only root can mount disks. /work is a plain folder here."))
    settings, stopped = read_settings(), stopping()
    os.umask(0o077)
    with (settings.disks / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        disks = Disks(
            settings.enclave_home,
            lambda: parse_disk_size(load_policies(settings.policies).document("sessions")),
        )
        disks.recover()
        disks_door.serve(disks, settings.disks_socket, stopped)
