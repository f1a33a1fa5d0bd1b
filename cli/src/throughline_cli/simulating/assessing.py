"""What is learned of a simulated child, assessed, understood, planned and reviewed."""

from datetime import timedelta
from typing import Any

from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

HEADINGS = (
    "person-needs",
    "family-needs",
    "child-needs",
    "parenting-capacity",
    "wider-environment",
    "circumstances-of-placement",
    "earlier-assessments",
)
LIMITED = HEADINGS[:1]
_SAID = (
    "He falls asleep only when somebody sits with him.",
    "She has two friends and keeps close to the teacher.",
    "They find it hard to agree on what to do when he shouts.",
)


async def inform(teller: Teller, step: Step) -> None:
    """Write down what somebody said."""
    told = {
        "heading": "child-needs",
        "topic": "sleep" if step.number % 2 else "school-life",
        "source": step.code,
        "basis": "opinion" if step.code == "parent" else "fact",
    }
    await teller.held(
        await teller.as_lead(step),
        "InformationService.ReceiveInformation",
        step,
        _of(teller, step) | {"told": told, "words": _SAID[step.number % len(_SAID)]},
    )


async def assess(teller: Teller, step: Step) -> None:
    """Begin an assessment: of everything, or limited to one service."""
    limited = step.code == "limited"
    fields = {
        "kind": step.code,
        "services": ["therapy"] if limited else [],
        "asked_by": "adoptive-parent",
        "requested_on": teller.of(step, "asked"),
    }
    await _clinically(teller, step, "AssessmentsService.StartAssessment", fields)


async def conclude(teller: Teller, step: Step) -> None:
    """Say something under each heading that is wanted, and complete the assessment."""
    for heading in LIMITED if step.code == "limited" else HEADINGS:
        fields = {"heading": heading, "words": f"{_SAID[0]} We talked it through."}
        await _clinically(teller, step, "AssessmentsService.ConsiderHeading", fields, heading)
    found = {"needs": list(teller.family.needs), "words": "With help at home it can go well."}
    await _clinically(teller, step, "AssessmentsService.CompleteAssessment", found)


async def understand(teller: Teller, step: Step) -> None:
    """Draft a formulation, share it with the parents, and have them agree."""
    drafted = {"words": "He looks for danger, because there was danger for a long time."}
    await _clinically(teller, step, "AssessmentsService.DraftFormulation", drafted)
    readers = {"version": 1, "readers": ["parents"]}
    await _clinically(teller, step, "AssessmentsService.ShareFormulation", readers)
    await _clinically(teller, step, "AssessmentsService.AgreeFormulation", readers)


async def plan(teller: Teller, step: Step) -> None:
    """Draft the plan."""
    await _clinically(teller, step, "PlansService.DraftPlan", {"document": _plan(teller, step)})


async def change(teller: Teller, step: Step) -> None:
    """Say that something changed in the family's life."""
    fields = _of(teller, step) | {"kind": step.code, "words": "It is not as it was."}
    await teller.do(await teller.as_lead(step), "ReviewsService.NoteChange", step, fields)


async def review(teller: Teller, step: Step) -> None:
    """Hold the review that is due: all headings, and an outcome."""
    await _clinically(teller, step, "ReviewsService.StartReview", {})
    for heading in HEADINGS:
        fields = {"heading": heading, "words": "It was talked through."}
        await _clinically(teller, step, "ReviewsService.ConsiderAtReview", fields, heading)
    over = {"outcome": "continue", "words": "We go on as planned."}
    await _clinically(teller, step, "ReviewsService.CompleteReview", over)


def _of(teller: Teller, step: Step) -> dict[str, Any]:
    return {"case_id": teller.of(step, "case")}


async def _clinically(
    teller: Teller, step: Step, rpc: str, fields: dict[str, Any], part: str = ""
) -> None:
    clinician = await teller.as_clinician(step)
    await teller.do(clinician, rpc, step, _of(teller, step) | fields, part)


def _plan(teller: Teller, step: Step) -> dict[str, Any]:
    """Return a whole plan for the first need that was found."""
    code = teller.family.needs[0]
    return {
        "needs": [{"key": "need-1", "code": code, "words": "It makes the days hard."}],
        "goals": [{"key": "goal-1", "need": "need-1", "words": "Evenings without shouting."}],
        "services": [
            {
                "key": "service-1",
                "goal": "goal-1",
                "kind": "therapy",
                "provider": "own-staff",
                "setting": "home",
                "starts_on": (step.told + timedelta(days=28)).isoformat(),
                "sessions": 12,
                "frequency": "fortnightly",
                "cost_pence": 0,
                "funding": "no-cost",
                "words": "Time with the child and the parents.",
            }
        ],
        "measures": [
            {
                "key": "measure-1",
                "service": "service-1",
                "instrument": "sdq",
                "due_on": (step.told + timedelta(days=180)).isoformat(),
                "words": "At the beginning and in the middle.",
            }
        ],
        "views": [
            {
                "key": "view-1",
                "whose": "child",
                "came_of": "decided",
                "led_to": ["service-1"],
                "words": "I like it when we paint.",
            },
            {
                "key": "view-2",
                "whose": "parents",
                "came_of": "not-yet",
                "words": "A weekend off would help.",
            },
        ],
        "criteria": [{"key": "seen-1", "goal": "goal-1", "words": "Five calm evenings of seven."}],
        "monitor": teller.lead(step).id,
    }


VERBS = {
    Verb.INFORM: inform,
    Verb.ASSESS: assess,
    Verb.CONCLUDE: conclude,
    Verb.UNDERSTAND: understand,
    Verb.PLAN: plan,
    Verb.CHANGE: change,
    Verb.REVIEW: review,
}
