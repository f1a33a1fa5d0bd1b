"""Answers about urgent provision written: the facts of one as the contract says them."""

from collections.abc import Sequence
from typing import Any

from casework.provision.provision import (
    DECIDER,
    Ended,
    NotAuthorised,
    Regularised,
    StepRegularised,
    UrgentProvisionAuthorised,
)
from throughline.casework.v1 import provision_pb2 as pb


def provision(facts: Sequence[Any], reason: str) -> pb.UrgentProvision:
    """Write what was authorised, which steps were skipped, and what became of each."""
    state = DECIDER.fold(facts)
    first = facts[0]
    if isinstance(state, NotAuthorised) or not isinstance(first, UrgentProvisionAuthorised):
        raise TypeError("an urgent provision begins with its authority")
    good = {each.step: each for each in facts if isinstance(each, StepRegularised)}
    names = {Regularised: "regularised", Ended: "ended"}
    return pb.UrgentProvision(
        provision_id=str(first.provision_id),
        state=names.get(type(state), "standing"),
        authorised_by=first.by,
        authorised_on=first.on.isoformat(),
        begins_on=first.begins_on.isoformat(),
        services=first.services,
        skipped=[
            pb.SkippedStep(
                step=each.step.value,
                due_on=each.by.isoformat(),
                made_good_by=str(good[each.step].made_good_by) if each.step in good else "",
                made_good_on=good[each.step].on.isoformat() if each.step in good else "",
            )
            for each in first.skipped
        ],
        end_reason=state.reason.value if isinstance(state, Ended) else "",
        reason=reason,
    )
