"""Which stream a command on a place goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence

from casework.cases import case
from casework.cases.case import people_of
from casework.places import group_place
from casework.places.commands import NotePlace, RequestPlace
from casework.streams import case_stream, group_place_stream
from chassis.acting import Compose, Situation, Step


async def _place(command: RequestPlace | NotePlace, situation: Situation) -> Sequence[Step]:
    match command:
        case RequestPlace():
            cohort_id = command.cohort_id
        case NotePlace():
            cohort_id = command.note.fact.cohort_id
    of_case = case_stream(command.case_id)
    stream = group_place_stream(command.case_id, cohort_id)
    await situation.look({of_case: case.DECIDER, stream: group_place.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    asked: group_place.GroupPlaceCommand
    match command:
        case RequestPlace(request_id=request_id):
            asked = group_place.AskForPlace(request_id, cohort_id, found)
        case NotePlace(note=note):
            asked = note
    return [Step(group_place.DECIDER, stream, asked, command.case_id, people_of(found))]


COMMANDS: Mapping[type, Compose] = {RequestPlace: _place, NotePlace: _place}
