"""Answers on consents written: how each matter stands, and who said what last."""

from casework.consents.consent_states import Asked, Decided, Word, holds
from throughline.casework.v1 import consents_pb2 as pb


def consent(state: Asked) -> pb.CaseConsent:
    """Write how a matter stands."""
    known = state.known
    found = known.findings[-1] if known.findings else None
    return pb.CaseConsent(
        matter=pb.ConsentMatter(purpose=known.matter.purpose.value, party=known.matter.party or ""),
        state=type(state).__name__.lower(),
        holds=holds(state),
        words=[_word(each) for each in known.words],
        competence=found.found.value if found else "",
        competence_on=found.on.isoformat() if found else "",
        outcome=state.outcome.value if isinstance(state, Decided) else "",
    )


def _word(word: Word) -> pb.ConsentWord:
    said = word.said
    return pb.ConsentWord(
        person_id=str(said.by),
        capacity=said.capacity.value,
        answer=word.answer.value,
        on=said.on.isoformat(),
        wording=said.wording or "",
    )
