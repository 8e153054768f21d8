"""The one way the house turns a value into bytes that are hashed or signed.

JSON with sorted keys, no spaces, UTF-8 without escapes, and no floats: two programs that
agree on the value agree on the bytes. Integers stay within 53 bits so that any JSON reader
sees the same number. What cannot be written this way is an error, never rounded.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | Mapping[str, Value] | Sequence[Value] | None"

_LARGEST = 2**53 - 1


def canonical(value: Value) -> bytes:
    """The value's canonical bytes.

    Raises:
        TypeError: a float, a non-string key, or a type JSON has no room for.
        ValueError: an integer beyond 53 bits, or text that is not valid Unicode.
    """
    _check(value)
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _check(value: Value) -> None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError("an integer beyond 53 bits has no canonical form")
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys of canonical JSON are text")
            _check(item)
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
        return
    raise TypeError(f"{type(value).__name__} has no canonical form")
