"""Read models are pure functions of the facts, say them in words, and a rebuild makes the same."""

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import chronology
from casework.allocations import caseload
from casework.cases import summary
from casework.events import REGISTRY
from casework.paging import EARLIEST, After, a_position, place_after, token
from casework.sealed_copy import copied, handles, said
from casework.sessions.session import Account, SessionKind, SessionRecorded
from casework.words import ENTRIES, headline, kind
from chassis.edge.malformed import Malformed
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Block, Handle, Plain, SealedBlock
from ledger.rebuild import rebuild

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office

TENANT, CASE, CHILD, TESS, SESSION, STREAM, KEY, EVENT = (UUID(int=n) for n in range(1, 9))
AT = datetime(2025, 9, 1, 9, tzinfo=UTC)
BEGINNING = After(EARLIEST, UUID(int=0))

block = SealedBlock(
    TENANT,
    STREAM,
    1,
    "SessionRecorded",
    1,
    CHILD,
    Block.NARRATIVE,
    KEY,
    b"nonce",
    b"ciphertext",
    b"commitment",
)
held = SessionRecorded(
    SESSION,
    CASE,
    CHILD,
    TESS,
    Account(SessionKind.MEETING, Occurred(AT), 30, ()),
    Handle(block, "notes"),
)


def recorded(event: object, case_id: UUID | None = CASE) -> Recorded[Any]:
    envelope = Envelope(
        event_id=EVENT,
        tenant=TENANT,
        category="Session",
        stream_id=STREAM,
        version=1,
        position=7,
        type=type(event).__name__,
        schema_version=1,
        occurred=Occurred(AT),
        recorded_at=AT,
        actor=Actor("tess", "therapist"),
        command_id=EVENT,
        correlation_id=EVENT,
        case_id=case_id,
    )
    return Recorded(event, envelope)


def test_a_sealed_value_is_copied_with_what_its_opening_is_bound_to() -> None:
    row = {
        "tenant": TENANT,
        "stream_id": STREAM,
        "version": 1,
        "type": "SessionRecorded",
        "schema_version": 1,
        "sealed": copied(held),
    }
    assert handles(row) == {"notes": held.notes}


def test_the_clear_part_of_an_entry_holds_nothing_sealed() -> None:
    clear = json.loads(said(held))
    assert clear["account"]["minutes"] == 30
    assert "notes" not in clear


def test_words_that_are_empty_are_not_copied() -> None:
    empty = SessionRecorded(SESSION, CASE, CHILD, TESS, held.account, Plain(""))
    assert copied(empty) == "{}"


def test_a_session_is_counted_entered_and_stands() -> None:
    counted, stands = summary.project(recorded(held))
    assert counted.arguments == (TENANT, CASE, 1, 0)
    assert stands.arguments == (TENANT, SESSION, CASE, TESS, "meeting", date(2025, 9, 1))
    (entry,) = chronology.project(recorded(held))
    assert entry.arguments[:4] == (TENANT, CASE, AT, 7)
    assert caseload.project(recorded(held)) == []


def test_a_fact_of_no_case_is_in_no_chronology() -> None:
    assert chronology.project(recorded(held, None)) == []


def test_every_fact_of_a_case_has_its_words() -> None:
    # A concern or a complaint is not for all who work on the case; a rota is of no case.
    others = {"Worker", "Concern", "OnCall", "ConflictOfInterest", "Complaint"}
    # What is only offered or owed is of no case here; what came along is kept beside the record.
    others |= {"IncomingTransfer", "DutyArrival", "TransferredRecord"}
    of_cases = {cls.__name__ for category, cls, _ in REGISTRY.types() if category not in others}
    assert ENTRIES.keys() == of_cases
    assert headline("SessionRecorded", json.loads(said(held))) == (
        "Session: meeting, 30 minutes, nobody attended"
    )
    assert len({kind(name) for name in ENTRIES}) == len(ENTRIES)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_page_token_says_the_place_it_was_made_of(at: datetime, tie: UUID) -> None:
    assert place_after(token("open", After(at, tie)), "open", UUID, BEGINNING) == After(at, tie)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        "x" * 301,
        token("closed", BEGINNING),
        "WzEsMiwzXQ",  # [1,2,3]
        "e30",  # {}
        "bnVsbA",  # null
    ],
)
def test_any_other_page_token_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        place_after(text, "open", UUID, BEGINNING)


def test_a_place_of_the_chronology_is_a_position() -> None:
    assert a_position("7") == 7
    with pytest.raises(ValueError, match="position"):
        a_position("-1")


async def test_a_rebuild_makes_the_same_rows(office: "Office") -> None:
    lead = await office.registered("social-worker")
    case_id = await office.led_case(lead)
    await lead.do(
        "RecordSession", "2025-09-01", case_id=str(case_id), kind="meeting", minutes=5, notes="Yes."
    )
    await lead.close(case_id, "moved")
    await lead.ask("GetCase", case_id=str(case_id))
    connection = await asyncpg.connect(office.superuser)
    tables = [table for each in (summary, caseload, chronology) for table in each.PROJECTION.tables]
    before = {table: await _rows(connection, table) for table in tables}
    for each in (summary, caseload, chronology):
        await rebuild(
            office.owner,
            office.parts.worker_pool,
            office.parts.feed,
            office.parts.service.registry,
            each.PROJECTION,
        )
    after = {table: await _rows(connection, table) for table in tables}
    await connection.close()
    assert before["read.cases"]
    assert after == before


async def _rows(connection: Any, table: str) -> list[Any]:
    # Quoting by the server itself: the table's name is no argument.
    query = await connection.fetchval(
        "select format('select to_jsonb(t)::text as row from %s t order by 1', $1::regclass)", table
    )
    return [row["row"] for row in await connection.fetch(query)]
