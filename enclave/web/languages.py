"""Japanese first, English equal: which language a page speaks, and how it says a time.

``?lang=ja`` or ``?lang=en`` chooses and a cookie remembers. Times are shown in Japan's time
with the exact UTC time beside them in the ``datetime`` attribute; the ledger keeps UTC.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeAlias

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say

COOKIE = "hanare-language"
JAPAN = timezone(timedelta(hours=9), "JST")

Translate: TypeAlias = Callable[[Sentence, str], str]
"""A sentence in a language; ``enclave.adapters.translations.translate`` is the real one."""


class Language(StrEnum):
    """What a page can speak."""

    JA = "ja"
    EN = "en"

    @property
    def other(self) -> "Language":
        return Language.EN if self is Language.JA else Language.JA


def pick_language(query: Mapping[str, str], cookies: Mapping[str, str]) -> Language:
    """The language asked for, else the one remembered, else Japanese."""
    for wanted in (query.get("lang"), cookies.get(COOKIE)):
        if wanted in {"ja", "en"}:
            return Language(wanted)
    return Language.JA


def in_japan(moment: datetime | str) -> str:
    """A moment as people here read it: ``2026-04-01 09:00:00``, in Japan's time."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")


def parse_moment(text: str) -> datetime | None:
    """A moment from a form: ``2026-04-01`` or ``2026-04-01T09:00`` in Japan's time, or ISO with a zone."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            "not_a_time", say("A time is written as YYYY-MM-DD or YYYY-MM-DDTHH:MM.")
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=JAPAN)).astimezone(UTC)
