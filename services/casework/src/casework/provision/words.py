"""How urgent provision reads in the chronology of its case. Pure."""

from casework.plain_words import Headline, Said, plain


def _authorised(said: Said) -> str:
    steps = ", ".join(f"{each['step']} by {each['by']}" for each in said["skipped"])
    return f"Urgent provision authorised from {said['begins_on']}; to be made good: {steps}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "UrgentProvisionAuthorised": ("urgent-provision-authorised", _authorised),
    "StepRegularised": ("step-made-good", lambda said: f"Skipped {said['step']} made good"),
    "UrgentProvisionRegularised": (
        "urgent-provision-regularised",
        lambda _: "All that urgent provision skipped is made good",
    ),
    "UrgentProvisionEnded": (
        "urgent-provision-ended",
        lambda said: f"Urgent provision ended ({plain(said['reason'])})",
    ),
}
"""By stored name: the entry's kind, and how it reads."""
