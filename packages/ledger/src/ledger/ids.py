"""Identifiers: fresh ones in order of time, and ones made from what they stand for."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

# The root of every derived id. Never change it: the ids derived from it are stored.
_ROOT = UUID("5f0d1a4e-6c6b-5c57-9d53-7b1f3d0a9c11")


def new_id() -> UUID:
    """Make a fresh UUIDv7."""
    return uuid7()


def stream_of(service: str, category: str, natural_id: object) -> UUID:
    """Return the stream id of a thing of a category, the same each time."""
    return uuid5(_ROOT, f"stream\0{service}\0{category}\0{natural_id}")


def caused_id(consumer: str, cause: UUID, kind: str, target: UUID) -> UUID:
    """Return the id of the command that a consumer makes from a cause, the same each time.

    `kind` is the command's type, `target` the stream it is mainly for.
    """
    return uuid5(_ROOT, f"caused\0{consumer}\0{cause}\0{kind}\0{target}")
