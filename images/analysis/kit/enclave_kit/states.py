"""How far one's requests are, as the desk last wrote it down.

What intake tells is shown as it is; what has not been sent yet and what could not be sent is
added. These files are written for this person's eyes only, and nothing is decided by them.
"""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .places import work_folder

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("draft_id", "request_id", "title", "state", "round", "files", "findings")
_ID: Final = re.compile(r"[0-9a-f-]{36}")


def releases() -> "pd.DataFrame":
    """List one's requests with their states and what was found in them."""
    import pandas as pd  # noqa: PLC0415  # a kernel that makes no table does without

    return pd.DataFrame(rows(), columns=list(COLUMNS))


def rows() -> list[dict[str, Any]]:
    """List the same as plain values."""
    return [*_told(), *_refused(), *_waiting()]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _told() -> list[dict[str, Any]]:
    answer = _read(work_folder() / ".hanare" / "releases.json")
    requests = answer.get("requests") if isinstance(answer, dict) else None
    known = requests if isinstance(requests, list) else []
    return [{name: one.get(name) for name in COLUMNS} for one in known if isinstance(one, dict)]


def _refused() -> list[dict[str, Any]]:
    found = []
    for path in sorted((work_folder() / ".hanare").glob("refused-*.json")):
        answer = _read(path)
        if isinstance(answer, dict):
            finding = {name: answer.get(name) for name in ("code", "ja", "en")}
            found.append({"draft_id": answer.get("draft_id"), "state": "not_accepted", "findings": [finding]})
    return found


def _waiting() -> list[dict[str, Any]]:
    found = []
    for path in sorted((work_folder() / "outbox").glob("*")):
        if not _ID.fullmatch(path.name):
            continue
        request = _read(path / "request.json")
        if isinstance(request, dict):
            found.append(
                {
                    "draft_id": request.get("draft_id"),
                    "title": request.get("title"),
                    "state": "waiting_to_be_sent",
                    "files": request.get("files"),
                },
            )
    return found
