"""Poison on a topic: its stream waits or it is a dead letter, both are shown, the others flow."""

import asyncio
import json
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

import grpc

from tests.system.installation import Installation
from tests.system.office import Office
from tests.system.records import Forger, forging
from tests.system.submissions import invented
from throughline.operations.v1 import operations_pb2 as operations
from throughline_cli.calling import again

PATIENCE_S = 20.0
SOUND = {
    "referral_id": str(uuid4()),
    "submission_id": str(uuid4()),
    "family_id": str(uuid4()),
    "child": str(uuid4()),
    "referrer": str(uuid4()),
    "reference": "3CLY-82M8",
    "urgent": True,
    "immediate_danger": False,
}
FAR = {"child": str(uuid4()), "duty_holder": "westmarch"}

CANNOT_BE_APPLIED = {
    "broken JSON": ("ReferralReceived", b'{"referral_id": "'),
    "NaN": ("ReferralReceived", json.dumps(SOUND | {"urgent": float("nan")}).encode()),
    "no object": ("ReferralReceived", b"[1, 2]"),
    "no value": ("ReferralReceived", None),
    "a key twice": ("ReferralReceived", b'{"urgent": true, "urgent": false}'),
    "nested too deeply": ("ReferralReceived", b'{"a":' * 100_000),
    "a wrong type": ("ReferralReceived", json.dumps(SOUND | {"referral_id": 7}).encode()),
    "a field missing": ("ReferralReceived", b"{}"),
    "what no column holds": (
        "ResponsibilityChanged",
        json.dumps(FAR | {"duty_holder": "west\0march"}).encode(),
    ),
    "half a character": (
        "ResponsibilityChanged",
        json.dumps(FAR | {"duty_holder": "\ud800"}).encode(),
    ),
    "a day that is none": (
        "ResponsibilityChanged",
        json.dumps(FAR | {"from_day": "2025-02-30"}).encode(),
    ),
}

OF_NO_STREAM: dict[str, dict[str, bytes | None]] = {
    "no authority": {"ce_tenant": None},
    "an authority that is no id": {"ce_tenant": b"westmarch"},
    "bytes that are no text": {"ce_subject": b"\xff\xfe"},
    "a version beyond all": {"ce_sequence": b"9" * 20},
    "a version that is no number": {"ce_sequence": b"one"},
    "a version that its owner never told": {"ce_sequence": b"%020d" % 7},
    "the name of another service": {"ce_source": b"/throughline/groups"},
    "a service that is none": {"ce_source": b"/throughline/nobody"},
}


async def parked(office: Office, service: str = "casework") -> operations.ListParkedResponse:
    """Return what waits in a service."""
    found: operations.ListParkedResponse = await again(
        partial(office.operations(service).ListParked, operations.ListParkedRequest(limit=1000))
    )
    return found


async def waiting(
    office: Office, stream: UUID, records: int, service: str = "casework"
) -> operations.ParkedStream:
    """Return a stream of which so many records wait in a service."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for each in (await parked(office, service)).parked:
                if (each.stream_id, each.records) == (str(stream), records):
                    return each
            await asyncio.sleep(0.05)


async def skip_first(office: Office, service: str, waits: operations.ParkedStream) -> None:
    """Leave out the first record of a stream that waits, unless it waits no more."""
    skip = operations.SkipParkedRequest(
        consumer=waits.consumer,
        authority=waits.authority,
        stream_id=waits.stream_id,
        reason="written by a test",
    )
    try:
        await again(partial(office.operations(service).SkipParked, skip))
    except grpc.aio.AioRpcError as error:
        if error.code() is not grpc.StatusCode.NOT_FOUND:
            raise


async def all_waiting(office: Office) -> set[str]:
    """Return the streams that wait in the two services that listen to referrals."""
    answers = [await parked(office, service) for service in ("casework", "notifications")]
    return {each.stream_id for answer in answers for each in answer.parked}


async def nothing_waits(office: Office, stream: UUID) -> None:
    """Return when no record of a stream waits anywhere."""
    async with asyncio.timeout(PATIENCE_S):
        while str(stream) in await all_waiting(office):  # noqa: ASYNC110 # another process
            await asyncio.sleep(0.05)


async def leave_out(office: Office, forger: Forger) -> None:
    """Leave out the first record of a stream; return when those behind it are applied."""
    for service in ("casework", "notifications"):
        for each in (await parked(office, service)).parked:
            if each.stream_id == str(forger.stream):
                await skip_first(office, service, each)
    await nothing_waits(office, forger.stream)


async def test_records_that_cannot_be_applied_park_their_streams_and_no_other(
    platform: Installation, office: Office
) -> None:
    westmarch = office.authority("westmarch")
    async with forging(platform.platform.kafka, "referrals", westmarch) as forger:
        forgers = {what: replace(forger, stream=uuid4()) for what in CANNOT_BE_APPLIED}
        for what, (name, value) in CANNOT_BE_APPLIED.items():
            await forgers[what].send(value, forgers[what].headers(name))
            await forgers[what].tell("ReferralReceived", SOUND, version=2)
        [taken] = await office.take_on(invented())
        assert taken.case_id
        for what, (name, _) in CANNOT_BE_APPLIED.items():
            found = await waiting(office, forgers[what].stream, records=2)
            assert (found.event_type, bool(found.reason)) == (name, True), what
        for each in forgers.values():
            await leave_out(office, each)


async def test_a_parked_stream_is_listed_retried_and_skipped_by_the_command(
    platform: Installation, office: Office
) -> None:
    westmarch = office.authority("westmarch")
    async with forging(platform.platform.kafka, "referrals", westmarch) as forger:
        await forger.tell("ReferralReceived", {"referral_id": "nobody"})
        await forger.tell("ReferralReceived", SOUND, version=2)
        await waiting(office, forger.stream, records=2)
    stream = ("casework", "casework", str(westmarch), str(forger.stream))
    listed = await platform.throughline("parked", "list")
    again = await platform.throughline("parked", "retry", *stream)
    unsaid = await platform.throughline("parked", "skip", *stream, "--reason", " ")
    skipped = await platform.throughline("parked", "skip", *stream, "--reason", "no such referral")
    gone = await platform.throughline("parked", "skip", *stream, "--reason", "once more")
    assert " ".join(stream) + "  2 records" in listed.out
    assert "ValidationError at ReferralReceived" in listed.out
    assert again.out.strip() == "0 applied, 2 still wait"
    assert unsaid.code == 1
    assert "reason: required" in unsaid.err
    assert skipped.out.startswith("left out")
    assert gone.err.strip() == "NOT_FOUND: not found"
    async with platform.superuser("casework") as connection:
        recorded = await connection.fetchval(
            "select convert_from(payload, 'UTF8') from es.events"
            " where type = 'ParkedRecordSkipped' order by position desc limit 1"
        )
    assert json.loads(recorded)["reason"] == "no such referral"
    await leave_out(office, forger)


async def test_records_of_no_stream_are_dead_letters_and_nothing_waits_for_them(
    platform: Installation, office: Office
) -> None:
    before = len((await parked(office)).dead_letters)
    westmarch = office.authority("westmarch")
    async with forging(platform.platform.kafka, "referrals", westmarch) as forger:
        for wrong in OF_NO_STREAM.values():
            alone = replace(forger, stream=uuid4())
            headers = alone.headers("ReferralReceived", changes=wrong)
            await alone.send(json.dumps(SOUND).encode(), headers)
        [taken] = await office.take_on(invented())
    found = (await parked(office)).dead_letters[before:]
    assert taken.case_id
    assert sorted(each.reason for each in found) == sorted(
        name for wrong in OF_NO_STREAM.values() for name in wrong
    )
    listed = await platform.throughline("parked", "list")
    for each in found:
        assert f"{each.topic} partition {each.partition} offset {each.offset}: " in listed.out


async def test_a_text_longer_than_its_reader_takes_parks_its_stream_there_alone(
    platform: Installation, office: Office
) -> None:
    received = SOUND | {"reference": "K" * 900_000}
    westmarch = office.authority("westmarch")
    async with forging(platform.platform.kafka, "referrals", westmarch) as forger:
        await forger.tell("ReferralReceived", received)
        found = await waiting(office, forger.stream, 1, "notifications")
        assert found.reason == "ValidationError"
        assert not (await parked(office)).parked
        await leave_out(office, forger)


async def test_news_of_a_kind_that_nobody_knows_yet_are_passed_over(
    platform: Installation, office: Office
) -> None:
    westmarch = office.authority("westmarch")
    before = await parked(office)
    async with forging(platform.platform.kafka, "referrals", westmarch) as forger:
        await forger.tell("ReferralPraised", {"stars": 5})
        await forger.tell("ReferralReceived", SOUND | {"colour": "blue"}, version=2)
        await office.operator.settle()
    assert await parked(office) == before
    async with platform.superuser("casework") as connection:
        heard = await connection.fetchval(
            "select version from es.heard where stream_id = $1", forger.stream
        )
    assert heard == 2
