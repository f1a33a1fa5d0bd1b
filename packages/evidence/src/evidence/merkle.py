"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs and their verification.

A log keeps its *nodes*: the hashes of complete subtrees, named by (level, index); node (k, i)
covers the leaves [i * 2^k, (i + 1) * 2^k), and level 0 holds the leaf hashes. They never change.
With them a log of n leaves appends a leaf and makes a proof at the cost of O(log n) hashes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Node: TypeAlias = tuple[int, int]
"""The name of a complete subtree: (level, index)."""


class NotProved(Exception):  # noqa: N818 # it says what the proof came to
    """A proof does not prove what it is given for."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that a log must know of its leaves so far to append the next: O(log n) hashes.

    `hashes` are the roots of the complete subtrees that cover the leaves, largest first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a frontier of {self.size} leaves has {self.size.bit_count()} hashes")

    def append(self, leaves: Iterable[bytes]) -> tuple["Frontier", list[tuple[Node, bytes]]]:
        """Add leaf hashes; answer the new frontier and every node that became complete."""
        size, stack = self.size, list(self.hashes)
        complete: list[tuple[Node, bytes]] = []
        for leaf in leaves:
            _must_be_hash(leaf)
            level, index, mine = 0, size, leaf
            complete.append(((level, index), mine))
            while index & 1:
                level, index, mine = level + 1, index >> 1, node_hash(stack.pop(), mine)
                complete.append(((level, index), mine))
            stack.append(mine)
            size += 1
        return Frontier(size, tuple(stack)), complete

    def root(self) -> bytes:
        """Return the root hash of the leaves so far."""
        return _fold(self.hashes)


def frontier_nodes(size: int) -> list[Node]:
    """Name the nodes that make the frontier of a log of `size` leaves, largest first."""
    return _cover(0, size)


def nodes_of_inclusion(index: int, size: int) -> list[Node]:
    """Name the nodes that `inclusion_proof` needs, so that they can be read in one query."""
    return [node for part in _inclusion(index, size) for node in part]


def inclusion_proof(index: int, size: int, nodes: Mapping[Node, bytes]) -> list[bytes]:
    """Make the proof that leaf `index` is in the tree of the first `size` leaves."""
    return [_fold([nodes[node] for node in part]) for part in _inclusion(index, size)]


def nodes_of_consistency(first: int, second: int) -> list[Node]:
    """Name the nodes that `consistency_proof` needs."""
    return [node for part in _consistency(first, second) for node in part]


def consistency_proof(first: int, second: int, nodes: Mapping[Node, bytes]) -> list[bytes]:
    """Make the proof that the tree of `second` leaves begins with the tree of `first` leaves."""
    return [_fold([nodes[node] for node in part]) for part in _consistency(first, second)]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check by RFC 9162 §2.1.3.2 that the leaf of this hash is number `index` of `size`.

    Raises NotProved.
    """
    if not 0 <= index < size:
        raise NotProved(f"leaf {index} is not in a tree of {size}")
    _must_all_be_hashes((leaf, root, *proof))
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        raise NotProved(f"the proof has {len(proof)} hashes, not {inner + border}")
    made = _chain_inner(leaf, proof[:inner], index)
    for sibling in proof[inner:]:
        made = node_hash(sibling, made)
    if made != root:
        raise NotProved("the proof leads to another root")


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check by RFC 9162 §2.1.4.2 that the second tree begins with the first, or NotProved.

    From size 0 nothing can be proved; between equal sizes the proof is empty. Hashes are 32 bytes;
    only two roots of one size, of which nothing is computed, are compared as they are, since a
    published vector asks for it (a checkpoint's root is 32 bytes before it comes here).
    """
    if not 0 < first <= second:
        raise NotProved(f"no proof leads from {first} leaves to {second}")
    _must_all_be_hashes(proof)
    if first == second:
        if proof:
            raise NotProved("between equal sizes the proof is empty")
        if first_root != second_root:
            raise NotProved("one size, two roots")
        return
    _must_all_be_hashes((first_root, second_root))
    inner = ((first - 1) ^ (second - 1)).bit_length()
    border = ((first - 1) >> inner).bit_count()
    shift = (first & -first).bit_length() - 1
    # A first tree that is one complete subtree is not repeated in the proof.
    whole = first == 1 << shift
    if len(proof) != inner - shift + border + (0 if whole else 1):
        raise NotProved(f"the proof has {len(proof)} hashes, a wrong number")
    seed, rest = (first_root, proof) if whole else (proof[0], proof[1:])
    inner -= shift
    mask = (first - 1) >> shift
    made_first = _chain_right(seed, rest[:inner], mask)
    made_second = _chain_inner(seed, rest[:inner], mask)
    for sibling in rest[inner:]:
        made_first, made_second = node_hash(sibling, made_first), node_hash(sibling, made_second)
    if made_first != first_root:
        raise NotProved("the proof leads to another first root")
    if made_second != second_root:
        raise NotProved("the proof leads to another second root")


def _inclusion(index: int, size: int) -> list[list[Node]]:
    """Give the parts of RFC 6962's PATH, bottom up, each as the nodes that make its hash."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    parts: list[list[Node]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            parts.append(_cover(middle, high))
            high = middle
        else:
            parts.append(_cover(low, middle))
            low = middle
    return parts[::-1]


def _consistency(first: int, second: int) -> list[list[Node]]:
    """Give the parts of RFC 6962's PROOF, bottom up, each as the nodes that make its hash."""
    if not 0 < first <= second:
        raise ValueError(f"no proof leads from {first} leaves to {second}")
    parts: list[list[Node]] = []
    low, high = 0, second
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            parts.append(_cover(middle, high))
            high = middle
        else:
            parts.append(_cover(low, middle))
            low = middle
    if low:
        parts.append(_cover(low, high))
    return parts[::-1]


def _split(width: int) -> int:
    """Return the largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _cover(low: int, high: int) -> list[Node]:
    """Name the complete subtrees that cover the leaves [low, high), where low is aligned."""
    nodes = []
    while low < high:
        level = (high - low).bit_length() - 1
        nodes.append((level, low >> level))
        low += 1 << level
    return nodes


def _fold(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    made = hashes[-1]
    for left in reversed(hashes[:-1]):
        made = node_hash(left, made)
    return made


def _chain_inner(seed: bytes, proof: Sequence[bytes], index: int) -> bytes:
    for level, sibling in enumerate(proof):
        right = (index >> level) & 1
        seed = node_hash(sibling, seed) if right else node_hash(seed, sibling)
    return seed


def _chain_right(seed: bytes, proof: Sequence[bytes], index: int) -> bytes:
    for level, sibling in enumerate(proof):
        if (index >> level) & 1:
            seed = node_hash(sibling, seed)
    return seed


def _must_be_hash(value: bytes) -> None:
    if len(value) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")


def _must_all_be_hashes(values: Sequence[bytes]) -> None:
    for value in values:
        if len(value) != HASH_BYTES:
            raise NotProved("a hash is 32 bytes")
