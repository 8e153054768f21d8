"""Which extract a workspace gets: the newest that was handed over whole and is what was built."""

import hashlib
import os
from pathlib import Path

import pytest

from enclave.errors import TamperedError, UnavailableError
from hub.workspaces_extracts import Extract, Extracts
from tests.support.handed_over import manifest_of, put_extract

CONTENT = b"not really an extract"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def everything(_version: str) -> str:
    return SHA256


def get(folder: Path) -> Extract:
    return Extracts(folder).get("p-a", everything)


def code(folder: Path) -> str:
    with pytest.raises((TamperedError, UnavailableError)) as refused:
        get(folder)
    return refused.value.code


def test_a_project_without_extract_has_no_workspace(tmp_path: Path) -> None:
    assert code(tmp_path) == "no_extract"
    put_extract(tmp_path, "p-a", "1", CONTENT)
    (tmp_path / "p-a" / "1.manifest.json").unlink()
    assert code(tmp_path) == "no_extract"


def test_the_newest_extract_that_was_handed_over_whole_is_taken(tmp_path: Path) -> None:
    for version in ("v9", "v10", "v2", "v11"):
        put_extract(tmp_path, "p-a", version, CONTENT)
    (tmp_path / "p-a" / "v11.manifest.json").unlink()
    found = get(tmp_path)
    assert found.version == "v10"
    assert found.manifest_sha256 == hashlib.sha256(manifest_of("p-a", "v10", CONTENT)).hexdigest()


def test_what_the_ledger_does_not_say_was_built_is_not_seen(tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        put_extract(tmp_path, "p-a", version, CONTENT)
    shelf = Extracts(tmp_path)
    assert shelf.get("p-a", lambda version: SHA256 if version == "v1" else "").version == "v1"
    with pytest.raises(UnavailableError):
        shelf.get("p-a", lambda _version: "")


def test_an_extract_that_a_kernel_could_not_read_is_refused(tmp_path: Path) -> None:
    put_extract(tmp_path, "p-a", "v1", CONTENT)
    (tmp_path / "p-a" / "v1.duckdb").chmod(0o640)
    assert code(tmp_path) == "extract_closed"


def test_a_link_is_no_extract(tmp_path: Path) -> None:
    put_extract(tmp_path, "p-a", "v1", CONTENT)
    put_extract(tmp_path, "p-a", "v2", CONTENT)
    (tmp_path / "p-a" / "v2.duckdb").unlink()
    (tmp_path / "p-a" / "v2.duckdb").symlink_to("/etc/passwd")
    assert get(tmp_path).version == "v1"


def test_one_changed_byte_is_another_extract_even_after_a_good_look(tmp_path: Path) -> None:
    put_extract(tmp_path, "p-a", "v1", CONTENT)
    path, shelf = tmp_path / "p-a" / "v1.duckdb", Extracts(tmp_path)
    assert shelf.get("p-a", everything).version == "v1"
    before = path.stat()
    path.write_bytes(CONTENT[:-1] + b"T")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(TamperedError) as refused:
        shelf.get("p-a", everything)
    assert refused.value.code == "extract_changed"


def test_a_file_is_read_whole_once(tmp_path: Path) -> None:
    put_extract(tmp_path, "p-a", "v1", CONTENT)
    shelf = Extracts(tmp_path)
    shelf.get("p-a", everything)
    (only,) = shelf._known
    shelf._known[only] = "0" * 64
    with pytest.raises(TamperedError):
        shelf.get("p-a", everything)


def test_a_manifest_that_the_producer_did_not_sign_is_refused(tmp_path: Path) -> None:
    put_extract(tmp_path, "p-a", "v1", CONTENT)
    manifest = tmp_path / "p-a" / "v1.manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"persons":0', b'"persons":1'))
    assert code(tmp_path) == "manifest"
    manifest.write_bytes(manifest_of("p-a", "v1", CONTENT))
    (tmp_path / "producer.pub").write_bytes(bytes(32))
    assert code(tmp_path) == "manifest"
    (tmp_path / "producer.pub").unlink()
    assert code(tmp_path) == "manifest"


def test_a_signed_manifest_of_another_extract_is_refused(tmp_path: Path) -> None:
    for other in (("p-b", "v1", CONTENT), ("p-a", "v2", CONTENT), ("p-a", "v1", b"another")):
        put_extract(tmp_path, "p-a", "v1", CONTENT)
        (tmp_path / "p-a" / "v1.manifest.json").write_bytes(manifest_of(*other))
        assert code(tmp_path) == "extract_changed"


def test_a_file_and_manifest_that_fit_each_other_but_not_the_ledger_are_refused(tmp_path: Path) -> None:
    """Whoever holds the producer's key signs anew; what the ledger says stands."""
    put_extract(tmp_path, "p-a", "v1", b"another")
    assert code(tmp_path) == "extract_changed"
