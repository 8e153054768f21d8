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
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from catalog.identifiers.written_forms import Folded, compact, fold

LONG = 16
"""From this many letters and digits on, an identifier is searched inside longer runs."""

SHORTEST_ENCODED = LONG
"""No form of a long identifier is shorter: even its bytes in base64 take 22 characters."""

_MOST_DECODINGS = 2
_UUID_LIKE = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])"
)
_BASE64_RUN = re.compile(r"[0-9A-Za-z+/_-]{20,}")
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
    """The identifiers of one project, in folded form without separators."""

    long: frozenset[str]
    short: frozenset[str]
    lengths: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, identifiers: Iterable[str]) -> "PseudonymSet":
        """A set from identifiers as they are written; blanks are left out."""
        folded = {compact(fold(identifier)).text for identifier in identifiers} - {""}
        long = frozenset(text for text in folded if len(text) >= LONG)
        return cls(long, frozenset(folded - long), tuple(sorted({len(text) for text in long})))

    @property
    def shortest_form(self) -> int:
        """A text with fewer characters cannot hold any identifier of the set in any form."""
        return SHORTEST_ENCODED if not self.short else min(map(len, self.short))

    def __len__(self) -> int:
        return len(self.long) + len(self.short)

    def __repr__(self) -> str:
        """The size only: identifiers stay out of logs and error messages."""
        return f"PseudonymSet({len(self)} identifiers)"


def find_pseudonyms(text: str, ids: PseudonymSet) -> list[Hit]:
    """Every place of ``text`` that holds an identifier of ``ids``, in order, without overlaps."""
    return find_in_each([text], ids)[0]


def find_in_each(texts: Sequence[str], ids: PseudonymSet) -> list[list[Hit]]:
    """``find_pseudonyms`` for many texts; the identifiers are hashed once for all of them, if at all."""
    scans = [_scan(text, ids, _MOST_DECODINGS) for text in texts]
    members = _digests_of_members({digest for scan in scans for digest, _, _ in scan.digests}, ids)
    return [
        _without_overlaps(
            scan.hits
            + [Hit(offset, length, "digest") for digest, offset, length in scan.digests if digest in members]
        )
        for scan in scans
    ]


def find_written(text: str, ids: PseudonymSet) -> list[Hit]:
    """Only long identifiers as they are written, whatever stands between their characters."""
    return _without_overlaps(list(_find_long(compact(fold(text)), ids)))


def find_uuid_like(text: str) -> list[Hit]:
    """Every token shaped like a UUID, with or without hyphens."""
    folded = fold(text)
    return [Hit(*folded.span(*match.span()), "uuid_like") for match in _UUID_LIKE.finditer(folded.text)]


@dataclass(frozen=True, slots=True)
class _Scan:
    """What one reading of a text gave: certain hits, and digests still to be compared, with their places."""

    hits: list[Hit]
    digests: list[tuple[str, int, int]]


def _scan(text: str, ids: PseudonymSet, decodings: int) -> _Scan:
    folded = fold(text)
    scan = _Scan(
        [*_find_long(compact(folded), ids), *_find_short(folded, ids)], list(_possible_digests(folded))
    )
    if not decodings:
        return scan
    # A short identifier among bytes that are no text would be chance.
    long_only = replace(ids, short=frozenset())
    for offset, length, decoded in _decoded(text):
        inner = _scan(decoded, ids if decoded.strip().isprintable() else long_only, decodings - 1)
        if inner.hits:
            scan.hits.append(Hit(offset, length, "encoded"))
        scan.digests.extend((digest, offset, length) for digest, _, _ in inner.digests)
    return scan


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


def _possible_digests(folded: Folded) -> Iterator[tuple[str, int, int]]:
    """Tokens as long as a digest, in hexadecimal, with the place of each."""
    for pattern in (_HEX_RUN, _UUID_LIKE):
        for match in pattern.finditer(folded.text):
            digest = match.group().replace("-", "")
            if len(digest) in _DIGESTS and not digest.isdigit():
                yield digest, *folded.span(*match.span())


def _digests_of_members(digests: set[str], ids: PseudonymSet) -> set[str]:
    """Those of ``digests`` that are the digest of an identifier."""
    names = {_DIGESTS[len(digest)] for digest in digests}
    members: set[str] = set()
    if names:
        for identifier in itertools.chain(ids.long, ids.short):
            for form in _hashed_forms(identifier):
                # These are recognised, not relied on: no security rests on md5 or sha1 here.
                made = {hashlib.new(name, form, usedforsecurity=False).hexdigest() for name in names}
                members |= made & digests
    return members


def _hashed_forms(identifier: str) -> Iterator[bytes]:
    """The byte strings people feed to a hash when they hash this identifier."""
    written = {identifier, identifier.upper()}
    if re.fullmatch(r"[0-9a-f]{32}", identifier):
        yield bytes.fromhex(identifier)
        cuts = (0, 8, 12, 16, 20, 32)
        hyphened = "-".join(identifier[a:b] for a, b in itertools.pairwise(cuts))
        written |= {hyphened, hyphened.upper(), f"{{{hyphened}}}"}
    for form in written:
        yield form.encode()
        yield form.encode() + b"\n"


def _decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs that decode to something, as (offset, length, decoded text); bytes are given in hexadecimal."""
    for run in _BASE64_RUN.finditer(text):
        place = (run.start(), run.end() - run.start())
        for skipped in range(4):
            for decoded in _texts_of(_decode_base64(run.group()[skipped:])):
                yield *place, decoded
    folded = fold(text)
    for run in _HEX_RUN.finditer(folded.text):
        digits = run.group()
        for part in (digits, digits[1:]):
            for decoded in _texts_of(bytes.fromhex(part[: len(part) // 2 * 2]), with_bytes=False):
                yield *folded.span(*run.span()), decoded


def _decode_base64(run: str) -> bytes:
    """The bytes of a base64 run of either alphabet, cut to whole groups; empty when it is none."""
    run = run.replace("-", "+").replace("_", "/")
    if len(run) % 4 == 1:
        run = run[:-1]
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4), validate=True)
    except binascii.Error:
        return b""


def _texts_of(decoded: bytes, *, with_bytes: bool = True) -> Iterator[str]:
    """Decoded bytes as text where they are text, and in hexadecimal."""
    if not decoded:
        return
    if with_bytes:
        yield decoded.hex()
    try:
        yield decoded.decode("utf-8")
    except UnicodeDecodeError:
        # Bytes cut at the ends of a group still hold whole ASCII characters in the middle.
        yield decoded.decode("latin-1")


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Hits in order; of two that overlap the first and longest stays."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit.offset, -hit.length)):
        if not kept or hit.offset >= kept[-1].offset + kept[-1].length:
            kept.append(hit)
    return kept
