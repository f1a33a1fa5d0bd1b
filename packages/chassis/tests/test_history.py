"""The past is told over gRPC: complete, as it was known, as of a day, sealed unless opened."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.queries import history
from chassis.queries.history import History
from chassis.queries.positions import PositionToken
from chassis.roles import Role
from chassis.running.serving import HISTORY, OWN_POLICY
from chassis.service import Servicer
from chassis.testing import Served, served
from evidence.notes import Signer, Verifier, origin_of, read_private_key
from evidence.part import decode_event, decode_head, split_part
from evidence.verify_part import verify_part
from ledger.envelope import Occurred
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import Count, Open
from throughline.common.v1.common_pb2 import ReadContext
from throughline.history.v1 import history_pb2 as pb
from throughline.history.v1 import history_pb2_grpc


class Asking:
    """Somebody who reads the past of one authority."""

    def __init__(self, parts: Parts, server: Served) -> None:
        self.parts = parts
        self.server = server
        self.sub = str(uuid4())

    async def parts_of(
        self, purpose: str = "", role: Role = Role.AUDITOR, **about: Any
    ) -> list[pb.ReadHistoryResponse]:
        """Read; answer the parts as they come."""
        context = ReadContext(authority=str(self.parts.tenant), purpose=purpose)
        async with self.server.channel(self.sub, [role], [self.parts.tenant]) as channel:
            stub = history_pb2_grpc.HistoryServiceStub(channel)
            request = pb.ReadHistoryRequest(context=context, **about)
            return [each async for each in stub.ReadHistory(request)]

    async def ask(self, purpose: str = "", **about: Any) -> tuple[list[pb.Entry], pb.Completeness]:
        """Read; answer the entries, each of which came by itself, and how far they reach."""
        parts = await self.parts_of(purpose, **about)
        assert [each.WhichOneof("part") for each in parts[:-1]] == ["entry"] * (len(parts) - 1)
        return [each.entry for each in parts[:-1]], parts[-1].completeness

    async def together(self, **about: Any) -> tuple[list[pb.Entry], list[int]]:
        """Read; answer the entries, which came together, and how many in each part."""
        parts = await self.parts_of(**about)
        assert parts[-1].WhichOneof("part") == "completeness"
        entries = [each for part in parts for each in part.entries.entries]
        return entries, [len(part.entries.entries) for part in parts[:-1]]

    async def export(self, **about: Any) -> bytes:
        """Export; answer the part."""
        context = ReadContext(authority=str(self.parts.tenant))
        async with self.server.channel(self.sub, [Role.AUDITOR], [self.parts.tenant]) as channel:
            stub = history_pb2_grpc.HistoryServiceStub(channel)
            request = pb.ExportEvidenceRequest(context=context, **about)
            return b"".join([each.chunk async for each in stub.ExportEvidence(request)])


@pytest_asyncio.fixture
async def asking(parts: Parts) -> AsyncIterator[Asking]:
    """Give somebody who asks while the read models are filled and the log is signed."""
    add = history_pb2_grpc.add_HistoryServiceServicer_to_server
    async with (
        parts.in_role("project", "notarise") as running,
        served([Servicer(History(parts.runtime), add, HISTORY)], OWN_POLICY) as server,
    ):
        yield Asking(running, server)


def numbers(entries: list[pb.Entry]) -> list[int]:
    """Return by how much each movement was."""
    data = [MessageToDict(each.data) for each in entries]
    return [int(each["by"]) for each in data if "by" in each]


def stamp(at: datetime) -> Timestamp:
    """Return an instant as the contract says it."""
    told = Timestamp()
    told.FromDatetime(at)
    return told


async def test_a_stream_a_case_and_a_person_have_their_past(asking: Asking) -> None:
    person, case, counter = uuid4(), uuid4(), uuid4()
    opened = Open(counter, person, "Alice Canary", "the label", case)
    done = await asking.parts.do(
        opened, occurred=Occurred(datetime(2025, 5, 31, 23, tzinfo=UTC), "day")
    )
    await asking.parts.do(Count(counter, 5))
    of_stream, completeness = await asking.ask(stream_id=str(counter))
    of_case, _ = await asking.ask(case_id=str(case))
    of_person, _ = await asking.ask(subject=str(person))
    assert of_stream == of_case
    assert of_person == of_stream[:1]
    first = of_stream[0]
    assert (first.type, first.version, first.position) == ("CounterOpened", 1, done.position)
    assert first.occurred.day == "2025-06-01"
    assert MessageToDict(first.data) == {"person": str(person), "label": "the label"}
    assert list(first.sealed_fields) == ["name"]
    assert (first.case_id, list(first.subjects)) == (str(case), [str(person)])
    assert completeness.position >= of_stream[-1].position
    token = PositionToken.decode(completeness.position_token, "counters")
    assert token.position == completeness.position


async def test_personal_values_are_opened_on_record(asking: Asking) -> None:
    person, counter = uuid4(), uuid4()
    await asking.parts.do(Open(counter, person, "Alice Canary", "label"))
    [entry], _ = await asking.ask("audit", stream_id=str(counter), unseal=True)
    assert MessageToDict(entry.data)["name"] == "Alice Canary"
    assert list(entry.sealed_fields) == []
    readings, _ = await asking.ask(subject=str(person))
    assert [each.type for each in readings] == ["CounterOpened", "SealedDataRead"]
    read = MessageToDict(readings[1].data)
    assert (read["reader"], read["purpose"]) == (asking.sub, "audit")


async def test_however_many_are_opened_it_is_one_reading_and_comes_in_one_part(
    asking: Asking,
) -> None:
    person, case = uuid4(), uuid4()
    opening = [Open(uuid4(), person, f"Canary {n}", f"label {n}", case) for n in range(100)]
    await asyncio.gather(*(asking.parts.do(each) for each in opening))
    entries, sizes = await asking.together(
        purpose="audit", case_id=str(case), at_once=1_000, unseal=True
    )
    assert sizes == [100]
    assert {each.data["name"] for each in entries} == {each.name for each in opening}
    readings, _ = await asking.ask(case_id=str(case), after_position=entries[-1].position)
    [read] = [MessageToDict(each.data) for each in readings]
    assert (read["subject"], read["events"]) == (str(person), 100)


async def test_nothing_is_opened_without_a_purpose(asking: Asking) -> None:
    counter = await asking.parts.opened()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asking.ask(stream_id=str(counter), unseal=True)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_it_is_told_as_it_was_known(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "RECORDED_WITHIN", timedelta(seconds=0.3))
    counter = await asking.parts.opened(counted=1)
    [_, last], _ = await asking.ask(stream_id=str(counter))
    await asking.parts.do(Count(counter, 2))
    known_at = last.recorded_at.ToDatetime(tzinfo=UTC)
    entries, completeness = await asking.ask(stream_id=str(counter), known_at=stamp(known_at))
    assert numbers(entries) == [1]
    assert completeness.known_at == stamp(known_at)
    just_before = stamp(known_at - timedelta(microseconds=1))
    entries, _ = await asking.ask(stream_id=str(counter), known_at=just_before)
    assert numbers(entries) == []


async def test_of_an_instant_so_young_that_more_may_be_recorded_at_it_the_answer_waits(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "RECORDED_WITHIN", timedelta(seconds=0.5))
    counter = await asking.parts.opened()
    known_at = await asking.parts.runtime.rows.now()
    asked = asyncio.create_task(asking.ask(stream_id=str(counter), known_at=stamp(known_at)))
    await asyncio.sleep(0.05)
    done = await asking.parts.do(Count(counter, 1))
    _, completeness = await asked
    assert await asking.parts.runtime.rows.now() >= known_at + timedelta(seconds=0.5)
    assert completeness.position >= done.position


@pytest.mark.parametrize(
    "wrong",
    [
        {"known_at": stamp(datetime(2999, 1, 1, tzinfo=UTC))},
        {"as_of": "yesterday"},
        {"limit": 10_001},
        {"limit": -1},
        {"at_once": -1},
        {"at_once": 1_001},
        {"stream_id": "the counter"},
        {"stream_id": ""},
    ],
)
async def test_a_question_that_is_wrong_is_named(asking: Asking, wrong: dict[str, Any]) -> None:
    about = {"stream_id": str(uuid4())} | wrong
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asking.parts_of(**{name: value for name, value in about.items() if value != ""})
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_corrections_apply_wherever_they_lie(asking: Asking) -> None:
    long_ago = Occurred(datetime(2025, 3, 1, 12, tzinfo=UTC))
    counter = await asking.parts.opened(occurred=long_ago)
    await asking.parts.do(Count(counter, 1), occurred=long_ago)
    [_, wrong], _ = await asking.ask(stream_id=str(counter))
    for _ in range(3):
        await asking.parts.do(Count(counter, 2))
    right = UUID(wrong.event_id)
    await asking.parts.do(Count(counter, 7), occurred=long_ago, corrects=right)
    as_of, _ = await asking.ask(stream_id=str(counter), as_of="2025-03-01")
    assert numbers(as_of) == [7]
    known, _ = await asking.ask(stream_id=str(counter), limit=2)
    assert known[1].corrected_by == as_of[-1].event_id


async def test_an_answer_that_is_cut_says_up_to_where_it_reaches(asking: Asking) -> None:
    counter = await asking.parts.opened()
    for by in range(1, 6):
        await asking.parts.do(Count(counter, by))
    first, reaches = await asking.ask(stream_id=str(counter), limit=3)
    assert numbers(first) == [1, 2]
    assert reaches.position == first[-1].position
    rest, reaches = await asking.ask(
        stream_id=str(counter), limit=3, after_position=reaches.position
    )
    assert numbers(rest) == [3, 4, 5]
    assert reaches.position >= rest[-1].position


async def test_entries_come_together_where_that_is_asked_for(asking: Asking) -> None:
    counter = await asking.parts.opened()
    for by in range(1, 5):
        await asking.parts.do(Count(counter, by))
    alone, _ = await asking.ask(stream_id=str(counter))
    assert await asking.together(stream_id=str(counter), at_once=2) == (alone, [2, 2, 1])


async def test_of_entries_that_come_together_only_so_many_bytes_do(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = await asking.parts.opened(counted=1)
    await asking.parts.do(Count(counter, 2))
    alone, _ = await asking.ask(stream_id=str(counter))
    limit = "chassis.queries.entries.PART_BYTES"
    monkeypatch.setattr(limit, alone[0].ByteSize() + alone[1].ByteSize())
    assert await asking.together(stream_id=str(counter), at_once=1_000) == (alone, [2, 1])
    monkeypatch.setattr(limit, 1)
    assert await asking.together(stream_id=str(counter), at_once=1_000) == (alone, [1, 1, 1])


async def test_more_than_can_be_looked_through_is_refused_and_never_cut(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    counter = await asking.parts.opened(counted=1)
    await asking.parts.do(Count(counter, 1))
    assert len((await asking.ask(stream_id=str(counter)))[0]) == 3
    await asking.parts.do(Count(counter, 2))
    for call in (asking.ask, asking.export):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(stream_id=str(counter))
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_another_authority_has_no_past_here(asking: Asking) -> None:
    counter = await asking.parts.opened()
    async with asking.server.channel(asking.sub, [Role.AUDITOR], [uuid4()]) as channel:
        stub = history_pb2_grpc.HistoryServiceStub(channel)
        context = ReadContext(authority=str(asking.parts.tenant))
        request = pb.ReadHistoryRequest(context=context, stream_id=str(counter))
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            async for _ in stub.ReadHistory(request):
                pass
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("about", ["stream_id", "case_id", "subject"])
async def test_what_is_not_there_is_refused_as_what_may_not_be_known_is(
    asking: Asking, about: str
) -> None:
    refusals = []
    for call in (asking.ask, asking.export)[: 1 if about == "subject" else 2]:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(**{about: str(uuid4())})
        refusals.append((refused.value.code(), refused.value.details()))
    async with asking.server.channel(asking.sub, [Role.AUDITOR], [uuid4()]) as channel:
        context = ReadContext(authority=str(asking.parts.tenant))
        named: dict[str, Any] = {about: str(uuid4())}
        request = pb.ReadHistoryRequest(context=context, **named)
        parts = history_pb2_grpc.HistoryServiceStub(channel).ReadHistory(request)
        with pytest.raises(grpc.aio.AioRpcError) as walled:
            await parts.read()
    assert set(refusals) == {(walled.value.code(), walled.value.details())}


async def test_an_exported_part_verifies(asking: Asking) -> None:
    case = uuid4()
    counter = await asking.parts.opened(case_id=case, counted=1)
    await asking.parts.do(Count(counter, 2))
    part = await asking.export(case_id=str(case))
    settings = asking.parts.runtime.settings
    origin = origin_of("counters", asking.parts.tenant)
    key = read_private_key(settings.checkpoint_key_file.read_bytes())
    verifier: Verifier = Signer(origin, key).verifier
    first, lines = split_part(part)
    events = [decode_event(line.removesuffix(","), asking.parts.tenant) for line in lines]
    assert [each.columns.version for each in events] == [1, 2, 3]
    assert b"Alice" not in part
    checked = verify_part("counters", asking.parts.tenant, part, [], [verifier])
    unlisted = {"the manifest does not list it"}
    assert {each.what for each in checked.findings} <= unlisted
    assert checked.checkpoint is not None
    assert decode_head(first).tenant == asking.parts.tenant
