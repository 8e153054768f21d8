"""Text that nobody can read: encoded or compressed data among words and cells.

A long run of letters and digits is tried as base64, base32, hexadecimal and ascii85, and what comes
out as gzip and zlib, three times over at most. What unpacks to readable text is a sign by itself,
and its text goes to the recognisers. What stays unreadable is a sign when it is long, or when many
cells hold digests. Numbers of more than twenty digits count as such text.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from .results import Account

_RUN: Final = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_ASCII85: Final = re.compile(r"<~[!-uz\s]{8,}~>")
_HEX: Final = re.compile(r"(?:0x)?[0-9A-Fa-f]+")
_DIGITS: Final = re.compile(r"(?<![0-9.])[0-9]{21,}(?![0-9.])")
_LONG: Final = 200
_DIGEST_LENGTHS: Final = frozenset({32, 40, 56, 64, 96, 128})
_MANY_DIGESTS: Final = 3
_DEPTH: Final = 3
_MOST: Final = 200_000
_LEAST: Final = 8
_MOST_TRIED: Final = 5_000
"""Runs that are tried; a text with more of them is a sign without trying."""


def look(texts: Iterable[str], account: Account) -> None:
    """Note what of these texts is packed."""
    tried = digests = unread = data = 0
    for text in texts:
        for run in _runs(text):
            tried += 1
            if tried > _MOST_TRIED:
                account.sign("packed_text", tried)
                return
            opened = unpack(run)
            if opened is not None:
                data += 1
                account.hide("decoded", opened)
            elif len(run) >= _LONG and _is_mixed(run):
                unread += 1
            elif len(run) in _DIGEST_LENGTHS and _HEX.fullmatch(run) and not run.isdecimal():
                digests += 1
        unread += len(_DIGITS.findall(text))
    account.sign("packed_data", data)
    account.sign("packed_text", unread + (digests if digests >= _MANY_DIGESTS else 0))


def _runs(text: str) -> Iterator[str]:
    if len(text) < 20:
        return
    for found in _RUN.finditer(text):
        yield found[0]
    for found in _ASCII85.finditer(text):
        yield found[0]


def _is_mixed(run: str) -> bool:
    """Whether a run is no rule of dashes and no repeated letter."""
    return len(set(run)) > 8


def unpack(run: str, depth: int = _DEPTH) -> str | None:
    """The readable text that a run unpacks to; None when it does not."""
    for content in _decoded(run):
        opened = _inflated(content)
        text = _readable(opened if opened is not None else content)
        if text is not None and (opened is not None or _is_meant(run, text)):
            inner = unpack(text.strip(), depth - 1) if depth > 1 and _RUN.fullmatch(text.strip()) else None
            return inner or text
    return None


def _decoded(run: str) -> Iterator[bytes]:
    if run.startswith("<~"):
        try:
            yield base64.a85decode(run, adobe=True)
        except ValueError:
            return
        return
    core = run.strip("-_").removeprefix("0x")
    if _HEX.fullmatch(core) and not len(core) % 2:
        yield bytes.fromhex(core)
    plain = run.rstrip("=")
    padded = plain + "=" * (-len(plain) % 4)
    for alphabet in (b"+/", b"-_"):
        try:
            yield base64.b64decode(padded, altchars=alphabet, validate=True)
        except (binascii.Error, ValueError):
            continue
    if re.fullmatch(r"[A-Z2-7]+", plain):
        try:
            yield base64.b32decode(plain + "=" * (-len(plain) % 8))
        except (binascii.Error, ValueError):
            return


def _inflated(content: bytes) -> bytes | None:
    """What gzip or zlib bytes unpack to, of bounded size."""
    if not content.startswith((b"\x1f\x8b", b"x\x01", b"x\x9c", b"x\xda", b"x^")):
        return None
    try:
        return zlib.decompressobj(wbits=47).decompress(content, _MOST)
    except zlib.error:
        return None


def _readable(content: bytes) -> str | None:
    if len(content) < _LEAST:
        return None
    for encoding in ("utf-8", "cp932"):
        try:
            text = content[:_MOST].decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and not any("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in text):
            continue
        if all(c.isprintable() or c in "\r\n\t" for c in text):
            return text
    return None


def _is_meant(run: str, text: str) -> bool:
    """Whether uncompressed text is there on purpose: a word of letters decodes to nonsense by chance."""
    likely = sum(c.isalnum() or c in " ,.:;-_/\n" for c in text) / len(text)
    return likely > 0.85 and len(run) >= 20
