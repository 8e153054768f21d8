"""The population table of municipalities, from the operator's csv.

1. A file that is named must be there and be whole. Without a name, ``populations.csv`` beside the policies
   is read; where there is none, no municipality is known, and each counts as the smallest.
2. UTF-8 only: a table of the board's is not guessed at.
"""

from pathlib import Path

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.populations import NO_POPULATIONS, Populations, populations_from_csv

FILE_NAME = "populations.csv"


def read_populations(path: Path | None, policies: Path) -> Populations:
    """The table at ``path``, or the one beside the policies.

    Raises:
        InvalidInputError: the named file is not there or not UTF-8, or the table is not whole.
    """
    place = path if path is not None else policies / FILE_NAME
    if not place.is_file():
        if path is None:
            return NO_POPULATIONS
        raise InvalidInputError("no_such_path", say("There is no file or folder at {path}.", path=str(path)))
    try:
        text = place.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("policy_refused", say("The population table is not UTF-8.")) from None
    return populations_from_csv(text)
