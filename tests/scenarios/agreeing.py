"""What a family agrees to in a case, and the sessions that are booked in it: verbs."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from tests.scenarios.stage import Actor, instant


@dataclass(frozen=True, slots=True)
class Agreeing:
    """The consents of a case, recorded by somebody. A matter is `therapy` or `share/agency:gp`."""

    actor: Actor
    case_id: str

    async def give(
        self, by: str, *matters: str, capacity: str = "parental-responsibility", occurred: str = ""
    ) -> None:
        """Record that a person agrees."""
        speaker = {"person_id": by, "capacity": capacity}
        await self._say("GiveCaseConsent", matters, {"given_by": speaker}, occurred)

    async def refuse(
        self, by: str, *matters: str, capacity: str = "parental-responsibility", occurred: str = ""
    ) -> None:
        """Record that a person does not agree."""
        speaker = {"person_id": by, "capacity": capacity}
        await self._say("RefuseCaseConsent", matters, {"refused_by": speaker}, occurred)

    async def withdraw(
        self, by: str, *matters: str, capacity: str = "parental-responsibility", occurred: str = ""
    ) -> None:
        """Record that a person takes it back; without matters, all that was given."""
        speaker = {"person_id": by, "capacity": capacity}
        await self._say("WithdrawCaseConsent", matters, {"withdrawn_by": speaker}, occurred)

    async def competent(
        self, matter: str, assessor: str, occurred: str = "", found: str = "competent"
    ) -> None:
        """Record whether the child can decide a matter."""
        fields = {
            "case_id": self.case_id,
            "matter": _matter(matter),
            "found": found,
            "assessor_id": assessor,
            "reasons": "We talked it through.",
        }
        await self.actor.do("CaseConsentsService.AssessCompetence", fields, occurred)

    async def decide(self, matter: str, outcome: str, clinician: str, reasons: str) -> None:
        """Decide where the family does not agree."""
        fields = {
            "case_id": self.case_id,
            "matter": _matter(matter),
            "outcome": outcome,
            "clinician_id": clinician,
            "reasons": reasons,
        }
        await self.actor.do("CaseConsentsService.DecideConsent", fields)

    async def stand(self) -> dict[str, str]:
        """Return how each matter stands."""
        fields = {"case_id": self.case_id}
        answer = await self.actor.ask("CaseConsentsService.ListCaseConsents", fields)
        return {
            "/".join(filter(None, (each.matter.purpose, each.matter.party))): each.state
            for each in answer.consents
        }

    async def _say(
        self, method: str, matters: tuple[str, ...], speaker: dict[str, Any], occurred: str
    ) -> None:
        fields = {"case_id": self.case_id, "matters": [_matter(each) for each in matters]}
        await self.actor.do(f"CaseConsentsService.{method}", fields | speaker, occurred)


@dataclass(frozen=True, slots=True)
class Diary:
    """The sessions of a case that are to come, and the pauses of its direct work."""

    actor: Actor
    case_id: str

    async def book(self, worker: str, at: str, kind: str = "therapy", minutes: int = 50) -> str:
        """Book a session with a worker (by id); return the booking's id."""
        stamp = Timestamp()
        stamp.FromDatetime(instant(at))
        fields = {"worker_id": worker, "kind": kind, "starts_at": stamp, "minutes": minutes}
        answer = await self._do("ScheduleSession", **fields)
        return str(answer.booking_id)

    async def cancel(self, booking: str, reason: str) -> None:
        """Cancel a booked session."""
        await self._do("CancelSession", booking_id=booking, reason=reason)

    async def pause(self, cause: str, reasons: str) -> None:
        """Pause the direct work."""
        await self._do("PauseIntervention", cause=cause, reasons=reasons)

    async def resume(self, cause: str, reasons: str) -> None:
        """Let the direct work go on."""
        await self._do("ResumeIntervention", cause=cause, reasons=reasons)

    async def held(self) -> dict[str, list[str]]:
        """Return what holds each booked session back, by the booking's id."""
        answer = await self.actor.ask("SessionsService.ListBookings", {"case_id": self.case_id})
        return {each.booking_id: list(each.held_because) for each in answer.bookings}

    async def _do(self, method: str, **fields: Any) -> Any:
        named = {"case_id": self.case_id}
        return await self.actor.do(f"SessionsService.{method}", named | fields)


def _matter(text: str) -> dict[str, str]:
    purpose, _, party = text.partition("/")
    return {"purpose": purpose, "party": party}
