"""The parts of casework: `python -m casework [role …]`."""

from pathlib import Path

from casework import (
    chronology,
    compose,
    counters,
    deadlines,
    events,
    pending,
    policy,
    published,
    servicers,
    streams,
    subscriptions,
)
from casework.allocations import caseload, parts, past
from casework.allocations import published as allocations
from casework.allocations.parting import end_parts_in_conflict
from casework.assessments import underway
from casework.cases import family, stages, summary
from casework.closures.slipping import look_behind_closings
from casework.complaints import listed as complaints
from casework.consents import matters
from casework.consents import published as consents
from casework.decisions import notices
from casework.information import known
from casework.plans import monitored
from casework.provision import provisions
from casework.reviews import upcoming
from casework.sessions import bookings
from casework.tasks import revising, standing, teams
from casework.transfers import incoming_list, kept_entries
from casework.transfers.carrying import carry_transfers
from casework.urgent import concerns
from casework.workers import roster
from chassis.main import main
from chassis.service import Service

SERVICE = Service(
    name=streams.SERVICE,
    registry=events.REGISTRY,
    compose=compose.compose,
    publish=published.publish,
    public_events=published.EVENTS,
    projections=(
        summary.PROJECTION,
        stages.PROJECTION,
        family.PROJECTION,
        caseload.PROJECTION,
        parts.PROJECTION,
        roster.PROJECTION,
        chronology.PROJECTION,
        concerns.PROJECTION,
        known.PROJECTION,
        underway.PROJECTION,
        monitored.PROJECTION,
        upcoming.PROJECTION,
        notices.PROJECTION,
        provisions.PROJECTION,
        complaints.PROJECTION,
        matters.PROJECTION,
        bookings.PROJECTION,
        standing.PROJECTION,
        teams.PROJECTION,
        incoming_list.PROJECTION,
        kept_entries.PROJECTION,
    ),
    subscriptions=subscriptions.SUBSCRIPTIONS,
    deadlines=deadlines.deadlines,
    fall_due=deadlines.fall_due,
    first=consents.FIRST | allocations.FIRST,
    servicers=servicers.servicers,
    policy=policy.POLICY,
    facts=policy.facts,
    past_facts=past.past_facts,
    migrations=Path(__file__).parent / "migrations",
    reactors=(
        end_parts_in_conflict,
        look_behind_closings,
        revising.flag_late_facts,
        carry_transfers,
    ),
    counters=counters.counters,
    pending=pending.pending,
)

if __name__ == "__main__":
    main(SERVICE)
