"""What can be done about urgent provision, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.provision.provision import EndReason, Skipped
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class AuthoriseUrgentProvision:
    """A manager lets help begin on a day without those steps. `on`: None is today.

    `plan_version`: one that comes into force with it, where a plan was drafted.
    """

    provision_id: UUID
    case_id: UUID
    services: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    plan_version: int | None
    by: str
    on: date | None
    begins_on: date
    reason: Plain[str]


@dataclass(frozen=True, slots=True)
class RecordStepMadeGood:
    """A skipped step was made good on a day; None: today."""

    provision_id: UUID
    case_id: UUID
    step: Skipped
    made_good_by: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class EndUrgentProvision:
    """The help ended on a day before all was made good; None: today."""

    provision_id: UUID
    case_id: UUID
    reason: EndReason
    on: date | None
