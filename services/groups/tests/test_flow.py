"""A place finds its way through two topics, whatever stops half-way and whatever repeats."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from chassis.acting import Act
from chassis.inward.hearing import Hearing
from chassis.outward.records import Arrived
from chassis.roles import Role
from groups import places, streams
from groups.cohort import COHORT, PublishCohort, Published, ReservePlace, Terms
from groups.programme import PublishProgramme
from ledger.envelope import Actor
from throughline.groups.v1 import groups_pb2 as pb

if TYPE_CHECKING:
    from services.groups.tests.conftest import Running

WESTMARCH, HARROWDALE = (UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in range(1, 3))
FACILITATOR = Role.GROUP_FACILITATOR
SYSTEM = Actor("service:groups", Role.SERVICE.value)


class Casework:
    """Tells what casework would: one case's stream after another, version by version."""

    def __init__(self, kafka: str) -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=kafka)
        self._versions: dict[UUID, int] = {}

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, *_exit: object) -> None:
        await self._producer.stop()

    async def tell(
        self, name: str, authority: UUID, case_id: UUID, on: datetime, **data: str
    ) -> None:
        """Tell one fact of a case."""
        version = self._versions[case_id] = self._versions.get(case_id, 0) + 1
        at = on.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid4()),
            "ce_source": "/throughline/casework",
            "ce_type": f"throughline.casework.{name}.v1",
            "ce_subject": str(case_id),
            "ce_time": at,
            "ce_timeprecision": "instant",
            "ce_recordedtime": at,
            "ce_sequence": f"{version:020d}",
            "ce_tenant": str(authority),
            "ce_category": "Case",
            "ce_correlationid": str(uuid4()),
            "ce_caseid": str(case_id),
        }
        await self._producer.send_and_wait(
            "throughline.casework.v1",
            json.dumps(data).encode(),
            key=f"{authority}:{case_id}".encode(),
            headers=[(each, value.encode()) for each, value in headers.items()],
        )

    async def want(self, authority: UUID, case_id: UUID, cohort_id: str, on: datetime) -> str:
        """Ask for a place for a case; answer the id that the place will have."""
        ids = {each: str(uuid4()) for each in ("request_id", "child", "family_id", "contact")}
        await self.tell("PlaceRequested", authority, case_id, on, cohort_id=cohort_id, **ids)
        return str(streams.place_of(authority, UUID(ids["request_id"])))


async def now(groups: "Running") -> datetime:
    [row] = await groups.fetch("select es.now() as now")
    at: datetime = row["now"]
    return at


async def count(groups: "Running", statement: str, *arguments: object) -> int:
    [row] = await groups.fetch(statement, *arguments)
    return int(row[0])


async def test_a_case_asks_through_casework_and_its_closing_withdraws_what_waits(
    groups: "Running",
) -> None:
    async with (
        groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by,
        Casework(groups.parts.settings.kafka) as casework,
    ):
        cohort, on = await by.cohort(1), await now(groups)
        first, second = uuid4(), uuid4()
        offered = await casework.want(WESTMARCH, first, cohort, on)
        await by.stands(offered, "offered")
        queued = await casework.want(HARROWDALE, second, cohort, on)
        await by.stands(queued, "waiting", authority=HARROWDALE)
        for authority, case_id in ((WESTMARCH, first), (HARROWDALE, second)):
            await casework.tell("CaseClosed", authority, case_id, on, reason="moved")
        await by.stands(queued, "withdrawn", authority=HARROWDALE)
        place = await by.place(offered)
    assert (place.status, place.case_id) == ("offered", str(first))


async def test_a_request_that_comes_before_the_cohort_waits_parked_and_is_tried_again(
    groups: "Running",
) -> None:
    async with (
        groups.calling(FACILITATOR, WESTMARCH) as by,
        Casework(groups.parts.settings.kafka) as casework,
    ):
        programme = await by.stub.PublishProgramme(
            pb.PublishProgrammeRequest(context=by.context(), name="SafeBase", usual_sessions=4)
        )
        request = await by.cohort_request(programme.programme_id)
        cohort = streams.cohort_made_by(WESTMARCH, UUID(request.context.command_id))
        case_id = uuid4()
        place = await casework.want(WESTMARCH, case_id, str(cohort), await now(groups))

        async def parked() -> bool:
            statement = "select count(*) from es.parked where stream_id = $1"
            return await count(groups, statement, case_id) == 1

        await by.until(parked, "the case's stream is parked")
        await by.stub.PublishCohort(request)
        await by.stands(place, "offered")


async def test_whatever_role_is_broken_off_the_places_are_given_out_in_the_end(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(2)
        await by.stands(await by.ask(cohort, uuid4(), HARROWDALE), "offered", authority=HARROWDALE)
        asked = []
        for role in ("react", "relay", "project", "react", "relay"):
            asked.append(await by.ask(cohort, uuid4()))
            await groups.break_off(role)
            asked.append(await by.ask(cohort, uuid4()))
            groups.begin(role)
        stand = [await by.stands(each, "offered", "waiting") for each in asked]
        state = await groups.parts.shell.state(
            WESTMARCH, COHORT, streams.cohort_stream(UUID(cohort))
        )
    assert stand.count("offered") == 1
    assert isinstance(state, Published)
    assert (len(state.families), len(state.waiting)) == (2, len(asked) - 1)


async def test_forty_families_of_two_authorities_ask_at_once_and_ten_get_a_place(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(10)
        homes = [WESTMARCH, HARROWDALE] * 20
        asked = await asyncio.gather(*(by.ask(cohort, uuid4(), home) for home in homes))
        stand = [
            await by.stands(place, "offered", "waiting", authority=home)
            for place, home in zip(asked, homes, strict=True)
        ]
        await by.counts(cohort, taken=10, waiting=30)
    assert stand.count("offered") == 10


async def test_the_whole_topic_heard_again_changes_nothing(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(1)
        for authority in (WESTMARCH, HARROWDALE):
            place = await by.ask(cohort, uuid4(), authority)
            await by.stands(place, "offered", "waiting", authority=authority)
    records = await _everything_told(groups)
    events = "select count(*) from es.events"
    await groups.break_off("react")
    await groups.fetch("delete from es.heard returning 1")
    before = await count(groups, events)
    await Hearing(groups.parts).batch(records)
    after = await count(groups, events)
    groups.begin("react")
    assert len(records) > 10
    assert after == before


async def test_of_many_who_reach_for_the_last_place_at_one_instant_exactly_one_gets_it(
    groups: "Running",
) -> None:
    cohort_id, programme_id, many = uuid4(), uuid4(), 12
    today = await groups.today()
    terms = Terms(programme_id, 1, (today,), 4, today)

    async def do(command: object) -> None:
        act = Act(uuid4(), WESTMARCH, frozenset([WESTMARCH]), SYSTEM, command)
        await groups.parts.shell.execute(act)

    await do(PublishProgramme(programme_id, "SafeBase", 4))
    await do(PublishCohort(cohort_id, terms, (WESTMARCH,)))
    await asyncio.gather(
        *(do(ReservePlace(cohort_id, uuid4(), uuid4(), WESTMARCH)) for _ in range(many))
    )
    state = await groups.parts.shell.state(WESTMARCH, COHORT, streams.cohort_stream(cohort_id))
    assert isinstance(state, Published)
    assert (len(state.held), len(state.waiting)) == (1, many - 1)


async def test_an_operator_counts_places_by_authority(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        cohort = await by.cohort(1)
        await by.stands(await by.ask(cohort, uuid4()), "offered")
        await by.stands(await by.ask(cohort, uuid4()), "waiting")
    async with groups.parts.worker_pool.acquire(timeout=5) as connection:
        counted = await places.counters(connection)
    assert counted[f"{WESTMARCH}/offered"] >= 1
    assert counted[f"{WESTMARCH}/waiting"] >= 1


async def _everything_told(groups: "Running") -> list[Arrived]:
    """Read the service's own topic from its beginning to where it ends now."""
    topic = groups.parts.service.topic
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=groups.parts.settings.kafka, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Arrived] = []
        while any([await consumer.position(each) < end for each, end in ends.items()]):
            page = await consumer.getmany(timeout_ms=500)
            found += [
                Arrived(each.topic, each.partition, each.offset, each.key, each.value, each.headers)
                for batch in page.values()
                for each in batch
            ]
    finally:
        await consumer.stop()
    return found
