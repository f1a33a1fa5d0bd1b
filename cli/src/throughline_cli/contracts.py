"""Every call of the four services, found in the contract by its name: `Service.Method`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from chassis.edge.contract import is_reading
from throughline_cli.reaching import SERVICES


@dataclass(frozen=True, slots=True)
class Method:
    """A call: which service's process answers it, and how its messages are made."""

    service: str
    described: MethodDescriptor

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return is_reading(self.described.input_type)

    def request(self, fields: Mapping[str, Any]) -> Any:
        """Make the request."""
        return GetMessageClass(self.described.input_type)(**fields)

    def on(self, channel: Any) -> Any:
        """Return what calls it on a channel."""
        answer: Any = GetMessageClass(self.described.output_type)
        streaming = self.described.server_streaming
        return (channel.unary_stream if streaming else channel.unary_unary)(
            f"/{self.described.containing_service.full_name}/{self.described.name}",
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=answer.FromString,
        )


@cache
def methods() -> Mapping[str, Method]:
    """Return the calls of all rooms of all services by `Service.Method`."""
    return {name: each for service in SERVICES for name, each in calls_of(service).items()}


def calls_of(package: str) -> Mapping[str, Method]:
    """Return the calls of one package of contracts by `Service.Method`."""
    return {
        f"{each.described.containing_service.name}.{each.described.name}": each
        for each in _of(package)
    }


def _of(service: str) -> Iterator[Method]:
    package = import_module(f"throughline.{service}.v1")
    for found in iter_modules(package.__path__):
        if found.name.endswith("_pb2"):
            contract: Any = import_module(f"{package.__name__}.{found.name}")
            for each in contract.DESCRIPTOR.services_by_name.values():
                yield from (Method(service, method) for method in each.methods)
