"""What lies in the outbox is read as a stranger's, and no touch of the folder follows a link."""

import hashlib
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from images.analysis.desk.hanare_desk import work_folder
from images.analysis.desk.hanare_desk.outbox import UnfitError, find_drafts, read_draft
from images.analysis.desk.hanare_desk.work_folder import NotPlainError, TooLargeError, WorkFolder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    (folder / "outbox").mkdir(parents=True)
    return folder


def put_draft(root: Path, files: dict[str, bytes], /, **changes: object) -> str:
    draft_id = str(uuid.uuid4())
    folder = root / "outbox" / draft_id
    folder.mkdir()
    asked = {"draft_id": draft_id, "title": "表", "what_it_shows": "人数", "files": list(files), **changes}
    (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return draft_id


def unfit(root: Path, draft_id: str) -> str:
    with WorkFolder(root) as work, pytest.raises(UnfitError) as caught:
        read_draft(work, draft_id)
    return caught.value.code


def test_no_outbox_no_drafts(tmp_path: Path) -> None:
    with WorkFolder(tmp_path) as work:
        assert find_drafts(work) == []


def test_a_whole_draft_is_read(root: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n1\n", "note.txt": b"x"})
    (root / "outbox" / f".tmp-{uuid.uuid4()}").mkdir()
    with WorkFolder(root) as work:
        assert find_drafts(work) == [draft_id]
        draft = read_draft(work, draft_id)
    assert draft.described() == {
        "draft_id": draft_id,
        "title": "表",
        "what_it_shows": "人数",
        "files": [
            {"name": "t.csv", "size": 4, "sha256": hashlib.sha256(b"a\n1\n").hexdigest()},
            {"name": "note.txt", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()},
        ],
    }


def link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def hardlink(path: Path, secret: Path) -> None:
    os.link(secret, path)


def fifo(path: Path, _: Path) -> None:
    os.mkfifo(path)


def folder(path: Path, _: Path) -> None:
    path.mkdir()


def relative_link(path: Path, _: Path) -> None:
    path.symlink_to("request.json")


@pytest.mark.parametrize("make", [link, hardlink, fifo, folder, relative_link])
@pytest.mark.parametrize("name", ["t.csv", "request.json"])
def test_only_plain_files_are_read(
    root: Path,
    tmp_path: Path,
    name: str,
    make: Callable[[Path, Path], None],
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("token", encoding="utf-8")
    draft_id = put_draft(root, {"t.csv": b"a\n"})
    path = root / "outbox" / draft_id / name
    path.unlink()
    make(path, secret)
    assert unfit(root, draft_id) == "draft_not_plain"


def test_a_folder_that_is_a_link_is_not_entered(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})
    (root / "outbox" / draft_id).rename(tmp_path / "elsewhere")
    (root / "outbox" / draft_id).symlink_to(tmp_path / "elsewhere")
    assert unfit(root, draft_id) == "draft_not_plain"


def test_an_outbox_that_is_a_link_is_not_entered(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})
    (root / "outbox").rename(tmp_path / "outbox")
    (root / "outbox").symlink_to(tmp_path / "outbox")
    assert unfit(root, draft_id) == "draft_not_plain"


def test_a_file_that_is_too_large_is_refused(root: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b""})
    with (root / "outbox" / draft_id / "t.csv").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    assert unfit(root, draft_id) == "draft_too_large"


def test_files_that_are_too_large_together_are_refused(root: Path) -> None:
    draft_id = put_draft(root, {f"{number}.csv": b"" for number in range(5)})
    for number in range(5):
        with (root / "outbox" / draft_id / f"{number}.csv").open("wb") as file:
            file.truncate(14 * 1024 * 1024)
    assert unfit(root, draft_id) == "draft_too_large"


@pytest.mark.parametrize(
    "changes",
    [
        {"draft_id": str(uuid.uuid4())},
        {"title": ""},
        {"title": 3},
        {"title": "x" * 201},
        {"what_it_shows": None},
        {"files": []},
        {"files": ["../t.csv"]},
        {"files": [".hidden"]},
        {"files": ["request.json"]},
        {"files": ["t.csv", "t.csv"]},
        {"files": ["absent.csv"]},
        {"files": [f"{number}" for number in range(21)]},
    ],
)
def test_a_description_has_to_fit(root: Path, changes: dict[str, object]) -> None:
    assert unfit(root, put_draft(root, {"t.csv": b"a\n"}, **changes)) == "draft_unreadable"


@pytest.mark.parametrize("content", [b"", b"[]", b"nonsense", b"\xff", b"[" * 50_000])
def test_a_description_has_to_be_one(root: Path, content: bytes) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})
    (root / "outbox" / draft_id / "request.json").write_bytes(content)
    assert unfit(root, draft_id) == "draft_unreadable"


def test_writing_is_whole_or_not_at_all(root: Path) -> None:
    with WorkFolder(root) as work:
        work.write("a.txt", b"one")
        with pytest.raises(RuntimeError), work.writing("a.txt") as descriptor:
            os.write(descriptor, b"two")
            raise RuntimeError
    assert (root / "a.txt").read_bytes() == b"one"
    assert sorted(path.name for path in root.iterdir()) == ["a.txt", "outbox"]


def test_writing_replaces_a_link_and_not_its_target(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"keep")
    (root / "a.txt").symlink_to(target)
    with WorkFolder(root) as work:
        work.write("a.txt", b"new")
    assert target.read_bytes() == b"keep"
    assert not (root / "a.txt").is_symlink()


@pytest.mark.parametrize("path", ["x/a.txt", "x/../../a.txt", "../a.txt", "x"])
def test_no_way_leads_out_of_the_folder(root: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"outside")
    (root / "x").symlink_to(tmp_path)
    with WorkFolder(root) as work:
        with pytest.raises(OSError, match=r"."):
            work.read(path, 100)
        with pytest.raises(NotPlainError):
            work.names("x")
        with pytest.raises(NotPlainError):
            work.make_folder("x")
        with pytest.raises(NotPlainError):
            work.move("x/a.txt", "b.txt")
        with pytest.raises(NotPlainError):
            work.remove("x/a.txt")
    assert (tmp_path / "a.txt").read_bytes() == b"outside"


def test_a_move_never_replaces(root: Path) -> None:
    (root / "a").write_bytes(b"a")
    (root / "b").write_bytes(b"b")
    with WorkFolder(root) as work:
        with pytest.raises(FileExistsError):
            work.move("a", "b")
        work.move("a", "c")
    assert (root / "b").read_bytes() == b"b"
    assert (root / "c").read_bytes() == b"a"


def test_a_file_that_grows_while_it_is_read_is_too_large(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a").write_bytes(b"x" * 50)
    real = os.fstat

    def smaller(descriptor: int) -> os.stat_result:
        status = list(real(descriptor))
        status[6] = min(status[6], 5)
        return os.stat_result(status)

    monkeypatch.setattr("os.fstat", smaller)
    with WorkFolder(root) as work, pytest.raises(TooLargeError):
        work.read("a", 10)


def test_without_openat2_nothing_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a").write_bytes(b"x")
    monkeypatch.setattr(work_folder, "_SYS_OPENAT2", 100_000)
    with WorkFolder(root) as work, pytest.raises(OSError, match=r"."):
        work.read("a", 10)
