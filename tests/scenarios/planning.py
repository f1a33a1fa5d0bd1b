"""What is known of a child, assessed, planned and reviewed: verbs."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor

HEADINGS = (
    "person-needs",
    "family-needs",
    "child-needs",
    "parenting-capacity",
    "wider-environment",
    "circumstances-of-placement",
    "earlier-assessments",
)
PURPOSE = "direct-care"


@dataclass(frozen=True, slots=True)
class Planning:
    """The information, assessments, plan and reviews of a case, before somebody."""

    actor: Actor
    case_id: str

    async def receive(
        self, topic: str, source: str, words: str, occurred: str, basis: str = "fact"
    ) -> str:
        """Write down what a source said on a day; return the item's id."""
        told = _told(topic, source, basis)
        answer = await self._do(
            "InformationService.ReceiveInformation", occurred, told=told, words=words
        )
        return str(answer.item_id)

    async def set_right(
        self, item: Any, words: str, occurred: str, reason: str = "wrong-wording"
    ) -> None:
        """Set an item of `known` right."""
        await self._do(
            "InformationService.CorrectInformation",
            occurred,
            item_id=item.item_id,
            corrects=item.event_id,
            told=item.told,
            reason=reason,
            words=words,
        )

    async def contradict(self, *items: str) -> str:
        """Say that items contradict each other; return the contradiction's id."""
        answer = await self._do("InformationService.FlagConflict", item_ids=items)
        return str(answer.conflict_id)

    async def resolve(self, conflict: str, how: str, *holds: str) -> None:
        """Say how a contradiction was resolved."""
        fields: dict[str, Any] = {
            "conflict_id": conflict,
            "how": how,
            "holds": holds,
            "words": "It was asked.",
        }
        await self._do("InformationService.ResolveConflict", **fields)

    async def leave_standing(self, conflict: str, reason: str) -> None:
        """Leave a contradiction standing."""
        fields = {"conflict_id": conflict, "reason": reason, "words": "It stays open."}
        await self._do("InformationService.LeaveConflict", **fields)

    async def known(self) -> list[Any]:
        """Return what is known, sources side by side."""
        answer = await self._ask("InformationService.ListInformation", limit=200)
        return list(answer.items)

    async def begin(self, requested_on: str, occurred: str = "", **more: Any) -> str:
        """Begin an assessment, full unless said otherwise; return its id."""
        fields = {"kind": "full", "asked_by": "adoptive-parent", "requested_on": requested_on}
        answer = await self._do("AssessmentsService.StartAssessment", occurred, **fields | more)
        return str(answer.assessment_id)

    async def consider(self, heading: str, words: str, *items: str, **more: Any) -> None:
        """Say something under a heading."""
        fields = {"heading": heading, "words": words, "rests_on": items}
        await self._do("AssessmentsService.ConsiderHeading", **fields | more)

    async def consider_all(self, words: str = "It was talked through.") -> None:
        """Say something under each heading."""
        for heading in HEADINGS:
            await self.consider(heading, words)

    async def assessed(self, *needs: str, occurred: str = "") -> None:
        """Complete the assessment with the needs that it found."""
        await self._do(
            "AssessmentsService.CompleteAssessment", occurred, needs=needs, words="That is all."
        )

    async def abandon(self, reason: str, occurred: str = "") -> None:
        """End the assessment without a result."""
        await self._do("AssessmentsService.AbandonAssessment", occurred, reason=reason)

    async def assessments(self) -> list[Any]:
        """Return the assessments of the case, opened."""
        answer = await self._ask("AssessmentsService.GetAssessments")
        return list(answer.assessments)

    async def understand(self, words: str, *items: str) -> None:
        """Draft a version of the formulation."""
        await self._do("AssessmentsService.DraftFormulation", rests_on=items, words=words)

    async def share(self, version: int, *readers: str) -> None:
        """Say to whom a version of the formulation was shown."""
        fields: dict[str, Any] = {"version": version, "readers": readers}
        await self._do("AssessmentsService.ShareFormulation", **fields)

    async def agree(self, version: int, *readers: str) -> None:
        """Say who agrees to a version of the formulation."""
        fields: dict[str, Any] = {"version": version, "readers": readers}
        await self._do("AssessmentsService.AgreeFormulation", **fields)

    async def draft(self, document: Any) -> None:
        """Write the next version of the plan."""
        await self._do("PlansService.DraftPlan", document=document)

    async def nominate(self, worker: str) -> None:
        """Let another worker monitor the plan."""
        await self._do("PlansService.NominateMonitor", monitor=worker)

    async def pause(self, reason: str, occurred: str = "") -> None:
        """Pause the plan."""
        await self._do("PlansService.PausePlan", occurred, reason=reason)

    async def resume(self, occurred: str = "") -> None:
        """Go on with the plan."""
        await self._do("PlansService.ResumePlan", occurred)

    async def plan(self, version: int = 0) -> Any:
        """Return how the plan stands, and a version of it, opened."""
        return await self._ask("PlansService.GetPlan", version=version)

    async def note_change(self, kind: str, words: str, occurred: str = "") -> None:
        """Say that something changed."""
        await self._do("ReviewsService.NoteChange", occurred, kind=kind, words=words)

    async def review_by(self, on: str) -> None:
        """Name a day that is thought right for the review."""
        await self._do("ReviewsService.PlanReview", on=on)

    async def hold_review(self, outcome: str, occurred: str = "") -> None:
        """Hold the review that is due, all seven headings, and end it."""
        await self._do("ReviewsService.StartReview", occurred)
        for heading in HEADINGS:
            said = {"heading": heading, "words": "It was talked through."}
            await self._do("ReviewsService.ConsiderAtReview", **said)
        fields = {"outcome": outcome, "words": "That is how it stands."}
        await self._do("ReviewsService.CompleteReview", occurred, **fields)

    async def reviews(self) -> list[Any]:
        """Return the reviews of the case, the latest last."""
        answer = await self._ask("ReviewsService.GetReviews")
        return list(answer.reviews)

    async def _do(self, method: str, occurred: str = "", **fields: Any) -> Any:
        return await self.actor.do(method, {"case_id": self.case_id} | fields, occurred)

    async def _ask(self, method: str, **fields: Any) -> Any:
        return await self.actor.ask(method, {"case_id": self.case_id} | fields, PURPOSE)


def a_plan(monitor: str, **changed: Any) -> dict[str, Any]:
    """Return a whole plan that may be proposed, of invented content."""
    plan: dict[str, Any] = {
        "needs": [{"key": "sleep", "code": "sleep", "words": "She wakes at night."}],
        "goals": [{"key": "nights", "need": "sleep", "words": "She sleeps through."}],
        "services": [
            {
                "key": "therapy",
                "goal": "nights",
                "kind": "therapy",
                "provider": "house-of-play",
                "setting": "clinic",
                "starts_on": "2025-12-01",
                "sessions": 12,
                "frequency": "weekly",
                "cost_pence": 120_000,
                "funding": "asgsf",
                "words": "Play with her parents.",
            }
        ],
        "measures": [
            {
                "key": "sdq-1",
                "service": "therapy",
                "instrument": "sdq",
                "due_on": "2026-03-02",
            }
        ],
        "views": [
            {
                "key": "hers",
                "whose": "child",
                "came_of": "decided",
                "led_to": ["therapy"],
                "words": "She likes to paint.",
            },
            {
                "key": "theirs",
                "whose": "parents",
                "came_of": "not-yet",
                "words": "They would like respite.",
            },
        ],
        "criteria": [{"key": "slept", "goal": "nights", "words": "Five nights of seven."}],
        "monitor": monitor,
    }
    return plan | changed


def _told(topic: str, source: str, basis: str) -> dict[str, str]:
    return {"heading": "child-needs", "topic": topic, "source": source, "basis": basis}
