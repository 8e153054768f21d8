"""Five million UUIDs in 80 MB, and which stretches of a text are one of them: exact, many at a time.

A UUID is two numbers of 64 bits, kept in order of the first. A bitmap over the first bits says of nearly all
strangers at once that they are none; what it lets through is compared in full, so that what is found is in the
table and what is in the table is found. Stretches are read at every place of a text, in hexadecimal (32 digits)
and as the 16 bytes that 22 characters of base64 stand for, whichever way they lie in the run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from catalog.identifiers.digest_table import Codes, DigestTable, Places, Words, mark, marked

UUID_DIGITS, BASE64_CHARACTERS = 32, 22

NO_DIGIT = np.uint8(255)
_FEWEST_BITS, _MOST_BITS, _SPARSE = 10, 29, 4
_MOST_STEPS = 12
_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_FORMS = 11


def _table_of(characters: str) -> Codes:
    table = np.full(256, NO_DIGIT, dtype=np.uint8)
    table[np.frombuffer(characters.encode(), np.uint8)] = np.arange(len(characters), dtype=np.uint8)
    return table


HEX = _table_of("0123456789abcdef")
BASE64 = _table_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
BASE64[np.frombuffer(b"-_", np.uint8)] = (62, 63)
NOT_HEX = np.ones(256, dtype=np.uint8)
NOT_HEX[np.frombuffer(b"0123456789abcdefABCDEF-", np.uint8)] = 0


@dataclass(frozen=True, slots=True)
class Sparse:
    """Numbers in order, and a bitmap of their first bits."""

    values: Words
    bits: int
    seen: Codes = field(repr=False)
    start_bits: int
    starts: npt.NDArray[np.uint32] = field(repr=False)
    """For each value of the first ``start_bits`` bits, how many numbers are below it."""

    @classmethod
    def of(cls, values: Words) -> "Sparse":
        """``values`` are sorted already."""
        start_bits = max(1, len(values).bit_length() - 1)
        bits = int(min(_MOST_BITS, max(_FEWEST_BITS, np.ceil(np.log2(len(values) + 1)) + _SPARSE)))
        seen = np.zeros(1 << bits >> 3, dtype=np.uint8)
        mark(seen, bits, values)
        edges = np.arange(1 << start_bits, dtype=np.uint64) << np.uint64(64 - start_bits)
        return cls(values, bits, seen, start_bits, np.searchsorted(values, edges).astype(np.uint32))

    @property
    def nbytes(self) -> int:
        """What is held, in bytes."""
        return self.values.nbytes + self.seen.nbytes + self.starts.nbytes

    def maybe(self, asked: Words) -> Places:
        """Which of those asked about can be among the numbers."""
        return marked(self.seen, asked)

    def places(self, asked: Words) -> Places:
        """Where in the numbers each stands, or would stand."""
        place = self.starts[(asked >> np.uint64(64 - self.start_bits)).astype(np.int64)].astype(np.int64)
        behind = np.arange(len(asked))
        for _ in range(_MOST_STEPS):
            behind = behind[place[behind] < len(self.values)]
            behind = behind[self.values[place[behind]] < asked[behind]]
            if not len(behind):
                return place
            place[behind] += 1
        # Numbers that are not spread evenly: rare enough to be looked up one by one.
        place[behind] = np.searchsorted(self.values, asked[behind])
        return place


@dataclass(frozen=True, slots=True)
class UuidTable:
    """UUIDs by their two halves, sorted; the digests of their written forms are made when first asked for."""

    high: Sparse
    low: Words
    digests: dict[str, DigestTable] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, packed: bytes) -> "UuidTable":
        """The table of so many times 16 bytes; each UUID once."""
        halves = np.frombuffer(packed, dtype=">u8").astype(np.uint64).reshape(-1, 2)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        high, low = halves[order, 0], halves[order, 1]
        first = np.ones(len(high), dtype=np.bool_)
        first[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        return cls(Sparse.of(high[first]), low[first])

    def __len__(self) -> int:
        return len(self.low)

    def packed(self) -> bytes:
        """The UUIDs in order, 16 bytes each."""
        return self._packed(0, len(self))

    def holds(self, high: Words, low: Words) -> npt.NDArray[np.bool_]:
        """For each pair whether it is a UUID of the table."""
        found = np.zeros(len(high), dtype=np.bool_)
        if not len(self.low):
            return found
        maybe = self.high.maybe(high)
        place = self.high.places(high[maybe])
        while len(maybe):
            inside = place < len(self.low)
            maybe, place = maybe[inside], place[inside]
            same = self.high.values[place] == high[maybe]
            maybe, place = maybe[same], place[same]
            found[maybe[self.low[place] == low[maybe]]] = True
            # UUIDs may share their first half: the next one is looked at as well.
            others = ~found[maybe]
            maybe, place = maybe[others], place[others] + 1
        return found

    @property
    def nbytes(self) -> int:
        """What the table holds without digests, in bytes."""
        return self.high.nbytes + self.low.nbytes

    @property
    def forms(self) -> int:
        """How many byte strings people hash of one UUID."""
        return _FORMS

    def written(self, first: int, stop: int) -> Iterable[bytes]:
        """The byte strings people hash of the UUIDs from ``first`` on."""
        packed = self._packed(first, stop)
        for at in range(0, len(packed), 16):
            yield from hashed_forms(packed[at : at + 16])

    def forms_of(self, numbers: Places, forms: Places) -> Iterable[bytes]:
        """Of each of these UUIDs one byte string."""
        packed = np.stack([self.high.values[numbers], self.low[numbers]], axis=1).astype(">u8").tobytes()
        return [hashed_form(packed[16 * at : 16 * at + 16], form) for at, form in enumerate(forms.tolist())]

    def digests_of(self, name: str) -> DigestTable:
        """Every digest of this name; made once."""
        if name not in self.digests:
            self.digests[name] = DigestTable.of(name, self)
        return self.digests[name]

    def _packed(self, first: int, stop: int) -> bytes:
        return np.stack([self.high.values[first:stop], self.low[first:stop]], axis=1).astype(">u8").tobytes()


def hashed_forms(raw: bytes) -> tuple[bytes, ...]:
    """The byte strings people feed to a hash when they hash this UUID: ``_FORMS`` of them."""
    bare = raw.hex()
    hyphened = f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"
    written = [bare, bare.upper(), hyphened, hyphened.upper(), f"{{{hyphened}}}"]
    return (raw, *(form.encode() for form in written), *(f"{form}\n".encode() for form in written))


def hashed_form(raw: bytes, form: int) -> bytes:
    """``hashed_forms(raw)[form]``."""
    if not form:
        return raw
    kind = (form - 1) % 5
    text = raw.hex()
    if kind > 1:
        text = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    if kind in {1, 3}:
        text = text.upper()
    elif kind == 4:
        text = f"{{{text}}}"
    return f"{text}\n".encode() if form > 5 else text.encode()


def hex_members(codes: Codes, table: UuidTable) -> tuple[Places, Places]:
    """Where in these characters (lower case, other ones than digits between) a UUID of the table begins, and an md5.

    The md5 of a UUID has 32 digits as well, so both are looked for in one reading. Its table is made only when
    there are 32 digits that are no UUID of the table and lie in none.
    """
    digits = HEX[codes]
    starts = _whole(digits, UUID_DIGITS)
    if not len(starts) or not len(table):
        return starts[:0], starts[:0]
    word = _doubled(digits.astype(np.uint64), 4, 4)
    high, low = word[starts], word[starts + 16]
    held = table.holds(high, low)
    members, others = starts[held], starts[~held]
    high, low = high[~held], low[~held]
    apart = np.flatnonzero(_apart(others, members))
    if not len(apart):
        return members, others[:0]
    digests = table.digests_of("md5")
    maybe = apart[digests.maybe(high[apart])]
    rows = np.stack([high[maybe], low[maybe]], axis=1).astype(">u8").view(np.uint8).reshape(-1, 16)
    return members, others[maybe[digests.holds(rows)]]


def _apart(places: Places, members: Places) -> npt.NDArray[np.bool_]:
    """Which stretches share no character with a member."""
    if not len(members):
        return np.ones(len(places), dtype=np.bool_)
    behind = np.searchsorted(members, places - UUID_DIGITS, side="right")
    following = members[np.minimum(behind, len(members) - 1)]
    return (following <= places - UUID_DIGITS) | (following >= places + UUID_DIGITS)


def base64_members(codes: Codes, starts: Places, table: UuidTable) -> Places:
    """Those of ``starts`` where 22 characters of base64 hold the bytes of a UUID of the table."""
    digits = BASE64[codes]
    if not len(starts):
        return starts
    two = _doubled(digits.astype(np.uint64), 6, 1)
    four, eight = _doubled(digits.astype(np.uint64), 6, 2), _doubled(digits.astype(np.uint64), 6, 3)
    a, b = eight[starts], eight[starts + 8]
    c = (four[starts + 16] << np.uint64(12)) | two[starts + 20]
    # 132 bits: 48, 48 and 36. A byte begins with the first, third or fifth bit of a character.
    found = np.zeros(len(starts), dtype=np.bool_)
    for skipped in (0, 2, 4):
        s = np.uint64(skipped)
        high = ((a << np.uint64(16)) << s) & _FULL
        high |= b >> (np.uint64(32) - s)
        low = ((b << (np.uint64(32) + s)) & _FULL) | (c >> (np.uint64(4) - s))
        found |= table.holds(high, low)
    return starts[found]


def _whole(digits: Codes, length: int) -> Places:
    """Where so many digits begin that none of them is another character."""
    if len(digits) < length:
        return np.empty(0, dtype=np.int64)
    others = counted(digits == NO_DIGIT)
    return np.flatnonzero(others[length:] == others[:-length])


def counted(marks: npt.NDArray[np.bool_] | Codes) -> npt.NDArray[np.int32]:
    """How many marks stand before each place."""
    counted = np.zeros(len(marks) + 1, dtype=np.int32)
    np.cumsum(marks, out=counted[1:])
    return counted


def _doubled(digits: Words, bits: int, times: int) -> Words:
    """At each place the number that ``2**times`` digits from there make; the last places hold nothing of use."""
    word = digits
    for step in range(times):
        wide = 1 << step
        joined = word << np.uint64(bits * wide)
        joined[: len(word) - wide] |= word[wide:]
        word = joined
    return word


def packed_uuids(identifiers: Iterable[str]) -> tuple[bytes, list[str]]:
    """Those that are written as UUIDs, packed, and the others as they are."""
    packed, others = bytearray(), []
    for identifier in identifiers:
        bare = identifier.replace("-", "")
        try:
            raw = bytes.fromhex(bare) if len(bare) == UUID_DIGITS else b""
        except ValueError:
            raw = b""
        if len(raw) == UUID_DIGITS // 2:
            packed += raw
        else:
            others.append(identifier)
    return bytes(packed), others
