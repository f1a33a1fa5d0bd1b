"""The role `react` as a process of its own, with a real broker, token issuer and mail server.

What it hears over Kafka goes out once; killed by SIGKILL around the moment of sending, it loses no
letter and sends none under two Message-IDs.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.local_issuer import LocalIssuer
from notifications.letter import Reason, TemplateCode, message_id
from notifications.message_events import AttemptInDoubt
from notifications.message_states import Attempting, Sent
from stack.testing import Kafka

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
HEARD = "select count(*) from es.heard where consumer = $1"


@pytest.fixture
def issuer(stage: Any) -> Iterator[str]:
    """Give the base URL of a token issuer."""
    secrets = stage.runtime.settings.client_secret_file.parent
    grants = Grants(LocalIssuer.fresh(), {}, secrets, stage.runtime.directory.tenants)
    with http_server(grants, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@asynccontextmanager
async def reacting(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the role; it is ended when the body ends, unless it died before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications", "react", env=os.environ | environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 20)


@pytest.fixture
def environment(stage: Any, mail_server: Any, kafka: Kafka, issuer: str) -> dict[str, str]:
    """Give what a process is told."""
    settings = stage.runtime.settings
    return {
        "THROUGHLINE_ENVIRONMENT": "test",
        "THROUGHLINE_DATABASE_HANDLER": settings.database_handler,
        "THROUGHLINE_DATABASE_WORKER": settings.database_worker,
        "THROUGHLINE_KEYRING": settings.keyring,
        "THROUGHLINE_ROOT_KEY_FILE": str(settings.root_key_file),
        "THROUGHLINE_CHECKPOINT_KEY_FILE": str(settings.checkpoint_key_file),
        "THROUGHLINE_CHECKPOINT_DIR": str(settings.checkpoint_dir),
        "THROUGHLINE_KAFKA": kafka.bootstrap,
        "THROUGHLINE_LISTEN": "127.0.0.1:0",
        "THROUGHLINE_ISSUER": issuer,
        "THROUGHLINE_CLIENT_SECRET_FILE": str(settings.client_secret_file),
        "THROUGHLINE_DIRECTORY_FILE": str(settings.directory_file),
        "THROUGHLINE_PEERS": json.dumps(settings.peers),
        "THROUGHLINE_SMTP": f"127.0.0.1:{mail_server.port}",
    }


@pytest.mark.parametrize(("point", "mails"), [("sender.before-send", 1), ("sender.after-send", 2)])
async def test_a_process_killed_around_sending_sends_under_one_message_id(
    stage: Any, mail_server: Any, environment: dict[str, str], point: str, mails: int
) -> None:
    queued = await stage.queue(stage.person("amy@example.org"))
    async with reacting(environment | {"THROUGHLINE_CRASH_AT": point}) as process:
        await asyncio.wait_for(process.wait(), 60)
    assert process.returncode == -signal.SIGKILL
    assert isinstance(await stage.state(queued), Attempting)
    async with reacting(environment) as process:
        await stage.comes_to(queued, Sent, within_s=60)
    assert process.returncode == 0
    assert mail_server.message_ids == [f"<{queued}@throughline.invalid>"] * mails
    [doubt] = [
        each.event for each in await stage.events(queued) if isinstance(each.event, AttemptInDoubt)
    ]
    assert doubt.reason is Reason.INTERRUPTED


def received(submission: UUID, referrer: UUID, reference: str) -> dict[str, Any]:
    """Make a record of the front door's topic."""
    stream = uuid4()
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": "/throughline/referrals",
        "ce_type": "throughline.referrals.ReferralReceived.v1",
        "ce_subject": str(stream),
        "ce_time": "2025-03-03T10:00:00Z",
        "ce_timeprecision": "instant",
        "ce_recordedtime": "2025-03-03T10:00:00Z",
        "ce_sequence": f"{1:020d}",
        "ce_tenant": str(WESTMARCH),
        "ce_category": "Referral",
        "ce_correlationid": str(uuid4()),
        "ce_caseid": str(uuid4()),
    }
    data = {
        "referral_id": str(uuid4()),
        "submission_id": str(submission),
        "family_id": str(uuid4()),
        "child": str(uuid4()),
        "referrer": str(referrer),
        "reference": reference,
    }
    return {
        "key": f"{WESTMARCH}:{headers['ce_caseid']}".encode(),
        "value": json.dumps(data).encode(),
        "headers": [(name, value.encode()) for name, value in headers.items()],
    }


async def test_a_submission_heard_of_over_kafka_is_acknowledged_once(
    stage: Any, mail_server: Any, kafka: Kafka, environment: dict[str, str]
) -> None:
    submission, referrer = uuid4(), stage.person("amy@example.org")
    siblings = [received(submission, referrer, each) for each in ("K7P2-M4Q", "Z9X8-W7V")]
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        for each in (*siblings, *siblings):
            await producer.send_and_wait("throughline.referrals.v1", **each)
    finally:
        await producer.stop()
    queued = message_id(WESTMARCH, submission, TemplateCode.REFERRAL_ACKNOWLEDGEMENT, referrer)

    async def all_heard() -> bool:
        async with stage.runtime.worker_pool.acquire(timeout=5) as connection:
            return bool(await connection.fetchval(HEARD, "notifications") >= len(siblings))

    async with reacting(environment):
        await stage.comes_to(queued, Sent, within_s=60)
        await stage.until(all_heard)
    assert mail_server.message_ids == [f"<{queued}@throughline.invalid>"]
    [first, *_] = await stage.events(queued)
    assert first.event.letter.about_event == submission
    assert first.envelope.case_id is None
