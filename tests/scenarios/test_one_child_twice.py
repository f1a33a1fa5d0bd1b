"""One child who comes twice: by another way, under another name; merged, and set apart again."""

from dataclasses import replace

from tests.scenarios.families import child, family, surname
from tests.scenarios.world import World


async def test_a_duplicate_by_another_route_under_another_surname_is_proposed(
    world: World,
) -> None:
    await world.at("2025-09-03")
    duty = world.duty("northmoor")
    born = child(order="2019-02-07", placed_by="northmoor", given="Ottilie")
    home = family(born, lives_in="northmoor", route="telephone", postcode="ZZ48 7KD")
    [first] = await duty.refer_family(home)

    await world.at("2025-09-10")
    renamed = born.called(surname())
    again = replace(home, children=(renamed,), route="email", referrer="school")
    [second] = await duty.refer_family(again)
    await world.settle()
    assert not second.known_before
    assert second.child != first.child

    [proposal] = await world.person("northmoor", second.child).proposals()
    assert {proposal.person_id, proposal.other_id} == {first.child, second.child}
    assert "birth-date-same" in proposal.reasons
    # Somebody who works there sees ids, scores and codes; no name of either.
    assert born.surname not in str(proposal)
    assert renamed.surname not in str(proposal)


async def test_two_threads_are_merged_and_set_apart_as_if_they_never_were(world: World) -> None:
    await world.at("2025-09-04")
    duty = world.duty("westmarch")
    one = await duty.refer(child(order="2024-01-10", placed_by="westmarch", given="Ida"))
    other = await duty.refer(child(order="2024-01-10", placed_by="westmarch", given="Ada"))
    await world.settle()
    kept, folded = (world.person("westmarch", each.child) for each in (one, other))
    before = [await each.identity() for each in (kept, folded)]

    await world.at("2025-09-11")
    await folded.is_same_as(one.child)
    await folded.merge_into(one.child)
    await world.settle()
    merged = await folded.identity()
    assert merged.person_id == one.child
    assert list(merged.merged) == [other.child]

    await world.at("2025-09-18")
    await folded.unmerge_from(one.child)
    await world.settle()
    assert [await each.identity() for each in (kept, folded)] == before
    # The history shows the episode.
    history = " ".join(each.kind for each in await other.facts())
    assert "Merged" in history
