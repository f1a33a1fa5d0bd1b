"""Answers to what came in: receipts with the references."""

from chassis.identity.tokens import Caller
from chassis.roles import Role
from referrals.intake.answer import Answer
from referrals.intake.receiving import Received
from throughline.common.v1.common_pb2 import Receipt
from throughline.referrals.v1 import referrals_pb2 as pb


def told(by: Caller, received: Received) -> pb.SubmitReferralResponse:
    """Write the answer to a submission: a system is not told whom the authority knows."""
    write = receipted if by.actor.role == Role.SUBSCRIBER else submitted
    return write(received.answer, received.receipt)


def submitted(answer: Answer, receipt: Receipt) -> pb.SubmitReferralResponse:
    """Write the answer to a submission."""
    return pb.SubmitReferralResponse(
        receipt=receipt,
        submission_id=str(answer.submission),
        family_id=str(answer.family),
        urgent=answer.urgent,
        children=[
            pb.ReceivedChild(
                referral_id=str(each.referral),
                case_id=str(each.case),
                reference=each.reference,
                child=str(each.child),
                known_before=each.known_before,
                duty_holder=each.duty_holder or "",
            )
            for each in answer.children
        ],
        undetermined=sum(each.duty_holder is None for each in answer.children),
        known_before=sum(each.known_before for each in answer.children),
    )


def receipted(answer: Answer, receipt: Receipt) -> pb.SubmitReferralResponse:
    """Write the answer to a system's submission: references, and nothing of whom we know."""
    receipt.case_id = ""
    return pb.SubmitReferralResponse(
        receipt=receipt,
        submission_id=str(answer.submission),
        urgent=answer.urgent,
        children=[pb.ReceivedChild(reference=each.reference) for each in answer.children],
    )
