"""What policy is told of a request: all that it names; who is denied is admitted by no row."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.identity.policy import ABSENT, Facts, Request
from referrals.policy import POLICY
from referrals.walls.naming import NAMING, Named, Thing, named_in
from services.referrals.tests.naming_requests import RPCS, fields
from throughline.referrals.v1 import people_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1 import worklists_pb2 as lists

BESIDE = {"channel_id", "order_id", "inquiry_id"}
"""Ids of what belongs to somebody or something that the same request names."""


@pytest.mark.parametrize("row", POLICY.rows, ids=lambda each: f"{each.method}-{each.role}")
def test_no_row_admits_who_is_denied(row: Any) -> None:
    tenant = uuid4()
    subject = next(iter(row.callers), "somebody")
    asked = Request(row.method, subject, frozenset([row.role]), frozenset([tenant]), tenant)
    assert POLICY.decide(Facts(denied=True), asked) == ABSENT
    assert POLICY.decide(Facts(), asked).admitted


def test_every_id_in_a_request_is_known_to_name_something() -> None:
    ids = {
        path[-1].name
        for rpc in RPCS
        for path in fields(rpc.input_type)
        if path[-1].name.endswith("_id")
    }
    assert ids - set(NAMING) == BESIDE


def test_what_a_request_names_is_found_however_deep_it_stands() -> None:
    one, other, third = uuid4(), uuid4(), uuid4()
    checks = [pb.CheckAnswer(refers_to=str(other)), pb.CheckAnswer(refers_to="no id")]
    asked = pb.RecordScreeningRequest(referral_id=str(one), checks=checks)
    named = {Named(each, other) for each in (Thing.REFERRAL, Thing.PERSON, Thing.SCREEN)}
    assert named_in(asked) == {Named(Thing.REFERRAL, one)} | named
    merged = people_pb2.MergePersonsRequest(person_id=str(one), into_id=str(third))
    assert named_in(merged) == {Named(Thing.PERSON, one), Named(Thing.PERSON, third)}
    assert named_in(lists.CountWorklistsRequest()) == frozenset()
