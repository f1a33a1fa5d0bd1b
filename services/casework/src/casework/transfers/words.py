"""How what happens to transfers reads in the chronology of their case. Pure."""

from casework.plain_words import Headline, Said, plain


def _offered(said: Said) -> str:
    parts = ", ".join(plain(each) for each in said["parts"])
    return f"Offered to {plain(said['to'])} ({plain(said['reason'])}); would go along: {parts}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "TransferOffered": ("transfer-offered", _offered),
    "TransferAskedBack": (
        "transfer-asked-back",
        lambda said: f"Offer to be taken back ({plain(said['reason'])})",
    ),
    "TransferRevoked": (
        "transfer-revoked",
        lambda said: f"Offer taken back ({plain(said['reason'])})",
    ),
    "TransferRefused": (
        "transfer-refused",
        lambda said: f"Offer refused ({plain(said['reason'])})",
    ),
    "TeamTookOver": ("team-took-over", lambda said: f"Taken over by {plain(said['team'])}"),
    "AgencyTookOver": (
        "agency-took-over",
        lambda said: f"Work taken on by {plain(said['agency'])}; the record stays here",
    ),
    "CustodyPassed": (
        "custody-passed",
        lambda said: f"Case passed to {plain(said['to'])}; this record stands still",
    ),
    "CustodyCameBack": ("custody-came-back", lambda _: "Case came back; this record goes on"),
    "CaseTakenOver": (
        "case-taken-over",
        lambda said: f"Case taken over from another authority, episode {said['episode']}",
    ),
}
"""By stored name: the entry's kind, and how it reads."""
