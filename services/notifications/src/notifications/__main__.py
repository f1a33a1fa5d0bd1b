"""The parts list of notifications: `python -m notifications [role …]`."""

from pathlib import Path

from chassis.main import main
from chassis.queries.known_people import past_facts
from chassis.service import Service
from notifications import (
    compose,
    events,
    inbox,
    messages,
    pending,
    policy,
    published,
    sender,
    servicer,
    services,
    subscriptions,
)
from notifications.settings import NotificationsSettings

SERVICE = Service(
    name=compose.SERVICE,
    registry=events.REGISTRY,
    compose=compose.compose,
    publish=published.publish,
    public_events=published.EVENTS,
    projections=(pending.PROJECTION, messages.PROJECTION, inbox.PROJECTION, services.PROJECTION),
    subscriptions=subscriptions.SUBSCRIPTIONS,
    servicers=servicer.servicers,
    policy=policy.POLICY,
    facts=policy.facts,
    past_facts=past_facts,
    migrations=Path(__file__).parent / "migrations",
    reactors=(sender.send_messages,),
    counters=messages.counters,
    pending=messages.pending,
    settings=NotificationsSettings,
)

if __name__ == "__main__":
    main(SERVICE)
