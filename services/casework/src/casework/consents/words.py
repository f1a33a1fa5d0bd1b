"""How what happens to consents reads in the chronology of their case. Pure."""

from casework.plain_words import Headline, Said, plain


def _matter(said: Said) -> str:
    matter = said["matter"]
    if matter["party"]:
        return f"sharing with {plain(matter['party'].partition(':')[2])}"
    return "being assessed" if matter["purpose"] == "assess" else plain(matter["purpose"])


def _spoken(verb: str) -> Headline:
    def headline(said: Said) -> str:
        return f"Consent to {_matter(said)} {verb} ({plain(said['said']['capacity'])})"

    return headline


def _party(said: Said) -> str:
    return plain(said["party"].partition(":")[2])


ENTRIES: dict[str, tuple[str, Headline]] = {
    "ConsentGiven": ("consent-given", _spoken("given")),
    "ConsentRefused": ("consent-refused", _spoken("refused")),
    "ConsentWithdrawn": ("consent-withdrawn", _spoken("withdrawn")),
    "CompetenceAssessed": (
        "competence-assessed",
        lambda said: f"Child found {plain(said['found'])} to decide on {_matter(said)}",
    ),
    "ConsentDisputed": (
        "consent-disputed",
        lambda said: f"No agreement on {_matter(said)}: a person has to decide",
    ),
    "ConsentDecided": (
        "consent-decided",
        lambda said: (
            f"Decided where there is no agreement on {_matter(said)}: " + plain(said["outcome"])
        ),
    ),
    "ConsentBegan": (
        "consent-began",
        lambda said: f"Consent to {_matter(said)} holds: work may rest on it",
    ),
    "ConsentCeased": (
        "consent-ceased",
        lambda said: f"Consent to {_matter(said)} holds no more: nothing new may rest on it",
    ),
    "SharingStarted": ("sharing-started", lambda said: f"Sharing with {_party(said)} may begin"),
    "SharingStopped": ("sharing-stopped", lambda said: f"Sharing with {_party(said)} stopped"),
}
"""By stored name: the entry's kind, and how it reads."""
