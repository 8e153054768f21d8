"""The numbers of the steward's room, read from policy data and held above the floors.

1. Every number comes with the source it was taken from; a number without one is refused.
2. A deployment may be stricter than the limits below, never milder.
3. An unknown word in the policy is refused, and so is a missing one: a misspelt rule must not
   silently be no rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from enclave.errors import InvalidInputError
from enclave.sentences import say

_BETWEEN = {
    "transforms.common_persons": (10, 1_000_000),
    "transforms.shift_days_most": (30, 365),
    "anon.k": (10, 1_000_000),
    "risk.rare_persons": (10, 1_000_000),
    "risk.shown_rarest": (0, 100),
    "optout.rebuild_days": (1, 30),
    "inquiry.kept_years": (5, 30),
    "inquiry.most_pseudonyms": (1, 100),
    "officers.most_minutes": (1, 480),
    "catalogue.least_persons": (10, 1_000_000),
    "catalogue.public_step": (100, 1_000_000),
}
"""The least and the most that each number may be."""
_SWITCHES = ("optout.all_providers", "transforms.scrub")


@dataclass(frozen=True, slots=True)
class TransformRules:
    """What transforms are given at a build. None of it stands in an extract, manifest or error."""

    common_persons: int
    """``rare_to_other`` keeps a value that at least so many distinct persons of the cohort have."""
    shift_days_most: int
    """``date_shift`` moves by at most so many days either way."""
    scrub: bool = False
    """Whether free text may leave through ``scrub`` at all."""

    def __repr__(self) -> str:
        return "TransformRules(…)"


@dataclass(frozen=True, slots=True)
class CatalogPolicy:
    """The whole document, validated."""

    transforms: TransformRules
    anon_k: int
    """The smallest equivalence class that the profile ``anon`` allows."""
    rare_persons: int
    """A code that fewer persons hold is counted as rare."""
    shown_rarest: int
    """How many of the rarest combinations the steward is shown."""
    rebuild_days: int
    """Living extracts that an opt-out made stale are rebuilt within so many days."""
    all_providers: bool
    """Whether an opt-out at one provider leaves the person out at all of them."""
    kept_years: int
    """What an inquiry needs is kept for so long after a project's end."""
    most_pseudonyms: int
    """An inquiry asks for at most so many at a time."""
    most_minutes: int
    """The longest time box that the officers may open."""
    least_persons: int
    """A figure of the catalogue that fewer persons stand behind is not shown."""
    public_step: int
    """Without signing in, the catalogue's counts are shown in whole steps of this size."""


def parse_catalog_policy(document: Mapping[str, object]) -> CatalogPolicy:
    """The policy of a document.

    Raises:
        InvalidInputError: a setting is missing, unknown, without a source, or milder than its limit.
    """
    given = _flat(document)
    for setting in sorted(set(given) ^ {*_BETWEEN, *_SWITCHES}):
        raise _refused(setting)
    numbers = {setting: _number(setting, given[setting]) for setting in _BETWEEN}
    return CatalogPolicy(
        transforms=TransformRules(
            numbers["transforms.common_persons"],
            numbers["transforms.shift_days_most"],
            _switch("transforms.scrub", given["transforms.scrub"]),
        ),
        anon_k=numbers["anon.k"],
        rare_persons=numbers["risk.rare_persons"],
        shown_rarest=numbers["risk.shown_rarest"],
        rebuild_days=numbers["optout.rebuild_days"],
        all_providers=_switch("optout.all_providers", given["optout.all_providers"]),
        kept_years=numbers["inquiry.kept_years"],
        most_pseudonyms=numbers["inquiry.most_pseudonyms"],
        most_minutes=numbers["officers.most_minutes"],
        least_persons=numbers["catalogue.least_persons"],
        public_step=numbers["catalogue.public_step"],
    )


def _flat(document: Mapping[str, object]) -> dict[str, object]:
    """Settings by ``section.name``."""
    settings: dict[str, object] = {}
    for section, entries in document.items():
        if not isinstance(entries, Mapping):
            raise _refused(str(section))
        settings.update({f"{section}.{name}": entry for name, entry in entries.items()})
    return settings


def _number(setting: str, entry: object) -> int:
    value = _sourced(setting, entry)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refused(setting)
    least, most = _BETWEEN[setting]
    if not least <= value <= most:
        raise InvalidInputError(
            "policy_refused",
            say(
                "The setting {setting} of the catalogue's policy must be from {least} to {most}.",
                setting=setting,
                least=least,
                most=most,
            ),
        )
    return value


def _switch(setting: str, entry: object) -> bool:
    value = _sourced(setting, entry)
    if not isinstance(value, bool):
        raise _refused(setting)
    return value


def _sourced(setting: str, entry: object) -> object:
    """The value of ``{value, source}``; a value nobody can trace is refused."""
    if not isinstance(entry, Mapping) or set(entry) != {"value", "source"}:
        raise _refused(setting)
    source = entry["source"]
    if not isinstance(source, str) or not source.strip():
        raise _refused(setting)
    value: object = entry["value"]
    return value


def _refused(setting: str) -> InvalidInputError:
    return InvalidInputError(
        "policy_refused",
        say(
            "The catalogue's policy holds exactly the known settings, each with value and source; look at {setting}.",
            setting=setting,
        ),
    )
