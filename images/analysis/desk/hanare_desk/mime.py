"""Kinds of text and picture that may be shown, each below a size, each written anew. Pure.

A text is cut at the limit of one message. A picture is decoded and looked at, and written in the one
way in which its bytes are written, so that no blank between its letters says anything. HTML goes through a sanitiser or not at
all; markdown is shown as its source, because a trusted notebook would run its HTML. Every
text and picture that passes is a *part* with its length as a person sees it.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from .meter import Limits, Part
from .sentences import sentence

Sanitiser = Callable[[str], str]
_STARTS: Final[Mapping[str, bytes]] = MappingProxyType(
    {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
)
PICTURES: Final = frozenset(_STARTS)
_TEXTS: Final = ("text/plain", "text/latex")


def cut(value: Any, limit: int) -> str:
    """Give at most ``limit`` bytes of a text, saying so when there was more."""
    text = value if isinstance(value, str) else join(value)
    if len(text) * 4 <= limit:
        return text
    raw = encode(text)
    if len(raw) <= limit:
        return text
    return raw[:limit].decode("utf-8", "ignore") + "\n" + sentence("output_cut").both + "\n"


def join(value: Any) -> str:
    """Give the text of a field that may be a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def encode(text: str) -> bytes:
    """The bytes of a text; what is no Unicode becomes a question mark."""
    return text.encode("utf-8", "replace")


def picture(kind: str, value: Any, limit: int) -> tuple[str, bytes] | None:
    """Give a picture of at most ``limit`` bytes in base64 and decoded, or None when it is none."""
    text = "".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str) or len(text) > 2 * limit:
        return None
    text = text.strip()
    try:
        raw = _decode(text)
    except (ValueError, binascii.Error):
        return None
    if len(raw) > limit or not raw.startswith(_STARTS[kind]):
        return None
    return (text if _is_canonical(text, raw) else base64.b64encode(raw).decode()), raw


def _is_canonical(text: str, raw: bytes) -> bool:
    """Tell whether letters that were decoded are the only way to write these bytes."""
    last = len(raw) % 3 or 3
    return len(text) == -(-len(raw) // 3) * 4 and text[-4:].encode() == base64.b64encode(raw[-last:])


def _decode(text: str) -> bytes:
    """Base64 in one piece, or else in lines."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return base64.b64decode("".join(text.split()), validate=True)


def trim_mime(data: Any, sanitise: Sanitiser | None, limits: Limits) -> tuple[dict[str, str], list[Part]]:
    """Keep the kinds that may be shown, with their parts; say so when nothing is left."""
    if not isinstance(data, Mapping):
        return {}, []
    kept: dict[str, str] = {}
    for kind in _TEXTS:
        if kind in data:
            kept[kind] = cut(data[kind], limits.text)
    if "text/markdown" in data:
        kept["text/plain"] = cut(data["text/markdown"], limits.text)
    html = data.get("text/html")
    if sanitise is not None and isinstance(html, (str, list)):
        plain = join(html)
        if 0 < len(encode(plain)) <= limits.text:
            kept["text/html"] = sanitise(plain)
    parts = [Part(kind, encode(text)) for kind, text in kept.items()]
    for kind in _STARTS:
        found = picture(kind, data[kind], limits.image) if kind in data else None
        if found is not None:
            kept[kind] = found[0]
            parts.append(Part(kind, found[1], image=True))
    if data and not kept:
        kept["text/plain"] = sentence("output_withheld").both
    return kept, parts
