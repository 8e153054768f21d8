"""Reading a レセプト電算 file: bytes in, records and quarantined lines out, and no line lost.

Rules:

1. A line ends with CRLF or LF. What follows the last line end is a line if it is not empty.
2. Every line becomes exactly one record or one quarantined line, so that
   ``rows read + rows quarantined == rows in the file`` for any bytes whatever.
3. A line is read as a whole or not at all: one unreadable field quarantines it.
4. What cannot be attributed is not read: without a readable IR no receipt has an institution,
   and after an unreadable RE nothing has a patient until the next RE.
5. A reason names the field and its position, never the value in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from catalog.uke_layout import LAYOUTS, UNREAD_KINDS, Layout
from enclave.decisions import Refusal
from enclave.sentences import Sentence, say

_TOP_LEVEL = frozenset({"IR", "RE", "GO"})
_PRIVATE_TAIL = range(0xF8F0, 0xF900)
"""Where Python's cp932 puts the bytes A0 and FD to FF, which no file means."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line that was read: its number from 1, its kind, its fields (the kind is field 0)."""

    line: int
    kind: str
    fields: tuple[str, ...]

    def field(self, position: int) -> str:
        """The field at that position, trimmed; empty when the line ends before it."""
        return self.fields[position].strip() if position < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class QuarantinedLine:
    """One line that was not read, with the rule that stopped it."""

    file: str
    line: int
    code: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class UkeFile:
    """A file as it was understood."""

    name: str
    lines: int
    records: tuple[Record, ...]
    quarantined: tuple[QuarantinedLine, ...]


def parse_uke(name: str, content: bytes) -> UkeFile:
    """Read the file. It never raises: what is not understood is quarantined."""
    records: list[Record] = []
    quarantined: list[QuarantinedLine] = []
    place = _Place()
    lines = _lines(content)
    for number, line in enumerate(lines, start=1):
        answer = _read_line(number, line)
        if isinstance(answer, Record):
            answer = place.put(answer)
        else:
            place.lost(line)
        if isinstance(answer, Record):
            records.append(answer)
        else:
            quarantined.append(QuarantinedLine(name, number, answer.code, answer.sentence))
    return UkeFile(name, len(lines), tuple(records), tuple(quarantined))


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _read_line(number: int, line: bytes) -> Record | Refusal:
    if not line.strip():
        return Refusal("blank_line", say("The line is blank."))
    try:
        text = line.decode("cp932")
    except UnicodeDecodeError as error:
        return Refusal("not_cp932", say("Byte {place} is not Shift-JIS (cp932) text.", place=error.start + 1))
    for place, character in enumerate(text, start=1):
        if not character.isprintable() and not _allowed_unprintable(character):
            return Refusal("control_character", say("Character {place} is a control character.", place=place))
    fields = tuple(text.split(","))
    layout = LAYOUTS.get(fields[0])
    if layout is None:
        return Refusal("unknown_record", say("This kind of record is not known here."))
    refusal = next(_unreadable(fields, layout), None)
    return refusal or Record(number, fields[0], fields)


def _allowed_unprintable(character: str) -> bool:
    # The full-width space, and 外字 in the private area, which are how some names are written.
    code = ord(character)
    return character == "\u3000" or (0xE000 <= code <= 0xF8FF and code not in _PRIVATE_TAIL)


def _unreadable(fields: tuple[str, ...], layout: Layout) -> Iterator[Refusal]:
    if not layout.fewest <= len(fields) <= layout.most:
        yield Refusal(
            "field_count",
            say(
                "The record has {count} fields; from {fewest} to {most} are expected.",
                count=len(fields),
                fewest=layout.fewest,
                most=layout.most,
            ),
        )
        return
    for position, rule in layout.fields.items():
        value = fields[position].strip() if position < len(fields) else ""
        if not value and rule.required:
            yield Refusal(
                "missing_field",
                say("Field {position} ({name}) is empty.", position=position, name=rule.name),
            )
        elif value and not rule.check(value):
            yield Refusal(
                "bad_field",
                say("Field {position} ({name}) cannot be read.", position=position, name=rule.name),
            )


class _Place:
    """Where in the file we are: whether an institution and a receipt are open."""

    def __init__(self) -> None:
        self._institution = False
        self._receipt = False
        self._ended = False

    def put(self, record: Record) -> Record | Refusal:
        refusal = self._refusal(record.kind)
        if refusal is not None:
            return refusal
        if record.kind == "IR":
            self._institution = True
        self._receipt = record.kind not in {"IR", "GO"}
        self._ended = record.kind == "GO"
        return record

    def _refusal(self, kind: str) -> Refusal | None:
        if kind == "IR":
            # A second institution in one file would make earlier receipts ambiguous.
            second = self._institution or self._ended
            return Refusal("out_of_place", say("The record stands out of place.")) if second else None
        if self._ended:
            return Refusal("out_of_place", say("The record stands out of place."))
        if not self._institution:
            return Refusal("no_institution", say("No readable IR record comes before this line."))
        if kind not in _TOP_LEVEL and not self._receipt:
            return Refusal("no_receipt", say("The RE record of this receipt was not read."))
        return None

    def lost(self, line: bytes) -> None:
        """A line was unreadable: if it may have begun a receipt, none is open now."""
        kind = line.partition(b",")[0].decode("ascii", "replace")
        within = (LAYOUTS.keys() | UNREAD_KINDS) - {"RE"}
        if line.strip() and kind not in within:
            self._receipt = False


def counts_agree(file: UkeFile) -> bool:
    """That every line of the file is a record or a quarantined line, each exactly once."""
    seen = sorted([r.line for r in file.records] + [q.line for q in file.quarantined])
    return all(a == b for a, b in zip_longest(seen, range(1, file.lines + 1)))
