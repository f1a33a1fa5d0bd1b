"""Transfers of another authority's cases, asked for."""

from tests.system.mirrors.case import NEWCOMER, OK, Case

_CASE = {"case_id": "{case}"}

CASES = (
    Case("TransfersService.PreviewTransfer", _CASE),
    Case(
        "TransfersService.OfferTransfer",
        _CASE | {"kind": "team", "to": "north-team", "ground": "consent", "reason": "team-change"},
    ),
    Case("TransfersService.RevokeTransfer", _CASE | {"reason": "offered-in-error"}),
    Case(
        "TransfersService.RecordTransferAnswer",
        _CASE | {"answer": "refused", "reason": "no-capacity"},
    ),
    Case(
        "TransfersService.AcceptTransfer",
        {"transfer_id": NEWCOMER, "lead": "{worker}"},
        nowhere=True,
    ),
    Case(
        "TransfersService.RefuseTransfer",
        {"transfer_id": NEWCOMER, "reason": "no-capacity"},
        nowhere=True,
    ),
    Case("TransfersService.GetTransfer", _CASE),
    Case("TransfersService.GetCustody", _CASE),
    Case("TransfersService.ReadTransferredRecord", _CASE),
    *(
        Case("TransfersService.ListIncomingTransfers", {"state": each, "limit": 200}, own=OK)
        for each in ("waiting", "accepted", "refused", "given-back", "received", "whole")
    ),
)
