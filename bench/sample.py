"""A service of no meaning, whose relay and react run as any service's do (`bench.run_sample`).

It tells what happened in its store, and answers what another service, which there is none of, tells
on its topic: a command for each ring, a write for each note.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.servers import Site
from chassis.acting import Do, Heard, Situation, Step, Subscription
from chassis.identity.policy import Policy, no_facts
from chassis.main import EVIDENCE
from chassis.service import Service
from ledger.decider import Decider
from ledger.envelope import Recorded
from ledger.registry import Registry
from ledger.samples import Happened
from ledger.writes import Statement, Write
from stack.databases import KEYRING, DatabaseUrls
from stack.environment import PREFIX
from stack.keyring import provision
from stack.keys import Keys

NAME = "sample"
BELLS = "bells"
TENANT = UUID(int=1)
PARTITIONS = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer one ring."""

    ring: UUID


@dataclass(frozen=True, slots=True)
class Answered:
    """A ring was answered."""

    ring: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """What the sample tells of what happened: as many bytes as an event of the others has."""

    text: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring, and how often it was answered."""

    answers: int = 0


def _decide(command: Answer, ring: Ring) -> Sequence[Answered]:
    return [] if ring.answers else [Answered(command.ring)]


def _evolve(ring: Ring, _answered: Answered) -> Ring:
    return Ring(ring.answers + 1)


ANSWER: Decider[Answer, Ring, Answered] = Decider("Answer", Ring(), _decide, _evolve)


async def _compose(command: Any, _situation: Situation) -> Sequence[Step]:
    return [Step(ANSWER, command.ring, command)]


def _publish(recorded: Recorded[Any]) -> object | None:
    match recorded.event:
        case Happened(text=text):
            return Told(text)
        case _:
            return None


_NOTE = Statement(
    "note",
    "insert into read.noted as n (tenant, stream_id, times) values ($1, $2, 1)"
    " on conflict (tenant, stream_id) do update set times = n.times + 1",
)


def _hear(heard: Heard) -> Sequence[Do | Write]:
    if heard.category == "Ring":
        return [Do(Answer(heard.stream_id), heard.stream_id)]
    return [_NOTE(heard.tenant, heard.stream_id)]


REGISTRY = Registry().register("Thing", Happened).register("Answer", Answered)

SAMPLE = Service(
    name=NAME,
    registry=REGISTRY,
    compose=_compose,
    publish=_publish,
    public_events=(Told,),
    servicers=lambda _runtime: (),
    policy=Policy(()),
    facts=lambda _runtime: no_facts,
    migrations=Path(__file__).parent / "sample_migrations",
    subscriptions=(Subscription(BELLS, _hear),),
)
BELL = replace(SAMPLE, name=BELLS, subscriptions=())
"""Whoever rings: only its records are made, nothing of it runs."""

SOURCES = (EVIDENCE, (NAME, SAMPLE.migrations))


async def database(site: Site) -> DatabaseUrls:
    """Make its database, and the keyring that its processes ask for."""
    await provision(site.databases)
    return await site.database(NAME, SOURCES)


def environment(site: Site, urls: DatabaseUrls) -> dict[str, str]:
    """Return the variables of its processes, its keys made."""
    keys = Keys(site.places.keys)
    keys.make([NAME])
    told = {
        "ENVIRONMENT": "test",
        "DATABASE_OWNER": urls.owner,
        "DATABASE_HANDLER": urls.handler,
        "DATABASE_WORKER": urls.worker,
        # The keyring knows the roles of the four services; this one seals nothing.
        "KEYRING": site.databases.url(KEYRING, "referrals_vault"),
        "ROOT_KEY_FILE": str(keys.root),
        "CHECKPOINT_KEY_FILE": str(keys.checkpoint(NAME)),
        "CHECKPOINT_DIR": str(site.places.checkpoints / NAME),
        "KAFKA": site.kafka,
        "LISTEN": "127.0.0.1:0",
        "ISSUER": "http://127.0.0.1:1",
        "CLIENT_SECRET_FILE": str(keys.client_secret(NAME)),
        "DIRECTORY_FILE": str(site.stack.settings.directory_file),
        "LOG_FILE": str(site.places.logs / f"{NAME}.jsonl"),
    }
    return os.environ | {PREFIX + name: value for name, value in told.items()}
