"""What the contract itself says of a message: whose record it is about, whether it only reads."""

from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pool import Default

from throughline.common.v1.common_pb2 import CommandContext, ReadContext

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, ServiceDescriptor

_CONTEXTS = {CommandContext.DESCRIPTOR.full_name, ReadContext.DESCRIPTOR.full_name}


def described(full_name: str) -> "ServiceDescriptor":
    """Return the descriptor of a gRPC service whose generated code is imported."""
    return Default().FindServiceByName(full_name)


@cache
def authority_path(message: "Descriptor") -> str | None:
    """Return the path of the field that names the authority, if the message has one."""
    context = message.fields_by_name.get("context")
    if context is not None and context.message_type is not None:
        return "context.authority" if context.message_type.full_name in _CONTEXTS else None
    return "authority" if "authority" in message.fields_by_name else None


def authority_in(message: Any) -> tuple[str, str] | None:
    """Return (path, text) of the authority that a request names, if its type has such a field."""
    path = authority_path(message.DESCRIPTOR)
    match path:
        case "context.authority":
            return path, message.context.authority
        case "authority":
            return path, message.authority
        case _:
            return None


@cache
def is_reading(message: "Descriptor") -> bool:
    """Whether a request only reads: its context is a ReadContext."""
    context = message.fields_by_name.get("context")
    return (
        context is not None
        and context.message_type is not None
        and context.message_type.full_name == ReadContext.DESCRIPTOR.full_name
    )
