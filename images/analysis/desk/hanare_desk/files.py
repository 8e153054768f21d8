"""Files of /work as the browser may see and change them, without Jupyter in it.

1. Text and notebooks only, below a size, by descriptors (``work_folder``): no link is
   followed, no special file opened, no name replaced by a move. Hidden names are nobody's.
2. A deed is recorded before it is done; what cannot be recorded is refused.
3. Everything that a kernel may have written costs: contents, and names, sizes and times too
   (``shelf``). A file that is as it was last shown or brought in is free. A listing that
   cannot be paid for is the one that was told last.
4. What a browser brings in is measured (``incoming``), pictures of this desk's own apart.
5. A hash is keyed with a secret of this desk, so that it says *changed* and nothing else.
"""

import asyncio
import errno
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

from .cells import RecordError
from .meter import FLOOR, Cost, Part, Seen, Verdict
from .mime import Sanitiser
from .notebooks import NoNotebookError, cost_of_notebook, parts_of_notebook, read_notebook
from .purse import Purse
from .shelf import Entry, Shelf, entry_of
from .work_folder import NotPlainError, TooLargeError, WorkFolder

TEXTS: Final = frozenset({".py", ".r", ".md", ".txt", ".sql", ".yaml", ".yml", ".toml"})
NOTEBOOK: Final = ".ipynb"
MAX_TEXT: Final = 256_000
MAX_NOTEBOOK: Final = 4 * 1024 * 1024
MAX_INCOMING: Final = 256_000
_MOST_NAMES: Final = 2_000
_REMEMBERED: Final = 2_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class SaidNoError(Exception):
    """It is not done; ``code`` is the sentence and ``status`` the number of the answer."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Records(Protocol):
    async def record(self, deed: str, path: str, size: int = 0, sha256: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """Where things are paid for and remembered."""

    purse: Purse
    records: Records
    seen: Seen
    images: Seen


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it may be shown: text, or a trimmed notebook."""

    entry: Entry
    mark: str
    text: str = ""
    notebook: dict[str, Any] | None = None


@dataclass(slots=True)
class _Known:
    """The digests of the last shown or brought state of files, oldest forgotten first."""

    digests: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def keep(self, path: str, digest: bytes) -> None:
        self.digests[path] = digest
        self.digests.move_to_end(path)
        if len(self.digests) > _REMEMBERED:
            self.digests.popitem(last=False)

    def move(self, old: str, new: str) -> None:
        digest = self.digests.pop(old, None)
        if digest is not None:
            self.keep(new, digest)


class FileRoom:
    """Every deed on /work that a browser can ask for."""

    def __init__(
        self,
        work: WorkFolder,
        counter: Callable[[], Counter],
        key: bytes,
        sanitise: Sanitiser | None,
        incoming: int = MAX_INCOMING,
    ) -> None:
        self._work = work
        self._counter = counter
        self._key = key
        self._sanitise = sanitise
        self._incoming = min(incoming, MAX_INCOMING)
        self._shelf = Shelf()
        self._shown = _Known()
        self._marked = _Known()

    async def find(self, path: str) -> Entry | None:
        """Look without telling anybody: for choosing names."""
        place = visible(path)
        try:
            status = await asyncio.to_thread(self._work.look, str(place))
        except OSError:
            return None
        return _entry(place.name, status)

    async def look(self, path: str) -> Entry:
        """Tell of one name."""
        place = visible(path)
        entry = await self.find(path)
        await self._tell(place, entry)
        if entry is None:
            raise SaidNoError(404, "no_such_file")
        return entry

    async def mark(self, path: str) -> str:
        """Tell whether a file's content is the same as before."""
        place = visible(path)
        seal = self._seal(await self._read(place))
        if self._marked.digests.get(str(place)) != seal:
            await self._pay(Cost(FLOOR), quiet=True)
            self._marked.keep(str(place), seal)
        return seal.hex()

    async def list_folder(self, path: str) -> list[Entry]:
        """List a folder as far as it is paid for."""
        place = visible(path)
        folder = str(place)
        try:
            found = await asyncio.to_thread(self._work.scan, folder, _MOST_NAMES)
        except OSError:
            await self._tell(place, None)
            raise SaidNoError(404, "no_such_file") from None
        if place.name:
            await self._tell(place, entry_of(place.name, is_folder=True, size=0, time=0))
        entries = [_entry(name, status) for name, status in found if _is_listed(name)]
        cost = self._shelf.cost_of_listing(folder, entries)
        if not cost:
            return entries
        try:
            await self._pay(Cost(cost), quiet=True)
            await self._record("listed", folder, cost)
        except SaidNoError:
            told = self._shelf.told(folder)
            if not told:
                raise
            return list(told.values())
        self._shelf.tell_listing(folder, entries)
        return entries

    async def open(self, path: str) -> Opened:
        """Read a file for a person."""
        place = visible(path)
        check_kind(place)
        entry = await self.look(path)
        content = await self._read(place)
        digest = hashlib.sha256(content)
        is_known = self._shown.digests.get(str(place)) == digest.digest()
        try:
            opened, cost, parts = self._judge(place, entry, content)
        except SaidNoError:
            # That it cannot be read is news as well.
            await self._pay(Cost(0 if is_known else FLOOR), quiet=True)
            self._shown.keep(str(place), digest.digest())
            raise
        if not is_known:
            await self._pay(cost)
        await self._record("opened", str(place), len(content), digest.hexdigest())
        self._shown.keep(str(place), digest.digest())
        self._marked.keep(str(place), self._seal(content))
        self._remember(parts)
        return opened

    async def write(self, path: str, content: bytes, parts: Iterable[Part], brought: int) -> Entry:
        """Save a whole file; ``brought`` is how much of it the browser brings in."""
        place = visible(path)
        check_kind(place)
        if brought > self._incoming or len(content) > MAX_NOTEBOOK:
            raise SaidNoError(413, "too_much_incoming")
        digest = hashlib.sha256(content)
        await self._record("written", str(place), len(content), digest.hexdigest())
        status = await self._do(self._work.write, str(place), content)
        entry = _entry(place.name, status)
        self._shelf.tell(_folder(place), place.name, entry)
        self._shown.keep(str(place), digest.digest())
        self._marked.keep(str(place), self._seal(content))
        self._remember(part for part in parts if not part.image)
        return entry

    async def make_folder(self, path: str) -> Entry:
        place = visible(path)
        await self._record("folder_made", str(place))
        await self._do(self._work.make_folder, str(place))
        return self._tell_own(place, entry_of(place.name, is_folder=True, size=0, time=0))

    async def move(self, old_path: str, new_path: str) -> None:
        """Move within /work; a name that is taken stays as it is."""
        old, new = visible(old_path), visible(new_path)
        if old == new:
            return
        await self._record("moved", f"{old} -> {new}")
        await self._do(self._work.move, str(old), str(new))
        told = self._shelf.told(_folder(old)).get(old.name)
        self._shelf.tell(_folder(old), old.name, None)
        if told is not None:
            self._tell_own(new, replace(told, name=new.name))
        for known in (self._shown, self._marked):
            known.move(str(old), str(new))

    async def remove(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        place = visible(path)
        await self._record("removed", str(place))
        await self._do(self._work.remove, str(place))
        self._shelf.tell(_folder(place), place.name, None)

    async def copy(self, old_path: str, new_path: str) -> Entry:
        """Copy one file without showing it."""
        old, new = visible(old_path), visible(new_path)
        check_kind(old)
        check_kind(new)
        if old.suffix.lower() != new.suffix.lower():
            raise SaidNoError(403, "file_kind")
        await self.look(old_path)
        content = await self._read(old)
        await self._record("copied", f"{old} -> {new}", len(content), hashlib.sha256(content).hexdigest())
        status = await self._do(self._work.write, str(new), content)
        told = self._shelf.told(_folder(old)).get(old.name)
        size = told.size if told is not None else 0
        return self._tell_own(new, entry_of(new.name, is_folder=False, size=size, time=status.st_mtime))

    async def _tell(self, place: PurePosixPath, entry: Entry | None) -> None:
        folder = str(place.parent)
        await self._pay(Cost(self._shelf.cost_of(folder, place.name, entry)), quiet=True)
        self._shelf.tell(folder, place.name, entry)

    def _judge(self, place: PurePosixPath, entry: Entry, content: bytes) -> tuple[Opened, Cost, list[Part]]:
        mark, counter = self._seal(content).hex(), self._counter()
        if place.suffix.lower() != NOTEBOOK:
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError:
                raise SaidNoError(400, "file_unreadable") from None
            return Opened(entry, mark, text=text), Cost(max(FLOOR, len(content))), [Part("file", content)]
        try:
            notebook = read_notebook(content, self._sanitise, counter.purse.limits)
            cost, parts = cost_of_notebook(notebook, counter.seen), list(parts_of_notebook(notebook))
        except (NoNotebookError, RecursionError):
            raise SaidNoError(400, "file_unreadable") from None
        return Opened(entry, mark, notebook=notebook), cost, parts

    async def _read(self, place: PurePosixPath) -> bytes:
        limit = check_kind(place)
        try:
            return await asyncio.to_thread(self._work.read, str(place), limit)
        except TooLargeError:
            raise SaidNoError(413, "file_too_large") from None
        except OSError:
            raise SaidNoError(404, "no_such_file") from None

    async def _pay(self, cost: Cost, *, quiet: bool = False) -> None:
        if not (cost.text or cost.image):
            return
        if self._counter().purse.never_fits(cost):
            raise SaidNoError(413, "file_too_large")
        verdict = await self._counter().purse.pay(lambda: cost, quiet=quiet)
        if verdict is Verdict.OVER:
            raise SaidNoError(429, "file_over")
        if verdict is Verdict.AWAY:
            raise SaidNoError(503, "file_away")

    async def _record(self, deed: str, path: str, size: int = 0, sha256: str = "") -> None:
        try:
            await self._counter().records.record(deed, path, size, sha256)
        except RecordError as error:
            raise SaidNoError(503, error.code) from None

    async def _do(self, deed: Callable[..., Any], *words: Any) -> Any:
        with _told_as_refusals():
            return await asyncio.to_thread(deed, *words)

    def _remember(self, parts: Iterable[Part]) -> None:
        counter = self._counter()
        for part in parts:
            counter.seen.add(part.digest)
            if part.image:
                counter.images.add(part.digest)

    def _tell_own(self, place: PurePosixPath, entry: Entry) -> Entry:
        self._shelf.tell(_folder(place), place.name, entry)
        return entry

    def _seal(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")


def visible(path: str) -> PurePosixPath:
    """Give the place below /work; hidden names and odd ones are nobody's business here."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    if any(not part or part.startswith(".") or "\x00" in part or len(part) > 255 for part in parts):
        raise SaidNoError(404, "no_such_file")
    try:
        path.encode()
    except UnicodeEncodeError:
        raise SaidNoError(404, "no_such_file") from None
    return PurePosixPath(*parts)


def check_kind(place: PurePosixPath) -> int:
    """Give the size limit of a kind of file that is opened and saved here."""
    kind = place.suffix.lower()
    if kind == NOTEBOOK:
        return MAX_NOTEBOOK
    if kind not in TEXTS:
        raise SaidNoError(403, "file_kind")
    return MAX_TEXT


def _folder(place: PurePosixPath) -> str:
    return str(place.parent)


def _is_listed(name: str) -> bool:
    if name.startswith("."):
        return False
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _entry(name: str, status: Any) -> Entry:
    is_folder = (status.st_mode & 0o170000) == 0o040000
    return entry_of(name, is_folder=is_folder, size=status.st_size, time=status.st_mtime)


@contextmanager
def _told_as_refusals() -> Iterator[None]:
    """What the file system says, as one of few sentences."""
    try:
        yield
    except FileExistsError:
        raise SaidNoError(409, "name_taken") from None
    except (FileNotFoundError, NotADirectoryError, NotPlainError):
        raise SaidNoError(404, "no_such_file") from None
    except OSError as error:
        if error.errno in _FULL:
            raise SaidNoError(507, "disk_full") from None
        raise SaidNoError(400, "file_not_done") from None
