"""Published tables, from the operator's files beside the policies.

1. ``published.csv`` is the index; the tables it names lie in the folder ``published``. Without an index none are
   known. Names are plain: nothing outside that folder is read.
2. UTF-8 only: a table of the board's is not guessed at.
"""

from pathlib import Path

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.published import NO_PUBLISHED, Published, published_from

INDEX, FOLDER = "published.csv", "published"


def read_published(policies: Path) -> Published:
    """The tables of the index beside the policies.

    Raises:
        InvalidInputError: a file is not UTF-8, or the index is not whole.
    """
    index = policies / INDEX
    if not index.is_file():
        return NO_PUBLISHED
    tables = {path.name: _text(path) for path in sorted((policies / FOLDER).glob("*.csv")) if path.is_file()}
    return published_from(_text(index), tables)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("policy_refused", say("A published table is not UTF-8.")) from None
