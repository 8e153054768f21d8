"""Files put into the outbox, whole or not at all, for others to judge.

A submission is made in a hidden folder and renamed into place, so the desk never sees half of
one. Its id is the name of its folder and stays the same however often it is sent. Tables are
written as csv without the running row number; an index with a meaning becomes columns.
"""

import errno
import json
import os
import shutil
import stat
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .places import work_folder
from .sentences import KitError, say

if TYPE_CHECKING:
    import pandas as pd

MAX_FILES: Final = 20
MAX_FILE_MB: Final = 16
MAX_SQL: Final = 16_384
_MAX_BYTES: Final = MAX_FILE_MB * 1024 * 1024
_MAX_TITLE: Final = 200
_MAX_WORDS: Final = 10_000
_MAX_NAME: Final = 100

_DESCRIPTIONS: Final = frozenset({"request.json", "check.json"})
Files = Mapping[str, Any] | Iterable[str | os.PathLike[str]] | str | os.PathLike[str]


def request_release(
    files: Files, title: str, what_it_shows: str, sql: Mapping[str, str] | None = None
) -> str:
    """Ask for these files to be released; give the number of the request.

    ``files`` is a path, a list of paths, or names with what they hold: a table (DataFrame), a
    text or a path, as in ``{"table1.csv": table}``. ``sql`` names the SELECT behind a file, as in
    ``{"table1.csv": "SELECT sex, count(DISTINCT patient_key) AS n FROM patients GROUP BY sex"}``; with
    it the platform counts the persons again.
    """
    title, what_it_shows = title.strip(), what_it_shows.strip()
    if not 0 < len(title) <= _MAX_TITLE or not 0 < len(what_it_shows) <= _MAX_WORDS:
        raise KitError("unfit_title")
    contents = contents_of(files)
    draft_id = str(uuid.uuid4())
    request: dict[str, Any] = {
        "draft_id": draft_id,
        "title": title,
        "what_it_shows": what_it_shows,
        "files": list(contents),
    }
    if sql:
        request["sql"] = _sql_of(sql, contents)
    put_into_outbox(draft_id, "request.json", request, contents)
    print(say("placed", draft_id=draft_id))  # noqa: T201  # shown under the cell
    return draft_id


def _sql_of(sql: Mapping[str, str], contents: Mapping[str, bytes]) -> dict[str, str]:
    for name, text in sql.items():
        if name not in contents or not isinstance(text, str) or not 0 < len(text.strip()) <= MAX_SQL:
            raise KitError("unfit_sql", name=str(name), limit=MAX_SQL)
    return dict(sql)


def contents_of(files: Files) -> dict[str, bytes]:
    """Give the bytes of every file by its name."""
    return {name: _bytes(name, what) for name, what in _named(files).items()}


def put_into_outbox(
    folder: str, description: str, told: Mapping[str, Any], contents: Mapping[str, bytes]
) -> Path:
    """Make a folder of the outbox whole, with its description, and give its place."""
    outbox = work_folder() / "outbox"
    half_made = outbox / f".tmp-{folder}"
    try:
        _make_folder(outbox)
        _make_folder(half_made)
        for name, content in contents.items():
            _write(half_made / name, content)
        _write(half_made / description, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"))
        return half_made.rename(outbox / folder)
    except OSError as error:
        shutil.rmtree(half_made, ignore_errors=True)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise KitError("work_full" if full else "outbox_unusable") from None


def _named(files: Files) -> dict[str, Any]:
    """Give every file a name of its own."""
    if isinstance(files, Mapping):
        pairs = [(str(name), what) for name, what in files.items()]
    else:
        paths = [files] if isinstance(files, (str, os.PathLike)) else list(files)
        pairs = [(Path(path).name, Path(path)) for path in paths]
    if not pairs:
        raise KitError("no_files")
    if len(pairs) > MAX_FILES:
        raise KitError("too_many_files", limit=MAX_FILES)
    named: dict[str, Any] = {}
    for name, what in pairs:
        plain = (
            0 < len(name) <= _MAX_NAME and not name.startswith(".") and "/" not in name and name.isprintable()
        )
        if not plain or name in _DESCRIPTIONS:
            raise KitError("unfit_name", name=name)
        if name in named:
            raise KitError("name_twice", name=name)
        named[name] = what
    return named


def _bytes(name: str, what: Any) -> bytes:
    if _is_table(what):
        content = _csv(name, what)
    elif isinstance(what, str):
        content = what.encode("utf-8")
    elif isinstance(what, os.PathLike):
        content = _read(name, Path(what))
    else:
        raise KitError("unfit_content", name=name)
    if len(content) > _MAX_BYTES:
        raise KitError("too_large", name=name, limit=MAX_FILE_MB)
    return content


def _is_table(what: Any) -> bool:
    """Whether this is a table of pandas; who holds one has loaded pandas already."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(what, (pandas.DataFrame, pandas.Series))


def _csv(name: str, table: "pd.DataFrame | pd.Series[Any]") -> bytes:
    if not name.lower().endswith(".csv"):
        raise KitError("table_as_csv", name=name)
    whole: Any = table
    frame: pd.DataFrame = whole.to_frame() if whole.ndim == 1 else whole
    if frame.columns.nlevels > 1:
        raise KitError("unfit_columns", name=name)
    counts_rows = type(frame.index).__name__ == "RangeIndex" and frame.index.name is None
    if not counts_rows:
        frame = frame.reset_index()
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _read(name: str, path: Path) -> bytes:
    source = path if path.is_absolute() else work_folder() / path
    if not path.is_absolute() and path.exists():
        source = path
    try:
        status = source.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise KitError("not_a_file", name=name)
        if status.st_size > _MAX_BYTES:
            raise KitError("too_large", name=name, limit=MAX_FILE_MB)
        return source.read_bytes()
    except OSError:
        raise KitError("not_a_file", name=name) from None


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        path.mkdir()
        # The desk reads through the group; the folder hands its group on.
        path.chmod(0o2770)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o660)
