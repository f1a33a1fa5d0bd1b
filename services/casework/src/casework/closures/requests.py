"""Requests on the end of an episode read: each field parsed, and named where it is wrong."""

from collections.abc import Sequence

from casework.cases.case import CloseReason
from casework.closures.checklist import BY_FACTS, Answer, Done, Item
from casework.closures.closure import Signer, Terms, Wish
from casework.closures.commands import CloseCase, Ids, ProposeClosure, ReturnClosure
from casework.requests import MAX_NOTES, MAX_WORDS
from chassis.edge.malformed import a_choice, a_text, a_uuid, if_given, malformed, one_of
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import casework_pb2, closures_pb2

_WORKERS = {each.value for each in Item if each not in BY_FACTS}


def propose(request: closures_pb2.ProposeClosureRequest) -> ProposeClosure:
    """Read on what terms a case is to be closed."""
    words = _reasons(request.checklist)
    return ProposeClosure(
        a_uuid("case_id", request.case_id),
        _terms(request.reason, request.checklist, request.wish, request.notice_id),
        _explained(words),
        Plain(words),
    )


def send_back(request: closures_pb2.ReturnClosureRequest) -> ReturnClosure:
    """Read what is still to be done."""
    return ReturnClosure(
        a_uuid("case_id", request.case_id), Plain(a_text("words", request.words, MAX_WORDS))
    )


def close_case(request: casework_pb2.CloseCaseRequest, signer: Signer, found: Ids) -> CloseCase:
    """Read why a case is closed; the context may say on which day."""
    context = request.context
    on = london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None
    words = _reasons(request.checklist)
    terms = None
    if request.checklist or request.wish:
        terms = _terms(request.reason, request.checklist, request.wish, request.notice_id)
    return CloseCase(
        a_uuid("case_id", request.case_id),
        a_choice("reason", request.reason, CloseReason),
        on,
        Plain(a_text("summary", request.summary, MAX_NOTES)),
        terms,
        _explained(words),
        Plain(words),
        signer,
        found,
    )


def _terms(
    reason: str, checklist: Sequence[casework_pb2.ChecklistAnswer], wish: str, notice_id: str
) -> Terms:
    answers = {}
    for index, each in enumerate(checklist):
        field = f"checklist[{index}]"
        one_of(f"{field}.item", each.item, _WORKERS)
        item = Item(each.item)
        if item in answers:
            raise malformed(f"{field}.item", "twice", "each item once")
        answers[item] = Answer(item, a_choice(f"{field}.done", each.done, Done))
    return Terms(
        a_choice("reason", reason, CloseReason),
        a_choice("wish", wish, Wish),
        if_given(a_uuid, "notice_id", notice_id),
        tuple(answers[each] for each in Item if each in answers),
    )


def _reasons(checklist: Sequence[casework_pb2.ChecklistAnswer]) -> dict[str, str]:
    return {
        each.item: a_text(f"checklist[{index}].reason", each.reason, MAX_WORDS)
        for index, each in enumerate(checklist)
        if each.reason
    }


def _explained(words: dict[str, str]) -> tuple[Item, ...]:
    return tuple(each for each in Item if each in words)
