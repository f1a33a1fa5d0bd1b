"""How information and contradictions read in a chronology; nothing personal. Pure."""

from collections.abc import Mapping

from casework.plain_words import Headline, Said, plain


def _told(said: Said) -> str:
    told = said["told"]
    basis = {"fact": "as a fact", "opinion": "as an opinion", "third-party": "at second hand"}
    return (
        f"{plain(told['topic'])}, from {plain(told['source'])} on {told['on']},"
        f" {basis[told['basis']]}"
    )


def _flagged(said: Said) -> str:
    return f"Sources contradict each other: {len(said['items'])} items of information"


ENTRIES: Mapping[str, tuple[str, Headline]] = {
    "InformationReceived": (
        "information-received",
        lambda said: f"Information on {_told(said)}",
    ),
    "InformationCorrected": (
        "information-corrected",
        lambda said: f"Information set right ({plain(said['reason'])}): {_told(said)}",
    ),
    "ConflictFlagged": ("conflict-flagged", _flagged),
    "ConflictResolved": (
        "conflict-resolved",
        lambda said: f"Contradiction resolved: {plain(said['how'])}",
    ),
    "ConflictLeftStanding": (
        "conflict-left-standing",
        lambda said: f"Contradiction left standing: {plain(said['reason'])}",
    ),
}
