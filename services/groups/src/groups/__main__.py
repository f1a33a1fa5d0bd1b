"""The parts list of groups: `python -m groups [role …]`."""

from pathlib import Path

from chassis.main import main
from chassis.queries.known_people import past_facts
from chassis.service import Service
from groups import (
    cohorts,
    compose,
    deadlines,
    events,
    places,
    policy,
    published,
    servicer,
    streams,
    subscriptions,
)

SERVICE = Service(
    name=streams.SERVICE,
    registry=events.REGISTRY,
    compose=compose.compose,
    publish=published.publish,
    public_events=published.EVENTS,
    projections=(cohorts.PROJECTION, places.PROJECTION),
    subscriptions=subscriptions.SUBSCRIPTIONS,
    deadlines=deadlines.deadlines,
    fall_due=deadlines.fall_due,
    servicers=servicer.servicers,
    policy=policy.POLICY,
    facts=policy.facts,
    past_facts=past_facts,
    migrations=Path(__file__).parent / "migrations",
    counters=places.counters,
)

if __name__ == "__main__":
    main(SERVICE)
