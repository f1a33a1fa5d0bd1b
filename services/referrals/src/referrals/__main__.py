"""The parts of referrals: `python -m referrals [role …]`."""

from pathlib import Path

from chassis.main import main
from chassis.service import Service
from referrals import compose, deadlines, pending, policy, published, servicer
from referrals.arrivals import awaited
from referrals.arrivals.carrying import carry_families
from referrals.consents import consents
from referrals.drafts import draft_list
from referrals.enquiries import enquiry_list
from referrals.events import REGISTRY
from referrals.people import families, indexing, proposals, withholding
from referrals.redirects import redirects
from referrals.redirects.carrying import carry_redirects
from referrals.streams import SERVICE as SERVICE_NAME
from referrals.subscriptions import SUBSCRIPTIONS
from referrals.walls import facts as walls
from referrals.worklists import (
    clocks,
    looks,
    open_redirects,
    open_referrals,
    owed_now,
    waits,
    worklist,
)

SERVICE = Service(
    name=SERVICE_NAME,
    registry=REGISTRY,
    compose=compose.compose,
    outcome=compose.outcome,
    publish=published.publish,
    public_events=published.EVENTS,
    projections=(
        worklist.PROJECTION,
        consents.PROJECTION,
        draft_list.PROJECTION,
        enquiry_list.PROJECTION,
        families.PROJECTION,
        proposals.PROJECTION,
        redirects.PROJECTION,
        awaited.PROJECTION,
        open_referrals.PROJECTION,
        open_redirects.PROJECTION,
        clocks.PROJECTION,
        looks.PROJECTION,
        waits.PROJECTION,
        owed_now.PROJECTION,
    ),
    subscriptions=SUBSCRIPTIONS,
    reactors=(carry_redirects, carry_families, indexing.keep_index),
    deadlines=deadlines.deadlines,
    fall_due=deadlines.fall_due,
    servicers=servicer.servicers,
    policy=policy.POLICY,
    facts=walls.facts,
    past_facts=walls.past_facts,
    counters=worklist.counters,
    pending=pending.pending,
    withhold=withholding.withheld,
    first=published.FIRST,
    migrations=Path(__file__).parent / "migrations",
)

if __name__ == "__main__":
    main(SERVICE)
