"""Finds any of thousands of words in bytes, in one pass."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

STRIDE = 4
GRAM = 5
SHORTEST = STRIDE + GRAM - 1
"""Of a word of so many bytes at least, one of `STRIDE` places in a row begins a whole gram."""


class Words:
    """Words to look for, in capitals or not, as text or as JSON writes it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_gram: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
        self.count = 0
        for word in sorted(set(words)):
            self.count += 1
            for form in {word.lower().encode(), json.dumps(word.lower())[1:-1].encode()}:
                if len(form) < SHORTEST:
                    raise ValueError(f"a word of {len(form)} bytes is found by chance")
                for place in range(STRIDE):
                    self._by_gram[form[place : place + GRAM]].append((place, form))

    def found_in(self, hay: bytes) -> set[str]:
        """Return the words that are in some bytes."""
        return {each.decode() for each in self._hits(hay.lower())}

    def _hits(self, lowered: bytes) -> Iterator[bytes]:
        grams = self._by_gram.keys()
        places = range(0, len(lowered) - GRAM + 1, STRIDE)
        for at in [at for at in places if lowered[at : at + GRAM] in grams]:
            for place, form in self._by_gram[lowered[at : at + GRAM]]:
                if lowered.startswith(form, max(0, at - place)):
                    yield form
