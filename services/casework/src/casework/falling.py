"""How a room says what follows when a deadline of its own is over."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from chassis.acting import Do

FallDue: TypeAlias = Callable[[str, UUID, datetime], Do]
"""By the kind, the stream that waits and the instant at which it fell due.

A kind that ends with a slash is followed by what tells apart several that one stream waits for.
"""
