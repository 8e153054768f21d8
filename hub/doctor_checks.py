"""What ``enclave doctor`` looks at in a home: one finding per check, told without any data or secret.

Looking changes nothing: no table is made or moved, no process started, no key read. What cannot
be seen from here (not root, not the owner) is told as that, never as good. The folders' owners are
the set-up's table; what the doctor holds by itself is what a wrong mode would betray at once.
"""

import contextlib
import http.client
import json
import os
import pwd
import socket
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Stale
from enclave.adapters.foundation import Foundation
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.audit.checkpoint import open_checkpoint
from enclave.audit.ledger import Entry
from enclave.errors import EnclaveError
from enclave.sentences import Sentence, say
from enclave.settings import Settings
from enclave.use_cases.inspect_ledger import verify_ledger
from enclave.use_cases.propose import adopted_policy
from hub.database_schema import is_up_to_date
from hub.disks import work_is_sealed
from hub.gate_docker import Docker
from hub.host_baseline import EngineFacts, Finding, State, findings, parse_exceptions
from hub.host_facts import read_engine, read_host
from hub.workspaces_house import HouseFiles

SECONDS = 3.0
UNSIGNED = timedelta(seconds=150)
"""The recorder signs every minute; an event that waits longer has no recorder."""
BEATS = {"intake": 15.0, "matcher": 15.0, "recorder": 15.0, "sweeper": 15.0, "worker": 90.0}
"""Seconds in which each gives a sign of life at least; a reader has 30, and checks of a large file take their time."""
QUICKLY = 200_000
"""Entries that are verified in passing; a longer ledger is ``enclave audit verify``'s."""
SECRETS = (
    ("keys/master.key", "hanare-portal", 0o640),
    ("hub/cookie_secret", "hanare-hub", 0o600),
    ("hub/crypt.key", "hanare-hub", 0o600),
    ("hub/proxy.token", "hanare-hub", 0o600),
    ("run/portal/secrets/portal-client", "hanare-portal", 0o640),
    ("recorder/checkpoint.key", "hanare-recorder", 0o600),
)
"""Secrets, whose they are, and the widest mode they may have."""
FOLDERS = (
    ("", 0o755), ("state", 0o2770), ("keys", 0o2770), ("recorder", 0o700), ("vault", 0o2770), ("extracts", 0o2750),
    ("hub", 0o700), ("readers", 0o700), ("workspaces", 0o750), ("disks", 0o700), ("run/proxy", 0o700),
)  # fmt: skip
"""Folders and the widest mode they may have."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the checks look at."""

    settings: Settings
    open_house: Callable[[], Foundation]
    docker: Docker


def engine_facts(docker: Docker) -> EngineFacts | None:
    """What the engine says, where this process may ask it."""
    try:
        answer = docker.info()
    except OSError:
        return None
    return read_engine(answer.document()) if answer.status == http.client.OK else None


def all_checks(home: Home) -> Iterator[Finding]:
    """Every finding, in order: machine, files, images, database and what hangs on it, processes."""
    yield from _guarded("host", lambda: check_host(home))
    yield from _guarded("files", lambda: check_files(home.settings))
    yield from _guarded("images", lambda: iter((check_images(home),)))
    schema = check_schema(home.settings)
    yield schema
    if schema.state is State.GREEN:
        yield from _guarded("records", lambda: check_records(home))
    yield from _guarded("processes", lambda: check_processes(home.settings))
    yield from _guarded("own identifiers", lambda: iter((check_own(home.settings),)))


def _guarded(name: str, checks: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings; what stops a check is a finding too, and the others still come."""
    try:
        yield from checks()
    except EnclaveError as error:
        yield bad(name, error.sentence, say("Mend this first, then run this again."))
    except PermissionError:
        yield unseen(name)


def check_host(home: Home) -> Iterator[Finding]:
    """The machine, with what the policies on the disk except."""
    exceptions = home.open_house().policies().documents.get("exceptions")
    return findings(read_host(), parse_exceptions(exceptions), engine_facts(home.docker))


def good(name: str, seen: Sentence) -> Finding:
    return Finding(name, State.GREEN, seen)


def bad(name: str, seen: Sentence, remedy: Sentence) -> Finding:
    return Finding(name, State.RED, seen, remedy)


def unseen(name: str) -> Finding:
    return Finding(name, State.ADVISED, say("cannot be seen from here"), say("Run this as root."))


def check_files(settings: Settings) -> Iterator[Finding]:
    """Users of their own, folders no wider than the table, secrets whose they are."""
    users = _has_users()
    remedy = say("Run the set-up as root: it puts owners and modes right.")
    yield (
        good("users", say("every process has a user of its own"))
        if users
        else Finding("users", State.ADVISED, say("demo strength: one user for all processes"), remedy)
    )
    for path, widest in FOLDERS:
        yield from _of_mode(settings.enclave_home / path, path or ".", "", widest)
    for path, owner, widest in SECRETS:
        yield from _of_mode(settings.enclave_home / path, path, owner if users else "", widest)


def _has_users() -> bool:
    try:
        pwd.getpwnam("hanare-hub")
    except KeyError:
        return False
    return os.geteuid() == 0


def _of_mode(path: Path, name: str, owner: str, widest: int) -> Iterator[Finding]:
    remedy = say("Run the set-up as root: it puts owners and modes right.")
    try:
        have = path.stat()
    except PermissionError:
        yield unseen(name)
        return
    except FileNotFoundError:
        if not owner:
            return  # a home of one user has not every folder
        yield bad(name, say("is not there"), remedy)
        return
    mode = stat.S_IMODE(have.st_mode)
    if mode & 0o777 & ~widest:
        yield bad(
            name, say("mode {mode} is wider than {widest}", mode=f"{mode:o}", widest=f"{widest:o}"), remedy
        )
    elif owner and _owner(have.st_uid) != owner:
        yield bad(name, say("belongs to {owner}", owner=_owner(have.st_uid)), remedy)
    elif owner:
        yield good(name, say("mode {mode}, {owner}", mode=f"{mode:o}", owner=owner))
    else:
        yield good(name, say("mode {mode}", mode=f"{mode:o}"))


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def check_images(home: Home) -> Finding:
    """The three images that the house starts are there, by their digests."""
    house = HouseFiles.of_this_process(home.settings).find_house()
    remedy = say("Run the set-up: it builds the images and writes their digests.")
    if house is None:
        return bad("images", say("their digests are not known"), remedy)
    try:
        lost = [
            digest
            for digest in sorted(house.images.all)
            if home.docker.image(digest).status != http.client.OK
        ]
    except OSError:
        return unseen("images")
    if lost:
        return bad("images", say("{n} of 3 are gone", n=len(lost)), remedy)
    return good("images", say("three, by digest"))


def check_schema(settings: Settings) -> Finding:
    """The database is at the newest migration; looking at it makes none."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    remedy = say("Start the house once: the first process brings the tables up to date.")
    if settings.database_url.startswith("sqlite:///") and not path.is_file():
        return bad("database", say("is not there"), remedy)
    if not os.access(path, os.R_OK):
        return unseen("database")
    if not is_up_to_date(settings.database_url):
        return bad("database", say("its tables are not the newest"), remedy)
    return good("database", say("its tables are the newest"))


def check_records(home: Home) -> Iterator[Finding]:
    """Policies in force, recorder, ledger, clock and sealed work, as the database and its files tell."""
    house = home.open_house()
    with house.database.read() as work:
        adopted, now = adopted_policy(work), work.now
        reader = house.reader(work.connection)
        size = reader.head().size
        newest = _time_of(reader.entry(size))
        live = [row.wid for row in WorkspaceTables(work.connection).live()]
        yield check_policies(adopted, house.policies().digest)
        yield check_recorder(house, reader, size, now)
        yield check_ledger(house, reader, size)
        yield check_stale(StaleTables(work.connection).all(), now)
    yield check_clock(now, newest)
    yield check_sealed(home.settings, live)


def _time_of(entry: Entry | None) -> datetime | None:
    return None if entry is None else datetime.fromisoformat(json.loads(entry.data)["at"])


def check_policies(adopted: str, on_disk: str) -> Finding:
    """What two people adopted is what lies on the disk."""
    if adopted and adopted == on_disk:
        return good("policies", say("adopted"))
    return bad(
        "policies",
        say("what lies on the disk was not adopted: nothing starts"),
        say("Propose the policies and have another board member adopt them."),
    )


def check_recorder(house: Foundation, reader: LedgerTables, size: int, now: datetime) -> Finding:
    """Every event is under a signed checkpoint, but for those of the last minutes."""
    note = house.notes.latest()
    signed = 0
    if note is not None:
        key_name = house.settings.origin
        signed = open_checkpoint(note, key_name, house.notes.public_key()).size
    waiting = _time_of(reader.entry(signed + 1)) if signed < size else None
    if waiting is not None and now - waiting > UNSIGNED:
        minutes = (now - waiting) // timedelta(minutes=1)
        return bad(
            "recorder",
            say("an event waits for its checkpoint since {minutes} minutes", minutes=minutes),
            say("Start the recorder, and read its log."),
        )
    return good("recorder", say("{signed} of {size} entries under a checkpoint", signed=signed, size=size))


def check_ledger(house: Foundation, reader: LedgerTables, size: int) -> Finding:
    """The ledger is whole, as far as that can be told in passing."""
    if size > QUICKLY:
        seen = say("{size} entries, too many to verify in passing", size=size)
        return Finding("ledger", State.ADVISED, seen, say("Run: enclave audit verify."))
    fault = verify_ledger(reader, house.notes, house.settings.origin).fault
    if fault is not None:
        remedy = say("Stop everything and read docs/operations/incident.md.")
        return bad("ledger", say("tampered at entry {n}", n=fault.number), remedy)
    return good("ledger", say("whole: {size} entries", size=size))


def check_stale(stale: Sequence[Stale], now: datetime) -> Finding:
    """No extract holds somebody who opted out for longer than the policy says."""
    if not stale:
        return good("opt-outs", say("no extract holds anybody who opted out"))
    remedy = say("Let the data steward build these projects' extracts anew.")
    overdue = sorted({one.project for one in stale if now >= one.due})
    if overdue:
        return bad(
            "opt-outs",
            say(
                "{n} projects' extracts hold somebody who opted out and are overdue: nothing starts on them",
                n=len(overdue),
            ),
            remedy,
        )
    first = min(one.due for one in stale).date().isoformat()
    seen = say(
        "{n} extracts hold somebody who opted out; the first is to be rebuilt before {due}",
        n=len(stale),
        due=first,
    )
    return Finding("opt-outs", State.ADVISED, seen, remedy)


def check_clock(now: datetime, newest: datetime | None) -> Finding:
    """It is not earlier than what the ledger has seen."""
    if newest is not None and now < newest - timedelta(seconds=5):
        return bad(
            "time",
            say("it is earlier than the ledger's newest entry"),
            say("Set the clock right: people whose training lapsed could be let in."),
        )
    return good("time", say("not earlier than the ledger's newest entry"))


def check_sealed(settings: Settings, live: list[str]) -> Finding:
    """/work of every running workspace is a disk of its own."""
    users = HouseFiles.of_this_process(settings).users
    if not work_is_sealed(users):
        seen = say("demo strength: /work is a plain folder")
        return Finding(
            "work", State.ADVISED, seen, say("Run the set-up as root: it puts owners and modes right.")
        )
    mounted = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").split()
    plain = [wid for wid in live if not any(word.endswith(f"/workspaces/{wid}/work") for word in mounted)]
    if plain:
        return bad(
            "work",
            say("{n} running workspaces have no disk of their own", n=len(plain)),
            say("End them: they are started with a disk again."),
        )
    return good("work", say("{n} running workspaces, each on a disk of its own", n=len(live)))


def check_processes(settings: Settings) -> Iterator[Finding]:
    """Each process answers where it listens, or left a sign that it lives."""
    doors = {"gate": settings.gate_socket, "hub": settings.hub_socket}
    if work_is_sealed(HouseFiles.of_this_process(settings).users):
        doors["disks"] = settings.disks_socket
    for name, path in sorted(doors.items()):
        yield _alive(name, answers=_listens(path))
    for name, address in (("proxy", settings.hub_address), ("portal", settings.portal_address)):
        yield _alive(name, answers=_reachable(address))
    doors_of_desks = sorted(settings.intake_sockets.glob("*/intake.sock"))
    for name, seconds in BEATS.items():
        opened = all(_listens(path) for path in doors_of_desks) if name == "intake" else True
        yield _alive(name, answers=opened and _since(settings.beat(name)) < seconds)


def check_own(settings: Settings) -> Finding:
    """The set that results are compared with is there once there is a source."""
    title = "own identifiers"
    if _there(settings.own_set / "own.set"):
        return good(title, say("the source's own identifiers are there to be compared with"))
    if not _there(settings.producer_home / "source.duckdb"):
        return good(title, say("nothing was taken into the source yet"))
    missing = say("the source's own identifiers are missing: no result can be reviewed")
    return bad(title, missing, say("Take the last file into the source again: that makes them anew."))


def _there(path: Path) -> bool:
    """Whether a file is there; one that cannot be looked at raises (and is told as unseen)."""
    with contextlib.suppress(FileNotFoundError):
        return bool(path.stat())
    return False


def _since(beat: Path) -> float:
    """Seconds since a process gave its sign; endless where it never did."""
    try:
        return time.time() - beat.stat().st_mtime
    except OSError:
        return float("inf")


def _alive(name: str, *, answers: bool) -> Finding:
    title = f"process {name}"
    if answers:
        return good(title, say("answers"))
    return bad(title, say("does not answer"), say("Run make up, and read the log of this process."))


def _listens(path: Path) -> bool:
    """Through its folder's descriptor: however long the way to the home, the address stays short."""
    try:
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(SECONDS)
            door.connect(f"/proc/self/fd/{folder}/{path.name}")
    except OSError:
        return False
    finally:
        os.close(folder)
    return True


def _reachable(address: str) -> bool:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "localhost", port), SECONDS):
            return True
    except OSError:
        return False
