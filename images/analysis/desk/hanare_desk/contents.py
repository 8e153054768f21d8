"""Files of /work as the browser may see and change them.

Text and notebooks only, below a size, by descriptors (``work_folder``): no link is followed,
no special file opened, no name replaced by a move. There is no base64, no upload in pieces, no
copying of folders and no route that serves a file as it is. Outputs that a notebook carries
are filtered by the rules of live ones, because the kernel can write them without showing them.
Hidden names (the answers, half-made submissions) are not listed.
"""

import errno
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from anyio.to_thread import run_sync
from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado import web

from .outputs import trim_notebook
from .sanitising import SANITISER
from .work_folder import NotPlainError, WorkFolder

TEXTS: Final = frozenset({".py", ".r", ".md", ".txt", ".sql", ".yaml", ".yml", ".toml"})
NOTEBOOK: Final = ".ipynb"
MAX_TEXT: Final = 256 * 1024
MAX_NOTEBOOK: Final = 4 * 1024 * 1024


class AbsentFileError(web.HTTPError, OSError):  # type: ignore[misc]
    """What is no plain file is not there; a listing passes over it as over a broken link."""

    def __init__(self) -> None:
        web.HTTPError.__init__(self, 404, reason="no such file")
        self.errno = errno.ELOOP


class NoCheckpoints(AsyncCheckpoints):  # type: ignore[misc]
    """There are no checkpoints; the page is told that one was just made."""

    async def create_checkpoint(self, contents_mgr: Any, path: str) -> dict[str, Any]:  # noqa: ARG002
        return {"id": "none", "last_modified": datetime.now(UTC)}

    async def list_checkpoints(self, path: str) -> list[dict[str, Any]]:  # noqa: ARG002
        return [{"id": "none", "last_modified": datetime.now(UTC)}]

    async def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:  # noqa: ARG002
        raise web.HTTPError(403, "there are no checkpoints")

    async def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Nothing is kept, so nothing moves."""

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Nothing is kept, so nothing goes."""


class DeskContents(AsyncLargeFileManager):  # type: ignore[misc]
    """The only way in which the browser touches /work."""

    _opened: WorkFolder | None = None

    @property
    def work(self) -> WorkFolder:
        if self._opened is None:
            self._opened = WorkFolder(Path(self.root_dir))
        return self._opened

    def _get_os_path(self, path: str) -> str:
        """Every operation asks for its path here first."""
        os_path: str = super()._get_os_path(path)
        try:
            self.work.check_plain(self._within(os_path))
        except NotADirectoryError:
            raise AbsentFileError from None
        except NotPlainError:
            raise AbsentFileError from None
        return os_path

    def _within(self, os_path: str) -> str:
        relative = PurePosixPath(os_path).relative_to(PurePosixPath(self.root_dir))
        return "" if str(relative) == "." else str(relative)

    @contextmanager
    def open(self, os_path: str, *args: Any, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002
        """Open a plain file for reading, whatever mode was asked for."""
        limit = MAX_NOTEBOOK if os_path.endswith(NOTEBOOK) else MAX_TEXT
        with self.perm_to_403(os_path):
            try:
                content = self.work.read(self._within(os_path), limit)
            except NotPlainError:
                raise AbsentFileError from None
            yield io.BytesIO(content)

    @contextmanager
    def atomic_writing(self, os_path: str, *args: Any, text: bool = True, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002
        """Give a buffer whose bytes take the file's place when all went well."""
        buffer = io.BytesIO()
        if text:
            wrapper = io.TextIOWrapper(buffer, encoding="utf-8", newline="\n", write_through=True)
            yield wrapper
            wrapper.detach()
        else:
            yield buffer
        with self.perm_to_403(os_path):
            self.work.write(self._within(os_path), buffer.getvalue())

    async def get(
        self,
        path: str,
        content: bool = True,  # noqa: FBT001, FBT002
        type: str | None = None,  # noqa: A002
        format: str | None = None,  # noqa: A002
        require_hash: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Give a listing, a text or a notebook; anything else is listed but not opened."""
        if type == "directory" or (await self.dir_exists(path)):
            listing: dict[str, Any] = await super().get(path, content=content, type="directory")
            return listing
        kind = PurePosixPath(path).suffix.lower()
        if content or require_hash:
            _check_kind(kind, type, format)
            await self._check_size(path, MAX_NOTEBOOK if kind == NOTEBOOK else MAX_TEXT)
        wanted = "notebook" if kind == NOTEBOOK else "file"
        shape = "text" if content and wanted == "file" else None
        model: dict[str, Any] = await super().get(
            path,
            content=content,
            type=wanted,
            format=shape,
            require_hash=require_hash,
        )
        if content and wanted == "notebook":
            trim_notebook(model["content"], SANITISER)
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write a text or a notebook whole; nothing comes in pieces or in base64."""
        if model.get("chunk") is not None:
            raise web.HTTPError(413, "too large to bring in through the browser")
        if model.get("type") != "directory":
            kind = PurePosixPath(path).suffix.lower()
            _check_kind(kind, model.get("type"), model.get("format"))
            _check_length(kind, model.get("content"))
        saved: dict[str, Any] = await super().save(model, path)
        return saved

    async def copy(self, from_path: str, to_path: str | None = None) -> dict[str, Any]:
        """Copy one file; folders are copied in a notebook."""
        if await self.dir_exists(from_path):
            raise web.HTTPError(403, "folders are not copied here")
        copied: dict[str, Any] = await super().copy(from_path, to_path)
        return copied

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Move within /work; a name that is taken stays as it is."""
        old, new = self._visible(old_path), self._visible(new_path)
        if old == new:
            return
        try:
            await run_sync(self.work.move, old, new)
        except FileExistsError:
            raise web.HTTPError(409, "this name is taken") from None
        except OSError:
            raise web.HTTPError(404, "no such file") from None

    async def delete_file(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        try:
            await run_sync(self.work.remove, self._visible(path))
        except FileNotFoundError:
            raise web.HTTPError(404, "no such file") from None
        except OSError:
            raise web.HTTPError(400, "only files and empty folders are removed here") from None

    async def _save_directory(self, os_path: str, model: dict[str, Any], path: str = "") -> None:  # noqa: ARG002
        try:
            await run_sync(self.work.make_folder, self._visible(path))
        except OSError:
            raise web.HTTPError(400, "no folder can be made here") from None

    def _visible(self, path: str) -> str:
        """Give the path below /work; hidden names are nobody's business here."""
        inside = self._within(super()._get_os_path(path))
        if not inside or any(part.startswith(".") for part in PurePosixPath(inside).parts):
            raise web.HTTPError(404, "no such file")
        return inside

    async def _check_size(self, path: str, limit: int) -> None:
        model: dict[str, Any] = await super().get(path, content=False)
        if (model.get("size") or 0) > limit:
            raise web.HTTPError(413, "too large to open here")


def _check_kind(kind: str, wanted: Any, shape: Any) -> None:
    if kind == NOTEBOOK:
        if wanted not in {None, "notebook"} or shape not in {None, "json"}:
            raise web.HTTPError(403, "a notebook is opened as a notebook only")
    elif kind not in TEXTS:
        raise web.HTTPError(403, "this kind of file is not opened here")
    elif wanted not in {None, "file"} or shape not in {None, "text"}:
        raise web.HTTPError(403, "this file is opened as text only")


def _check_length(kind: str, content: Any) -> None:
    if kind == NOTEBOOK:
        length, limit = len(json.dumps(content)), MAX_NOTEBOOK
    else:
        length, limit = len(str(content).encode("utf-8", "replace")), MAX_TEXT
    if length > limit:
        raise web.HTTPError(413, "too large; clear outputs or split the file")
