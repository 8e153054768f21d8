"""The hash tree of RFC 6962, section 2: leaves, roots, and both kinds of proof. Pure.

- A leaf's hash is ``sha256(0x00 || data)``, a node's ``sha256(0x01 || left || right)``.
- ``CompactRange`` is what an append needs: one hash per set bit of the size (O(log n)).
- ``inclusion_path`` proves that leaf ``index`` is in the tree of ``size`` (section 2.1.1);
  ``consistency_path`` that a smaller tree is a prefix of a larger one (section 2.1.2).

The verifying halves follow RFC 9162, sections 2.1.3.2 and 2.1.4.2, which state them as
algorithms. Indexes count from 0 here, as in the RFC; the ledger's numbers count from 1.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """``MTH({d})`` of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The roots of the perfect subtrees of a tree, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "CompactRange":
        """The range after one more leaf hash."""
        hashes, size = [*self.hashes, leaf], self.size
        while size & 1:
            right, left = hashes.pop(), hashes.pop()
            hashes.append(node_hash(left, right))
            size >>= 1
        return CompactRange(self.size + 1, tuple(hashes))

    def root(self) -> bytes:
        """The tree's root hash."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a list of leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return int(1 << ((size - 1).bit_length() - 1))


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """``PATH(m, D[n])``: the hashes that lead from leaf ``index`` to the root."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf in this tree")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_path(index, leaves[:k]), root_of(leaves[k:])]
    return [*inclusion_path(index - k, leaves[k:]), root_of(leaves[:k])]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``path`` leads from this leaf hash to this root."""
    if not 0 <= index < size:
        return False
    fn, sn, node = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def consistency_path(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """``PROOF(m, D[n])``: that the first ``old_size`` leaves are a prefix of this tree."""
    if not 0 < old_size <= len(leaves):
        raise IndexError("no such older tree")
    return _subproof(old_size, leaves, whole=True)


def _subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = _split(len(leaves))
    if old <= k:
        return [*_subproof(old, leaves[:k], whole=whole), root_of(leaves[k:])]
    return [*_subproof(old - k, leaves[k:], whole=False), root_of(leaves[:k])]


def verify_consistency(old_size: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the older root is of a prefix of the newer tree."""
    if old_size == size:
        return old_root == root and not path
    if not 0 < old_size < size or not path:
        return False
    steps = list(path) if old_size & (old_size - 1) else [old_root, *path]
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_node = node = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old_node, node = node_hash(step, old_node), node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old_node == old_root and node == root
