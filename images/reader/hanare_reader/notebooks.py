"""A notebook leaves as a script, and with it only the outputs that its author chose.

Code cells and prose become one script, prose as comments. An output leaves when its cell carries
the tag ``release``: text as a text of its own, a picture or a drawing as a re-encoded png, each judged as its own
file. Every other output, error message, attachment, widget and metadata entry stays behind, and
its words go to the recognisers. Nothing in a notebook is run.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from .decoding import decode
from .formats import Upload
from .lines import write_text
from .objects import Figure, parse
from .refusals import MAX_FILES, RefusedError
from .results import Account, CanonicalFile, Reading
from .unseen import clean

if TYPE_CHECKING:
    from .pictures import ReadWords

RELEASE_TAGS: Final = frozenset({"release", "払出し"})
MAX_CELLS: Final = 500
_DRAWING: Final = "image/svg+xml"
_PIXELS: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "application/pdf"})
_SUFFIXES: Final = {"python": ".py", "r": ".r", "sql": ".sql", "stata": ".do"}
_QUIET: Final = frozenset(
    {"kernelspec", "language_info", "tags", "collapsed", "jupyter", "scrolled", "id", "trusted"}
)


def read_notebook(upload: Upload, words: "ReadWords | None" = None) -> Reading:
    """Read a notebook of format 4; ``words`` reads those of its pictures."""
    account = Account()
    decoded = decode(upload.content)
    for code in decoded.dropped:
        account.drop(code)
    book = parse(decoded.text)
    if not isinstance(book, dict) or book.get("nbformat") != "4" or not isinstance(book.get("cells"), list):
        raise RefusedError("structure")
    cells: list[Any] = book["cells"]
    if len(cells) > MAX_CELLS or not all(isinstance(cell, dict) for cell in cells):
        raise RefusedError("structure")
    _metadata(book.get("metadata"), account)
    suffix = _suffix(book)
    script = write_text("\n".join(_source(cell, account) for cell in cells), suffix, account, numbers=False)
    outputs = [file for cell in cells for file in _outputs(cell, account, words)]
    if len(outputs) > MAX_FILES - 2:
        raise RefusedError("too_many_tables", limit=MAX_FILES - 2)
    return account.reading(script, *outputs)


def _suffix(book: Mapping[str, Any]) -> str:
    metadata = book.get("metadata") if isinstance(book.get("metadata"), dict) else {}
    for place in ("language_info", "kernelspec"):
        known = (metadata or {}).get(place)
        if isinstance(known, dict):
            name = str(known.get("name") or known.get("language") or "").lower()
            for language, suffix in _SUFFIXES.items():
                if name.startswith(language) or (language == "r" and name == "ir"):
                    return suffix
    return ".py"


def _source(cell: Mapping[str, Any], account: Account) -> str:
    """A cell as lines of the script; prose as comments."""
    text = _joined(cell.get("source"))
    attachments = cell.get("attachments")
    if isinstance(attachments, dict) and attachments:
        account.drop("attachments", len(attachments))
        account.hide("metadata", "\n".join(map(str, attachments)))
    _metadata(cell.get("metadata"), account)
    account.drop("execution_counts", isinstance(cell.get("execution_count"), Figure))
    account.drop("cell_ids", "id" in cell and "cell_ids" not in account.dropped)
    named = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    account.hide("metadata", "\n".join(_words([cell.get("id"), (named or {}).get("tags")])))
    if cell.get("cell_type") == "code":
        return text.strip("\n") + "\n"
    return "".join(f"# {line}".rstrip() + "\n" for line in text.split("\n"))


def _outputs(cell: Mapping[str, Any], account: Account, words: "ReadWords | None") -> Iterator[CanonicalFile]:
    outputs = cell.get("outputs")
    if not isinstance(outputs, list):
        return
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    chosen = isinstance(tags, list) and not RELEASE_TAGS.isdisjoint(t for t in tags if isinstance(t, str))
    for output in outputs:
        if not isinstance(output, dict):
            raise RefusedError("structure")
        if chosen and output.get("output_type") != "error":
            yield from _chosen(output, account, words)
        else:
            _left_out(output, account)


def _chosen(
    output: Mapping[str, Any], account: Account, words: "ReadWords | None"
) -> Iterator[CanonicalFile]:
    """The one form of an output in which it can leave; its other forms stay behind."""
    data = output.get("data")
    forms = {"text/plain": output.get("text")} if output.get("output_type") == "stream" else data
    if not isinstance(forms, dict):
        raise RefusedError("structure")
    best = next((name for name in ("image/png", "image/jpeg", _DRAWING, "text/plain") if name in forms), "")
    rest = {name: form for name, form in forms.items() if name != best}
    if rest:
        _left_out({"data": rest}, account)
    if best == _DRAWING:
        yield _drawing(_joined(forms[best]), account, words)
    elif best.startswith("image/"):
        yield _picture(forms[best], account, words)
    elif best and _joined(forms[best]).strip():
        yield write_text(clean(_joined(forms[best]), account), ".txt", account)


def _picture(encoded: Any, account: Account, words: "ReadWords | None") -> CanonicalFile:
    try:
        content = base64.b64decode(_joined(encoded).replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError("structure") from None
    made: CanonicalFile = import_module(".pictures", __package__).write_picture(content, account, words)
    return made


def _drawing(text: str, account: Account, words: "ReadWords | None") -> CanonicalFile:
    """A drawing, whose points and words are looked at before it is a picture."""
    content = text.encode("utf-8", "replace")
    made: CanonicalFile = import_module(".svgs", __package__).write_drawing(content, account, words)
    return made


def _left_out(output: Mapping[str, Any], account: Account) -> None:
    if output.get("output_type") == "error":
        account.drop("tracebacks")
        words = [_joined(output.get(name)) for name in ("ename", "evalue", "traceback")]
    else:
        account.drop("outputs")
        data = output.get("data") if isinstance(output.get("data"), dict) else {}
        # Pixels in letters are no words: a picture that stays behind is dropped, not read.
        shown = [form for kind, form in (data or {}).items() if kind not in _PIXELS]
        words = [_joined(output.get("text")), *map(_joined, shown)]
    account.hide("output", "\n".join(word for word in words if len(word) < 200_000))


def _metadata(metadata: Any, account: Account) -> None:
    """Metadata stays behind; words in it, but for those every notebook has, are found words."""
    if not isinstance(metadata, dict):
        return
    if "widgets" in metadata:
        account.drop("widget_state")
    told = {
        name: value for name, value in metadata.items() if name not in _QUIET and value not in ({}, [], None)
    }
    account.drop("metadata", len(told))
    account.hide("metadata", "\n".join(_words(told)))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield str(value)


def _joined(text: Any) -> str:
    """Text as notebooks store it: a string, a list of lines, or a value."""
    if isinstance(text, str):
        return str(text)
    if isinstance(text, list):
        return "".join(_joined(line) for line in text)
    return "\n".join(_words(text)) if isinstance(text, dict) else ""
