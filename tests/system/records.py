"""Records put on a topic by somebody who is no service of ours."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer

Headers = dict[str, bytes]
EMPTY: Mapping[str, bytes | None] = {}


@dataclass(frozen=True, slots=True)
class Forger:
    """Writes to the topic of one service, in the name of one authority, of a stream of its own."""

    producer: AIOKafkaProducer
    service: str
    tenant: UUID
    stream: UUID = field(default_factory=uuid4)

    def headers(
        self, name: str, version: int = 1, changes: Mapping[str, bytes | None] = EMPTY
    ) -> Headers:
        """Return the headers of a record as the service writes them, some changed or left out."""
        known = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid4()),
            "ce_source": f"/throughline/{self.service}",
            "ce_type": f"throughline.{self.service}.{name}.v1",
            "ce_subject": str(self.stream),
            "ce_time": "2024-12-30T10:00:00.000000Z",
            "ce_timeprecision": "instant",
            "ce_recordedtime": "2024-12-30T10:00:00.000000Z",
            "ce_sequence": f"{version:020d}",
            "ce_tenant": str(self.tenant),
            "ce_category": "Referral",
            "ce_correlationid": str(uuid4()),
        }
        encoded: dict[str, bytes | None] = {key: value.encode() for key, value in known.items()}
        return {key: value for key, value in (encoded | dict(changes)).items() if value is not None}

    async def send(self, value: bytes | None, headers: Headers) -> None:
        """Write one record."""
        await self.producer.send_and_wait(
            f"throughline.{self.service}.v1",
            value=value,
            key=f"{self.tenant}:{self.stream}".encode(),
            headers=list(headers.items()),
        )

    async def tell(self, name: str, data: Mapping[str, Any], version: int = 1) -> None:
        """Write one record as the service would."""
        await self.send(json.dumps(data).encode(), self.headers(name, version))


@asynccontextmanager
async def forging(kafka: str, service: str, tenant: UUID) -> AsyncIterator[Forger]:
    """Give somebody who writes to a service's topic."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=2_000_000)
    async with producer:
        yield Forger(producer, service, tenant)
