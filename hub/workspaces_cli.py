"""``enclave workspaces``: what there is and how full it is, and the end of one for good.

Whoever erases proves who they are, as for every change. Listing asks the disks process for
each disk; where it does not answer this user, the columns say so and the list is still made.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable

from enclave.adapters.foundation import Foundation
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.cli import prove, tell
from enclave.errors import EnclaveError
from enclave.sentences import say
from hub.disks import MEBIBYTE, DiskState
from hub.disks_client import DisksClient, reach_disks
from hub.sessions_house import workspace_id
from hub.workspaces_end import Turns
from hub.workspaces_erasure import BY_KEY, Eraser
from hub.workspaces_house import HouseFiles


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands."""
    group = commands.add_parser("workspaces", help="workspaces and their disks").add_subparsers(required=True)
    listing = group.add_parser("list", help="person, project, state, number, and how full the disk is")
    listing.set_defaults(run=_list)
    erasing = group.add_parser("erase", help="destroy what a workspace kept, for good; it must have ended")
    erasing.add_argument("person")
    erasing.add_argument("project")
    erasing.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")
    erasing.set_defaults(run=_erase)


def _disks(house: Foundation) -> DisksClient | None:
    return reach_disks(house.settings, HouseFiles.of_this_process(house.settings).users)


def _list(_arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    disks = _disks(house)
    with house.database.read() as work:
        rows = WorkspaceTables(work.connection).all()
    for row in rows:
        names = f"{row.number:>6} {row.wid} {row.person:20} {row.project:20} {row.state.value:9}"
        sys.stdout.write(f"{names} {_fullness(disks, row.wid)}\n")
    return 0


def _fullness(disks: DisksClient | None, wid: str) -> str:
    if disks is None:
        return "plain folder"
    try:
        return describe(disks.state(wid))
    except EnclaveError as error:
        return f"({error.code})"


def describe(disk: DiskState) -> str:
    """How full a disk is, in words of a list."""
    if not disk.size_bytes:
        return "no disk"
    used = f"{disk.used_bytes / MEBIBYTE:.1f}/{disk.size_bytes / MEBIBYTE:.0f} MiB"
    return f"{used} {disk.used_inodes}/{disk.inodes} files, open" if disk.open else f"{used}, closed"


def _erase(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    wid = workspace_id(arguments.person, arguments.project)
    proof = prove(house, arguments.username)
    settings = house.settings
    eraser = Eraser(house.database, house.keyring, Turns(settings.turns), _disks(house), settings.workspaces)
    if asyncio.run(eraser.erase(proof, wid)) == BY_KEY:
        tell(say("Erased: the key of this workspace is destroyed, and with it every copy of its disk."))
    else:
        tell(
            say(
                "Erased: the files were removed. They were not encrypted, so a copy of them would still open."
            )
        )
    return 0
