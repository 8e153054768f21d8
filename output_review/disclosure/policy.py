"""The numbers of disclosure control, read from policy data and held above the floors.

1. Every number comes with the source it was taken from; a number without one is refused.
2. A deployment may be stricter than ``LIMITS``, never milder. A profile may be based on another one and
   name only what differs; the limits hold for both.
3. An unknown word in the policy is refused: a misspelt rule must not silently be no rule.
4. The digest covers the whole profile. It is stamped on every report, so a decision says
   under which numbers it was made.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say
from output_review.disclosure.populations import NO_POPULATIONS, Populations
from output_review.disclosure.published import NO_PUBLISHED, Published

FLOOR_MIN_PERSONS = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """The values that a setting may have: at least, at most, both inclusive."""

    least: int = 1
    most: int = 10**9


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "min_persons": Limit(least=FLOOR_MIN_PERSONS),
        "max_rows": Limit(most=5000),
        "max_file_bytes": Limit(most=16 * 1024 * 1024),
        "row_level_columns": Limit(most=4),
        "figure_points": Limit(most=12),
        "series_thresholds": Limit(least=2, most=8),
        "series_requests": Limit(least=2, most=4),
        "checks_per_hour": Limit(most=60),
        "interval_width": Limit(least=5),
        "rounding_base": Limit(least=5),
        "audit_seconds": Limit(most=30),
        "check_seconds": Limit(most=120),
        "accident_percent": Limit(least=5),
        "municipality_none_below": Limit(least=2000),
        "municipality_more_below": Limit(least=25_000),
        "municipality_persons": Limit(least=20),
        "min_facilities": Limit(least=3),
        "drug_oral": Limit(least=1000),
        "drug_injection": Limit(least=400),
        "birth_weight_step": Limit(least=100),
        "birth_weight_lowest": Limit(least=300),
        "birth_weight_highest": Limit(most=4000),
        "death_hours": Limit(least=2),
        "age_step": Limit(least=5),
        "age_top": Limit(most=95),
        "rare_code_persons": Limit(least=10),
        "class_percent": Limit(most=100),
        "dominance_persons": Limit(least=2),
        "dominance_percent": Limit(most=90),
        "p_percent": Limit(least=10),
        "residual_dof": Limit(least=10),
        "step_events": Limit(least=10),
        "curve_points": Limit(most=100),
    }
)
_FLAGS = ("zero_allowed",)
_SETTINGS = (*LIMITS, *_FLAGS)


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
    series_thresholds: int
    """From this many thresholds on, one question asked again and again is a series."""
    series_requests: int
    """In how many requests they are asked at least."""
    checks_per_hour: int
    """How often an author may ask for a check in one hour."""
    interval_width: int
    """How many values must remain possible for a masked count."""
    rounding_base: int
    """What counts are rounded to where rounding is the remedy."""
    audit_seconds: int
    """How long the interval audit of one file may take before it blocks."""
    check_seconds: int
    """How long the checks of one submission may take before it blocks."""
    accident_percent: int
    """Up to how many accidental fits in a hundred a small number of persons counts as found."""
    municipality_none_below: int
    """Population of a municipality below which no number of patients is shown."""
    municipality_more_below: int
    """Population below which ``municipality_persons`` are needed instead of ``min_persons``."""
    municipality_persons: int
    min_facilities: int
    drug_oral: int
    """Tablets, grams ... that must be reached where the number of patients is not shown."""
    drug_injection: int
    birth_weight_step: int
    """Grams; the finest class. Below ``_lowest`` and from ``_highest`` on there is one class each."""
    birth_weight_lowest: int
    birth_weight_highest: int
    death_hours: int
    age_step: int
    age_top: int
    """The age from which on there is one class."""
    rare_code_persons: int
    class_percent: int
    """A class that holds at least this share of a line's persons discloses them as a group."""
    dominance_persons: int
    dominance_percent: int
    p_percent: int
    residual_dof: int
    step_events: int
    """Events behind one step of a survival curve."""
    curve_points: int
    """Points of a curve from which on people must look whether a point is a person."""
    populations: Populations = NO_POPULATIONS
    published: Published = NO_PUBLISHED

    def with_populations(self, populations: Populations) -> "DisclosurePolicy":
        """The same numbers with a population table; the digest covers both."""
        digest = hashlib.sha256(f"{self.digest}:{populations.digest}".encode()).hexdigest()
        return replace(self, populations=populations, digest=digest)

    def with_published(self, published: Published) -> "DisclosurePolicy":
        """The same numbers with published tables; the digest covers both. Without tables nothing changes."""
        if not published.digest:
            return self
        digest = hashlib.sha256(f"{self.digest}:{published.digest}".encode()).hexdigest()
        return replace(self, published=published, digest=digest)


def policy_from_mapping(document: Mapping[str, object], profile: str | None = None) -> DisclosurePolicy:
    """The named profile of a policy document, or its default profile."""
    profiles = _mapping(document.get("profiles"), say("The disclosure policy has no profiles."))
    name = profile if profile is not None else document.get("default_profile")
    if not isinstance(name, str) or name not in profiles:
        raise _refused(say("The disclosure policy has no profile {profile}.", profile=str(name)))
    settings = _resolved(profiles, name)
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
    values: dict[str, Any] = {setting: _number(name, setting, settings[setting]) for setting in LIMITS}
    values |= {setting: _flag(name, setting, settings[setting]) for setting in _FLAGS}
    return DisclosurePolicy(profile=name, digest=_digest(name, settings), **values)


def _resolved(profiles: Mapping[str, object], name: str) -> dict[str, object]:
    """The settings of a profile; one that is ``based_on`` another takes from it what it does not name."""
    settings = dict(_mapping(profiles[name], say("The profile {profile} is empty.", profile=name)))
    base = settings.pop("based_on", None)
    if base is None:
        return settings
    if not isinstance(base, str) or base not in profiles or base == name:
        raise _refused(say("The disclosure policy has no profile {profile}.", profile=str(base)))
    below = dict(_mapping(profiles[base], say("The profile {profile} is empty.", profile=base)))
    if "based_on" in below:
        raise _refused(
            say("The profile {profile} is based on one that is itself based on another.", profile=name)
        )
    return {**below, **settings}


def _number(profile: str, setting: str, given: object) -> int:
    value = _sourced(profile, setting, given)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refused(_wrong_value(profile, setting))
    if not LIMITS[setting].least <= value <= LIMITS[setting].most:
        raise _refused(
            say(
                "The setting {setting} of profile {profile} is milder than the built-in limit; a profile may only be stricter.",
                setting=setting,
                profile=profile,
            )
        )
    return value


def _flag(profile: str, setting: str, given: object) -> bool:
    value = _sourced(profile, setting, given)
    if not isinstance(value, bool):
        raise _refused(_wrong_value(profile, setting))
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
