"""What the house expects of the machine it runs on, and what of it may be missing.

Facts come in, findings go out; nothing is read here. Each part has a weight:

* *required*: without it no container is started. AppArmor and Yama may be missing where an
  adopted policy (``policies/exceptions.yaml``) names them with a reason and a source; the
  limits and seccomp may not, because the isolation baseline would be words.
* *expected*: without it the house runs, and ``enclave doctor`` is red until somebody excepted it.
* *advised*: told, and no more.

An exception is a loosening that two people adopted, so it is never silent: what is excepted is
shown as such, and an exception that this machine does not need is red. Where AppArmor is excepted
containers are planned without it; a fact that cannot be seen counts as missing. Empty means no.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say


class Part(StrEnum):
    """One thing that is expected of the machine."""

    APPARMOR = "apparmor"
    YAMA = "yama"
    SECCOMP = "seccomp"
    MEMORY_LIMIT = "memory_limit"
    PIDS_LIMIT = "pids_limit"
    CORE_PATTERN = "core_pattern"
    FSCRYPT = "fscrypt"
    SWAP = "swap"
    BPF = "unprivileged_bpf"
    USER_NAMESPACES = "user_namespaces"
    KEYRING = "kernel_keyring"
    ENGINE = "engine_version"
    STORAGE = "storage_driver"
    CLOCK = "clock"


class Weight(StrEnum):
    """What a missing part means."""

    REQUIRED = "required"
    EXPECTED = "expected"
    ADVISED = "advised"


WEIGHT: Mapping[Part, Weight] = {
    Part.APPARMOR: Weight.REQUIRED,
    Part.YAMA: Weight.REQUIRED,
    Part.SECCOMP: Weight.REQUIRED,
    Part.MEMORY_LIMIT: Weight.REQUIRED,
    Part.PIDS_LIMIT: Weight.REQUIRED,
    Part.CORE_PATTERN: Weight.EXPECTED,
    Part.FSCRYPT: Weight.EXPECTED,
    Part.SWAP: Weight.ADVISED,
    Part.BPF: Weight.ADVISED,
    Part.USER_NAMESPACES: Weight.ADVISED,
    Part.KEYRING: Weight.ADVISED,
    Part.ENGINE: Weight.ADVISED,
    Part.STORAGE: Weight.ADVISED,
    Part.CLOCK: Weight.ADVISED,
}
EXCEPTABLE = frozenset({Part.APPARMOR, Part.YAMA, Part.CORE_PATTERN, Part.FSCRYPT})
"""What a policy may except at all."""


class State(StrEnum):
    """How a check came out. Only ``red`` fails."""

    GREEN = "green"
    EXCEPTED = "excepted"
    ADVISED = "advised"
    RED = "red"


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a machine says of itself; None: it could not be seen."""

    apparmor: bool | None = None
    ptrace_scope: int | None = None
    seccomp: bool | None = None
    memory_limit: bool | None = None
    pids_limit: bool | None = None
    core_pattern: str | None = None
    fscrypt: bool | None = None
    swap_devices: int | None = None
    bpf_disabled: int | None = None
    user_namespaces: int | None = None
    keyring: bool | None = None
    synchronised: bool | None = None


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What the container engine says of itself, where this process may ask it."""

    version: str = ""
    storage: str = ""
    apparmor: bool = False
    seccomp: bool = False


@dataclass(frozen=True, slots=True)
class Exempt:
    """Why a part may be missing, and who says so."""

    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it came out, what was seen, and what to do."""

    name: str
    state: State
    seen: Sentence
    remedy: Sentence | None = None


REMEDIES: Mapping[Part, Sentence] = {
    Part.APPARMOR: say("Boot a kernel with AppArmor and install its parser, or adopt an exception."),
    Part.YAMA: say("Boot a kernel with Yama and set kernel.yama.ptrace_scope to 1, or adopt an exception."),
    Part.SECCOMP: say("Boot a kernel with seccomp filters."),
    Part.MEMORY_LIMIT: say("Switch on the memory control group, then restart the engine."),
    Part.PIDS_LIMIT: say("Switch on the pids control group, then restart the engine."),
    Part.CORE_PATTERN: say("Set kernel.core_pattern to a plain name: a program it pipes to gets the memory."),
    Part.FSCRYPT: say("Boot a kernel with ext4 encryption, or adopt an exception."),
    Part.SWAP: say("Switch swap off or encrypt it: what lies in it outlives the machine's memory."),
    Part.BPF: say("Set kernel.unprivileged_bpf_disabled to 1."),
    Part.USER_NAMESPACES: say("Set user.max_user_namespaces to 0 where nothing else needs them."),
    Part.KEYRING: say("Boot a kernel with a keyring: keys of disks are kept there."),
    Part.ENGINE: say("Update the container engine."),
    Part.STORAGE: say("Use the storage driver overlay2."),
    Part.CLOCK: say("Synchronise the clock: eligibility ends by the day, and the ledger tells times."),
}


def parse_exceptions(document: Mapping[str, Any] | None) -> Mapping[Part, Exempt]:
    """What the policy ``exceptions`` excepts; no policy, no exception.

    Raises:
        InvalidInputError: a part that there is not or that cannot be excepted, or no reason or source.
    """
    stated = (document or {}).get("exceptions") or {}
    if not isinstance(stated, Mapping):
        raise _bad("exceptions")
    return {part: exempt for name, entry in stated.items() for part, exempt in [_exempt(name, entry)]}


def _exempt(name: str, entry: Any) -> tuple[Part, Exempt]:
    if name not in {part.value for part in EXCEPTABLE} or not isinstance(entry, Mapping):
        raise _bad(str(name))
    if set(entry) != {"reason", "source"} or not all(
        isinstance(v, str) and v.strip() for v in entry.values()
    ):
        raise _bad(name)
    return Part(name), Exempt(entry["reason"], entry["source"])


def _bad(name: str) -> InvalidInputError:
    return InvalidInputError(
        "bad_exception",
        say(
            "The policy 'exceptions' cannot except '{name}' like that: it takes a reason and a source.",
            name=name,
        ),
    )


def lacking(facts: HostFacts) -> frozenset[Part]:
    """The parts that this machine does not have, or that could not be seen."""
    held = {
        Part.APPARMOR: facts.apparmor is True,
        Part.YAMA: facts.ptrace_scope is not None and facts.ptrace_scope >= 1,
        Part.SECCOMP: facts.seccomp is True,
        Part.MEMORY_LIMIT: facts.memory_limit is True,
        Part.PIDS_LIMIT: facts.pids_limit is True,
        Part.CORE_PATTERN: facts.core_pattern is not None and not facts.core_pattern.startswith("|"),
        Part.FSCRYPT: facts.fscrypt is True,
        Part.SWAP: facts.swap_devices == 0,
        Part.BPF: facts.bpf_disabled is not None and facts.bpf_disabled >= 1,
        Part.USER_NAMESPACES: facts.user_namespaces == 0,
        Part.KEYRING: facts.keyring is True,
        Part.CLOCK: facts.synchronised is True,
    }
    return frozenset(part for part, holds in held.items() if not holds)


def missing(facts: HostFacts, exempt: Mapping[Part, Exempt]) -> tuple[str, ...]:
    """What is required, lacking and not excepted, by name: with any of it nothing is started."""
    gaps = lacking(facts) - set(exempt)
    return tuple(part.value for part in Part if part in gaps and WEIGHT[part] is Weight.REQUIRED)


def excepted_here(facts: HostFacts) -> tuple[Part, ...]:
    """The exceptions that this machine would need for everything to be green or excepted."""
    return tuple(part for part in Part if part in lacking(facts) & EXCEPTABLE)


def findings(
    facts: HostFacts, exempt: Mapping[Part, Exempt], engine: EngineFacts | None
) -> Iterator[Finding]:
    """Every part, in order."""
    gaps = lacking(facts)
    for part in Part:
        if part in {Part.ENGINE, Part.STORAGE}:
            if engine is not None:
                yield _of_engine(part, engine)
            continue
        yield _finding(part, exempt.get(part), lacks=part in gaps, engine=engine)


def _finding(part: Part, exempt: Exempt | None, *, lacks: bool, engine: EngineFacts | None) -> Finding:
    if exempt is not None and (lacks or _engine_lacks(part, engine)):
        seen = say("excepted: {reason} ({source})", reason=exempt.reason, source=exempt.source)
        return Finding(part.value, State.EXCEPTED, seen, REMEDIES[part])
    if exempt is not None:
        remedy = say("This machine has it: adopt policies without this exception.")
        return Finding(part.value, State.RED, say("excepted without need"), remedy)
    if not lacks and not _engine_lacks(part, engine):
        return Finding(part.value, State.GREEN, say("as expected"))
    state = State.ADVISED if WEIGHT[part] is Weight.ADVISED else State.RED
    required = WEIGHT[part] is Weight.REQUIRED
    seen = say("missing: no workspace starts") if required else say("not as expected")
    return Finding(part.value, state, seen, REMEDIES[part])


def _engine_lacks(part: Part, engine: EngineFacts | None) -> bool:
    """Whether the kernel may have it and the engine all the same does not use it."""
    if engine is None:
        return False
    return (part is Part.APPARMOR and not engine.apparmor) or (part is Part.SECCOMP and not engine.seccomp)


NAMED_HOLES: Mapping[str, tuple[tuple[int, ...], ...]] = {
    "CVE-2024-29018": ((23, 0, 11), (25, 0, 5), (26, 0, 0))
}
"""Holes of the engine by name, with the first version of each line in which they are closed. Distributions
mend older versions too, so a version that is too old is a question and not a verdict."""


def open_holes(version: str) -> tuple[str, ...]:
    """The named holes that an engine of this version may still have."""
    digits = version.split("+", maxsplit=1)[0].split("-", maxsplit=1)[0].split(".")
    own = tuple(int(part) for part in digits if part.isdecimal())
    return tuple(name for name, closed in NAMED_HOLES.items() if not _closed_in(own, closed))


def _closed_in(own: tuple[int, ...], closed: tuple[tuple[int, ...], ...]) -> bool:
    if not own:
        return False
    newest = max(closed)
    return own >= newest or any(own[0] == line[0] and own >= line for line in closed)


def _of_engine(part: Part, engine: EngineFacts) -> Finding:
    if part is Part.STORAGE:
        good = engine.storage in {"overlay2", "overlayfs", "btrfs", "zfs"}
        state = State.GREEN if good else State.ADVISED
        return Finding(
            part.value,
            state,
            say("storage driver {storage}", storage=engine.storage or "?"),
            None if good else REMEDIES[part],
        )
    holes = open_holes(engine.version)
    if not holes:
        return Finding(part.value, State.GREEN, say("engine {version}", version=engine.version))
    seen = say(
        "{version} may have {holes}; it concerns networks, and no container of the house has one",
        version=engine.version or "?",
        holes=", ".join(holes),
    )
    return Finding(part.value, State.ADVISED, seen, REMEDIES[part])
