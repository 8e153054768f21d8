"""The inclusion proof of a receipt, computed here from RFC 9162 section 2.1.3.2.

Standard library only: whether the leaf stands under the checkpoint's root. Whether the
checkpoint is signed is the stand-alone verifier's question.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to; None when it is no path of such a tree."""
    if not 0 <= index < size:
        return None
    here, last, node = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            return None
        if here % 2 or here == last:
            node = hashlib.sha256(b"\x01" + step + node).digest()
            while here and not here % 2:
                here, last = here // 2, last // 2
        else:
            node = hashlib.sha256(b"\x01" + node + step).digest()
        here, last = here // 2, last // 2
    return node if last == 0 else None


def proves(receipt: dict[str, Any]) -> bool:
    """Whether a receipt's path leads from its leaf to its checkpoint's root."""
    _, size, root = str(receipt["checkpoint"]).split("\n")[:3]
    path = [bytes.fromhex(step) for step in receipt["path"]]
    found = root_from(str(receipt["leaf"]).encode(), int(receipt["number"]) - 1, int(size), path)
    return int(size) == receipt["size"] and found == base64.b64decode(root)
