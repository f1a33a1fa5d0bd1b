"""Makes the declared topics, and refuses those that are there with other partitions."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from stack.errors import StackError

TRIES = 200
PAUSE_SECONDS = 0.25
ALREADY_THERE = 36  # Kafka's code for a topic that exists


@dataclass(frozen=True, slots=True)
class Topic:
    """One declared topic. `config` are Kafka's own names and values."""

    name: str
    partitions: int
    config: dict[str, str]


def declared(file: Path) -> list[Topic]:
    """Return the topics that a file declares."""
    try:
        entries = json.loads(file.read_text())["topics"]
        return [Topic(each["name"], int(each["partitions"]), each["config"]) for each in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StackError(f"{file} does not declare topics as it should: {error!r}.") from error


async def provision(bootstrap: str, topics: list[Topic], replicas: int = 1) -> None:
    """Make what is missing and set the declared configuration. Again: changes nothing."""
    admin = await _connect(bootstrap)
    try:
        await _make(admin, topics, replicas)
        await _check_partitions(admin, topics)
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, each.name, each.config) for each in topics]
        )
    except KafkaError as error:
        raise StackError(f"Kafka at {bootstrap} refused to make the topics: {error}.") from error
    finally:
        await admin.close()


async def _connect(bootstrap: str) -> AIOKafkaAdminClient:
    for _ in range(TRIES):
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        try:
            await admin.start()
        except KafkaError:
            await admin.close()
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return admin
    raise StackError(f"Kafka at {bootstrap} does not answer. Is that its address, and does it run?")


async def _make(admin: AIOKafkaAdminClient, topics: list[Topic], replicas: int) -> None:
    wanted = [
        NewTopic(each.name, each.partitions, replicas, topic_configs=each.config) for each in topics
    ]
    for _ in range(TRIES):
        answer = await admin.create_topics(wanted)
        failed = {
            name: for_code(code) for name, code, *_ in answer.topic_errors if code != ALREADY_THERE
        }
        failed = {name: error for name, error in failed.items() if error.errno}
        if not failed:
            return
        if not all(error.retriable for error in failed.values()):
            break
        await asyncio.sleep(PAUSE_SECONDS)
    words = ", ".join(f"{name} ({error.__name__})" for name, error in failed.items())
    raise StackError(f"Kafka refused to make these topics: {words}.")


async def _check_partitions(admin: AIOKafkaAdminClient, topics: list[Topic]) -> None:
    for _ in range(TRIES):
        found = {each["topic"]: each for each in await admin.describe_topics(_names(topics))}
        if all(_described(found.get(each.name)) for each in topics):
            break
        await asyncio.sleep(PAUSE_SECONDS)
    for each in topics:
        count = len(found.get(each.name, {}).get("partitions", ()))
        if count != each.partitions:
            raise StackError(
                f"Topic {each.name} has {count} partitions, {each.partitions} are declared. To"
                " change the number moves keys to other partitions and breaks their order: delete"
                " the topic (it is written anew from the stores) or declare what is there."
            )


def _names(topics: list[Topic]) -> list[str]:
    return [each.name for each in topics]


def _described(topic: dict[str, Any] | None) -> bool:
    """Tell whether each partition has a leader: only then can it be written to."""
    partitions = topic["partitions"] if topic else ()
    return bool(partitions) and all(each["leader"] >= 0 for each in partitions)
