"""The manifest of an extract: what was built, from what, under which approvals, as signed facts.

It says nothing that helps to undo the processing (Article 42(2)): no key, no transform's
parameter, no SQL, no identifier; digests, counts, names of tables and versions only. The
signature is Ed25519 over the canonical bytes of the facts, made by the producer; whoever has
the producer's public key can verify both the facts and, by its hash, the encrypted file.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from enclave.audit.canonical import Value, canonical
from enclave.data_keys import FIRST
from enclave.errors import TamperedError
from enclave.sentences import say

FORMAT = "hanare-extract/1"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table of an extract: the approved view it was cut by, and how many rows it has."""

    name: str
    view_digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of one extract."""

    project: str
    version: str
    tables: tuple[TableFacts, ...]
    persons: int
    """Distinct persons over all tables."""
    pseudonyms: int
    """Distinct pseudonyms of any kind: the size of the project's id set."""
    left_out: int
    """Persons whom an opt-out left out; it was looked up in the finished extract that none is in it."""
    content_sha256: str
    """Of the encrypted file, as it lies beside the manifest."""
    ids_sha256: str
    """Of the encrypted id set, as it lies beside the manifest."""
    permit_digest: str
    policy_digest: str
    schema_digest: str
    source_version: str
    profile: str
    built_at: str
    """ISO 8601, UTC."""
    data_key: str = FIRST
    """The name of the key that the file is encrypted under (``enclave.data_keys``); never the key."""

    def facts(self) -> dict[str, Value]:
        """The facts as a mapping of canonical JSON."""
        return {
            "format": FORMAT,
            "project": self.project,
            "version": self.version,
            "tables": [{"name": t.name, "view": t.view_digest, "rows": t.rows} for t in self.tables],
            "persons": self.persons,
            "pseudonyms": self.pseudonyms,
            "left_out": self.left_out,
            "left_out_found": 0,
            "content_sha256": self.content_sha256,
            "ids_sha256": self.ids_sha256,
            "permit": self.permit_digest,
            "policy": self.policy_digest,
            "schema": self.schema_digest,
            "source": self.source_version,
            "profile": self.profile,
            "built_at": self.built_at,
            "data_key": self.data_key,
        }


def signed_manifest(manifest: Manifest, sign: Callable[[bytes], bytes], public_key: bytes) -> bytes:
    """The manifest's file: the facts, the signature over their canonical bytes, and whose it is."""
    facts = manifest.facts()
    document: dict[str, Value] = {
        "manifest": facts,
        "signature": sign(canonical(facts)).hex(),
        "signed_by": hashlib.sha256(public_key).hexdigest(),
    }
    return canonical(document) + b"\n"


def read_manifest(content: bytes, verify: Callable[[bytes, bytes], bool]) -> Mapping[str, Value]:
    """The facts of a manifest file whose signature holds.

    ``verify`` is given the signature and the bytes it is over.

    Raises:
        TamperedError: it cannot be read, or the signature is not the producer's.
    """
    try:
        document = json.loads(content)
        facts = document["manifest"]
        held = facts["format"] == FORMAT and verify(bytes.fromhex(document["signature"]), canonical(facts))
    except (ValueError, TypeError, KeyError) as error:
        raise _not_held() from error
    if not held:
        raise _not_held()
    checked: Mapping[str, Value] = facts
    return checked


def _not_held() -> TamperedError:
    return TamperedError(
        "manifest", say("The manifest of this extract is not the one the producer signed. Do not use it.")
    )
