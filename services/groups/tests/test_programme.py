"""A programme is published once; the same again changes nothing, other words are refused."""

from uuid import UUID

from groups.programme import (
    PROGRAMME,
    ProgrammeKnownOtherwise,
    ProgrammePublished,
    PublishProgramme,
)
from ledger.testing import Given, Transitions

NVR = UUID(int=1)
publish = PublishProgramme(NVR, "Non-violent resistance", 10)
published = ProgrammePublished(NVR, "Non-violent resistance", 10)
other = PublishProgramme(NVR, "Non-violent resistance", 8)
programme = Given(PROGRAMME)
known = programme.given(published)

TRANSITIONS = Transitions(
    {"not published": programme, "published": known},
    {"publish": publish, "publish with another number of sessions": other},
)


def test_a_programme_is_published() -> None:
    programme.when(publish).then(published)


def test_publishing_it_again_decides_nothing() -> None:
    programme.repeats_nothing(publish)


def test_another_programme_under_the_same_id_is_refused() -> None:
    known.when(other).then_refused(ProgrammeKnownOtherwise)
