"""People of another authority, asked for."""

from tests.system.mirrors.case import NEWCOMER, OK, Case

CASES = (
    Case(
        "PeopleService.RecordName",
        {
            "person_id": "{child}",
            "kind": "changed",
            "side": "after-adoption",
            "given_name": "Ann",
            "family_name": "Other",
        },
    ),
    Case("PeopleService.RecordBirthDate", {"person_id": "{child}", "date_of_birth": "2014-01-01"}),
    Case(
        "PeopleService.RecordIdentifier",
        {
            "person_id": "{child}",
            "kind": "nhs-number",
            "side": "after-adoption",
            "value": "9434765919",
        },
    ),
    Case(
        "PeopleService.RecordAddress",
        {
            "person_id": "{child}",
            "address_lines": ["1 Quay"],
            "town": "Saltby",
            "postcode": "ZZ9 9ZZ",
        },
    ),
    Case(
        "PeopleService.RecordChannel",
        {"person_id": "{contact}", "way": "email", "value": "ann@example.org"},
    ),
    Case(
        "PeopleService.EndChannel",
        {
            "person_id": "{contact}",
            "channel_id": NEWCOMER,
            "on": "2025-06-01",
            "reason": "moved",
        },
    ),
    Case(
        "PeopleService.ForbidContact",
        {"person_id": "{contact}", "from_day": "2025-06-01", "reason": "asked"},
    ),
    Case(
        "PeopleService.AllowContact",
        {"person_id": "{contact}", "order_id": NEWCOMER, "on": "2025-06-01"},
    ),
    Case("PeopleService.PartIdentity", {"person_id": "{child}", "on": "2025-06-01"}),
    Case("PeopleService.FindMatches", {"person_id": "{child}"}),
    Case(
        "PeopleService.FindMatches",
        {"typed_in": {"given_name": "Ann", "family_name": "Other", "postcode": "ZZ9 9ZZ"}},
        own=OK,
    ),
    Case("PeopleService.ListMatchProposals", {"page_size": 500}, own=OK),
    Case("PeopleService.ConfirmMatch", {"person_id": "{child}", "other_id": "{contact}"}),
    Case(
        "PeopleService.RejectMatch",
        {"person_id": "{child}", "other_id": "{contact}", "difference": "twins"},
    ),
    Case(
        "PeopleService.LinkPersons",
        {"person_id": "{child}", "other_id": "{contact}", "relation": "parent"},
    ),
    Case("PeopleService.UnlinkPersons", {"person_id": "{child}", "other_id": "{contact}"}),
    Case("PeopleService.MergePersons", {"person_id": "{child}", "into_id": "{contact}"}),
    Case("PeopleService.UnmergePersons", {"person_id": "{child}", "into_id": "{contact}"}),
    Case("PeopleService.GetIdentity", {"person_id": "{child}"}),
    # A person of theirs joined to one of ours.
    *(
        Case(f"PeopleService.{rpc}", {"person_id": "{our child}", other: "{child}"} | more)
        for rpc, other, more in (
            ("ConfirmMatch", "other_id", {}),
            ("RejectMatch", "other_id", {"difference": "twins"}),
            ("LinkPersons", "other_id", {"relation": "sibling"}),
            ("UnlinkPersons", "other_id", {}),
            ("MergePersons", "into_id", {}),
        )
    ),
)
