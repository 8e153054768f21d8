"""The numbers of disclosure control, read from policy data and held above the floors.

1. Every number comes with the source it was taken from; a number without one is refused.
2. A deployment may be stricter than the floors below, never milder.
3. An unknown word in the policy is refused: a misspelt rule must not silently be no rule.
4. The digest covers the whole profile. It is stamped on every report, so a decision says
   under which numbers it was made.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say

FLOOR_MIN_PERSONS = 10
CEILING_MAX_ROWS = 5000
CEILING_MAX_FILE_BYTES = 16 * 1024 * 1024
CEILING_ROW_LEVEL_COLUMNS = 4
CEILING_FIGURE_POINTS = 12

_NUMBERS = ("figure_points", "max_file_bytes", "max_rows", "min_persons", "row_level_columns")
_SETTINGS = (*_NUMBERS, "zero_allowed")


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """One profile, validated."""

    profile: str
    digest: str
    min_persons: int
    """The smallest count of distinct persons that may be shown."""
    zero_allowed: bool
    max_rows: int
    max_file_bytes: int
    figure_points: int
    """From this many marks in no step on, a drawing counts as a plot of single persons."""
    row_level_columns: int
    """From this many columns on, a table with a unique identifier column is one row a person."""


def policy_from_mapping(document: Mapping[str, object], profile: str | None = None) -> DisclosurePolicy:
    """The named profile of a policy document, or its default profile."""
    profiles = _mapping(document.get("profiles"), say("The disclosure policy has no profiles."))
    name = profile if profile is not None else document.get("default_profile")
    if not isinstance(name, str) or name not in profiles:
        raise _refused(say("The disclosure policy has no profile {profile}.", profile=str(name)))
    settings = _mapping(profiles[name], say("The profile {profile} is empty.", profile=name))
    unknown = sorted(set(map(str, settings)) - {*_SETTINGS, "title"})
    missing = sorted(set(_SETTINGS) - set(settings))
    for word in [*unknown, *missing]:
        raise _refused(
            say(
                "The profile {profile} must hold exactly the known settings; look at {setting}.",
                profile=name,
                setting=word,
            )
        )
    numbers = {setting: _number(name, setting, settings[setting]) for setting in _NUMBERS}
    policy = DisclosurePolicy(
        profile=name,
        digest=_digest(name, settings),
        zero_allowed=_flag(name, settings["zero_allowed"]),
        **numbers,
    )
    _check_floors(policy)
    return policy


def _check_floors(policy: DisclosurePolicy) -> None:
    """Refuse a profile that is milder than what is built in."""
    milder = {
        "min_persons": policy.min_persons < FLOOR_MIN_PERSONS,
        "max_rows": not 0 < policy.max_rows <= CEILING_MAX_ROWS,
        "max_file_bytes": not 0 < policy.max_file_bytes <= CEILING_MAX_FILE_BYTES,
        "figure_points": not 0 < policy.figure_points <= CEILING_FIGURE_POINTS,
        "row_level_columns": not 0 < policy.row_level_columns <= CEILING_ROW_LEVEL_COLUMNS,
    }
    for setting, is_milder in milder.items():
        if is_milder:
            raise _refused(
                say(
                    "The setting {setting} of profile {profile} is milder than the built-in limit; a profile may only be stricter.",
                    setting=setting,
                    profile=policy.profile,
                )
            )


def _number(profile: str, setting: str, given: object) -> int:
    value = _sourced(profile, setting, given)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refused(_wrong_value(profile, setting))
    return value


def _flag(profile: str, given: object) -> bool:
    value = _sourced(profile, "zero_allowed", given)
    if not isinstance(value, bool):
        raise _refused(_wrong_value(profile, "zero_allowed"))
    return value


def _sourced(profile: str, setting: str, given: object) -> object:
    """The value of ``{value, source}``; a value nobody can trace is refused."""
    entry = _mapping(given, _wrong_value(profile, setting))
    source = entry.get("source")
    if set(entry) != {"value", "source"} or not isinstance(source, str) or not source.strip():
        raise _refused(_wrong_value(profile, setting))
    return entry["value"]


def _wrong_value(profile: str, setting: str) -> Sentence:
    return say(
        "The setting {setting} of profile {profile} needs a value of the right kind and the source it was taken from.",
        setting=setting,
        profile=profile,
    )


def _mapping(given: object, complaint: Sentence) -> Mapping[str, object]:
    if not isinstance(given, Mapping) or not given:
        raise _refused(complaint)
    return given


def _refused(sentence: Sentence) -> InvalidInputError:
    return InvalidInputError("policy_refused", sentence)


def _digest(profile: str, settings: Mapping[str, object]) -> str:
    """SHA-256 of the profile as canonical JSON."""
    canonical = json.dumps({profile: settings}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
