"""Text that nobody can read: encoded or compressed data among words and cells.

A long run of letters and digits is tried as base64, base32, hexadecimal and ascii85, one with other signs
as both kinds of base85, lines of sixty as uuencode, and what comes out as gzip and zlib,
three times over at most. What unpacks to readable text is data by itself. What
stays unreadable counts when it is long. Whole numbers of more than twenty digits count as well,
because no result has such a number and a text can be written as one.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

LONG = 200
LONGEST_NUMBER = 20
DIGEST_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{20,}|<~[!-uz\s]{8,}?~>")
_DENSE = re.compile(r"[!-~]{40,}")
_UUENCODED = re.compile(r"(?m)^M[ -`]{40,60}\n(?:[!-`][ -`]{1,60}\n)*")
_HEX = re.compile(r"(?:0x)?[0-9A-Fa-f]+")
_DIGITS = re.compile(r"(?<![0-9.,])[0-9]{21,}(?![0-9.,])")
_DEPTH = 3
_MOST = 200_000
_LEAST = 8
_VARIED = 6
"""Different characters below which a run is a rule or a padding."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A run of a text: where it stands, and what it is (``data``, ``unread`` or ``digest``)."""

    offset: int
    length: int
    kind: str


@dataclass(slots=True)
class Budget:
    """How many more runs of one file are tried; what comes after is not read, and counts as unread."""

    left: int = 20_000


def find_packed(text: str, budget: Budget) -> Iterator[Packed]:
    """Every run of a text that nobody can read."""
    if len(text) < LONGEST_NUMBER:
        return
    for found in _RUN.finditer(text):
        run = found[0]
        kind = ""
        budget.left -= 1
        if budget.left < 0:
            if budget.left == -1:
                yield Packed(found.start(), len(run), "unread")
            return
        if unpack(run) is not None:
            kind = "data"
        elif len(run) in DIGEST_LENGTHS and _HEX.fullmatch(run) and not run.isdecimal():
            kind = "digest"
        elif len(run) >= LONG and len(set(run)) > 8:
            kind = "unread"
        if kind:
            yield Packed(found.start(), len(run), kind)
    yield from _find_dense(text, budget)
    for found in _DIGITS.finditer(text):
        yield Packed(found.start(), len(found[0]), "unread")


def _find_dense(text: str, budget: Budget) -> Iterator[Packed]:
    """Runs with signs of every kind that unpack to readable text."""
    for found in (*_DENSE.finditer(text), *_UUENCODED.finditer(text)):
        budget.left -= 1
        if budget.left < 0:
            return
        if not _RUN.fullmatch(found[0]) and any(_opens(content) for content in _dense(found)):
            yield Packed(found.start(), len(found[0]), "data")


def _dense(found: re.Match[str]) -> Iterator[bytes]:
    """What a run of printable signs without space stands for, if it is an encoding."""
    if found.re is _UUENCODED:
        with suppress(binascii.Error, ValueError):
            yield b"".join(binascii.a2b_uu(line) for line in found[0].split("\n") if line)
        return
    for decode in (base64.b85decode, base64.a85decode):
        with suppress(ValueError):
            yield decode(found[0][:_MOST])


def _opens(content: bytes) -> bool:
    """Whether bytes are readable text, plain or compressed."""
    opened = _inflated(content)
    text = _readable(content, ("utf-8",)) if opened is None else _readable(opened, ("utf-8", "cp932"))
    return text is not None and (opened is not None or _is_meant(text))


def unpack(run: str, depth: int = _DEPTH) -> str | None:
    """The readable text that a run unpacks to; None when it does not."""
    if len(set(run)) < _VARIED or (run.isdecimal() and len(run) <= LONGEST_NUMBER):
        return None
    for content in _decoded(run):
        opened = _inflated(content)
        text = _readable(content, ("utf-8",)) if opened is None else _readable(opened, ("utf-8", "cp932"))
        if text is not None and (opened is not None or _is_meant(text)):
            inner = text.strip()
            nested = unpack(inner, depth - 1) if depth > 1 and _RUN.fullmatch(inner) else None
            return nested or text
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


def _readable(content: bytes, encodings: tuple[str, ...]) -> str | None:
    """The text of bytes; CP932 gives a meaning to most bytes, so it is tried where they are no chance."""
    if len(content) < _LEAST:
        return None
    for encoding in encodings:
        try:
            text = content[:_MOST].decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c.isprintable() or c in "\r\n\t" for c in text):
            return text
    return None


def _is_meant(text: str) -> bool:
    """Whether uncompressed text is there on purpose: a word of letters decodes to signs by chance."""
    return sum(c.isalnum() or c in " ,.:;-_/\n" for c in text) / len(text) > 0.85
