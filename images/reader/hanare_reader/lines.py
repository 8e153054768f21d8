"""The canonical form of a text or a script: UTF-8, each line ended by LF, nothing unseen.

Space at the ends of lines and empty lines at the end go, since nobody reads them; tabs and spaces
within a line stay, since scripts need them. Numbers of a prose text lose digits beyond the tenth
significant one; a script keeps its own. A script is never run and never parsed.
"""

from .decoding import check_characters, decode
from .figures import shorten_all
from .formats import Upload
from .refusals import MAX_CELL, MAX_ROWS, RefusedError
from .results import TEXT, Account, CanonicalFile, Reading
from .unseen import clean


def read_text(upload: Upload) -> Reading:
    """Read prose or a log."""
    account = Account()
    return account.reading(write_text(_decoded(upload, account), upload.suffix, account))


def read_script(upload: Upload) -> Reading:
    """Read a script."""
    account = Account()
    text = _decoded(upload, account)
    return account.reading(write_text(text, upload.suffix, account, numbers=False))


def _decoded(upload: Upload, account: Account) -> str:
    decoded = decode(upload.content)
    for code in decoded.dropped:
        account.drop(code)
    if not decoded.text.endswith("\n"):
        account.drop("missing_final_line_end")
    return decoded.text


def write_text(text: str, suffix: str, account: Account, *, numbers: bool = True) -> CanonicalFile:
    """The canonical lines of a text that has LF line ends."""
    text = clean(text, account)
    lines = [line.rstrip(" \t\u3000\u00a0") for line in text.split("\n")]
    account.drop("trailing_space", sum(map(len, text.split("\n"))) - sum(map(len, lines)))
    blank = len(lines)
    while lines and not lines[-1]:
        lines.pop()
    if not any(lines):
        raise RefusedError("empty")
    account.drop("trailing_blank_lines", blank - len(lines) > 1)
    if len(lines) > MAX_ROWS:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_CELL:
            raise RefusedError("cell_too_long", row=number, limit=MAX_CELL)
        check_characters(line, row=number, allowed="\t")
    text = "\n".join(lines) + "\n"
    if numbers:
        text, changed = shorten_all(text)
        account.drop("excess_digits", changed)
    return CanonicalFile(text.encode("utf-8"), TEXT, suffix, len(lines))
