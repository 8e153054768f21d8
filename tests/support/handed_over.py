"""Extracts handed over as the producer does it: bytes, a signed manifest, a public key, a record.

What the bytes hold is the test's business. The signing key is the test's own.
"""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catalog.manifests import Manifest, signed_manifest
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.ports import Work

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def manifest_of(project: str, version: str, content: bytes) -> bytes:
    """The manifest's file, signed by the test's key."""
    sha256 = hashlib.sha256(content).hexdigest()
    facts = Manifest(
        project=project, version=version, tables=(), persons=0, pseudonyms=0, left_out=0, content_sha256=sha256,
        ids_sha256="0" * 64, permit_digest="0" * 64, policy_digest="0" * 64, schema_digest="0" * 64,
        source_version="1", profile="pseudo", built_at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    return signed_manifest(facts, KEY.sign, PUBLIC)


def put_extract(extracts: Path, project: str, version: str, content: bytes) -> None:
    """The files, as a hand-over leaves them."""
    folder = extracts / project
    folder.mkdir(exist_ok=True)
    (extracts / "producer.pub").write_bytes(PUBLIC)
    (folder / f"{version}.duckdb").write_bytes(content)
    (folder / f"{version}.duckdb").chmod(0o644)
    (folder / f"{version}.manifest.json").write_bytes(manifest_of(project, version, content))


def record_build(work: Work, project: str, version: str, content: bytes) -> None:
    """The ledger says that it was built."""
    facts = {"version": version, "content_sha256": hashlib.sha256(content).hexdigest()}
    work.record(EventDraft(Kind.EXTRACT_DONE, "ste", project, f"{project}/{version}", facts))
