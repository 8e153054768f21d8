"""Asking before handing in: what an output check would say of some files, and what would mend them.

``check(files)`` puts a question into the outbox and waits for the answer that the desk writes into
``/work/.hanare``. Nothing is judged here: the rules are not in this container. ``fix(files, "round")``
asks for a mended form of a file and writes it beside the work as a draft, which nobody has handed in.
"""

import json
import shutil
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .outbox import Files, contents_of, put_into_outbox
from .places import work_folder
from .sentences import KitError, say

MAX_CHECK_FILES: Final = 5
REMEDIES: Final = ("suppress", "round", "merge", "recompute_totals", "drop", "cover")
_SECONDS: Final = 120.0
_POLL: Final = 0.05


@dataclass(frozen=True)
class Check:
    """An answer. ``verdict`` is pass, review, fix or reject; empty where no check could be made."""

    verdict: str
    files: tuple[dict[str, Any], ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    remedies: tuple[dict[str, Any], ...] = ()
    """What would mend a file: its kind, what it does, the verdict after it and the rules that are left."""
    mended: tuple[Path, ...] = ()
    """Files that were written by ``fix``."""
    code: str = ""
    reason: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        lines = [f"{self.verdict.upper() or '—'} {_both(self.reason)}".strip()]
        lines += [f"  {_place(f)} {f.get('rule', '')}: {_both(f.get('message'))}" for f in self.findings]
        lines += [
            f"  → fix({r.get('file')!r}, {r.get('kind')!r}) ⇒ {str(r.get('verdict', '')).upper()}: {_both(r.get('message'))}"
            for r in self.remedies
        ]
        lines += [f"  {say('mended', path=str(path))}" for path in self.mended]
        return "\n".join(lines)


def check(files: Files) -> Check:
    """Ask what a check would find in these files, before they are handed in.

    ``files`` is what ``request_release`` takes, five at most.
    """
    return _asked(files, "")[0]


def fix(files: Files, remedy: str) -> Check:
    """Ask for a mended form of a file; it is written into the work folder as ``mended-<name>``.

    ``remedy`` is a kind that ``check`` offered for it. The answer is what is said of the mended file.
    """
    if remedy not in REMEDIES:
        raise KitError("unknown_remedy", known=", ".join(REMEDIES))
    answer, told = _asked(files, remedy)
    offered = [one for one in told if one.get("kind") == remedy and isinstance(one.get("text"), str)]
    if answer.verdict and not offered:
        raise KitError("no_remedy", remedy=remedy)
    written = []
    for one in offered:
        path = work_folder() / f"mended-{Path(str(one['file'])).name}"
        path.write_text(one["text"], encoding="utf-8")
        written.append(path)
    verdict = str(offered[0].get("verdict", "")) if offered else answer.verdict
    return Check(verdict, answer.files, (), (), tuple(written), answer.code, answer.reason)


def _asked(files: Files, remedy: str) -> tuple[Check, list[dict[str, Any]]]:
    contents = contents_of(files)
    if len(contents) > MAX_CHECK_FILES:
        raise KitError("too_many_to_check", limit=MAX_CHECK_FILES)
    check_id = str(uuid.uuid4())
    question = {"files": list(contents), "remedy": remedy}
    asked = put_into_outbox(f"check-{check_id}", "check.json", question, contents)
    answer = work_folder() / ".hanare" / f"check-{check_id}.json"
    try:
        told = _wait(answer)
    finally:
        shutil.rmtree(asked, ignore_errors=True)
    remedies = [one for one in told.get("remedies", ()) if isinstance(one, dict)]
    shown = tuple({name: value for name, value in one.items() if name != "text"} for one in remedies)
    made = Check(
        str(told.get("verdict", "")),
        tuple(told.get("files", ())),
        tuple(told.get("findings", ())),
        shown,
        (),
        str(told.get("code", "")),
        dict(told.get("reason") or {}),
    )
    return made, remedies


def _wait(path: Path) -> dict[str, Any]:
    """The answer, once it is there; whoever waits too long is told."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            told = json.loads(path.read_bytes())
        except (OSError, ValueError):
            time.sleep(_POLL)
            continue
        with suppress(OSError):
            path.unlink()
        return told if isinstance(told, dict) else {}
    raise KitError("check_away")


def _both(words: Any) -> str:
    return f"{words.get('ja', '')} / {words.get('en', '')}" if isinstance(words, dict) and words else ""


def _place(finding: dict[str, Any]) -> str:
    where = finding.get("where") or {}
    place = " ".join(f"{name} {where[name]}" for name in ("row", "column") if name in where)
    return f"{finding.get('severity', '')} {finding.get('file', '')} {place}".strip()
