"""`throughline follow`: the records of all topics as they pass, in words a person can read."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer
from rich.console import Console
from rich.text import Text

from throughline_cli.reaching import Platform

UNPUBLISHED = "unpublished"


@dataclass(slots=True)
class Following:
    """Reads all topics with a plain Kafka client; it is no member of any group."""

    platform: Platform
    console: Console
    beginning: bool
    count: int

    async def run(self) -> None:
        """Show records until the count is reached, or for ever."""
        consumer = AIOKafkaConsumer(
            *(f"throughline.{name}.v1" for name in self.platform.services),
            bootstrap_servers=self.platform.kafka,
            client_id=f"throughline-follow-{uuid4()}",
            auto_offset_reset="earliest" if self.beginning else "latest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            shown = 0
            async for record in consumer:
                self.console.print(readable(dict(record.headers), record.value))
                shown += 1
                if shown == self.count:
                    return
        finally:
            await consumer.stop()


def readable(headers: dict[str, bytes], value: bytes | None) -> Text:
    """Return one record in words."""
    _, service, name, *_ = [*_text(headers, "ce_type").split("."), "", "", ""]
    line = Text()
    line.append(_text(headers, "ce_recordedtime")[:19].replace("T", " "), style="dim")
    line.append(f"  {service:<14}", style="cyan")
    if name == UNPUBLISHED:
        line.append(f"{_text(headers, 'ce_category').lower()} event, told to nobody", style="dim")
        return line
    line.append(f"{name:<24}", style="bold")
    data: dict[str, Any] = json.loads(value or b"{}")
    said = "  ".join(
        f"{key}={_short(each)}" for key, each in data.items() if each not in (None, "")
    )
    line.append(said)
    return line


def _short(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return str(value)


def _text(headers: dict[str, bytes], name: str) -> str:
    return headers.get(name, b"").decode(errors="replace")
