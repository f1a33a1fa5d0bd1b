"""Assessments and formulations as they are recorded, written as the contract says them."""

from collections.abc import MutableSequence, Sequence

from casework.assessments import assessment_events as told
from casework.assessments import formulation
from casework.assessments.heading import Heading, Relevance
from casework.assessments.underway import Standing
from casework.opening import Seen
from casework.replies import stamp
from throughline.casework.v1 import assessments_pb2 as pb


def assessments(seen: Sequence[Seen]) -> list[pb.Assessment]:
    """Write the assessments of a case from what is recorded of them."""
    found: list[pb.Assessment] = []
    for each in seen:
        if isinstance(each.fact.event, told.AssessmentStarted):
            found.append(_begun(each.fact.event))
        elif found:
            _went_on(found[-1], each)
    return found


def _begun(event: told.AssessmentStarted) -> pb.Assessment:
    return pb.Assessment(
        assessment_id=str(event.assessment_id),
        kind=event.kind.value,
        services=event.services,
        asked_by=event.asked_by.value,
        requested_on=event.requested_on.isoformat(),
        started_on=event.on.isoformat(),
        due_on=event.due_on.isoformat(),
        rule=event.rule,
        joint_id=str(event.joint or ""),
        state="underway",
    )


def _went_on(written: pb.Assessment, seen: Seen) -> None:
    match seen.fact.event:
        case told.HeadingConsidered():
            put_heading(written.headings, heading(seen))
        case told.AssessmentOverdue():
            written.overdue = True
        case told.AssessmentRecounted(due_on=now, before=before):
            written.due_on, written.overdue = now.isoformat(), False
            written.earlier_due_on.append(before.isoformat())
        case told.AssessmentCompleted(on=on, needs=needs):
            written.state, written.ended_on = "completed", on.isoformat()
            written.needs.extend(needs)
            written.words = seen.text()
        case told.AssessmentAbandoned(on=on, reason=reason):
            written.state, written.ended_on = "abandoned", on.isoformat()
            written.reason = reason.value
        case _:
            pass


def heading(seen: Seen) -> pb.HeadingEntry:
    """Write an entry under a heading, of an assessment or of a review."""
    at, event = seen.fact.envelope, seen.fact.event
    return pb.HeadingEntry(
        entry_id=str(event.entry_id),
        heading=event.heading.value,
        not_relevant=event.relevance is Relevance.NOT_RELEVANT,
        rests_on=[str(each) for each in event.rests_on],
        words=seen.text(),
        birth_family=seen.text("birth_family"),
        recorded_at=stamp(at.recorded_at),
        actor_id=at.actor.id,
    )


def put_heading(entries: MutableSequence[pb.HeadingEntry], new: pb.HeadingEntry) -> None:
    """Put an entry in the place of an earlier one, in the order of the seven headings."""
    by_heading = {each.heading: each for each in (*entries, new)}
    ordered = [by_heading[each.value] for each in Heading if each.value in by_heading]
    del entries[:]
    entries.extend(ordered)


def summary(of: Standing) -> pb.AssessmentSummary:
    """Write an assessment that is being made."""
    return pb.AssessmentSummary(
        case_id=str(of.case_id),
        child=str(of.child),
        assessment_id=str(of.assessment_id),
        kind=of.kind,
        requested_on=of.requested_on.isoformat(),
        due_on=of.due_on.isoformat(),
        overdue=of.overdue,
        earlier_due_on=[each.isoformat() for each in of.earlier],
        joint_id=str(of.joint or ""),
    )


def formulations(seen: Sequence[Seen]) -> list[pb.FormulationVersion]:
    """Write the versions of a formulation from what is recorded of them."""
    found: list[pb.FormulationVersion] = []
    for each in seen:
        at = each.fact.envelope
        match each.fact.event:
            case formulation.FormulationDrafted(version=number, rests_on=items):
                version = pb.FormulationVersion(
                    version=number,
                    state="drafted",
                    rests_on=[str(item) for item in items],
                    recorded_at=stamp(at.recorded_at),
                    actor_id=at.actor.id,
                    words=each.text(),
                )
                found.append(version)
            case formulation.FormulationShared(readers=readers):
                found[-1].shared_with.extend(reader.value for reader in readers)
            case formulation.FormulationAgreed(readers=readers):
                found[-1].agreed_by.extend(reader.value for reader in readers)
            case _:
                pass
    for version in found:
        if version.agreed_by:
            version.state = "agreed"
        elif version.shared_with:
            version.state = "shared"
    return found
