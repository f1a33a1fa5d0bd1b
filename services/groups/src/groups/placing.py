"""How a place finds its way between two authorities: the process manager of this service.

A cohort is a record of its host, a place is a record of the family's authority, and the streams of
one command are of one authority. So a place is decided in steps, each a command of its own that
follows from what this service itself published, heard from its own topic:

    CohortOpened    (host)    -> LearnOfCohort     (family's authority)
    PlaceRequested  (family)  -> ReservePlace      (host: granted or queued, decided there alone)
    PlaceGranted    (host)    -> MakeOffer         (family)
    PlaceQueued     (host)    -> PutOnWaitingList  (family)
    PlaceDeclined, PlaceLapsed or PlaceWithdrawn
                    (family)  -> ReleasePlace      (host: freed, and the room granted to the next
                                                    family that waits, in the same append)

Where host and family are of one authority the way is the same, so that there is only one.

Why it always finishes. Each arrow starts from a committed event and is taken until its command is
recorded; the command's id is made from the event, so taking it twice changes nothing, and every
aggregate also decides nothing when told twice. The manager keeps no state of its own: a place that
is Requested is one whose cohort has not answered.

Why exactly one gets the last place. Only ReservePlace and ReleasePlace give room, both are decided
on the Cohort stream, and its version makes one of two simultaneous decisions be made again.

Why no room leaks. A family's room is held for a place from PlaceGranted to PlaceFreed. Whatever
ends a place is an event of the place's stream, so ReleasePlace follows it, whether the cohort's
answer has reached the place or not; a grant that arrives at an ended place changes nothing. Should
a ReleasePlace overtake its ReservePlace, the cohort remembers that the place is freed.

Why by the topic rather than by a follower of the feed: it brings the order of each stream, the
filling of gaps, parking and `throughline parked` without a line of its own. What goes over it are
opaque ids and numbers, and while the broker is away places wait.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from pydantic import TypeAdapter

from chassis.acting import Do, Heard
from groups import published, streams
from groups.asks import MakeOffer
from groups.cohort import ReleasePlace, ReservePlace, Terms
from groups.invitation import LearnOfCohort
from groups.place import PutOnWaitingList
from ledger.writes import Write

_OPENED = TypeAdapter(published.CohortOpened)
_REQUESTED = TypeAdapter(published.PlaceRequested)
_GRANTED = TypeAdapter(published.PlaceGranted)
_QUEUED = TypeAdapter(published.PlaceQueued)
_DECLINED = TypeAdapter(published.PlaceDeclined)
_LAPSED = TypeAdapter(published.PlaceLapsed)
_WITHDRAWN = TypeAdapter(published.PlaceWithdrawn)


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Take the step that follows from one of our own events; from most, none does."""
    step = _STEPS.get(heard.type)
    return [step(heard)] if step is not None else []


def _opened(heard: Heard) -> Do:
    told = _OPENED.validate_python(heard.data)
    terms = Terms(
        told.programme_id,
        told.capacity_families,
        told.session_days,
        told.offer_days,
        told.referral_deadline,
    )
    target = streams.invitation_stream(told.authority, told.cohort_id)
    return Do(LearnOfCohort(told.cohort_id, heard.tenant, terms), target, told.authority)


def _requested(heard: Heard) -> Do:
    told = _REQUESTED.validate_python(heard.data)
    reserve = ReservePlace(told.cohort_id, told.place_id, told.family_id, heard.tenant)
    return Do(reserve, streams.cohort_stream(told.cohort_id), told.host)


def _granted(heard: Heard) -> Do:
    told = _GRANTED.validate_python(heard.data)
    offer = MakeOffer(told.place_id, told.offer_days)
    return Do(offer, streams.place_stream(told.place_id), told.authority)


def _queued(heard: Heard) -> Do:
    told = _QUEUED.validate_python(heard.data)
    wait = PutOnWaitingList(told.cohort_id, told.place_id)
    return Do(wait, streams.place_stream(told.place_id), told.authority)


def _ended(
    told: published.PlaceDeclined | published.PlaceLapsed | published.PlaceWithdrawn,
) -> Do:
    release = ReleasePlace(told.cohort_id, told.place_id)
    return Do(release, streams.cohort_stream(told.cohort_id), told.host)


_STEPS: Mapping[str, Callable[[Heard], Do]] = MappingProxyType(
    {
        "CohortOpened": _opened,
        "PlaceRequested": _requested,
        "PlaceGranted": _granted,
        "PlaceQueued": _queued,
        "PlaceDeclined": lambda heard: _ended(_DECLINED.validate_python(heard.data)),
        "PlaceLapsed": lambda heard: _ended(_LAPSED.validate_python(heard.data)),
        "PlaceWithdrawn": lambda heard: _ended(_WITHDRAWN.validate_python(heard.data)),
    }
)
