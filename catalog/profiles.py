"""Profiles: which transforms a view may use, and which facts may leave through a transform only.

1. ``pseudo`` (仮名加工) leaves clinical values as they are: it demands no transform.
2. ``anon`` (匿名加工) demands one for every fact that tells people apart, by the nature of the
   source column: a birth through ``birth_month`` or ``age_band``; the date of an event through
   ``date_shift``, or as the ``at`` of ``age_band``; a measured value through ``bin``,
   ``top_code`` or ``bottom_code``; a code through ``rare_to_other``; a region through ``region_up``.
3. What is demanded is that the *value* does not leave. A count, or whether a comparison holds, is
   not the value; the smallest, largest, mean or sum of values still is.
4. No profile gives any transform a direct identifier: those stand nowhere. Free text is given to
   ``scrub`` and what tells of it, under ``pseudo`` alone: what somebody wrote in words is never anonymous.
   Whether it is done at all is the board's to say (``transforms.scrub`` of the catalogue's policy).
5. A profile that is not written down here does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.schema.columns import Nature
from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say

TRANSFORMS = frozenset(
    {
        "pseudonym",
        "birth_month",
        "age_band",
        "date_shift",
        "bin",
        "top_code",
        "bottom_code",
        "rare_to_other",
        "region_up",
        "scrub",
        "scrub_status",
        "scrub_hits",
    }
)
"""Every transform there is, by the name of its function."""

SCRUBS = frozenset({"scrub", "scrub_status", "scrub_hits"})
"""Those that take a column of free text: the text without identifiers, what became of it, how much was replaced."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A kind of fact that may leave through a transform only: the rule that says so, and the remedy."""

    rule: str
    sentence: Sentence
    remedy: Sentence


@dataclass(frozen=True, slots=True)
class Profile:
    """What a processing profile asks of a view."""

    name: str
    transforms: frozenset[str]
    """The transforms a view may use."""
    demands: Mapping[Nature, Demand]
    """Natures of source columns whose values may not leave as they are."""


PSEUDO = Profile("pseudo", TRANSFORMS, MappingProxyType({}))
"""仮名加工: identifiers gone, clinical values untouched."""

ANON = Profile(
    "anon",
    TRANSFORMS - SCRUBS,
    MappingProxyType(
        {
            Nature.BIRTH: Demand(
                "anon_birth",
                say("In this profile a date of birth leaves only as a month or as a band of ages."),
                say("Write birth_month(date), or age_band(birth, at, width)."),
            ),
            Nature.EVENT: Demand(
                "anon_event",
                say("In this profile the date of an event leaves only shifted by the person's own offset."),
                say("Write date_shift(date); between two shifted dates differences stay true."),
            ),
            Nature.MEASURE: Demand(
                "anon_measure",
                say("In this profile a measured value leaves only in bins, or cut off at a limit."),
                say("Write bin(value, width), top_code(value, limit) or bottom_code(value, limit)."),
            ),
            Nature.CODE: Demand(
                "anon_code",
                say("In this profile a code leaves only when enough people have it."),
                say("Write rare_to_other(code)."),
            ),
            Nature.REGION: Demand(
                "anon_region",
                say("In this profile a region leaves only as the larger region that it lies in."),
                say("Write region_up(code)."),
            ),
        }
    ),
)
"""匿名加工: besides, whatever tells people apart is made coarse, cut off, moved or grouped."""

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in (PSEUDO, ANON)})
"""Every profile by its name."""


def find_profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        InvalidInputError: there is none.
    """
    if name not in PROFILES:
        raise InvalidInputError(
            "unknown_profile", say("This profile is not known. Write 'pseudo' or 'anon'.")
        )
    return PROFILES[name]
