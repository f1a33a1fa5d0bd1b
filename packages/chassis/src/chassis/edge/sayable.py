"""What may be said in logs, spans and metrics: an allow-list of keys, each with a shape of value.

Personal data has no key here, and no shape that a name, an address or free words would fit well:
whatever is not on the list is left out and counted.
"""

import re
from enum import Enum
from typing import Any
from uuid import UUID

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CODE = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
_NAME = re.compile(r"[A-Za-z_/][A-Za-z0-9_.:/<-]*")
_PLACE = re.compile(r"[A-Za-z0-9_.:\[\]-]+:[0-9]{1,6}")
_HEX = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}")
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_MAX_CHARACTERS = 160

SAYABLE: dict[str, re.Pattern[str]] = {
    # Who and what, by opaque id.
    **dict.fromkeys(
        (
            "authority",
            "case_id",
            "causation_id",
            "command_id",
            "correlation_id",
            "error_id",
            "event_id",
            "message_id",
            "stream_id",
        ),
        _ID,
    ),
    # Codes of ours.
    **dict.fromkeys(
        (
            "category",
            "channel",
            "clock",
            "consumer",
            "environment",
            "field_code",
            "kind",
            "messaging.system",
            "mode",
            "name",
            "outcome",
            "peer",
            "purpose",
            "reason",
            "role",
            "rpc.system",
            "service",
            "template",
            "topic",
            "messaging.destination.name",
        ),
        _CODE,
    ),
    # Names that stand in the source: classes, methods, gRPC statuses.
    **dict.fromkeys(
        (
            "command",
            "error",
            "error.type",
            "event_type",
            "module",
            "method",
            "projection",
            "refusal",
            "rpc.method",
            "rpc.service",
            "signal",
            "statement",
            "status",
        ),
        _NAME,
    ),
    # Places: a line of the source, a host and port.
    **dict.fromkeys(("at", "listen", "target", "server.address"), _PLACE),
    **dict.fromkeys(("trace_id", "span_id"), _HEX),
    **dict.fromkeys(
        (
            "actual",
            "attempt",
            "attempts",
            "base",
            "batch",
            "behind",
            "bytes",
            "count",
            "dropped",
            "epoch",
            "expected",
            "lag",
            "messaging.kafka.offset",
            "number",
            "offset",
            "partition",
            "pid",
            "port",
            "position",
            "rpc.grpc.status_code",
            "schema_version",
            "seconds",
            "seen_to",
            "server.port",
            "shard",
            "version",
        ),
        _NUMBER,
    ),
}


def said(key: str, value: Any) -> str | int | float | bool | None:
    """Return the value as it may be said under a key, or raise ValueError where it may not."""
    shape = SAYABLE.get(key)
    if shape is None:
        raise ValueError("key")
    if value is None or isinstance(value, bool):
        return value
    if type(value) in (int, float):
        if shape is not _NUMBER:
            raise ValueError("shape")
        return value  # type: ignore[no-any-return] # an int or a float, by the line before
    text = value.value if isinstance(value, Enum) else value
    text = str(text) if isinstance(text, UUID) else text
    if not isinstance(text, str) or len(text) > _MAX_CHARACTERS or not shape.fullmatch(text):
        raise ValueError("shape")
    return text
