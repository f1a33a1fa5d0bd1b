"""I1, I2, I5, I22: what clients were told, held against what is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from faults.checking.evidence import Attempt, Event, Evidence, Store
from faults.checking.names import stream_of
from faults.checking.report import Look, look, wrong

Command = tuple[str, UUID, UUID]
"""A service, an authority and a command id."""

OK, REFUSED = "ok", "refused"


def submissions(evidence: Evidence) -> dict[tuple[UUID, UUID], UUID]:
    """Return under which id each submission is stored, by authority and its client's command id.

    It is made from the submission; the client's id is what its facts are correlated by.
    """
    found: dict[tuple[UUID, UUID], UUID] = {}
    for event in evidence.stores.get("referrals", Store()).events:
        correlated = event.meta.get("correlation_id")
        if event.type == "ReferralReceived" and correlated:
            made = stream_of("referrals", "submission", event.said["submission"])
            found[event.tenant, UUID(correlated)] = made
    return found


def by_command(evidence: Evidence) -> dict[Command, list[Attempt]]:
    """Return the attempts at each command, in their order, by the id under which it is stored."""
    made = submissions(evidence)
    found: dict[Command, list[Attempt]] = defaultdict(list)
    for each in evidence.attempts:
        command = each.command_id
        if each.rpc == "SubmitReferral" and command is not None:
            command = made.get((each.tenant, command), command)
        if each.kind == "command" and command is not None:
            found[each.service, each.tenant, command].append(each)
    return found


def by_version(store: Store) -> dict[tuple[UUID, UUID, int], Event]:
    """Return a store's events by authority, stream and version."""
    return {(each.tenant, each.stream_id, each.version): each for each in store.events}


def _events_of(store: Store) -> dict[tuple[UUID, UUID], list[Event]]:
    found: dict[tuple[UUID, UUID], list[Event]] = defaultdict(list)
    for each in store.events:
        found[each.tenant, each.command_id].append(each)
    return found


def nothing_acknowledged_is_lost(evidence: Evidence) -> Iterator[Look]:
    """I1: what was answered `ok` is stored, up to the versions that were answered."""
    versions = {service: by_version(store) for service, store in evidence.stores.items()}
    positions = {
        service: {each.position: each for each in store.events}
        for service, store in evidence.stores.items()
    }
    for (service, tenant, command), attempts in by_command(evidence).items():
        for each in attempts:
            if each.outcome != OK:
                continue
            ids = {"service": service, "rpc": each.rpc, "command": command, "op": each.op}
            known = (tenant, command) in evidence.stores[service].commands
            yield look(known, "an acknowledged command is among those accepted", **ids)
            for stream, version in each.versions.items():
                there = (tenant, stream, version) in versions[service] or version == 0
                expected = "an acknowledged version is stored"
                yield look(there, expected, stream=stream, version=version, **ids)
            if each.position:
                there = each.position in positions[service]
                expected = "an event stands at the position that was answered"
                yield look(there, expected, position=each.position, **ids)


def an_effect_is_all_or_nothing(evidence: Evidence) -> Iterator[Look]:
    """I2: refused has no effect, in doubt none or one, and an effect is whole."""
    events = {service: _events_of(store) for service, store in evidence.stores.items()}
    for service, store in evidence.stores.items():
        for (tenant, command), caused in events[service].items():
            accepted = store.commands.get((tenant, command))
            if accepted is None:
                expected = "events of a command that was accepted"
                yield wrong(expected, len(caused), service=service, command=command)
                continue
            yield _whole(service, command, caused, accepted.versions)
        for (tenant, command), row in store.commands.items():
            for stream, version in row.versions.items():
                there = any(
                    (each.stream_id, each.version) == (stream, version)
                    for each in events[service].get((tenant, command), ())
                )
                expected = "an accepted command has the event of each version it names"
                yield look(there, expected, service=service, command=command, stream=stream)
    for (service, tenant, command), attempts in by_command(evidence).items():
        if all(each.outcome == REFUSED for each in attempts):
            there = (tenant, command) in evidence.stores[service].commands
            expected = "a refused command has no effect"
            yield look(not there, expected, service=service, rpc=attempts[0].rpc, command=command)


def _whole(service: str, command: UUID, caused: list[Event], named: Mapping[UUID, int]) -> Look:
    """Look whether a command's events are one run of versions a stream, each ending as it says."""
    runs: dict[UUID, list[int]] = defaultdict(list)
    for each in caused:
        runs[each.stream_id].append(each.version)
    once = all(
        sorted(found) == list(range(max(found) - len(found) + 1, max(found) + 1))
        and named.get(stream) == max(found)
        for stream, found in runs.items()
    )
    expected = "a command's events are one run of each stream that it names"
    return look(once, expected, dict(runs), service=service, command=command)


def answered_before_sent_comes_first(evidence: Evidence) -> Iterator[Look]:
    """I5: if A was answered before B was sent, A stands before B in the log."""
    attempts = by_command(evidence)
    for service, store in evidence.stores.items():
        commands = []
        for (tenant, command), caused in _events_of(store).items():
            mine = attempts.get((service, tenant, command), ())
            answered = [each.ended for each in mine if each.outcome == OK and each.ended]
            if answered:
                places = [each.position for each in caused]
                sent = min(each.invoked for each in mine)
                commands.append(_Placed(sent, min(answered), min(places), max(places), command))
        yield from _in_real_time(service, commands)


@dataclass(frozen=True, slots=True, order=True)
class _Placed:
    """When a command was sent and answered, and where its events stand."""

    sent: float
    answered: float
    first: int
    last: int
    command: UUID


def _in_real_time(service: str, commands: Sequence[_Placed]) -> Iterator[Look]:
    by_answer = sorted(commands, key=lambda each: each.answered)
    reached = 0
    furthest: _Placed | None = None
    for each in sorted(commands):
        while reached < len(by_answer) and by_answer[reached].answered < each.sent:
            before = by_answer[reached]
            if furthest is None or before.last > furthest.last:
                furthest = before
            reached += 1
        if furthest is None:
            yield None
            continue
        yield look(
            each.first > furthest.last,
            f"a command sent after another's answer stands behind its position {furthest.last}",
            each.first,
            service=service,
            command=each.command,
            after=furthest.command,
        )


def a_token_is_kept(evidence: Evidence) -> Iterator[Look]:
    """I22: a read with a position token sees at least that far."""
    for each in evidence.attempts:
        if each.kind == "read" and each.token and each.outcome == OK and each.found is not None:
            ids = {"service": each.service, "rpc": each.rpc, "op": each.op}
            expected = f"a reading at position {each.token} sees what was written there"
            yield look(each.found, expected, each.wanted, after=each.after, **ids)
