"""Faults injected on purpose, with proof, and what came of them."""
