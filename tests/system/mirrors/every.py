"""All ways to ask for what is another authority's."""

from tests.system.mirrors import (
    agreeing,
    allocating,
    casework,
    changing,
    deciding,
    door,
    groups,
    history,
    notifications,
    passing,
    people,
    planning,
    referrals,
    sharing,
    tasks,
    urgent,
)

CASES = (
    *referrals.CASES,
    *people.CASES,
    *door.CASES,
    *sharing.CASES,
    *agreeing.CASES,
    *allocating.CASES,
    *passing.CASES,
    *changing.CASES,
    *casework.CASES,
    *deciding.CASES,
    *tasks.CASES,
    *planning.CASES,
    *urgent.CASES,
    *groups.CASES,
    *notifications.CASES,
    *history.CASES,
)
