"""Fields of what a desk sends: each has one form and a bound, or the message is refused."""

import re
from collections.abc import Mapping
from typing import Any

from enclave.errors import InvalidInputError
from enclave.sentences import say

LARGEST_COUNT = 2**40
_EVENT_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z0-9_.-]{0,64}")


def hex_id(sent: Mapping[str, Any], name: str) -> str:
    """An id of the desk's own: 32 hex digits."""
    value = sent.get(name)
    if not isinstance(value, str) or not _EVENT_ID.fullmatch(value):
        raise bad(name)
    return value


def sha256_of(sent: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    """A SHA-256 in hex, or nothing where that is allowed."""
    value = sent.get(name)
    if optional and value == "":
        return ""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise bad(name)
    return value


def word(sent: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    """A short identifier, or nothing where that is allowed."""
    value = sent.get(name, "")
    if not isinstance(value, str) or not _WORD.fullmatch(value) or (needed and not value):
        raise bad(name)
    return value


def one_of(sent: Mapping[str, Any], name: str, known: Mapping[str, Any]) -> str:
    """One of the known words."""
    value = sent.get(name)
    if not isinstance(value, str) or value not in known:
        raise bad(name)
    return value


def count(sent: Mapping[str, Any], name: str, most: int = LARGEST_COUNT) -> int:
    """A whole number from nought."""
    value = sent.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise bad(name)
    return value


def text(value: object, name: str, most: int) -> str:
    """Text that is text and not too long."""
    if not isinstance(value, str) or len(value) > most:
        raise bad(name)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise bad(name) from error
    return value


def bad(name: str) -> InvalidInputError:
    """The refusal of a field."""
    return InvalidInputError(
        "bad_message", say("The field '{name}' is missing or has another form.", name=name)
    )
