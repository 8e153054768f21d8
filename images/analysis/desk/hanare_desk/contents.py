"""Jupyter's way to the files of /work: a translation, and nothing of its own.

Every deed goes to ``files``; the file code of the server is not used at all, because it goes
by names and follows links. What is answered is written here: a refusal is one of the desk's
sentences, a model holds what ``files`` gave. There is no base64, no upload in pieces, no
copying of folders, no attachment, no checkpoint and no route that serves a file as it is.
"""

import functools
import mimetypes
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar

import nbformat
from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from jupyter_server.services.contents.manager import AsyncContentsManager
from traitlets import default

from .errors import RefusedHereError
from .files import MAX_INCOMING, NOTEBOOK, Counter, FileRoom, SaidNoError, check_kind, visible
from .meter import Part
from .notebooks import NoNotebookError, has_attachments, measure_incoming, parts_of_notebook, trim_notebook
from .office import office
from .sanitising import SANITISER
from .shelf import Entry
from .work_folder import WorkFolder

WORK: Final = os.environ.get("HANARE_WORK", "/work")
_ANSWER = TypeVar("_ANSWER")


class NoCheckpoints(AsyncCheckpoints):  # type: ignore[misc]
    """There are no checkpoints; the page is told that one was just made."""

    async def create_checkpoint(self, contents_mgr: Any, path: str) -> dict[str, Any]:  # noqa: ARG002
        return {"id": "none", "last_modified": datetime.now(UTC)}

    async def list_checkpoints(self, path: str) -> list[dict[str, Any]]:  # noqa: ARG002
        return [{"id": "none", "last_modified": datetime.now(UTC)}]

    async def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:  # noqa: ARG002
        raise RefusedHereError(403, "not_available")

    async def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Nothing is kept, so nothing moves."""

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Nothing is kept, so nothing goes."""


def _answered(deed: Callable[..., Awaitable[_ANSWER]]) -> Callable[..., Awaitable[_ANSWER]]:
    """A deed whose refusals are answered in the desk's sentences and counted."""

    @functools.wraps(deed)
    async def answer(*args: Any, **kwargs: Any) -> _ANSWER:
        try:
            return await deed(*args, **kwargs)
        except SaidNoError as error:
            if error.status != 404:
                office().refusals.add(error.code)
            raise RefusedHereError(error.status, error.code) from None

    return answer


def _counter() -> Counter:
    here = office()
    return Counter(here.purse, here.files, here.seen, here.images)


class DeskContents(AsyncContentsManager):  # type: ignore[misc]
    """The only way in which the browser touches /work."""

    _opened: FileRoom | None = None

    @default("root_dir")
    def _root_dir(self) -> str:
        return WORK

    @default("checkpoints_class")
    def _checkpoints_class(self) -> type[NoCheckpoints]:
        return NoCheckpoints

    @property
    def room(self) -> FileRoom:
        if self._opened is None:
            incoming = int(os.environ.get("HANARE_INCOMING_BYTES", MAX_INCOMING))
            key = secrets.token_bytes(32)
            self._opened = FileRoom(WorkFolder(Path(self.root_dir)), _counter, key, SANITISER, incoming)
        return self._opened

    def info_string(self) -> str:
        return "the work folder"

    @_answered
    async def dir_exists(self, path: str) -> bool:
        entry = await self._told(path)
        return entry is not None and entry.is_folder

    @_answered
    async def file_exists(self, path: str) -> bool:
        entry = await self._told(path)
        return entry is not None and not entry.is_folder

    async def is_hidden(self, path: str) -> bool:
        try:
            visible(path)
        except SaidNoError:
            return True
        return False

    async def get_kernel_path(self, path: str, model: Any = None) -> str:  # noqa: ARG002
        """A kernel starts in the work folder, whatever lies where."""
        return ""

    async def resolve_path(self, path: str) -> str | None:  # noqa: ARG002
        return None

    @_answered
    async def get(
        self,
        path: str,
        content: bool = True,  # noqa: FBT001, FBT002
        type: str | None = None,  # noqa: A002
        format: str | None = None,  # noqa: A002
        require_hash: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Give a listing, a text or a notebook; anything else is listed but not opened."""
        place = visible(path)
        entry = await self.room.look(path) if place.name else Entry("", is_folder=True, size=0, time=0)
        if entry.is_folder:
            return await self._listing(place, entry) if content else _model(place, entry)
        if content or require_hash:
            _check_form(place, type, format)
        if content:
            return await self._opening(place, require_hash=require_hash)
        model = _model(place, entry)
        if require_hash:
            model.update(hash=await self.room.mark(path), hash_algorithm="sha256")
        return model

    @_answered
    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write a text or a notebook whole; nothing comes in pieces or in base64."""
        place = visible(path)
        if model.get("chunk") is not None:
            raise SaidNoError(413, "too_much_incoming")
        if model.get("type") == "directory":
            return _model(place, await self.room.make_folder(path))
        check_kind(place)
        _check_form(place, model.get("type"), model.get("format"))
        content, parts, brought = self._incoming(place, model.get("content"))
        return _model(place, await self.room.write(path, content, parts, brought))

    @_answered
    async def copy(self, from_path: str, to_path: str | None = None) -> dict[str, Any]:
        """Copy one file; folders are copied in a notebook."""
        old = visible(from_path)
        target = old.parent if to_path is None else visible(to_path)
        if not target.name or await self.dir_exists(str(target)):
            folder = str(target) if target.name else ""
            target = visible(f"{folder}/{await self.increment_filename(old.name, folder, insert='-Copy')}")
        return _model(target, await self.room.copy(from_path, str(target)))

    @_answered
    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Move within /work; a name that is taken stays as it is."""
        await self.room.move(old_path, new_path)

    @_answered
    async def delete_file(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        await self.room.remove(path)

    async def _told(self, path: str) -> Entry | None:
        place = visible(path)
        if not place.name:
            return Entry("", is_folder=True, size=0, time=0)
        try:
            return await self.room.look(path)
        except SaidNoError as error:
            if error.status == 404:
                return None
            raise

    async def _listing(self, place: PurePosixPath, entry: Entry) -> dict[str, Any]:
        entries = await self.room.list_folder(str(place) if place.name else "")
        return {
            **_model(place, entry),
            "format": "json",
            "content": [_model(place / one.name, one) for one in entries],
        }

    async def _opening(self, place: PurePosixPath, *, require_hash: bool) -> dict[str, Any]:
        opened = await self.room.open(str(place))
        model = _model(place, opened.entry)
        if opened.notebook is None:
            model.update(content=opened.text, format="text", mimetype=model["mimetype"] or "text/plain")
        else:
            notebook = nbformat.from_dict(opened.notebook)
            self.mark_trusted_cells(notebook, "")
            model.update(content=notebook, format="json")
        if require_hash:
            model.update(hash=opened.mark, hash_algorithm="sha256")
        return model

    def _incoming(self, place: PurePosixPath, content: Any) -> tuple[bytes, list[Part], int]:
        """The bytes to write, what is known of them from now on, and how much is brought in."""
        if place.suffix.lower() != NOTEBOOK:
            if not isinstance(content, str):
                raise SaidNoError(400, "file_unreadable")
            written = content.encode("utf-8", "replace")
            return written, [Part("file", written)], len(written)
        if has_attachments(content):
            raise SaidNoError(403, "no_attachments")
        try:
            notebook = nbformat.from_dict(content)
            self.check_and_sign(notebook, "")
            text = nbformat.writes(notebook, version=nbformat.NO_CONVERT, capture_validation_error={})
            trimmed = trim_notebook(content, SANITISER, office().purse.limits)
        except (NoNotebookError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise SaidNoError(400, "file_unreadable") from None
        brought = measure_incoming(content, office().images)
        return text.encode("utf-8", "replace"), list(parts_of_notebook(trimmed)), brought


def _check_form(place: PurePosixPath, wanted: Any, shape: Any) -> None:
    """A notebook is a notebook and a text is text, whatever is asked for."""
    if place.suffix.lower() == NOTEBOOK:
        if wanted not in {None, "notebook"} or shape not in {None, "json"}:
            raise SaidNoError(403, "file_kind")
    elif wanted not in {None, "file"} or shape not in {None, "text"}:
        raise SaidNoError(403, "file_kind")


def _model(place: PurePosixPath, entry: Entry) -> dict[str, Any]:
    """What a page is told of a name; who may write it and when it was made are not a kernel's to say."""
    moment = datetime.fromtimestamp(entry.time, UTC)
    kind = "directory" if entry.is_folder else "notebook" if place.suffix.lower() == NOTEBOOK else "file"
    return {
        "name": entry.name,
        "path": str(place) if place.name else "",
        "type": kind,
        "last_modified": moment,
        "created": moment,
        "content": None,
        "format": None,
        "mimetype": mimetypes.guess_type(entry.name)[0] if kind == "file" else None,
        "size": None if entry.is_folder else entry.size,
        "writable": True,
        "hash": None,
        "hash_algorithm": None,
    }
