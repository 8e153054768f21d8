"""What an attack is: one object that says what is tried, what winning means and what stops it.

Rules: an attack runs against a whole house, from where a researcher stands (a cell, a script with
the researcher's own cookies); it wins only when it can show bytes or an effect it must not have,
never because something failed. Every attack names the one control that stops it and how the house
looks without exactly that control (``Without``); against that house the same attack must win,
otherwise the attack proves nothing. The product has no switch for this: what is taken away is
taken away outside it (``attack_variants``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Where(StrEnum):
    """What an attack needs around it."""

    HOUSE = "house"
    """A hub, desks, kernels and intake."""
    CONTAINER = "container"
    """A kernel's container alone; what it tries is a program, whoever starts it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the attack got what it wanted, and what was seen, for the person who reads a failure."""

    won: bool
    seen: str

    def __str__(self) -> str:
        return f"{'won' if self.won else 'failed'}: {self.seen}"


def won_if(won: bool, seen: object) -> Outcome:
    return Outcome(won, str(seen)[:2_000])


@dataclass(frozen=True, slots=True)
class Patch:
    """Lines added at the end of one module of an image, after the names they replace were found there."""

    module: str
    replaces: str
    """A name that the module defines: the control. Its absence is an error, so that a patch never outlives it."""
    lines: str


@dataclass(frozen=True, slots=True)
class Without:
    """A house with one control taken away."""

    name: str
    """A short name; variants of one name are one house."""
    desk: tuple[Patch, ...] = ()
    kernel: tuple[Patch, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    """Entries of a kernel container's create body that differ; one of ``HostConfig`` is written ``HostConfig.Name``."""
    processes: Mapping[str, str] = field(default_factory=dict)
    """Lines that run in a process of the house before it starts, by its name."""
    settings: str = ""
    """Lines that follow the hub's settings."""

    @property
    def where(self) -> Where:
        return Where.CONTAINER if self.body else Where.HOUSE


class Programs(Protocol):
    """Where a program can be run as a kernel would: in a cell, or in a container like a kernel's."""

    def program(self, person: str, source: str, seconds: float = 60, **given: object) -> dict[str, Any]:
        """Run the program in this person's kernel container; the JSON object that it printed."""

    def in_background(self, person: str, source: str, **given: object) -> None:
        """Start a program there that goes on until the container ends."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One thing a determined researcher tries."""

    id: str
    tries: str
    how: str
    wins: str
    """What success means: the bytes or the effect obtained."""
    control: str
    """What stops it."""
    run: Callable[[Any], Outcome]
    control_off: Without


def check_ids(attacks: tuple[Attack, ...]) -> tuple[Attack, ...]:
    """The attacks themselves; two of one name would hide each other."""
    ids = [attack.id for attack in attacks]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    assert not twice, twice
    return attacks
