"""RFC 6962: the tree of the RFC's own example, and proofs that hold and break."""

import pytest

from enclave.audit.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# Inputs and roots of the certificate-transparency project's published test vectors for RFC 6962.
INPUTS = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(data) for data in INPUTS]


def test_the_published_roots_come_out_both_ways() -> None:
    tree = CompactRange()
    assert tree.root() == root_of([]) == EMPTY_ROOT
    for size, root in enumerate(ROOTS, start=1):
        tree = tree.append(LEAVES[size - 1])
        assert tree.root().hex() == root_of(LEAVES[:size]).hex() == root


@pytest.mark.parametrize("size", range(1, 9))
def test_every_leaf_is_proved_and_no_other(size: int) -> None:
    leaves, root = LEAVES[:size], root_of(LEAVES[:size])
    for index in range(size):
        path = inclusion_path(index, leaves)
        assert verify_inclusion(leaves[index], index, size, path, root)
        assert not verify_inclusion(leaf_hash(b"other"), index, size, path, root)
        assert not verify_inclusion(leaves[index], index, size, [*path, EMPTY_ROOT], root)
        assert not verify_inclusion(leaves[index], size, size, path, root)
        if path:
            assert not verify_inclusion(leaves[index], index, size, path[:-1], root)


@pytest.mark.parametrize("size", range(1, 9))
def test_every_prefix_is_proved_and_no_other(size: int) -> None:
    leaves, root = LEAVES[:size], root_of(LEAVES[:size])
    for old in range(1, size + 1):
        path = consistency_path(old, leaves)
        assert verify_consistency(old, size, root_of(leaves[:old]), root, path)
        assert not verify_consistency(old, size, leaf_hash(b"other"), root, path)
        assert not verify_consistency(old, size, root_of(leaves[:old]), leaf_hash(b"other"), path)


def test_proofs_outside_the_tree_do_not_exist() -> None:
    with pytest.raises(IndexError):
        inclusion_path(8, LEAVES)
    with pytest.raises(IndexError):
        consistency_path(9, LEAVES)
    assert not verify_consistency(0, 8, EMPTY_ROOT, root_of(LEAVES), [])
