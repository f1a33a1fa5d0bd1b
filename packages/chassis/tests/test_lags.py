"""What a service has not heard yet is counted, whoever asks first and whatever nobody committed."""

import asyncio
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from chassis.running.lags import ConsumerLags
from stack.testing import Kafka

TOPIC = "throughline.groups.v1"


async def test_records_that_a_group_has_not_committed_are_its_lag(kafka: Kafka) -> None:
    group = f"throughline.lags.{uuid4()}"
    lags = ConsumerLags(kafka.bootstrap, group, {TOPIC})
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False
    )
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer, consumer:
        try:
            before = await lags.read()
            sent = await producer.send_and_wait(TOPIC, b"one", partition=3)
            await producer.send_and_wait(TOPIC, b"two", partition=3)
            behind = await lags.read()
            third = TopicPartition(TOPIC, 3)
            consumer.assign([third])
            await consumer.commit({third: sent.offset + 1})
            after = await lags.read()
        finally:
            await lags.close()
    assert len(before) == 6
    assert behind == before | {third: sent.offset + 2}
    assert after == before | {third: 1}


async def test_an_asker_who_goes_away_while_it_connects_leaves_the_next_one_an_answer(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    connecting = asyncio.Event()

    async def stuck(_: AIOKafkaConsumer) -> None:
        connecting.set()
        await asyncio.Event().wait()

    lags = ConsumerLags(kafka.bootstrap, f"throughline.lags.{uuid4()}", {TOPIC})
    try:
        with monkeypatch.context() as broker:
            broker.setattr(AIOKafkaConsumer, "start", stuck)
            asking = asyncio.create_task(lags.read())
            await asyncio.wait_for(connecting.wait(), 30)
            asking.cancel()
            await asyncio.wait([asking])
        assert len(await lags.read()) == 6
    finally:
        await lags.close()
