"""The tree agrees with RFC 6962 as written, and with every published vector of it."""

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    NotProved,
    consistency_proof,
    frontier_nodes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of_consistency,
    nodes_of_inclusion,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).parents[3] / "vectors" / "merkle"


def _vectors(name: str) -> list[Any]:
    lines = (VECTORS / name).read_text().splitlines()
    return [pytest.param(row, id=row["name"]) for row in map(json.loads, lines)]


def _hash(text: str) -> bytes:
    return base64.b64decode(text)


def _leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def _naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _largest_power_below(len(leaves))
    return node_hash(_naive_root(leaves[:k]), _naive_root(leaves[k:]))


def _naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = _largest_power_below(len(leaves))
    if m < k:
        return [*_naive_path(m, leaves[:k]), _naive_root(leaves[k:])]
    return [*_naive_path(m - k, leaves[k:]), _naive_root(leaves[:k])]


def _naive_subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2."""
    if m == len(leaves):
        return [] if whole else [_naive_root(leaves)]
    k = _largest_power_below(len(leaves))
    if m <= k:
        return [*_naive_subproof(m, leaves[:k], whole=whole), _naive_root(leaves[k:])]
    return [*_naive_subproof(m - k, leaves[k:], whole=False), _naive_root(leaves[:k])]


def _largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def _stored(leaves: Sequence[bytes]) -> dict[Node, bytes]:
    return dict(Frontier().append(leaves)[1])


@pytest.mark.parametrize("row", _vectors("inclusion.jsonl"))
def test_every_published_inclusion_proof_is_judged_right(row: Any) -> None:
    arguments = (
        _hash(row["leafHash"]),
        row["leafIdx"],
        row["treeSize"],
        [_hash(each) for each in row["proof"] or ()],
        _hash(row["root"]),
    )
    if row["wantErr"]:
        with pytest.raises(NotProved):
            verify_inclusion(*arguments)
    else:
        verify_inclusion(*arguments)


@pytest.mark.parametrize("row", _vectors("consistency.jsonl"))
def test_every_published_consistency_proof_is_judged_right(row: Any) -> None:
    arguments = (
        row["size1"],
        row["size2"],
        _hash(row["root1"]),
        _hash(row["root2"]),
        [_hash(each) for each in row["proof"] or ()],
    )
    if row["wantErr"]:
        with pytest.raises(NotProved):
            verify_consistency(*arguments)
    else:
        verify_consistency(*arguments)


def test_all_the_vectors_are_there() -> None:
    assert len(_vectors("inclusion.jsonl")) == len(_vectors("consistency.jsonl")) == 98


@given(st.integers(0, 300), st.data())
def test_a_log_grown_in_pieces_has_the_root_of_the_rfc(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    cut = data.draw(st.integers(0, size))
    frontier, first = Frontier().append(leaves[:cut])
    grown, second = frontier.append(leaves[cut:])
    assert grown.root() == _naive_root(leaves)
    assert first + second == Frontier().append(leaves)[1]
    stored = dict(first + second)
    assert Frontier(size, tuple(stored[node] for node in frontier_nodes(size))) == grown


@given(st.integers(1, 300), st.data())
def test_inclusion_proofs_are_those_of_the_rfc_and_verify(size: int, data: st.DataObject) -> None:
    leaves = _leaves(300)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, _stored(leaves))
    assert proof == _naive_path(index, leaves[:size])
    verify_inclusion(leaves[index], index, size, proof, _naive_root(leaves[:size]))


@given(st.integers(1, 300), st.data())
def test_consistency_proofs_are_those_of_the_rfc_and_verify(size: int, data: st.DataObject) -> None:
    leaves = _leaves(300)
    first = data.draw(st.integers(1, size))
    proof = consistency_proof(first, size, _stored(leaves))
    assert proof == _naive_subproof(first, leaves[:size], whole=True)
    roots = (_naive_root(leaves[:first]), _naive_root(leaves[:size]))
    verify_consistency(first, size, *roots, proof)


@settings(max_examples=300)
@given(st.integers(2, 80), st.data())
def test_no_proof_verifies_for_anything_else(size: int, data: st.DataObject) -> None:
    leaves = _leaves(80)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, _stored(leaves))
    root = _naive_root(leaves[:size])
    for wrong_index in set(range(size)) - {index}:
        with pytest.raises(NotProved):
            verify_inclusion(leaves[index], wrong_index, size, proof, root)
    place, bit = data.draw(st.integers(0, len(proof) * 32 - 1)), data.draw(st.integers(0, 7))
    flipped = bytearray(proof[place // 32])
    flipped[place % 32] ^= 1 << bit
    changed = [*proof[: place // 32], bytes(flipped), *proof[place // 32 + 1 :]]
    for wrong in (changed, proof[1:], [*proof, proof[0]], []):
        with pytest.raises(NotProved):
            verify_inclusion(leaves[index], index, size, wrong, root)


@given(st.integers(1, 64), st.integers(0, 64), st.integers(0, 64))
def test_a_consistency_proof_fits_its_two_trees_only(size: int, first: int, second: int) -> None:
    leaves = _leaves(64)
    proof = consistency_proof(size, 64, _stored(leaves))
    if (first, second) == (size, 64):
        return
    roots = (_naive_root(leaves[:first]), _naive_root(leaves[:second]))
    if first == second and not proof and first:
        verify_consistency(first, second, *roots, proof)
        return
    with pytest.raises(NotProved):
        verify_consistency(first, second, *roots, proof)


def test_nothing_is_proved_from_the_empty_tree() -> None:
    root = _naive_root(_leaves(3))
    for first_root in (EMPTY_ROOT, root):
        with pytest.raises(NotProved):
            verify_consistency(0, 3, first_root, root, [])
        with pytest.raises(NotProved):
            verify_consistency(0, 0, first_root, first_root, [])
    with pytest.raises(ValueError, match="0 leaves"):
        consistency_proof(0, 3, {})


def test_between_equal_sizes_the_proof_is_empty_and_the_roots_are_one() -> None:
    leaves = _leaves(3)
    root = _naive_root(leaves)
    verify_consistency(3, 3, root, root, [])
    for roots, proof in (((root, root), [leaves[0]]), ((root, leaves[0]), [])):
        with pytest.raises(NotProved):
            verify_consistency(3, 3, *roots, proof)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_hashes_that_are_not_32_bytes_are_refused(length: int) -> None:
    leaves = _leaves(2)
    root, bad = _naive_root(leaves), bytes(length)
    for leaf, proof, top in (
        (bad, [leaves[1]], root),
        (leaves[0], [bad], root),
        (leaves[0], [leaves[1]], bad),
    ):
        with pytest.raises(NotProved):
            verify_inclusion(leaf, 0, 2, proof, top)
    with pytest.raises(NotProved):
        verify_consistency(1, 2, bad, root, [leaves[1]])
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append([bad])


def test_a_large_log_appends_and_proves_from_few_nodes() -> None:
    size = 2**40 + 12_345
    assert len(frontier_nodes(size)) == size.bit_count()
    assert len(nodes_of_inclusion(2**39 + 1, size)) < 60
    assert len(nodes_of_consistency(2**39 + 1, size)) < 60


def test_a_frontier_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="3 leaves has 2 hashes"):
        Frontier(3, (bytes(32),))
