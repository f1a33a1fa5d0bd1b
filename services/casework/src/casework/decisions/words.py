"""How what happens to a proposal reads in the chronology of its case. Pure."""

from casework.plain_words import Headline, Said, plain

_PROPOSALS = {
    "provide": "to provide a service",
    "not-provide": "not to provide a service",
    "vary": "to vary a service",
    "end": "to end a service",
    "close": "to close the case",
}


def _decided(said: Said) -> str:
    proposed = _PROPOSALS[said["proposal"]]
    return f"Decision on the proposal {proposed}: {plain(said['outcome'])} ({_ground(said)})"


def _ground(said: Said) -> str:
    return {
        "satisfied": "the family is satisfied",
        "representations": "after representations",
        "period-over": "the time for representations was over",
    }[said["ground"]]


def _served(said: Said) -> str:
    return (
        f"Notice of the proposal served ({plain(said['method'])}), deemed {said['deemed_on']}:"
        f" representations until {said['last_day']}"
    )


def _represented(said: Said) -> str:
    return f"Representations made {plain(said['manner'])}, {plain(said['timing'])}"


def _failed(of: str) -> Headline:
    return lambda said: f"Notice of the {of} was not served: {plain(said['reason'])}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "ServiceProposed": (
        "proposal-written",
        lambda said: f"Proposal written {_PROPOSALS[said['proposal']]}",
    ),
    "ProposalReworded": (
        "proposal-reworded",
        lambda said: f"Proposal worded anew, version {said['text_version']}",
    ),
    "NoticeIssued": (
        "notice-issued",
        lambda said: f"Notice of the proposal issued, version {said['text_version']}",
    ),
    "ProposalServed": ("notice-served", _served),
    "ServiceOfProposalFailed": ("notice-not-served", _failed("proposal")),
    "RepresentationMade": ("representations-made", _represented),
    "FamilySatisfied": ("family-satisfied", lambda _: "The family is satisfied with the proposal"),
    "RepresentationPeriodEnded": (
        "representation-period-ended",
        lambda said: f"Time for representations over on {said['last_day']}",
    ),
    "ProposalWithdrawn": ("proposal-withdrawn", lambda _: "Proposal withdrawn"),
    "DecisionMade": ("decision-made", _decided),
    "DecisionNoticeIssued": ("decision-notice-issued", lambda _: "Notice of the decision issued"),
    "DecisionNoticeServed": (
        "decision-notice-served",
        lambda said: (
            f"Notice of the decision served ({plain(said['method'])}), deemed {said['deemed_on']}"
        ),
    ),
    "ServiceOfDecisionFailed": ("decision-notice-not-served", _failed("decision")),
}
"""By stored name: the entry's kind, and how it reads."""
