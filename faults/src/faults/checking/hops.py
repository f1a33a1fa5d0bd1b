"""Who must do what about a record of a topic: the flows between services, said a second time.

Source: ARCHITECTURE §6. A record that is no row here asks nothing of anybody but to be heard.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from faults.checking.evidence import Told
from faults.checking.names import caused, message, notice_service, stream_of

HEARS: Mapping[str, frozenset[str]] = {
    "referrals": frozenset({"casework", "notifications", "referrals"}),
    "casework": frozenset({"referrals", "groups", "notifications", "casework"}),
    "groups": frozenset({"casework", "groups"}),
    "notifications": frozenset({"referrals", "casework", "groups"}),
}
"""Consumer → whose topics it reads."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One command that must follow from one record, in the store of one consumer."""

    consumer: str
    tenant: UUID
    kind: str
    target: UUID
    told: Told

    @property
    def command_id(self) -> UUID:
        """The id that the command has, however often it is made."""
        return caused(self.consumer, self.told.event_id, self.kind, self.target)


_Hop = Callable[[Told], Iterator[Asked]]


def asked(told: Told) -> Iterator[Asked]:
    """Yield the commands that must follow from a record."""
    for hop in _HOPS.get((told.service, told.type), ()):
        yield from hop(told)


def _take_on(told: Told) -> Iterator[Asked]:
    if told.case_id is not None:
        case = stream_of("casework", "Case", told.case_id)
        yield Asked("casework", told.tenant, "TakeOnReferral", case, told)


def _raise_concern(told: Told) -> Iterator[Asked]:
    ways = (told.data.get(f"{each}_id") for each in ("referral", "screen", "enquiry"))
    about = next((each for each in ways if each), told.stream_id)
    concern = stream_of("casework", "concern about", f"{told.tenant}/{about}")
    target = stream_of("casework", "Concern", concern)
    yield Asked("casework", told.tenant, "RaiseConcern", target, told)


def _taken_up(told: Told) -> Iterator[Asked]:
    referral = stream_of("referrals", "Referral", UUID(told.data["referral_id"]))
    yield Asked("referrals", told.tenant, "NoteTakenUp", referral, told)


def _await_family(told: Told) -> Iterator[Asked]:
    target = stream_of("referrals", "FamilyArrival", UUID(told.data["transfer_id"]))
    yield Asked("referrals", UUID(told.data["to_authority"]), "AwaitFamily", target, told)


def _ask_for_place(told: Told) -> Iterator[Asked]:
    place = stream_of("groups", "place of request", f"{told.tenant}/{told.data['request_id']}")
    target = stream_of("groups", "Place", place)
    yield Asked("groups", told.tenant, "AskForPlace", target, told)


def _end_case(told: Told) -> Iterator[Asked]:
    if told.case_id is not None:
        target = stream_of("groups", "CaseRequests", f"{told.tenant}/{told.case_id}")
        yield Asked("groups", told.tenant, "EndCase", target, told)


def _note_place(told: Told) -> Iterator[Asked]:
    if told.case_id is not None:
        cohort = told.data["cohort_id"]
        target = stream_of("casework", "GroupPlace", f"{told.case_id}/{cohort}")
        yield Asked("casework", told.tenant, "NotePlace", target, told)


def _learn(told: Told) -> Iterator[Asked]:
    authority = UUID(told.data["authority"])
    target = stream_of("groups", "Invitation", f"{authority}/{told.data['cohort_id']}")
    yield Asked("groups", authority, "LearnOfCohort", target, told)


def _of_cohort(kind: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        target = stream_of("groups", "Cohort", told.data["cohort_id"])
        yield Asked("groups", UUID(told.data["host"]), kind, target, told)

    return hop


def _of_place(kind: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        target = stream_of("groups", "Place", told.data["place_id"])
        yield Asked("groups", UUID(told.data["authority"]), kind, target, told)

    return hop


def _write_to(template: str, recipient: str, about: str | None = None) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        if template == "case-allocated" and told.case_id is None:
            return
        of = UUID(told.data[about]) if about else told.event_id
        letter = message(told.tenant, of, template, UUID(told.data[recipient]))
        target = stream_of("notifications", "Message", letter)
        yield Asked("notifications", told.tenant, "QueueMessage", target, told)

    return hop


def _receipt_to_family(told: Told) -> Iterator[Asked]:
    of_the_family = told.data.get("referrer_kind") in {"adopter", "adopted-adult"}
    if told.data.get("contact") and not of_the_family and not told.data.get("immediate_danger"):
        yield from _write_to("family-receipt", "contact", "submission_id")(told)


def _to_parties(kind: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        target = stream_of("notifications", "Parties", UUID(told.data["referral_id"]))
        yield Asked("notifications", told.tenant, kind, target, told)

    return hop


def _decline(told: Told) -> Iterator[Asked]:
    if told.data["reason"] not in {"withdrawn", "duplicate"}:
        yield from _to_parties("TellAnswer")(told)


def _ask(told: Told) -> Iterator[Asked]:
    if told.data["source"] in {"family", "referrer"}:
        yield from _to_parties("TellAnswer")(told)


def _notes(template: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        for worker in told.data["tell"]:
            letter = message(told.tenant, told.event_id, template, UUID(worker))
            target = stream_of("notifications", "Message", letter)
            yield Asked("notifications", told.tenant, "QueueMessage", target, told)

    return hop


def _of_notice(kind: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        target = stream_of("casework", "Notice", told.data["notice_id"])
        yield Asked("casework", told.tenant, kind, target, told)

    return hop


def _to_serve(kind: str) -> _Hop:
    def hop(told: Told) -> Iterator[Asked]:
        said = told.data
        which = (UUID(said["notice_id"]), said["document"], said["text_version"])
        target = stream_of("notifications", "NoticeService", notice_service(told.tenant, *which))
        yield Asked("notifications", told.tenant, kind, target, told)

    return hop


def _unreached(told: Told) -> Iterator[Asked]:
    if told.case_id is None or told.data["channel"] == "in-app":
        return
    yield _task(told, "NoteUnreached", "tell-otherwise", "message_id")


def _untold(told: Told) -> Iterator[Asked]:
    if told.case_id is not None:
        yield _task(told, "NoteFamilyUntold", "ask-family", "transfer_id")


def _task(told: Told, command: str, task: str, about: str) -> Asked:
    """Ask for the one task of its kind in the case of a record."""
    named = f"{told.tenant}/{told.case_id}/{task}/{told.data[about]}"
    target = stream_of("casework", "Task", stream_of("casework", "task made for", named))
    return Asked("casework", told.tenant, command, target, told)


def _note_identity(told: Told) -> Iterator[Asked]:
    yield Asked("casework", told.tenant, "NoteIdentity", UUID(told.data["episode"]), told)


def _across(service: str, kind: str, category: str, of: str, to: str) -> _Hop:
    """Ask the other of two authorities, by the stream of what the record names."""

    def hop(told: Told) -> Iterator[Asked]:
        target = stream_of(service, category, told.data[of])
        yield Asked(service, UUID(told.data[to]), kind, target, told)

    return hop


def _to_receiver(kind: str) -> _Hop:
    return _across("casework", kind, "IncomingTransfer", "transfer_id", "to_authority")


def _to_sender(kind: str) -> _Hop:
    return _across("casework", kind, "Transfer", "of_case", "sent_by_authority")


def _duty_changed(told: Told) -> Iterator[Asked]:
    if told.data.get("before") and told.data.get("from_day"):
        target = stream_of("casework", "DutyArrival", told.data["child"])
        yield Asked("casework", told.tenant, "NoteDutyChanged", target, told)


def _duty_learned(told: Told) -> Iterator[Asked]:
    if told.data.get("effect_from"):
        target = stream_of("casework", "DutyLine", told.data["child"])
        yield Asked("casework", told.tenant, "NoteDuty", target, told)


def _redirect_answered(kind: str) -> _Hop:
    return _across("referrals", kind, "Redirect", "redirect_id", "sent_by_authority")


_HOPS: Mapping[tuple[str, str], tuple[_Hop, ...]] = {
    ("referrals", "ReferralReceived"): (
        _write_to("referral-acknowledgement", "referrer", "submission_id"),
        _receipt_to_family,
        _to_parties("NoteParties"),
    ),
    ("referrals", "ReferralDeclined"): (_decline,),
    ("referrals", "ReferralRedirected"): (_to_parties("TellAnswer"),),
    ("referrals", "InformationAsked"): (_ask,),
    ("referrals", "DangerReported"): (_raise_concern,),
    ("referrals", "EnquiryDangerReported"): (_raise_concern,),
    ("referrals", "ReferralAccepted"): (_take_on, _to_parties("TellAnswer")),
    ("referrals", "ResponsibilityChanged"): (_duty_changed,),
    ("referrals", "ResponsibilityDetermined"): (_duty_learned,),
    ("referrals", "FamilyUntold"): (_untold,),
    ("referrals", "DuplicateLinked"): (_note_identity,),
    ("referrals", "DuplicateUnlinked"): (_note_identity,),
    ("referrals", "RedirectAskedBack"): (
        _across("referrals", "GiveBack", "IncomingRedirect", "redirect_id", "to_authority"),
    ),
    ("referrals", "RedirectAcknowledged"): (_redirect_answered("NoteAcknowledged"),),
    ("referrals", "RedirectRefused"): (_redirect_answered("NoteRefused"),),
    ("referrals", "RedirectGivenBack"): (_redirect_answered("NoteGivenBack"),),
    ("notifications", "NotificationFailed"): (_unreached,),
    ("notifications", "NoticeServed"): (_of_notice("NoteNoticeServed"),),
    ("notifications", "NoticeServiceFailed"): (_of_notice("NoteNoticeFailed"),),
    ("casework", "NoticeIssued"): (_to_serve("AwaitService"),),
    ("casework", "NoticeWithdrawn"): (_to_serve("DropService"),),
    ("casework", "TransferOffered"): (_to_receiver("ArriveTransfer"),),
    ("casework", "TransferAskedBack"): (_to_receiver("GiveTransferBack"),),
    ("casework", "TransferAccepted"): (_to_sender("PassCase"),),
    ("casework", "TransferRefused"): (_to_sender("NoteTransferRefused"),),
    ("casework", "TransferGivenBack"): (_to_sender("NoteTransferGivenBack"),),
    ("casework", "DutyChangeBegan"): (
        _across("casework", "ArriveDuty", "DutyArrival", "child", "to_authority"),
    ),
    ("casework", "DutyTakenOn"): (
        _across("casework", "NoteDutyTakenOn", "DutyChange", "of_case", "sent_by_authority"),
    ),
    ("casework", "DutyStays"): (
        _across("casework", "NoteDutyStays", "DutyArrival", "child", "to_authority"),
    ),
    ("casework", "ConcernRaised"): (_notes("concern-raised"),),
    ("casework", "ConcernEscalated"): (_notes("concern-escalated"),),
    ("casework", "OnCallUncovered"): (_notes("on-call-uncovered"),),
    ("casework", "TaskEscalated"): (_notes("task-overdue"),),
    ("casework", "CaseOpened"): (_taken_up,),
    ("casework", "EpisodeOpened"): (_taken_up,),
    ("casework", "CaseAllocated"): (_write_to("case-allocated", "worker"),),
    ("casework", "CaseClosed"): (_end_case,),
    ("casework", "CaseTransferred"): (_to_receiver("ReceiveCase"), _await_family),
    ("casework", "PlaceRequested"): (_ask_for_place,),
    ("groups", "CohortOpened"): (_learn,),
    ("groups", "PlaceRequested"): (_of_cohort("ReservePlace"),),
    ("groups", "PlaceGranted"): (_of_place("MakeOffer"),),
    ("groups", "PlaceQueued"): (_of_place("PutOnWaitingList"),),
    ("groups", "PlaceOffered"): (_note_place, _write_to("place-offered", "contact")),
    ("groups", "PlaceWaitlisted"): (_note_place,),
    ("groups", "PlaceAccepted"): (_note_place,),
    ("groups", "PlaceDeclined"): (_note_place, _of_cohort("ReleasePlace")),
    ("groups", "PlaceLapsed"): (_note_place, _of_cohort("ReleasePlace")),
    ("groups", "PlaceWithdrawn"): (_note_place, _of_cohort("ReleasePlace")),
    ("groups", "AttendanceRecorded"): (_note_place,),
}
