"""How assessments and formulations read in a chronology; nothing personal. Pure."""

from collections.abc import Mapping

from casework.plain_words import Headline, Said, joined, plain


def _started(said: Said) -> str:
    to = f", limited to {joined(said['services'])}" if said["services"] else ""
    together = ", together with siblings" if said["joint"] else ""
    return (
        f"Assessment ({said['kind']}{to}) begun{together}, asked for by"
        f" {plain(said['asked_by'])} on {said['requested_on']}, due by {said['due_on']}"
    )


def _considered(said: Said) -> str:
    how = "" if said["relevance"] == "considered" else ", not relevant"
    return f"Assessment: {plain(said['heading'])}{how}"


def _completed(said: Said) -> str:
    needs = joined(said["needs"]) if said["needs"] else "none"
    return f"Assessment completed on {said['on']}; needs found: {needs}"


ENTRIES: Mapping[str, tuple[str, Headline]] = {
    "AssessmentStarted": ("assessment-started", _started),
    "HeadingConsidered": ("heading-considered", _considered),
    "AssessmentOverdue": (
        "assessment-overdue",
        lambda said: f"The assessment was not completed by {said['due_on']}",
    ),
    "AssessmentRecounted": (
        "assessment-recounted",
        lambda said: (
            f"The assessment is due by {said['due_on']}, by another calendar;"
            f" before by {said['before']}"
        ),
    ),
    "AssessmentCompleted": ("assessment-completed", _completed),
    "AssessmentAbandoned": (
        "assessment-abandoned",
        lambda said: f"Assessment abandoned: {plain(said['reason'])}",
    ),
    "FormulationDrafted": (
        "formulation-drafted",
        lambda said: f"Formulation drafted, version {said['version']}",
    ),
    "FormulationShared": (
        "formulation-shared",
        lambda said: f"Formulation {said['version']} shared with {joined(said['readers'])}",
    ),
    "FormulationAgreed": (
        "formulation-agreed",
        lambda said: f"Formulation {said['version']} agreed by {joined(said['readers'])}",
    ),
}
