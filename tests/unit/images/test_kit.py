"""What a researcher imports: the encrypted extract, the outbox and the states."""

import errno
import fcntl
import importlib.util
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from images.analysis.kit import enclave_kit
from images.analysis.kit.enclave_kit import KitError
from images.analysis.kit.enclave_kit.sentences import say

KEY = "5f" * 32


def give_key(monkeypatch: pytest.MonkeyPatch, text: str, name: str = "hanare-key") -> int:
    descriptor = os.memfd_create(name, os.MFD_ALLOW_SEALING)
    os.write(descriptor, text.encode())
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE)
    monkeypatch.setenv("HANARE_KEY_FD", str(descriptor))
    return descriptor


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    file = tmp_path / "it's" / "extract.duckdb"
    file.parent.mkdir()
    wheel = importlib.util.find_spec("duckdb_extension_httpfs")
    assert wheel is not None
    assert wheel.origin is not None
    library = next(Path(wheel.origin).parent.glob("extensions/*/httpfs.duckdb_extension"))
    with duckdb.connect() as made:
        made.execute(f"LOAD '{library}'")
        quoted = str(file).replace("'", "''")
        made.execute(f"ATTACH '{quoted}' AS e (ENCRYPTION_KEY '{KEY}', ENCRYPTION_CIPHER 'GCM')")
        made.execute(
            "CREATE TABLE e.patients AS SELECT uuid() AS patient_key, 1950 + i % 3 AS birth_year FROM range(9) t(i)"
        )
        made.execute("CREATE VIEW e.years AS SELECT birth_year FROM e.patients")
        made.execute("COMMENT ON TABLE e.patients IS '患者'")
        made.execute("COMMENT ON COLUMN e.patients.birth_year IS '生年'")
        made.execute("DETACH e")
    monkeypatch.setenv("HANARE_EXTRACT", str(file))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    descriptor = give_key(monkeypatch, KEY)
    yield file
    os.close(descriptor)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("HANARE_WORK", str(folder))
    return folder


def code_of(caught: pytest.ExceptionInfo[KitError]) -> str:
    assert str(caught.value).count("\n") == 1, "both languages"
    return caught.value.code


def test_without_a_key_nothing_opens(extract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract.is_file()
    monkeypatch.delenv("HANARE_KEY_FD")
    with pytest.raises(KitError) as caught:
        enclave_kit.connect()
    assert code_of(caught) == "no_key"


def test_a_descriptor_that_is_not_the_brokers_is_no_key(
    extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert extract.is_file()
    other = give_key(monkeypatch, KEY, name="other")
    with pytest.raises(KitError) as caught:
        enclave_kit.connect()
    os.close(other)
    assert code_of(caught) == "no_key"


def test_a_wrong_key_is_said_without_the_key(extract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract.is_file()
    wrong = give_key(monkeypatch, "00" * 32)
    with pytest.raises(KitError) as caught:
        enclave_kit.connect()
    os.close(wrong)
    assert code_of(caught) == "extract_unreadable"
    assert "00" * 32 not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_absent_extract_is_said(extract: Path) -> None:
    extract.unlink()
    with pytest.raises(KitError) as caught:
        enclave_kit.connect()
    assert code_of(caught) == "no_extract"


def test_the_extract_is_the_default_and_read_only(extract: Path) -> None:
    assert extract.is_file()
    with enclave_kit.connect() as connection:
        assert connection.execute("SELECT count(*) FROM patients").fetchall() == [(9,)]
        with pytest.raises(duckdb.Error):
            connection.execute("CREATE TABLE more (a INTEGER)")
        with pytest.raises(duckdb.Error):
            connection.execute("DELETE FROM patients")
        settings = dict(
            connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'temp_directory')",
            ).fetchall(),
        )
        assert settings["autoinstall_known_extensions"] in {"false", "0"}
        assert settings["temp_directory"].endswith("/duckdb")
        loaded = connection.execute(
            "SELECT loaded FROM duckdb_extensions() WHERE extension_name = 'httpfs'"
        ).fetchall()
        assert loaded == [(True,)]
        with enclave_kit.connect() as second:
            assert second.execute("SELECT count(*) FROM patients").fetchall() == [(9,)]


def test_tables_carry_their_labels(extract: Path) -> None:
    assert extract.is_file()
    listed = enclave_kit.tables()
    assert list(listed.columns) == ["table", "table_label", "column", "column_label", "type"]
    assert len(listed) == 3
    row = listed[(listed["table"] == "patients") & (listed["column"] == "birth_year")].iloc[0]
    assert (row["table_label"], row["column_label"]) == ("患者", "生年")


def test_a_request_appears_whole(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame({"n": [12, 15]}, index=pd.Index(["40代", "50代"], name="年齢"))
    (work / "note.txt").write_text("結果", encoding="utf-8")
    draft_id = enclave_kit.request_release(
        {"t.csv": table, "note.txt": Path("note.txt"), "m.md": "# 表"}, "表1", "年齢別の人数"
    )
    folder = work / "outbox" / draft_id
    asked = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    assert asked == {
        "draft_id": draft_id,
        "title": "表1",
        "what_it_shows": "年齢別の人数",
        "files": ["t.csv", "note.txt", "m.md"],
    }
    assert (folder / "t.csv").read_text(encoding="utf-8") == "年齢,n\n40代,12\n50代,15\n"
    assert (folder / "note.txt").read_text(encoding="utf-8") == "結果"
    assert (folder / "m.md").read_text(encoding="utf-8") == "# 表"
    assert [path.name for path in (work / "outbox").iterdir()] == [draft_id]
    assert stat.S_IMODE((folder / "t.csv").stat().st_mode) == 0o660
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2770
    assert draft_id in capsys.readouterr().out


def test_a_plain_index_is_not_written(work: Path) -> None:
    draft_id = enclave_kit.request_release({"t.csv": pd.DataFrame({"a": [1]})}, "t", "w")
    assert (work / "outbox" / draft_id / "t.csv").read_text(encoding="utf-8") == "a\n1\n"


def test_one_path_is_enough(work: Path) -> None:
    (work / "a.csv").write_text("a\n1\n", encoding="utf-8")
    draft_id = enclave_kit.request_release("a.csv", "t", "w")
    assert (work / "outbox" / draft_id / "a.csv").is_file()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "no_files"),
        ([], "no_files"),
        ({f"{number}.txt": "x" for number in range(21)}, "too_many_files"),
        ({"../a.csv": "x"}, "unfit_name"),
        ({".a.csv": "x"}, "unfit_name"),
        ({"request.json": "{}"}, "unfit_name"),
        ({"a.xlsx": pd.DataFrame({"a": [1]})}, "table_as_csv"),
        ({"a.csv": pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))}, "unfit_columns"),
        ({"a.csv": 3}, "unfit_content"),
        ({"a.txt": "x" * (16 * 1024 * 1024 + 1)}, "too_large"),
        (["absent.csv"], "not_a_file"),
        (["x/a.csv", "y/a.csv"], "name_twice"),
    ],
)
def test_what_cannot_be_submitted_leaves_nothing(work: Path, files: object, code: str) -> None:
    with pytest.raises(KitError) as caught:
        enclave_kit.request_release(files, "t", "w")  # type: ignore[arg-type]
    assert code_of(caught) == code
    assert not (work / "outbox").exists()


def test_a_link_is_not_submitted(work: Path) -> None:
    (work / "a.csv").symlink_to("/etc/hostname")
    with pytest.raises(KitError) as caught:
        enclave_kit.request_release([work / "a.csv"], "t", "w")
    assert code_of(caught) == "not_a_file"


@pytest.mark.parametrize(
    ("title", "words"), [("", "w"), (" ", "w"), ("t", ""), ("t" * 201, "w"), ("t", "w" * 10_001)]
)
def test_a_request_says_what_it_is(work: Path, title: str, words: str) -> None:
    assert work.is_dir()
    with pytest.raises(KitError) as caught:
        enclave_kit.request_release({"a.txt": "x"}, title, words)
    assert code_of(caught) == "unfit_title"


def test_no_answers_no_rows(work: Path) -> None:
    assert work.is_dir()
    assert len(enclave_kit.releases()) == 0


def test_states_come_from_all_three_places(work: Path) -> None:
    waiting = enclave_kit.request_release({"a.txt": "x"}, "題", "w")
    answers = work / ".hanare"
    answers.mkdir()
    told = {
        "requests": [
            {
                "draft_id": "d1",
                "request_id": "r1",
                "title": "t",
                "state": "in_review",
                "round": 1,
                "findings": [],
            }
        ]
    }
    (answers / "releases.json").write_text(json.dumps(told), encoding="utf-8")
    refused = {"draft_id": "d2", "code": "draft_not_plain", "ja": "…", "en": "Only plain files."}
    (answers / "refused-d2.json").write_text(json.dumps(refused), encoding="utf-8")
    listed = enclave_kit.releases()
    assert dict(zip(listed["draft_id"], listed["state"], strict=True)) == {
        "d1": "in_review",
        "d2": "not_accepted",
        waiting: "waiting_to_be_sent",
    }


def test_a_damaged_answer_is_no_answer(work: Path) -> None:
    (work / ".hanare").mkdir()
    (work / ".hanare" / "releases.json").write_text("[1", encoding="utf-8")
    assert len(enclave_kit.releases()) == 0


def test_sentences_come_in_both_languages() -> None:
    assert say("no_extract").splitlines()[1].isascii()


def test_a_full_disk_is_said_and_leaves_nothing_half_made(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(enclave_kit.outbox, "_write", full)
    with pytest.raises(KitError) as caught:
        enclave_kit.request_release({"t.txt": "a"}, "title", "words")
    assert caught.value.code == "work_full"
    assert list((work / "outbox").iterdir()) == []
