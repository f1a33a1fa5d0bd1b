"""Sealed data is opened only for whom it may be, and never before it is recorded that it was."""

from uuid import UUID, uuid4

import pytest

from chassis.commands.access import OPENABLE, RecordRead, unseal
from chassis.commands.own_events import ACCESS, SealedDataRead
from chassis.failures import NotFound, Unavailable
from chassis.identity.tokens import Caller
from chassis.roles import Role
from ledger.envelope import Actor
from ledger.ids import new_id, stream_of
from ledger.looking import Found, Wanted
from ledger.personal import Block, Handle, Personal, Plain
from ledger.registry import decode_envelope
from ledger.store import StoreUnavailable
from packages.chassis.tests.in_memory import InMemory
from vault.access import ReadRefused
from vault.testing import sealed

PURPOSE = "direct-care"


def caller(tenant: UUID, *roles: Role) -> Caller:
    """Give somebody in some roles, who acts for an authority."""
    actor = Actor(str(uuid4()), roles[0].value)
    return Caller(actor, frozenset(roles), frozenset([tenant]), "a token")


async def name_of(one: InMemory, person: UUID, name: str = "Alice") -> Personal[str]:
    """Seal somebody's name."""
    [handle] = await sealed(one.vault, one.tenant, person, name=name)
    return handle


async def reads(one: InMemory) -> list[SealedDataRead]:
    """Return what is recorded of readings."""
    registry = one.shell.registry
    decoded = [registry.decode(each).event for each in await one.events()]
    return [each for each in decoded if isinstance(each, SealedDataRead)]


async def test_a_reading_is_recorded_before_anything_is_returned() -> None:
    one = InMemory()
    by, person, case = caller(one.tenant, Role.SUPPORT_WORKER), uuid4(), uuid4()
    handle = await name_of(one, person)
    assert await unseal(
        one.vault, by, PURPOSE, [handle, Plain("a"), handle], tenant=one.tenant, case_id=case
    ) == ["Alice", "a", "Alice"]
    [read] = await reads(one)
    assert read == SealedDataRead(person, by.actor.id, PURPOSE, ("identity",), ("name",), 1)
    [stored] = await one.events()
    envelope = decode_envelope(stored)
    assert (envelope.category, envelope.case_id, envelope.subjects) == (ACCESS, case, (person,))
    assert envelope.actor == by.actor


async def test_each_subject_is_a_reading_of_its_own() -> None:
    one = InMemory()
    by, people = caller(one.tenant, Role.SUPPORT_WORKER), [uuid4(), uuid4()]
    handles = [await name_of(one, each, name) for each, name in zip(people, "AB", strict=True)]
    for case in (uuid4(), None):
        before = len(await reads(one))
        found = await unseal(one.vault, by, PURPOSE, handles, tenant=one.tenant, case_id=case)
        assert found == ["A", "B"]
        assert {each.subject for each in (await reads(one))[before:]} == set(people)


async def test_the_same_reading_again_is_another_fact_of_the_same_stream() -> None:
    one = InMemory()
    by, person = caller(one.tenant, Role.SUPPORT_WORKER), uuid4()
    handle = await name_of(one, person)
    for _ in range(3):
        await unseal(one.vault, by, PURPOSE, [handle], tenant=one.tenant)
    stream = stream_of(one.service.name, ACCESS, f"{person}:{by.actor.id}")
    assert [each.version for each in await one.stream(stream)] == [1, 2, 3]


async def test_of_the_stream_of_readings_only_the_head_is_loaded() -> None:
    one = InMemory()
    by, handle = caller(one.tenant, Role.SUPPORT_WORKER), await name_of(one, uuid4())
    loads: list[int] = []
    look = one.memory.look

    async def watched(tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        found = await look(tenant, scope, wanted)
        loads.extend(len(each.events) for each in found.streams.values())
        return found

    one.memory.look = watched  # type: ignore[method-assign] # to see what it answers
    for _ in range(3):
        await unseal(one.vault, by, PURPOSE, [handle], tenant=one.tenant)
    assert loads == [0, 0, 0]


@pytest.mark.parametrize(
    ("error", "told"), [(StoreUnavailable("x"), Unavailable), (OSError(), Unavailable)]
)
async def test_what_cannot_be_recorded_stays_closed(error: Exception, told: type) -> None:
    one = InMemory()
    by, handle = caller(one.tenant, Role.SUPPORT_WORKER), await name_of(one, uuid4())

    async def away(*_arguments: object) -> None:
        raise error

    one.memory.append = away  # type: ignore[method-assign, assignment] # the store goes away
    with pytest.raises(told):
        await unseal(one.vault, by, PURPOSE, [handle], tenant=one.tenant)


async def test_a_reading_without_a_coded_purpose_is_refused() -> None:
    one = InMemory()
    by, handle = caller(one.tenant, Role.SUPPORT_WORKER), await name_of(one, uuid4())
    with pytest.raises(ReadRefused):
        await unseal(one.vault, by, "Alice asked", [handle], tenant=one.tenant)
    assert await one.events() == ()


async def test_nobody_opens_what_is_of_an_authority_out_of_his_scope() -> None:
    one = InMemory()
    by, handle = caller(uuid4(), Role.TEAM_MANAGER), await name_of(one, uuid4())
    with pytest.raises(NotFound):
        await unseal(one.vault, by, PURPOSE, [handle], tenant=one.tenant)
    assert await one.events() == ()


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_opens_its_blocks_and_no_other(role: Role) -> None:
    one = InMemory()
    person, by = uuid4(), caller(one.tenant, role)
    handles = {
        block: (await sealed(one.vault, one.tenant, person, block, words=block.value))[0]
        for block in Block
    }
    found = await unseal(one.vault, by, PURPOSE, list(handles.values()), tenant=one.tenant)
    opened = {block for block, each in zip(handles, found, strict=True) if each == block.value}
    closed = {each.sealed.block for each in found if isinstance(each, Handle)}
    assert opened == OPENABLE.get(role, frozenset())
    assert opened | closed == set(Block)
    assert len(await reads(one)) == (1 if opened else 0)


async def test_the_pre_adoption_link_is_opened_by_no_role() -> None:
    assert all(Block.PRE_ADOPTION_LINK not in blocks for blocks in OPENABLE.values())
    assert Role.OPERATOR not in OPENABLE


async def test_what_was_read_is_named_and_never_quoted() -> None:
    one = InMemory()
    by, handle = caller(one.tenant, Role.SUPPORT_WORKER), await name_of(one, uuid4(), "Canary")
    await unseal(one.vault, by, PURPOSE, [handle], tenant=one.tenant)
    [stored] = await one.events()
    assert b"Canary" not in stored.payload + stored.metadata + stored.sealed


async def test_readings_are_recorded_by_the_shell_alone() -> None:
    one = InMemory()
    read = SealedDataRead(uuid4(), "somebody", PURPOSE, ("identity",), ("name",), 1)
    done = await one.do(RecordRead(read, None), command_id=new_id())
    assert done.events[0][1] == read
