"""How the end of an episode reads in the chronology of its case. Pure."""

from casework.plain_words import Headline, Said, plain


def _terms(said: Said) -> str:
    terms = said["terms"]
    wish = {"agrees": "the family agrees", "disagrees": "the family disagrees"}
    return f"{plain(terms['reason'])}; {wish.get(terms['wish'], 'the family was not reached')}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "ClosureProposed": (
        "closure-proposed",
        lambda said: f"Closing proposed ({_terms(said)})",
    ),
    "ClosureReturned": ("closure-returned", lambda _: "Proposal to close sent back"),
    "ClosureSigned": (
        "closure-signed",
        lambda said: f"Closing signed by a {plain(said['signer'])} ({_terms(said)})",
    ),
}
"""By stored name: the entry's kind, and how it reads."""
