"""Tables that anybody can read elsewhere (open data of claims, vital statistics): the board's data, supplied as csv.

1. An index ``file,title,source`` names every table; each is a csv as results are. A table without a source, or one
   that is named and not there, is refused.
2. The title is what the table's caption would say: of which period and people it speaks.
3. Everybody knows these numbers, so what they tell beside a result may be told to its author.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.submissions import FileKind, SubmittedFile

HEADER = ["file", "title", "source"]


@dataclass(frozen=True, slots=True)
class Published:
    """The published tables; the same digest is the same tables."""

    digest: str
    files: tuple[SubmittedFile, ...] = field(default=(), compare=False)


NO_PUBLISHED = Published("")


def published_from(index: str, tables: Mapping[str, str]) -> Published:
    """The tables of an index; ``tables`` holds the text of each by its file name.

    Raises:
        InvalidInputError: another header, or a row without a file that is there, a title or a source.
    """
    records = [record for record in csv.reader(index.splitlines(), strict=True) if record]
    if not records or records[0] != HEADER:
        raise _refused(1)
    files: list[SubmittedFile] = []
    digest = hashlib.sha256(index.encode())
    for number, record in enumerate(records[1:], 2):
        if len(record) != len(HEADER) or not all(cell.strip() for cell in record) or record[0] not in tables:
            raise _refused(number)
        name, title, _ = record
        text = tables[name]
        digest.update(hashlib.sha256(text.encode()).digest())
        files.append(SubmittedFile(f"{title}.csv", FileKind.CSV, text))
    return Published(digest.hexdigest(), tuple(files))


def _refused(row: int) -> InvalidInputError:
    return InvalidInputError(
        "policy_refused",
        say(
            "The index of published tables needs a file that is there, a title and a source in every row; look at row {row}.",
            row=row,
        ),
    )
