r"""Nothing leaves that its reviewers cannot read, or that runs when the receiver opens it.

1. Characters that nobody sees (zero width, direction, tags, fillers) are to be removed. A variation
   selector behind a sign or a Chinese character is a way of drawing it, several are a message.
2. Characters of private use are shown otherwise by every font, and few people read Braille: people look.
3. A cell that a spreadsheet computes is to be written as its value; one that runs a program or
   fetches an address never leaves.
4. Encoded or compressed text never leaves when it unpacks to text; what stays unreadable, and a
   table of digests, is looked at by people.
5. The message of an error can print a record: it is to be left out.
6. Letters written as codes (``\u5c71``, ``%E5%B1%B1``) are to be written as letters.
7. What draws or runs where a text is shown (markup of pages, embedded bytes) never leaves in a text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from enclave.sentences import Sentence, say
from output_review.disclosure.escaped_text import find_escaped
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.packed_text import Budget, find_packed, unpack
from output_review.disclosure.submissions import GRIDS, FileKind

UNSEEN = "FILE.unseen_characters"
PRIVATE = "FILE.private_characters"
FORMULA = "FILE.formula_start"
FORMULA_CALL = "FILE.formula_call"
PACKED_DATA = "FILE.packed_data"
MARKUP = "FILE.markup"
PACKED_TEXT = "FILE.packed_text"
ESCAPED_TEXT = "FILE.escaped_text"
TRACEBACK = "FILE.traceback"
MOST_FINDINGS = 20
MANY_DIGESTS = 3
_SUSPECT = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\u1d00-\u1d22\u2801-\u28ff\U0001f1e6-\U0001f1ff\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010fffd]"
)
_OTHER_LETTERS = frozenset(
    map(chr, (*range(0x2801, 0x2900), *range(0x1D00, 0x1D23), *range(0x1F1E6, 0x1F200)))
)
"""Braille, small capitals, and the letters of which flags are made."""
_COMPUTED = re.compile(r"\s*(?:=|@[A-Za-z]|[+-]\s*@?[A-Za-z_][A-Za-z0-9_.]*\s*[(|!])")
_CALLS = re.compile(
    r"\s*[=+@-].*?(?:\b(?:HYPERLINK|WEBSERVICE|IMPORT[A-Z]*|FILTERXML|CALL|EXEC|REGISTER|RTD|DDE[A-Z]*|IMAGE)\s*\("
    r"|(?<![A-Za-z])[A-Za-z]++(?:\.exe)?\s*+\|)",
    re.IGNORECASE,
)
_STARTS_PROGRAM = re.compile(r"\s*[=+@-][^|]*[A-Za-z](?:\.exe)?\s*\|[^!]*!", re.IGNORECASE)
"""A program and what it is given, behind any sum."""
_MARKUP = re.compile(
    r"<(?:svg|script|iframe|object|embed|canvas|math)\b|data:(?:image|text|application)/[a-z0-9.+-]+;base64,",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[A-Za-z0-9+/_=-]{2,}")
Places = Callable[[int], Place]
"""From an offset in a passage to its place in the file."""
_TRACEBACK = re.compile(r"(?m)^(?:Traceback \(most recent call last\):|Error in .{1,200} :)")


def check_unread(examined: ExaminedFile) -> Iterator[Finding]:
    """Everything in a file that its reviewers cannot read, at most twenty places of a kind."""
    for rule in (_unseen, _formulas, _packed, _escaped, _tracebacks, _markup):
        for number, finding in enumerate(rule(examined)):
            if number == MOST_FINDINGS:
                break
            yield finding


def _passages(examined: ExaminedFile) -> Iterator[Passage]:
    """Every cell of every table, whatever it looks like, or the text."""
    if examined.file.kind is not FileKind.CSV:
        yield from examined.passages
        return
    for table in examined.tables[:1]:
        for line in (table.header, table.notes, *table.rows):
            yield from (Passage(cell.text, table.place(cell)) for cell in line)


def _unseen(examined: ExaminedFile) -> Iterator[Finding]:
    if _SUSPECT.search(examined.file.name):
        yield from _of_characters(examined.file.name, lambda _: Place())
    for passage in _passages(examined) if _SUSPECT.search(examined.file.text) else ():
        yield from _of_characters(passage.text, partial(_one_character, passage))


def _one_character(passage: Passage, offset: int) -> Place:
    return passage.place(offset, 1)


def _of_characters(text: str, place: Places) -> Iterator[Finding]:
    for found in _SUSPECT.finditer(text):
        character, offset = found[0], found.start()
        if unicodedata.category(character) == "Co" or character in _OTHER_LETTERS:
            yield Finding(
                PRIVATE,
                Severity.REVIEW,
                place(offset),
                say("This character is of private use, or a letter that few people read."),
            )
        elif not _draws(text, offset):
            yield Finding(
                UNSEEN,
                Severity.FIX,
                place(offset),
                say("A character that nobody can see stands here."),
                say("Write the text without it."),
            )


def _draws(text: str, offset: int) -> bool:
    """Whether a variation selector stands once, behind what it can draw otherwise."""
    character = text[offset]
    if not ("\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef") or not offset:
        return False
    before = text[offset - 1]
    return (
        unicodedata.category(before) in {"So", "Sm", "Po"}
        or "\u3400" <= before <= "\u9fff"
        or before.isdigit()
    )


def _formulas(examined: ExaminedFile) -> Iterator[Finding]:
    if examined.file.kind is not FileKind.CSV:
        return
    for passage in _passages(examined):
        cell = unicodedata.normalize("NFKC", passage.text)
        if _is_number(cell) or not (_COMPUTED.match(cell) or _STARTS_PROGRAM.match(cell)):
            continue
        if _CALLS.match(cell) or _STARTS_PROGRAM.match(cell):
            yield Finding(
                FORMULA_CALL,
                Severity.REJECT,
                passage.place(0, len(passage.text)),
                say("This cell runs a program or fetches an address when a spreadsheet opens the file."),
                say("Write the value alone."),
            )
        else:
            yield Finding(
                FORMULA,
                Severity.FIX,
                passage.place(0, len(passage.text)),
                say("This cell begins like a formula, so a spreadsheet would compute it."),
                say("Write its value, or put a letter before the sign."),
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _packed(examined: ExaminedFile) -> Iterator[Finding]:
    digests: list[Place] = []
    budget = Budget()
    yield from _packed_columns(examined)
    for passage in _passages(examined):
        for packed in find_packed(passage.text, budget):
            place = passage.place(packed.offset, packed.length)
            if packed.kind == "digest":
                digests.append(place)
            elif packed.kind == "data":
                yield _packed_finding(
                    PACKED_DATA, Severity.REJECT, place, say("Text is encoded here, and it unpacks to data.")
                )
            else:
                yield _packed_finding(
                    PACKED_TEXT, Severity.REVIEW, place, say("Long text stands here that nobody can read.")
                )
    if len(digests) >= MANY_DIGESTS:
        yield _packed_finding(
            PACKED_TEXT, Severity.REVIEW, digests[0], say("Digests stand here; each may stand for a person.")
        )


def _packed_columns(examined: ExaminedFile) -> Iterator[Finding]:
    """Encoded text that is cut into the cells of a column."""
    for table in examined.tables:
        for column in table.columns:
            cells = [cell for row in table.rows for cell in row[column.index : column.index + 1]]
            pieces = [cell.text.strip() for cell in cells]
            is_cut = (
                len(pieces) > 1 and all(map(_PIECE.fullmatch, pieces)) and not all(map(str.isdigit, pieces))
            )
            if is_cut and unpack("".join(pieces)) is not None:
                yield _packed_finding(
                    PACKED_DATA,
                    Severity.REJECT,
                    table.place(cells[0]),
                    say("Text is encoded here, and it unpacks to data."),
                )


def _packed_finding(rule: str, severity: Severity, place: Place, message: Sentence) -> Finding:
    return Finding(
        rule, severity, place, message, say("Send what it holds as a table or as text, or leave it out.")
    )


def _escaped(examined: ExaminedFile) -> Iterator[Finding]:
    """Of the name and the text as a whole, because the cells of a table share one way of writing."""
    text = examined.file.text
    places = [Place() for run in find_escaped(examined.file.name) if run.is_words]
    for run in find_escaped(text):
        if run.is_words:
            place = Passage(text).place(run.offset, run.length)
            places.append(Place(row=place.row) if examined.file.kind in GRIDS else place)
    for place in places:
        yield Finding(
            ESCAPED_TEXT,
            Severity.FIX,
            place,
            say("Letters are written as codes here, so nobody can read them."),
            say("Write the letters themselves."),
        )


def _tracebacks(examined: ExaminedFile) -> Iterable[Finding]:
    if examined.file.kind is FileKind.TEXT:
        for passage in examined.passages:
            for found in _TRACEBACK.finditer(passage.text):
                yield Finding(
                    TRACEBACK,
                    Severity.FIX,
                    passage.place(found.start(), len(found[0])),
                    say("An error message stands here; such a message can print a record."),
                    say("Run it again without the error, or leave the message out."),
                )


def _markup(examined: ExaminedFile) -> Iterator[Finding]:
    if examined.file.kind is not FileKind.TEXT or examined.file.is_script:
        return
    for passage in examined.passages:
        for found in _MARKUP.finditer(passage.text):
            yield Finding(
                MARKUP,
                Severity.REJECT,
                passage.place(found.start(), len(found[0])),
                say("The text draws or runs something where it is shown."),
                say("Send the text without it, and the figure as png."),
            )
