"""Groups and places of another authority, asked for."""

from chassis.roles import Role
from tests.system.mirrors.case import OK, REFUSED, Case

FACILITATOR = Role.GROUP_FACILITATOR

CASES = (
    Case("GroupsService.PublishProgramme", {"name": "Ours", "usual_sessions": 2}, FACILITATOR, OK),
    Case(
        "GroupsService.PublishCohort",
        {
            "programme_id": "{programme}",
            "capacity_families": 2,
            "session_days": ["2030-01-01"],
            "offer_days": 3,
            "referral_deadline": "2030-01-01",
        },
        FACILITATOR,
        # No programme, or no cohort, that is known or open here: a refusal that the domain names.
        REFUSED,
    ),
    Case(
        "GroupsService.RequestPlace",
        {"cohort_id": "{cohort}", "family_id": "{family}", "contact": "{contact}"},
        FACILITATOR,
        REFUSED,
    ),
    Case("GroupsService.AcceptPlace", {"place_id": "{place}"}, FACILITATOR),
    Case("GroupsService.DeclinePlace", {"place_id": "{place}"}, FACILITATOR),
    Case(
        "GroupsService.RecordAttendance",
        {"place_id": "{place}", "session_number": 1, "attendance": "absent"},
        FACILITATOR,
    ),
    Case("GroupsService.GetCohort", {"cohort_id": "{cohort}"}, FACILITATOR),
    Case("GroupsService.ListCohorts", {"limit": 200}, FACILITATOR, OK),
    Case("GroupsService.GetPlace", {"place_id": "{place}"}, FACILITATOR),
    Case("GroupsService.ListPlaces", {"cohort_id": "{cohort}"}, FACILITATOR, OK),
)
