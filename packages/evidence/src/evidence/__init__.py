"""Leaves, the transparency log, checkpoints, bundles and the offline verifier."""
