"""The servers that tests get are real, and who may do what in a database is settled."""

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from stack.testing import Kafka, Postgres


async def test_a_database_has_an_owner_and_two_roles_that_own_nothing(postgres: Postgres) -> None:
    urls = await postgres.create_database("roles_of_one")
    owner = await asyncpg.connect(urls.owner)
    await owner.execute("create table kept (what text)")
    for url in (urls.handler, urls.worker):
        other = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await other.fetch("select * from kept")
        await other.close()
    rows = await owner.fetch(
        "select rolsuper or rolbypassrls or rolcreaterole as mighty from pg_roles"
        " where rolname like 'roles_of_one_%'"
    )
    await owner.close()
    assert [row["mighty"] for row in rows] == [False, False, False]


async def test_a_database_admits_only_its_own_roles(postgres: Postgres) -> None:
    await postgres.create_database("one_house")
    await postgres.create_database("other_house")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(postgres.dsn("one_house", "other_house_owner"))


async def test_what_the_server_acknowledges_is_on_its_disk(postgres: Postgres) -> None:
    urls = await postgres.create_database("on_disk")
    # As a request sees it: neither the server, nor the database, nor the role may say otherwise.
    for url in (urls.handler, urls.worker):
        connection = await asyncpg.connect(url)
        durable = ("fsync", "synchronous_commit", "full_page_writes")
        said = {name: await connection.fetchval(f"show {name}") for name in durable}
        await connection.close()
        assert said == dict.fromkeys(durable, "on")


async def test_a_record_goes_through_a_declared_topic(kafka: Kafka) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        sent = await producer.send_and_wait("throughline.groups.v1", b"news", key=b"one")
    async with AIOKafkaConsumer(
        "throughline.groups.v1", bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        partitions = consumer.partitions_for_topic("throughline.groups.v1")
        heard = await consumer.getone()
        # Other tests of the session may have sent before.
        while (heard.partition, heard.offset) != (sent.partition, sent.offset):
            heard = await consumer.getone()
    assert heard.value == b"news"
    assert heard.partition == sent.partition
    assert len(partitions) == 6
