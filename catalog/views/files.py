"""View files: one SELECT, and above it what people call the table and its columns.

The head is a block of comments::

    -- table: lab
    -- label: 検査結果 / laboratory results
    -- profile: pseudo
    -- column hba1c: HbA1c (%) / HbA1c (%)

What two people approve is the digest over all of it and the digest of the schema it was
written against: a change to the SQL, a label, the profile or a column's class is another view.
"""

import hashlib
import re
from dataclasses import dataclass

from catalog.profiles import PSEUDO, find_profile
from enclave.audit.canonical import Value, canonical
from enclave.errors import InvalidInputError
from enclave.sentences import say

_HEAD = re.compile(r"--\s*(table|label|profile|column\s+\w+)\s*:\s*(.*?)\s*")
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST = 65_536


@dataclass(frozen=True, slots=True)
class Label:
    """What people call something."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class ViewFile:
    """A view as its file states it. The SQL is the whole text, so that places in it are places in the file."""

    table: str
    label: Label
    profile: str
    columns: tuple[tuple[str, Label], ...]
    text: str

    def document(self, schema_digest: str) -> dict[str, Value]:
        """What is proposed and adopted."""
        return {
            "table": self.table,
            "label": {"ja": self.label.ja, "en": self.label.en},
            "profile": self.profile,
            "columns": [[name, label.ja, label.en] for name, label in self.columns],
            "sql": self.text,
            "schema": schema_digest,
        }


def read_view(name: str, text: str, profile: str = PSEUDO.name) -> ViewFile:
    """The view a file states. Its table's name, if it states none, is the file's; its profile the one given.

    Raises:
        InvalidInputError: a head that cannot be read, with its line.
    """
    if len(text) > _LONGEST:
        raise InvalidInputError("view_too_long", say("A view has at most 65,536 characters."))
    heads = {key: value for key, (value, _) in _heads(text).items()}
    table = heads.get("table", re.sub(r"\W", "_", name.lower()))
    if not _TABLE.fullmatch(table):
        raise InvalidInputError(
            "view_head", say("A view's table has a name of lower-case letters, digits and underscores.")
        )
    profile = find_profile(heads.get("profile", profile)).name
    columns = tuple(
        (key.removeprefix("column "), _label(value))
        for key, value in heads.items()
        if key.startswith("column ")
    )
    return ViewFile(table, _label(heads.get("label", table)), profile, columns, text)


def profile_line(text: str) -> int | None:
    """The line on which a view's head states its profile, if it does."""
    stated = _heads(text).get("profile")
    return stated[1] if stated else None


def view_from_document(document: dict[str, Value]) -> ViewFile:
    """The view that was adopted, from its canonical document."""
    try:
        match document:
            case {
                "table": str(table),
                "label": {"ja": str(ja), "en": str(en)},
                "profile": str(profile),
                "columns": list(columns),
                "sql": str(sql),
            }:
                labels = tuple((str(n), Label(str(j), str(e))) for n, j, e in columns)
                return ViewFile(table, Label(ja, en), profile, labels, sql)
    except (TypeError, ValueError) as error:
        raise InvalidInputError("bad_view", say("The adopted view cannot be read.")) from error
    raise InvalidInputError("bad_view", say("The adopted view cannot be read."))


def view_digest(view: ViewFile, schema_digest: str) -> str:
    """SHA-256 over the SQL, the labels, the profile and the schema: what an approval is bound to."""
    return hashlib.sha256(canonical(view.document(schema_digest))).hexdigest()


def _heads(text: str) -> dict[str, tuple[str, int]]:
    """What the comments above the SELECT state, each with its line."""
    heads: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("--"):
            break
        found = _HEAD.fullmatch(line.strip())
        if found is None:
            continue
        key = " ".join(found[1].lower().split())
        if key in heads:
            raise InvalidInputError(
                "view_head", say("Line {line}: this was already stated above.", line=number)
            )
        heads[key] = (found[2], number)
    return heads


def _label(text: str) -> Label:
    ja, _, en = text.partition(" / ")
    return Label(ja.strip(), en.strip() or ja.strip())
