"""Verify a ledger bundle, a receipt and a released file: offline, with nothing of ours.

    python verify.py [BUNDLE] [--checkpoint OLD.note] [--receipt FILE [--file RELEASED.zip]] [--key HEX]

Exit 0: whole. Exit 4: tampered, naming the first bad entry. Exit 2: wrong use.
A bundle is lines of JSON: a header, then each leaf: the text that is hashed (canonical JSON), its hash, and
the hex of the salt and body it committed to, absent once erased. Numbers run from 1 without a gap, times
never back by over five seconds, and the RFC 6962 tree over the leaves has the root that the checkpoint signs
(C2SP signed note, Ed25519). A checkpoint kept from earlier, a receipt's too, finds truncation and a history
signed anew. A bundle names its own key: compare it with the one you were given, or insist with --key.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADER = {"format", "origin", "key_name", "public_key", "size", "checkpoint"}
LEAF = {"v", "n", "at", "kind", "person", "project", "subject", "facts", "body"}
RECEIPT = HEADER - {"origin"} | {"number", "leaf", "path", "package_sha256"}
COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
LINE: list[dict[str, Any]] = [COMPACT, {"separators": (",", ":")}, {"ensure_ascii": False}, {}]
NOTE = "([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n\n(?:\u2014 [^\n]+\n)*?\u2014 %s ([^\n ]+)\n(?:\u2014 [^\n]+\n)*"


class TamperedError(Exception): ...


def insist(held: object, where: int | str, why: str) -> None:
    if not held:
        raise TamperedError(f"entry {where} {why}" if isinstance(where, int) else f"the {where} {why}")


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def read_object(data: bytes, where: int | str, forms: list[dict[str, Any]]) -> dict[str, Any]:
    """The JSON object in these bytes, when it is written in one of the forms, or in any if none is named."""
    try:
        value = json.loads(data.decode(), parse_float=int, parse_constant=int)  # so a float is an error
        plain = [json.dumps(value, **form).encode() for form in forms] or [data]
    except (ValueError, RecursionError):
        value, plain = None, []
    insist(isinstance(value, dict) and data in plain, where, "is not a JSON object in its one form")
    return dict(value or {})


def from_hex(text: object, where: int | str) -> bytes:
    insist(re.fullmatch(r"(?:[0-9a-f]{2})*", str(text)), where, "holds something else than lower-case hex")
    return bytes.fromhex(str(text))


def open_note(note: object, signer: dict[str, Any], where: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that the signer's key signed."""
    text, name, key = str(note), str(signer["key_name"]), from_hex(signer["public_key"], where)
    if not (found := re.fullmatch(NOTE % re.escape(name), text)):
        raise TamperedError(f"the {where} is not a note signed by {name}")
    try:
        stamp, root = (base64.b64decode(part, validate=True) for part in (found[4], found[3]))
        signed = text.partition("\n\n")[0].encode() + b"\n"
        Ed25519PublicKey.from_public_bytes(key).verify(stamp[4:], signed)
    except (InvalidSignature, ValueError) as error:
        raise TamperedError(f"the {where} has a signature that does not hold") from error
    insist(base64.b64encode(stamp).decode() == found[4], where, "is not base64 in its one form")
    insist(stamp[:4] == sha(name.encode() + b"\n\x01" + key)[:4], where, "names another key")
    return found[1], int(found[2]), root


def grow(tree: list[bytes], size: int, leaf: bytes) -> None:
    """One more leaf; ``tree`` holds the roots of the perfect subtrees, largest first (RFC 6962)."""
    tree.append(sha(b"\x00" + leaf))
    while size & 1:
        right, size = tree.pop(), size >> 1
        tree[-1] = sha(b"\x01" + tree[-1] + right)


def root_by(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to, or nothing (RFC 9162, 2.1.3.2)."""
    fn, sn, node = index, size - 1, sha(b"\x00" + leaf)
    for step in path:
        if sn <= 0:
            return b""
        if right := fn & 1 or fn == sn:
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        node, fn, sn = sha(b"\x01" + (step + node if right else node + step)), fn >> 1, sn >> 1
    return node if sn == 0 and 0 <= index < size else b""


def read_leaf(text: object, number: object, where: int | str) -> dict[str, Any]:
    leaf = read_object(str(text).encode(errors="replace"), where, [{"sort_keys": True, **COMPACT}])
    whole = set(leaf) == LEAF and (leaf["v"], leaf["n"]) == (1, number) and type(number) is int
    insist(whole and isinstance(leaf["facts"], dict), where, "is not the leaf of its number")
    return leaf


def read_entries(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each entry's number and leaf bytes, checked by itself and against the one before it."""
    before = datetime.min  # noqa: DTZ901  times here are UTC and say so with a Z
    for n, line in enumerate(lines, start=1):
        entry = read_object(line.removesuffix(b"\n"), n, LINE)
        insist({"n", "leaf"} <= set(entry) <= {"n", "leaf", "hash", "body"}, n, "has other fields than these")
        insist(type(entry["n"]) is int and entry["n"] == n, n, "is missing or out of its place")
        leaf, data = read_leaf(entry["leaf"], n, n), str(entry["leaf"]).encode()
        digest = sha(b"\x00" + data).hex()
        insist(entry.get("hash", digest) == digest, n, "does not match its hash")
        body = sha(from_hex(entry["body"], n)).hex() if "body" in entry else leaf["body"]
        insist(body == leaf["body"], n, "has another body than the one it committed to")
        try:
            at = datetime.strptime(str(leaf["at"]), "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007  see above
        except ValueError as error:
            raise TamperedError(f"entry {n} has no time") from error
        insist(at + timedelta(seconds=5) >= before, n, "is older than the entry before it")
        before = at
        yield n, data


def check_bundle(lines: Iterator[bytes], notes: dict[str, Any], receipt: dict[str, Any]) -> dict[str, Any]:
    """The header of a bundle that is whole, continues every kept note, and holds the receipt's leaf."""
    header, n, tree = read_object(next(lines, b"").removesuffix(b"\n"), "header", LINE), 0, list[bytes]()
    insist(set(header) == HEADER and header["format"] == "hanare-ledger-bundle/1", "header", "is not one")
    notes = {"checkpoint": header["checkpoint"], **notes}
    kept = [(where, *open_note(note, header, where)) for where, note in notes.items()]
    insist(kept[0][1:3] == (header["origin"], header["size"]), "header", "is not what its checkpoint says")
    for n, leaf in read_entries(lines):
        grow(tree, n - 1, leaf)
        insist(n != receipt.get("number") or leaf.decode() == receipt["leaf"], n, "is not the receipt's")
        for where, _, at, signed in kept:
            same = at != n or signed == reduce(lambda node, left: sha(b"\x01" + left + node), tree[::-1])
            insist(same, n, f"or one before it is not what the {where} signed")
    for where, origin, at, signed in kept:
        insist(origin == header["origin"] and (at or signed == sha(b"")), where, "is of another ledger")
        insist(at <= n, n + 1, f"is missing: the {where} was signed at {at} entries")
    insist(n == header["size"], header["size"] + 1, "is beyond the checkpoint: nobody signed it")
    return header


def check_receipt(receipt: dict[str, Any], file: Path | None) -> None:
    """That the receipt proves its leaf, the leaf its package, and the package is this file."""
    ours = set(receipt) | {"package_sha256"} == RECEIPT and receipt["format"] == "hanare-receipt/1"
    insist(ours and isinstance(receipt["path"], list), "receipt", "is not a receipt")
    path = [from_hex(step, "receipt") for step in receipt["path"]]
    _, size, root = open_note(receipt["checkpoint"], receipt, "receipt")
    leaf = read_leaf(receipt["leaf"], receipt["number"], "receipt")
    proved = root_by(str(receipt["leaf"]).encode(), leaf["n"] - 1, size, path) == root
    insist(proved and receipt["size"] == size, "receipt", f"does not prove entry {leaf['n']}")
    package = leaf["facts"].get("package")
    insist(receipt.get("package_sha256", package) == package, "receipt", "names another package")
    insist(not file or sha(file.read_bytes()).hex() == package, "file", f"is not that of entry {leaf['n']}")


def verify(asked: argparse.Namespace) -> str:
    """One line that says what was proved."""
    notes, header, proof = dict[str, Any](), dict[str, Any](), dict[str, Any]()
    if asked.receipt:
        header = proof = read_object(asked.receipt.read_bytes(), "receipt", [])
        check_receipt(proof, asked.file)
        notes["receipt"] = proof["checkpoint"]
    if asked.checkpoint:
        notes["kept checkpoint"] = asked.checkpoint.read_bytes().decode(errors="replace")
    if asked.bundle:
        with asked.bundle.open("rb") as lines:
            header = check_bundle(lines, notes, proof)
    insist(asked.key in ("", header["public_key"]), "key", "is another than the one you gave")
    return f"whole: {header['size']} entries, signed by {header['key_name']} {header['public_key']}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify a ledger bundle, a receipt and a released file.")
    for name in ("--checkpoint", "--receipt", "--file"):
        parser.add_argument(name, type=Path)
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--key", default="")
    asked = parser.parse_args()
    if not (asked.bundle or (asked.receipt and not asked.checkpoint)) or (asked.file and not asked.receipt):
        parser.error("give a BUNDLE or a --receipt; --checkpoint needs a BUNDLE, --file a --receipt")
    try:
        sys.stdout.write(verify(asked) + "\n")
    except TamperedError as error:
        sys.stdout.write(f"tampered: {error}\n")
        return 4
    except OSError as error:
        parser.error(f"cannot read: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
