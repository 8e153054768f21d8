"""Taking data into the source: a claims file, or an invented hospital.

The source's own transaction comes first and is keyed by the content's digest; the ledger's
event carries the same digest as its id. Killed in between, the command run again adds nothing
to the source and records what was not recorded yet; run twice, it records once.
"""

import hashlib
from collections.abc import Iterable

from catalog.claims import rows_of
from catalog.hospital.coded import Tables
from catalog.hospital.scale import GENERATOR_VERSION, Scale
from catalog.ports import SourceStore
from catalog.sources import SourceFile, Taken
from catalog.uke import counts_agree, parse_uke
from catalog.use_cases.may import may_as_steward
from enclave.actions import Action
from enclave.audit.canonical import Value, canonical
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import InvalidInputError
from enclave.ports import Works
from enclave.sentences import say

UKE, GENERATED = "uke", "generated"
_MOST_PATIENTS = 2_000_000


def ingest_uke(works: Works, source: SourceStore, username: str, name: str, content: bytes) -> Taken:
    """The file's readable lines are rows of the source, its other lines stand in quarantine.

    Raises:
        DeniedError: not a steward. InvalidInputError: no line of it could be read.
    """
    digest = hashlib.sha256(content).hexdigest()
    with works.begin() as work:
        require(may_as_steward(work, username, Action.INGEST_SOURCE, digest))
        at = work.now
    uke = parse_uke(name, content)
    if not uke.records:
        raise InvalidInputError(
            "nothing_read", say("No line of this file could be read. Is it a レセプト電算 file in Shift-JIS?")
        )
    if not counts_agree(uke):
        raise ValueError("a line of the file is neither read nor quarantined")
    file = SourceFile(digest, name, UKE, uke.lines, len(uke.records), len(uke.quarantined))
    taken = source.take_rows(file, rows_of(uke, digest), uke.quarantined, at)
    _record(works, username, Kind.SOURCE_INGESTED, taken)
    return taken


def generate(
    works: Works, source: SourceStore, username: str, scale: Scale, parts: Iterable[Tables]
) -> Taken:
    """The invented hospital of this scale is in the source. ``parts`` are what the generator makes of it, one at a time."""
    digest = generated_digest(scale)
    with works.begin() as work:
        require(may_as_steward(work, username, Action.INGEST_SOURCE, digest))
        at = work.now
    name = f"{scale.patients} patients, seed {scale.seed}"
    taken = source.take_tables(SourceFile(digest, name, GENERATED, 0, 0, 0), parts, at)
    _record(works, username, Kind.SOURCE_GENERATED, taken)
    return taken


def check_scale(patients: int, seed: int) -> Scale:
    """The scale, when a hospital of it can be made."""
    if not 1 <= patients <= _MOST_PATIENTS or not 0 <= seed < 2**32:
        raise InvalidInputError(
            "bad_scale", say("A hospital has 1 to 2,000,000 patients, and its seed is 0 or more.")
        )
    return Scale(patients, seed)


def generated_digest(scale: Scale) -> str:
    """What names an invented hospital: the same numbers give the same rows."""
    document: dict[str, Value] = {
        "generator": GENERATOR_VERSION,
        "patients": scale.patients,
        "seed": scale.seed,
    }
    return hashlib.sha256(canonical(document)).hexdigest()


def _record(works: Works, username: str, kind: Kind, taken: Taken) -> None:
    file = taken.file
    with works.begin() as work:
        work.record(
            EventDraft(
                kind,
                person=username,
                subject=file.digest,
                facts={
                    "digest": file.digest,
                    "lines": file.lines,
                    "read": file.read,
                    "quarantined": file.quarantined,
                    "added": dict(sorted(taken.added.items())),
                },
                body={"file": file.name},
                event_id=f"source:{file.digest}",
            )
        )
