r"""Letters that are written as codes: a reviewer passes over them, and any program turns them back into words.

1. Codes of characters (``\u5c71``, ``&#23665;``, ``U+5C71``, ``<U+5C71>`` as R prints them) are read one by one.
   Codes of bytes (``\xe5``, ``\345``, ``%E5``, ``=E5``, ``<e5>``) are read as a run, in UTF-8, CP932 or EUC-JP,
   because a byte alone says nothing. What is also ordinary writing (``n=45``, ``12%20``, ``e5 b1 b1``) counts
   only where it gives letters beyond ASCII, a ``%`` also behind a letter.
2. Words of mail headers (``=?UTF-8?B?..?=``), domain names (``xn--..``) and UTF-7 (``+XHF1MA-``) are read as such.
   UTF-7 looks like a sum of short words, so it counts only where most of a text's runs give letters of Japanese.
3. Numbers of letters count where a function that turns numbers into letters is called (``chr``, ``intToUtf8``).
4. The whole text with its codes read is for the rules on identifiers. A run that hides letters is told by
   itself: reviewers could not read it.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

_ENCODINGS: Final = ("utf-8", "cp932", "euc_jp")
_FEWEST_LETTERS: Final = 2
_FEWEST_IN_UTF7: Final = 4
_LAST_CHARACTER: Final = 0x10FFFF
_CODES: Final = re.compile(
    r"""(?P<character>\\u\{[0-9A-Fa-f]{1,6}\}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|<[uU]\+[0-9A-Fa-f]{4,6}>
        |\b[uU]\+[0-9A-Fa-f]{4,6}\b)
    |(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}(?=;));?)
    |(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2}){2,}|(?:<[0-9A-Fa-f]{2}>){2,})
    |(?P<quoted>(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-Fa-f]{2}){2,})
    |(?P<pairs>\b(?:[0-9A-Fa-f]{2}[ ,:]){2,}[0-9A-Fa-f]{2}\b)
    |(?P<fours>\b(?:[0-9A-Fa-f]{4}[ ,:]){1,}[0-9A-Fa-f]{4}\b)
    |(?P<named>\\N\{[A-Z0-9 -]{3,80}\})
    |(?P<mail>=\?[\w-]{2,20}\?[BbQq]\?[^?\s]{1,2000}\?=)
    |(?P<domain>\bxn--[A-Za-z0-9-]{2,60})""",
    re.VERBOSE,
)
_TWICE: Final = re.compile(r"%25[0-9A-Fa-f]{2}")
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]{2,8}")
_OCTAL: Final = re.compile(r"[0-7]{3}")
_MAKES_LETTERS: Final = re.compile(
    r"(?i)\b(?:n?chr|unichr|unichar|n?char|inttoutf8|fromcharcode|fromcodepoint|uchar)\b"
)
_NUMBERS: Final = re.compile(r"(?<![\w.])\d{2,7}+(?:[\s,|+&()a-zA-Z]{1,12}+\d{2,7}+)++")
_UTF7: Final = re.compile(r"\+[A-Za-z0-9/+]{3,}+-?")
_BETWEEN: Final = re.compile(r"[ ,;\"']{0,4}")
"""What may stand between two codes of one word."""


@dataclass(frozen=True, slots=True)
class Escaped:
    """A run of codes: where it stands in a text, and what it gives.

    ``of_characters`` where each code is one character; programs write them only for what they cannot show.
    """

    offset: int
    length: int
    text: str
    of_characters: bool = False

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.offset + self.length

    @property
    def is_words(self) -> bool:
        """Whether it hides letters: several, or one that needs no code."""
        letters = [sign for sign in self.text if sign.isalnum()]
        return len(letters) >= _FEWEST_LETTERS or (self.of_characters and any(map(str.isascii, letters)))


def find_escaped(text: str) -> tuple[Escaped, ...]:
    """Every run of codes, in order and apart from each other."""
    found: list[Escaped] = []
    for run in sorted((*_coded(text), *_of_utf7(text), *_of_calls(text)), key=lambda run: run.offset):
        before = found[-1] if found else Escaped(0, 0, "")
        if run.offset < before.end:
            continue  # "U+5C71" holds what could be UTF-7
        if found and _BETWEEN.fullmatch(text, before.end, run.offset):
            length = run.end - before.offset
            found[-1] = Escaped(before.offset, length, before.text + run.text, before.of_characters)
        else:
            found.append(run)
    return tuple(found)


def unescaped(text: str, runs: tuple[Escaped, ...], depth: int = 3) -> str:
    """The text with its codes read, and those that they give, three times over at most."""
    pieces: list[str] = []
    done = 0
    for run in runs:
        pieces += (text[done : run.offset], run.text)
        done = run.end
    made = "".join((*pieces, text[done:]))
    inner = find_escaped(made) if depth > 1 and runs else ()
    return unescaped(made, inner, depth - 1) if inner else made


def _coded(text: str) -> Iterator[Escaped]:
    for code in _CODES.finditer(text):
        kind = str(code.lastgroup)
        given = _READERS[kind](code[0])
        if kind in {"quoted", "pairs", "fours"} and given.isascii() and not _is_meant(text, code):
            continue
        if given:
            yield Escaped(code.start(), len(code[0]), given, kind in {"character", "entity", "named"})


def _is_meant(text: str, code: re.Match[str]) -> bool:
    """Whether what is also ordinary writing is a code: a % behind a letter, or one that a second code is made of."""
    word = text[max(0, code.start() - 40) : code.start()].split()
    is_behind_a_letter = (
        bool(word) and not text[code.start() - 1].isspace() and any(map(str.isalpha, word[-1]))
    )
    return code[0][0] == "%" and (is_behind_a_letter or bool(_TWICE.match(text, code.start())))


def _of_entity(code: str) -> str:
    given = html.unescape(code)
    return "" if given == code else given


def _of_named(code: str) -> str:
    with suppress(KeyError):
        return unicodedata.lookup(code[3:-1])
    return ""


def _of_mail(code: str) -> str:
    with suppress(HeaderParseError, LookupError, ValueError):
        return str(make_header(decode_header(code)))
    return ""


def _of_domain(code: str) -> str:
    with suppress(UnicodeError):
        return code.encode().decode("idna")
    return ""


def _of_numbers(code: str) -> str:
    """Characters by their numbers; two halves of one above 16 bits belong together."""
    numbers = [int(number, 16) for number in _HEXADECIMAL.findall(code)]
    if any(number > _LAST_CHARACTER for number in numbers):
        return ""
    return "".join(map(chr, numbers)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _of_fours(code: str) -> str:
    given = _of_numbers(code) if _is_hexadecimal(code) else ""
    return given if all(map(_is_japanese, given)) else ""


def _of_bytes(code: str) -> str:
    octal = _OCTAL.findall(code) if code[0] == "\\" and code[1] != "x" else ()
    return _text_of(bytes(int(number, 8) for number in octal) or _bytes(code), _ENCODINGS)


def _of_pairs(code: str) -> str:
    given = _text_of(_bytes(code), _ENCODINGS) if _is_hexadecimal(code) else ""
    letters = sum(map(_is_japanese, given))
    return given if letters > 1 and letters == sum(not sign.isascii() for sign in given) else ""


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "character": _of_numbers,
    "entity": _of_entity,
    "named": _of_named,
    "bytes": _of_bytes,
    "quoted": _of_bytes,
    "pairs": _of_pairs,
    "fours": _of_fours,
    "mail": _of_mail,
    "domain": _of_domain,
}
"""What each kind of code gives; nothing where it gives no text."""


def _bytes(code: str) -> bytes:
    return bytes.fromhex("".join(_HEXADECIMAL.findall(code)))


def _is_hexadecimal(code: str) -> bool:
    """Whether bare numbers are none of a table: half of them have a letter."""
    numbers = _HEXADECIMAL.findall(code)
    return sum(map(str.isdecimal, numbers)) * 2 <= len(numbers)


def _text_of(content: bytes, encodings: tuple[str, ...]) -> str:
    """The text of bytes; in CP932 those of EUC-JP are katakana of half width, so that reading comes last."""
    texts = []
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            texts.append(content.decode(encoding))
    texts.sort(key=lambda text: any("\uff61" <= sign <= "\uff9f" for sign in text))
    return texts[0] if texts and texts[0].isprintable() else ""


def _of_utf7(text: str) -> Iterator[Escaped]:
    """Runs of UTF-7, where most of the text's runs that could be are ones."""
    runs, others = [], 0
    for run in _UTF7.finditer(text):
        given = ""
        with suppress(UnicodeDecodeError):
            given = (run[0].rstrip("-") + "-").encode().decode("utf-7")
        if given and all(map(_is_japanese, given)):
            runs.append(Escaped(run.start(), len(run[0]), given))
        else:
            others += 1
    if sum(len(run.text) for run in runs) >= _FEWEST_IN_UTF7 and len(runs) > others:
        yield from runs


def _of_calls(text: str) -> Iterator[Escaped]:
    """Rule 3: numbers of letters of Japanese that stand near each other."""
    if not _MAKES_LETTERS.search(text):
        return
    for row in _NUMBERS.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", row[0])]
        given = "".join(chr(number) for number in numbers if number <= _LAST_CHARACTER)
        if sum(map(_is_japanese, given)) > 1 and all(s.isascii() or _is_japanese(s) for s in given):
            yield Escaped(row.start(), len(row[0]), given)


def _is_japanese(sign: str) -> bool:
    """Whether a sign is a letter that Japanese text has; most numbers of sixteen bits give none."""
    if not ("\u3041" <= sign <= "\u30fe" or "\u3400" <= sign <= "\u9fff" or "\uf900" <= sign <= "\uffdc"):
        return False
    with suppress(UnicodeEncodeError):
        return bool(sign.encode("cp932"))
    return False
