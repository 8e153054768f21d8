"""Is a pseudonym of this project written here, in any form?

A pseudonym names one person for as long as the project lives; one that leaves lets its reader
link rows. The rules:

1. Membership is exact: what is found is in the set, so there are no false alarms by shape.
2. Case, width, invisible characters, hyphens, blanks and line breaks do not matter. A long
   identifier is found inside any run of letters and digits; a short one (under 16 characters)
   only as a whole token, or it would be found in every number.
3. base64 (both alphabets, any alignment) and hexadecimal are decoded, twice if need be, and
   the result is searched as text and as bytes.
4. An md5, sha1, sha256 or sha512 of an identifier, in any of the forms people hash (with or
   without hyphens, upper case, raw bytes, with a line end), counts as the identifier.
5. Without a set nothing can be a member: then every token shaped like a UUID is named, so
   that a person looks at it.

Identifiers cut short, enciphered or hashed with a secret are not found.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from catalog.identifiers.joined_texts import JoinedTexts
from catalog.identifiers.uuid_table import (
    BASE64_CHARACTERS,
    UUID_DIGITS,
    UuidTable,
    base64_members,
    has_lettered_run,
    hex_members,
    packed_uuids,
)
from catalog.identifiers.written_forms import Folded, compact, fold

LONG = 16
"""From this many letters and digits on, an identifier is searched inside longer runs."""

SHORTEST_ENCODED = LONG
"""No form of a long identifier is shorter: even its bytes in base64 take 22 characters."""

_MOST_DECODINGS = 2
_PIECE = 65_536
"""Characters that are searched at once, or one text."""
_UUID_LIKE = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])"
)
_LEAST_LETTERED = 20
_LETTERED_RUN = re.compile(r"(?<![0-9A-Za-z+/_-])(?=[0-9A-Fa-f-]*[G-Zg-z+/_])[0-9A-Za-z+/_-]{20,}")
"""A run of base64; one of hexadecimal digits and hyphens alone is read as such."""
_LONG_HEX_RUN = re.compile(r"(?<![0-9a-f])[0-9a-f]{40,}(?![0-9a-f])")
"""As long as ``JoinedTexts.has_long_hex`` looks for."""
_TEXT_IN_BYTES = re.compile(rb"[0-9A-Za-z][0-9A-Za-z-]{14,}[0-9A-Za-z]")
_HEX_RUN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])")
_TOKEN = re.compile(r"[^\W_]+(?:[-_.:/][^\W_]+)*")
_ASCII_TOKEN = re.compile(r"[0-9a-z]+(?:[-_.:/][0-9a-z]+)*")
_PARTS = re.compile(r"[^-_.:/]+")
_MOST_PARTS = 12
_DIGESTS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}


@dataclass(frozen=True, slots=True)
class Hit:
    """Where an identifier stands in the text that was searched: offset and length in characters."""

    offset: int
    length: int
    form: str
    """``written``, ``encoded``, ``digest`` or, without a set, ``uuid_like``."""


@dataclass(frozen=True, slots=True)
class PseudonymSet:
    """The identifiers of one project: UUIDs in a table, others in folded form without separators."""

    table: UuidTable
    long: frozenset[str]
    short: frozenset[str]
    lengths: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, identifiers: Iterable[str]) -> "PseudonymSet":
        """A set from identifiers as they are written; blanks are left out."""
        packed, others = packed_uuids(identifiers)
        folded = {compact(fold(identifier)).text for identifier in others} - {""}
        more, named = packed_uuids(sorted(folded))
        long = frozenset(text for text in named if len(text) >= LONG)
        lengths = tuple(sorted({len(text) for text in long}))
        return cls(UuidTable.of(packed + more), long, frozenset(named) - long, lengths)

    @classmethod
    def joined(cls, sets: Iterable["PseudonymSet"]) -> "PseudonymSet":
        """All identifiers of several sets."""
        listed = tuple(sets)
        long = frozenset[str]().union(*(one.long for one in listed))
        short = frozenset[str]().union(*(one.short for one in listed))
        table = UuidTable.of(b"".join(one.table.packed() for one in listed))
        return cls(table, long, short, tuple(sorted({len(text) for text in long})))

    @property
    def others(self) -> frozenset[str]:
        """The identifiers that are no UUIDs."""
        return self.long | self.short

    @property
    def shortest_form(self) -> int:
        """A text with fewer characters cannot hold any identifier of the set in any form."""
        return SHORTEST_ENCODED if not self.short else min(map(len, self.short))

    def __len__(self) -> int:
        return len(self.table) + len(self.long) + len(self.short)

    def __repr__(self) -> str:
        """The size only: identifiers stay out of logs and error messages."""
        return f"PseudonymSet({len(self)} identifiers)"


def find_pseudonyms(text: str, ids: PseudonymSet) -> list[Hit]:
    """Every place of ``text`` that holds an identifier of ``ids``, in order, without overlaps."""
    return find_in_each([text], ids)[0]


def find_in_each(texts: Sequence[str], ids: PseudonymSet) -> list[list[Hit]]:
    """``find_pseudonyms`` for many texts, read as one: the identifiers are hashed once for all, if at all."""
    found: list[list[Hit]] = []
    for piece in _pieces(texts):
        found += [_without_overlaps(hits) for hits in _find(piece, ids, _MOST_DECODINGS)]
    return found


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts some at a time, so that what is computed of them stays where a processor reads quickly."""
    start = size = 0
    for place, text in enumerate(texts):
        size += len(text) + 1
        if size >= _PIECE:
            yield texts[start : place + 1]
            start, size = place + 1, 0
    if start < len(texts):
        yield texts[start:]


def find_written(text: str, ids: PseudonymSet) -> list[Hit]:
    """Only long identifiers as they are written, whatever stands between their characters."""
    read = JoinedTexts([text])
    hits = [hit for _, hit in _written_uuids(read, ids)]
    written = [hit for hit in hits if hit.form == "written"]
    return _without_overlaps(written + list(_find_long(compact(read.folded[0]), ids)))


def find_uuid_like(text: str) -> list[Hit]:
    """Every token shaped like a UUID, with or without hyphens."""
    folded = fold(text)
    return [Hit(*folded.span(*match.span()), "uuid_like") for match in _UUID_LIKE.finditer(folded.text)]


def _find(texts: Sequence[str], ids: PseudonymSet, decodings: int) -> list[list[Hit]]:
    """The hits in each of the texts."""
    hits: list[list[Hit]] = [[] for _ in texts]
    read = JoinedTexts(texts)
    for index, hit in _written_uuids(read, ids):
        hits[index].append(hit)
    if ids.others:
        for listed, folded in zip(hits, read.folded, strict=True):
            listed += [*_find_long(compact(folded), ids), *_find_short(folded, ids)]
    for index, hit in _digests(read, ids):
        hits[index].append(hit)
    if decodings:
        for index, hit in _encoded(read, ids, decodings):
            hits[index].append(hit)
    return hits


def _written_uuids(read: JoinedTexts, ids: PseudonymSet) -> Iterator[tuple[int, Hit]]:
    """UUIDs of the set in hexadecimal, whatever stands between their digits, and their md5."""
    if not len(ids.table):
        return
    codes, kept = read.bare
    for form, starts in zip(("written", "digest"), hex_members(codes, ids.table), strict=True):
        spans = read.spans(kept[starts], kept[starts + UUID_DIGITS - 1] + 1)
        yield from ((index, Hit(offset, length, form)) for index, offset, length in spans)


def _digests(read: JoinedTexts, ids: PseudonymSet) -> Iterator[tuple[int, Hit]]:
    """Tokens as long as a digest, in hexadecimal, that are the digest of an identifier (an md5 of a UUID: above)."""
    patterns: tuple[re.Pattern[str], ...] = (_HEX_RUN, _UUID_LIKE)
    if not ids.others:
        patterns = (_LONG_HEX_RUN,) if read.has_long_hex else ()
    tokens = [
        (match.group().replace("-", ""), match.span())
        for pattern in patterns
        for match in pattern.finditer(read.text)
    ]
    held = _are_digests([token for token, _ in tokens], ids)
    for token, span in tokens:
        if token in held:
            index, offset, length = read.span(*span)
            yield index, Hit(offset, length, "digest")


def _are_digests(tokens: Sequence[str], ids: PseudonymSet) -> set[str]:
    """Those tokens (in hexadecimal) that are the digest of an identifier, in any of its written forms."""
    by_length: dict[int, set[str]] = {}
    for token in tokens:
        if not token.isdigit():
            by_length.setdefault(len(token), set()).add(token)
    held: set[str] = set()
    for length in by_length.keys() & _DIGESTS.keys():
        name, asked = _DIGESTS[length], sorted(by_length[length])
        held |= _digests_of_others(name, by_length[length], ids)
        if len(ids.table):
            held.update(np.array(asked)[ids.table.holds_digests(name, asked)].tolist())
    return held


def _digests_of_others(name: str, digests: set[str], ids: PseudonymSet) -> set[str]:
    """Those of ``digests`` that are of an identifier that is no UUID."""
    members: set[str] = set()
    for identifier in ids.others:
        for written in (identifier, identifier.upper()):
            for form in (written.encode(), written.encode() + b"\n"):
                # These are recognised, not relied on: no security rests on md5 or sha1 here.
                members |= {hashlib.new(name, form, usedforsecurity=False).hexdigest()} & digests
    return members


def _encoded(read: JoinedTexts, ids: PseudonymSet, decodings: int) -> Iterator[tuple[int, Hit]]:
    """Runs of base64 or hexadecimal that hold an identifier as bytes or as text."""
    if len(ids.table):
        for start in base64_members(read.original_codes, ids.table).tolist():
            index, offset = read.place(start)
            yield index, Hit(offset, BASE64_CHARACTERS, "encoded")
    digests: list[tuple[str, int, Hit]] = []
    texts: list[tuple[str, int, Hit]] = []
    for index, offset, length, run, is_base64 in _runs(read):
        hit = Hit(offset, length, "encoded")
        for decoded in _decodings_of(run, is_base64=is_base64):
            if is_base64 and 2 * len(decoded) in _DIGESTS:
                digests.append((decoded.hex(), index, replace(hit, form="digest")))
            text = _text_in(decoded)
            if text:
                texts.append((text, index, hit))
    held = _are_digests([digest for digest, _, _ in digests], ids)
    yield from ((index, hit) for digest, index, hit in digests if digest in held)
    # A short identifier among bytes that are no text would be chance.
    for readable, known in ((True, ids), (False, replace(ids, short=frozenset()))):
        inner = [one for one in texts if one[0].strip().isprintable() is readable]
        found = _find([text for text, _, _ in inner], known, decodings - 1) if inner else []
        yield from ((index, hit) for (_, index, hit), hits in zip(inner, found, strict=True) if hits)


def _runs(read: JoinedTexts) -> Iterator[tuple[int, int, int, str, bool]]:
    """What may be decoded: its text, offset, length and characters, and whether they are base64."""
    if has_lettered_run(read.original_codes, _LEAST_LETTERED):
        for run in _LETTERED_RUN.finditer(read.original):
            yield *read.place(run.start()), len(run.group()), run.group(), True
    if read.has_long_hex:
        for run in _LONG_HEX_RUN.finditer(read.text):
            yield *read.span(*run.span()), run.group(), False


def _decodings_of(run: str, *, is_base64: bool) -> Iterator[bytes]:
    """The bytes that a run may stand for."""
    if is_base64:
        yield from (_decode_base64(run[skipped:]) for skipped in range(4))
    else:
        yield from (bytes.fromhex(part[: len(part) // 2 * 2]) for part in (run, run[1:]))


def _text_in(decoded: bytes) -> str:
    """Decoded bytes as text where there is text in them that could hold an identifier."""
    if decoded.isascii():
        return decoded.decode("ascii")
    # Bytes cut at the ends of a group still hold whole ASCII characters in the middle.
    return decoded.decode("latin-1") if _TEXT_IN_BYTES.search(decoded) else ""


def _find_long(bare: Folded, ids: PseudonymSet) -> Iterator[Hit]:
    """Slide a window of each known length over the letters and digits."""
    for length in ids.lengths:
        for start in range(len(bare.text) - length + 1):
            if bare.text[start : start + length] in ids.long:
                yield Hit(*bare.span(start, start + length), "written")


def _find_short(folded: Folded, ids: PseudonymSet) -> Iterator[Hit]:
    """Whole tokens, and neighbouring parts of a token: ``pt_0012-34`` holds ``0012-34``."""
    if not ids.short:
        return
    for pattern in (_TOKEN, _ASCII_TOKEN):
        for token in pattern.finditer(folded.text):
            parts = [
                (token.start() + part.start(), token.start() + part.end())
                for part in _PARTS.finditer(token.group())
            ]
            for first in range(len(parts)):
                joined = ""
                for start, end in parts[first : first + _MOST_PARTS]:
                    joined += folded.text[start:end]
                    if joined in ids.short:
                        yield Hit(*folded.span(parts[first][0], end), "written")


def _decode_base64(run: str) -> bytes:
    """The bytes of a base64 run of either alphabet, cut to whole groups; empty when it is none."""
    run = run.replace("-", "+").replace("_", "/")
    if len(run) % 4 == 1:
        run = run[:-1]
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4), validate=True)
    except binascii.Error:
        return b""


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Hits in order; of two that overlap the first and longest stays."""
    if len(hits) < 2:
        return hits
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit.offset, -hit.length)):
        if not kept or hit.offset >= kept[-1].offset + kept[-1].length:
            kept.append(hit)
    return kept
