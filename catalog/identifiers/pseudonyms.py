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

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, pairwise, repeat
from typing import NamedTuple

import numpy as np

from catalog.identifiers.digest_table import SIZES, Codes
from catalog.identifiers.encoded_runs import decoded_base64, decoded_hex
from catalog.identifiers.joined_texts import JoinedTexts
from catalog.identifiers.spelled import Spelled
from catalog.identifiers.uuid_table import (
    BASE64_CHARACTERS,
    UUID_DIGITS,
    UuidTable,
    base64_members,
    hex_members,
    packed_uuids,
)
from catalog.identifiers.written_forms import Folded, compact, fold

LONG = 16
"""From this many letters and digits on, an identifier is searched inside longer runs."""

SHORTEST_ENCODED = LONG
"""No form of a long identifier is shorter: even its bytes in base64 take 22 characters."""

_MOST_DECODINGS = 2
_PIECE = 131_072
"""Characters that are searched at once, or one text."""
_UUID_LIKE = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])"
)
_SHA1_DIGITS, _LEAST_TEXT = 40, 16
_TEXT_IN_BYTES = re.compile(rb"[0-9A-Za-z][0-9A-Za-z-]{14,}[0-9A-Za-z]")
_TOKEN = re.compile(r"[^\W_]+(?:[-_.:/][^\W_]+)*")
_ASCII_TOKEN = re.compile(r"[0-9a-z]+(?:[-_.:/][0-9a-z]+)*")
_PARTS = re.compile(r"[^-_.:/]+")
_MOST_PARTS = 12
_MADE_AHEAD = ("md5", "sha1", "sha256")


class Hit(NamedTuple):
    """Where an identifier stands in the text that was searched: offset and length in characters."""

    offset: int
    length: int
    form: str
    """``written``, ``encoded``, ``digest`` or, without a set, ``uuid_like``."""


_NO_HITS: tuple[Hit, ...] = ()
_hit_of: "partial[Hit]" = partial(tuple.__new__, Hit)
"""A hit from its three values; there are as many as members in a text."""


@dataclass(frozen=True, slots=True)
class PseudonymSet:
    """The identifiers of one project: UUIDs in a table, others in folded form without separators."""

    table: UuidTable
    long: frozenset[str]
    short: frozenset[str]
    lengths: tuple[int, ...] = field(repr=False)
    spelled: Spelled = field(default_factory=Spelled, repr=False)
    """Those that are no UUIDs, as they were given: so they are hashed."""

    @classmethod
    def of(cls, identifiers: Iterable[str]) -> "PseudonymSet":
        """A set from identifiers as they are written; blanks are left out."""
        packed, others = packed_uuids(identifiers)
        folded = {compact(fold(identifier)).text for identifier in others} - {""}
        more, named = packed_uuids(sorted(folded))
        long = frozenset(text for text in named if len(text) >= LONG)
        lengths = tuple(sorted({len(text) for text in long}))
        spelled = Spelled.of(others) if named else Spelled()
        return cls(UuidTable.of(packed + more), long, frozenset(named) - long, lengths, spelled)

    @classmethod
    def joined(cls, sets: Iterable["PseudonymSet"]) -> "PseudonymSet":
        """All identifiers of several sets."""
        listed = tuple(sets)
        if len(listed) == 1:
            return listed[0]
        long = frozenset[str]().union(*(one.long for one in listed))
        short = frozenset[str]().union(*(one.short for one in listed))
        table = UuidTable.of(b"".join(one.table.packed() for one in listed))
        spelled = Spelled.of(name for one in listed for name in one.spelled.names)
        return cls(table, long, short, tuple(sorted({len(text) for text in long})), spelled)

    def with_digests(self) -> "PseudonymSet":
        """This set, once the digests that people use most are in memory: 17 seconds of processor for each million.

        Without, the digests of a name are made when a text first holds something that might be one of them.
        """
        for table in (self.table, self.spelled):
            for name in _MADE_AHEAD if len(table) else ():
                table.digests_of(name)
        return self

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
    return list(find_in_each([text], ids)[0])


def find_in_each(texts: Sequence[str], ids: PseudonymSet) -> list[Sequence[Hit]]:
    """``find_pseudonyms`` for many texts, read as one: the identifiers are hashed once for all, if at all."""
    found: list[Sequence[Hit]] = []
    for piece in _pieces(texts):
        hits_of = _find(piece, ids, _MOST_DECODINGS)
        listed: list[Sequence[Hit]] = [_NO_HITS] * len(piece)
        for index, hits in hits_of.items():
            listed[index] = _without_overlaps(hits) if len(hits) > 1 else hits
        found += listed
    return found


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts some at a time, so that what is computed of them stays where a processor reads quickly."""
    sizes = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    ends = [*(np.flatnonzero(np.diff(sizes // _PIECE)) + 1).tolist(), len(texts)]
    yield from (texts[start:end] for start, end in pairwise([0, *ends]) if end > start)


def find_written(text: str, ids: PseudonymSet) -> list[Hit]:
    """Only long identifiers as they are written, whatever stands between their characters."""
    read = JoinedTexts([text])
    hits = [hit for _, hit in _written_uuids(read, ids)]
    written = [hit for hit in hits if hit.form == "written"]
    return _without_overlaps(written + list(_find_long(compact(read.folded[0]), ids)))


def written_in_each(texts: Sequence[str], ids: PseudonymSet) -> list[bool]:
    """For each of many texts whether ``find_written`` finds anything."""
    held: list[bool] = []
    for piece in _pieces(texts):
        read = JoinedTexts(piece)
        found = {index for index, hit in _written_uuids(read, ids) if hit.form == "written"}
        if ids.long:
            listed = enumerate(read.folded)
            found |= {index for index, one in listed if any(True for _ in _find_long(compact(one), ids))}
        held += [index in found for index in range(len(piece))]
    return held


def find_uuid_like(text: str) -> list[Hit]:
    """Every token shaped like a UUID, with or without hyphens."""
    folded = fold(text)
    return [Hit(*folded.span(*match.span()), "uuid_like") for match in _UUID_LIKE.finditer(folded.text)]


def _find(
    texts: Sequence[str], ids: PseudonymSet, decodings: int, *, readable: bool = True
) -> dict[int, list[Hit]]:
    """The hits in each text that has any; a short identifier among bytes that are no text would be chance."""
    hits: dict[int, list[Hit]] = {}
    read = JoinedTexts(texts)
    encoded = _encoded(read, ids, decodings) if decodings else ()
    others = _others(read, ids, readable=readable) if ids.others else ()
    for index, hit in chain(_written_uuids(read, ids), others, _digests(read, ids), encoded):
        hits.setdefault(index, []).append(hit)
    return hits


def _others(read: JoinedTexts, ids: PseudonymSet, *, readable: bool) -> Iterator[tuple[int, Hit]]:
    """Identifiers that are no UUIDs, as they are written."""
    for index, folded in enumerate(read.folded):
        for hit in chain(_find_long(compact(folded), ids), _find_short(folded, ids) if readable else ()):
            yield index, hit


def _written_uuids(read: JoinedTexts, ids: PseudonymSet) -> Iterator[tuple[int, Hit]]:
    """UUIDs of the set in hexadecimal, whatever stands between their digits, and their md5."""
    if not len(ids.table):
        return
    codes, kept = read.bare
    for form, starts in zip(("written", "digest"), hex_members(codes, ids.table), strict=True):
        if len(starts):
            yield from _hits(read.spans(kept[starts], kept[starts + UUID_DIGITS - 1] + 1), form)


def _hits(spans: Iterable[tuple[int, int, int]], form: str) -> Iterator[tuple[int, Hit]]:
    """For each text, offset and length a hit."""
    indexes, offsets, lengths = zip(*spans, strict=True)
    return zip(indexes, map(_hit_of, zip(offsets, lengths, repeat(form))), strict=True)


def _digests(read: JoinedTexts, ids: PseudonymSet) -> Iterator[tuple[int, Hit]]:
    """Tokens as long as a digest, in hexadecimal, that are the digest of an identifier (an md5 of a UUID: above)."""
    runs = read.hex_runs
    for decoded in decoded_hex(read.codes, runs) if len(runs.starts) else ():
        for size in SIZES:
            tokens = np.flatnonzero((runs.lengths == 2 * size) & (decoded.lengths == size))
            held = tokens[_are_digests(decoded.rows(tokens), ids)]
            if len(held):
                starts = runs.starts[held]
                yield from _hits(read.spans(starts, starts + runs.lengths[held]), "digest")
    if len(ids.spelled):
        tokens_of = list(_UUID_LIKE.finditer(read.text))
        raw = b"".join(bytes.fromhex(token.group().replace("-", "")) for token in tokens_of)
        rows = np.frombuffer(raw, np.uint8).reshape(-1, UUID_DIGITS // 2)
        for place in np.flatnonzero(_are_digests(rows, ids)).tolist():
            index, offset, length = read.span(*tokens_of[place].span())
            yield index, Hit(offset, length, "digest")


def _are_digests(rows: Codes, ids: PseudonymSet) -> "np.typing.NDArray[np.bool_]":
    """For each row of bytes whether it is the digest of an identifier, in any of its written forms."""
    held = np.zeros(len(rows), dtype=np.bool_)
    if len(rows):
        for table in (ids.table, ids.spelled):
            if len(table):
                held |= table.digests_of(SIZES[rows.shape[1]]).holds(rows)
    return held


def _encoded(read: JoinedTexts, ids: PseudonymSet, decodings: int) -> Iterator[tuple[int, Hit]]:
    """Runs of base64 or hexadecimal that hold an identifier as bytes or as text."""
    runs = read.base64_runs
    if len(ids.table) and len(runs.starts):
        windows = runs.windows(BASE64_CHARACTERS)
        for index, offset in read.places(base64_members(read.original_codes, windows, ids.table)):
            yield index, Hit(offset, BASE64_CHARACTERS, "encoded")
    texts: list[tuple[str, int, Hit]] = []
    places = read.places(runs.starts)
    for decoded in decoded_base64(read.original_codes, runs) if places else ():
        for size in SIZES:
            rows = np.flatnonzero(decoded.lengths == size)
            for number in rows[_are_digests(decoded.rows(rows), ids)].tolist():
                yield places[number][0], Hit(places[number][1], int(runs.lengths[number]), "digest")
        for number, raw in decoded.text_like(ids.shortest_form, _LEAST_TEXT):
            hit = Hit(places[number][1], int(runs.lengths[number]), "encoded")
            texts.append((_text_in(raw), places[number][0], hit))
    runs = read.hex_runs.chosen(read.hex_runs.lengths >= _SHA1_DIGITS)
    for decoded in decoded_hex(read.codes, runs) if len(runs.starts) else ():
        like = decoded.text_like(ids.shortest_form, _LEAST_TEXT)
        starts = runs.starts[[number for number, _ in like]]
        spans = read.spans(starts, starts + runs.lengths[[number for number, _ in like]])
        for (index, offset, length), (_, raw) in zip(spans, like, strict=True):
            texts.append((_text_in(raw), index, Hit(offset, length, "encoded")))
    for readable in (True, False):
        inner = [one for one in texts if one[0] and one[0].strip().isprintable() is readable]
        found = _find([text for text, _, _ in inner], ids, decodings - 1, readable=readable) if inner else {}
        yield from [inner[number][1:] for number in found]


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


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Hits in order; of two that overlap the first and longest stays."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit.offset, -hit.length)):
        if not kept or hit.offset >= kept[-1].offset + kept[-1].length:
            kept.append(hit)
    return kept
