"""What the disks process is asked, by whom, and in which steps it answers: pure decisions.

``/work`` of a workspace is a disk of its own: an ext4 image of a fixed size and number of inodes
whose one folder is encrypted with the workspace's own key. The disk's size is the quota; the key
is what erasure destroys. Four things can be asked. The hub opens and closes, the sweeper closes
and erases, root (an operator's shell) may do all of it, anybody else nothing. Opening follows
from what is there: what a killed process left half-made is made again, what is shown already
only has its key compared. A refusal is one of ``REFUSALS`` and travels as its code.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError, UnavailableError
from enclave.sentences import Sentence, say
from hub.sessions_house import MOST_WORKSPACES, Users, check_workspace_id

MEBIBYTE = 1 << 20
KEY_BYTES = 32
REQUEST_MAX = 1024
SMALLEST_MEBIBYTES, LARGEST_MEBIBYTES = 32, 16_384
FEWEST_INODES, MOST_INODES = 512, 1_048_576
FOLDER = "work"
"""The one folder of an image: the only thing in it that a container sees."""
MKFS = "/usr/sbin/mkfs.ext4"


@dataclass(frozen=True, slots=True)
class DiskSize:
    """How much a workspace may keep; never outside the built-in bounds."""

    mebibytes: int = 2048
    inodes: int = 65_536

    def __post_init__(self) -> None:
        fits = SMALLEST_MEBIBYTES <= self.mebibytes <= LARGEST_MEBIBYTES
        if not (fits and FEWEST_INODES <= self.inodes <= MOST_INODES):
            raise InvalidInputError(
                "disk_out_of_bounds",
                say("The size of a workspace's disk is outside the built-in bounds."),
            )

    @property
    def bytes(self) -> int:
        return self.mebibytes * MEBIBYTE


def parse_disk_size(document: Mapping[str, Any]) -> DiskSize:
    """The size that the policy ``sessions`` states.

    Raises:
        InvalidInputError: a number or its source is missing, or it is out of bounds.
    """

    def number(name: str) -> int:
        section = document.get("work")
        entry = section.get(name) if isinstance(section, Mapping) else None
        value = entry.get("value") if isinstance(entry, Mapping) and entry.get("source") else None
        if type(value) is not int:
            raise InvalidInputError(
                "bad_policy",
                say("The policy 'sessions' lacks a number with its source: {name}.", name=f"work.{name}"),
            )
        return value

    return DiskSize(number("mebibytes"), number("inodes"))


def work_is_sealed(users: Users) -> bool:
    """Whether /work is an encrypted disk of its own: where root set the house up. Else it is a plain folder."""
    return users.shared is None


def key_purpose(wid: str) -> str:
    """The name of a workspace's key among its project's keys."""
    return f"work-{check_workspace_id(wid)}"


def format_command(image: str, size: DiskSize) -> tuple[str, ...]:
    """The words that make a file system in an image.

    The image is a new sparse file, so nothing has to be wiped (lazy). The journal costs nothing
    here and keeps the work whole when the machine dies. No block is kept back for root: the meter
    a person sees is all theirs.
    """
    return (
        MKFS, "-q", "-F", "-b", "4096", "-I", "256", "-m", "0", "-N", str(size.inodes), "-J", "size=4",
        "-O", "encrypt,metadata_csum,64bit", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", image,
    )  # fmt: skip


class Ask(StrEnum):
    """What can be asked."""

    OPEN = "open"
    CLOSE = "close"
    ERASE = "erase"
    STATE = "state"


class Peer(StrEnum):
    """Who asks, by the uid that the kernel reports."""

    HUB = "hub"
    SWEEPER = "sweeper"
    ROOT = "root"


MAY: Mapping[Peer, frozenset[Ask]] = {
    Peer.HUB: frozenset({Ask.OPEN, Ask.CLOSE, Ask.STATE}),
    Peer.SWEEPER: frozenset({Ask.CLOSE, Ask.ERASE, Ask.STATE}),
    Peer.ROOT: frozenset(Ask),
}
PEER_USERS: Mapping[Peer, str] = {
    Peer.HUB: "hanare-hub",
    Peer.SWEEPER: "hanare-sweeper",
    Peer.ROOT: "root",
}
"""The system user behind each peer; one that does not exist on the machine is nobody."""


def peers_of(uid: int, known: Mapping[str, int]) -> frozenset[Peer]:
    """Whom a uid stands for, given the system users that exist."""
    return frozenset(peer for peer, name in PEER_USERS.items() if known.get(name) == uid)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was understood; number and key are those of an opening only."""

    ask: Ask
    wid: str
    number: int = 0
    key: bytes = b""

    def __repr__(self) -> str:
        """Without the key: requests are named in logs."""
        return f"{self.ask.value} {self.wid}"


@dataclass(frozen=True, slots=True)
class DiskState:
    """A disk as it is: whether it is open, and how much of it is used. Inodes are known while it is open."""

    open: bool = False
    used_bytes: int = 0
    size_bytes: int = 0
    used_inodes: int = 0
    inodes: int = 0


REFUSALS: Mapping[str, tuple[type[EnclaveError], Sentence]] = {
    "not_allowed": (DeniedError, say("This user may not ask this of the disks.")),
    "bad_request": (
        InvalidInputError,
        say("The request does not have the form that requests to the disks have."),
    ),
    "other_number": (ConflictError, say("This workspace has another number. Nothing was started.")),
    "wrong_key": (
        ConflictError,
        say("This workspace's disk does not open with this key. Nothing was started; ask the operator."),
    ),
    "no_room": (
        UnavailableError,
        say("The machine has no room for another workspace's disk. Ask the operator."),
    ),
    "does_not_fit": (
        UnavailableError,
        say("The files kept so far do not fit into this workspace's disk. They were left where they are."),
    ),
    "busy": (UnavailableError, say("This workspace's disk is still in use. Try again in a moment.")),
    "failed": (
        UnavailableError,
        say("This workspace's disk could not be used as asked. Try again; if it stays so, ask the operator."),
    ),
}


def refusal(code: str) -> EnclaveError:
    """The error of a code; one that nobody knows is a failure."""
    kind, sentence = REFUSALS.get(code, REFUSALS["failed"])
    return kind(f"disk_{code}" if code in REFUSALS else "disk_failed", sentence)


def write_request(request: Request) -> bytes:
    """The request as one line."""
    document: dict[str, object] = {"ask": request.ask.value, "wid": request.wid}
    if request.ask is Ask.OPEN:
        document |= {"number": request.number, "key": request.key.hex()}
    return json.dumps(document).encode() + b"\n"


def judge(peers: frozenset[Peer], line: bytes) -> Request:
    """What is asked, if these peers may ask it.

    Raises:
        DeniedError: they may not.
        InvalidInputError: it is not a request as requests are written.
    """
    if not peers:
        raise refusal("not_allowed")
    try:
        request = _read(line)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidInputError) as error:
        raise refusal("bad_request") from error
    if not any(request.ask in MAY[peer] for peer in peers):
        raise refusal("not_allowed")
    return request


def _read(line: bytes) -> Request:
    if len(line) > REQUEST_MAX or not line.endswith(b"\n"):
        raise ValueError("too long")
    document = json.loads(line)
    ask = Ask(document["ask"])
    wid = check_workspace_id(document["wid"])
    if ask is not Ask.OPEN:
        if set(document) != {"ask", "wid"}:
            raise ValueError("something else is asked too")
        return Request(ask, wid)
    number, key = document["number"], document["key"]
    if set(document) != {"ask", "wid", "number", "key"} or type(number) is not int:
        raise ValueError("something else is asked too")
    if not 1 <= number <= MOST_WORKSPACES or not re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", key):
        raise ValueError("not a number, or not a key")
    return Request(ask, wid, number, bytes.fromhex(key))


def write_answer(state: DiskState) -> bytes:
    """What was asked is done, and this is how the disk is now."""
    return json.dumps({name: getattr(state, name) for name in DiskState.__slots__}).encode() + b"\n"


def write_refusal(code: str) -> bytes:
    """The code of a refusal as one line."""
    return json.dumps({"refused": code}).encode() + b"\n"


def read_answer(line: bytes) -> DiskState:
    """How the disk is, or the refusal raised.

    Raises:
        EnclaveError: the refusal; an answer that cannot be understood is a failure.
    """
    try:
        document = json.loads(line)
        if "refused" in document:
            raise refusal(str(document["refused"]))
        return DiskState(**document)
    except (ValueError, TypeError) as error:
        raise refusal("failed") from error


class Step(StrEnum):
    """One step of opening a disk. A process may be killed between any two."""

    CLEAR_STAGE = "clear_stage"
    """A mount at the private place where an image is looked at, left by a killed process, is gone."""
    DISCARD_HALF = "discard_half"
    """An image that was never finished is gone, and so is its loop device."""
    FORMAT = "format"
    """A new image of the policy's size stands under its unfinished name."""
    STAGE = "stage"
    """The image is mounted at its private place."""
    LOCK = "lock"
    """The folder of a new image is there and encrypted with the key; the image has its own name."""
    UNLOCK = "unlock"
    """The kernel has the key, and it is the key of this folder."""
    TAKE_IN = "take_in"
    """What a plain folder kept before there were disks is in the encrypted one, and only there."""
    SHOW = "show"
    """The encrypted folder, and nothing else of the image, is where containers get it from."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an opening finds of a disk."""

    image: bool = False
    half_made: bool = False
    staged: bool = False
    shown: bool = False


def plan_open(found: Found) -> tuple[Step, ...]:
    """The steps that open a disk, whatever was found."""
    tidy = [Step.CLEAR_STAGE] if found.staged else []
    if found.shown:
        return (*tidy, Step.UNLOCK)
    if found.half_made:
        tidy.append(Step.DISCARD_HALF)
    made = [Step.STAGE, Step.UNLOCK] if found.image else [Step.FORMAT, Step.STAGE, Step.LOCK]
    return (*tidy, *made, Step.TAKE_IN, Step.SHOW, Step.CLEAR_STAGE)
