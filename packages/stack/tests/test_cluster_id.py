"""A Kafka cluster's id is one that the tool which formats its data folder takes for an id."""

import base64
import uuid

from stack.kafka import cluster_id


def test_an_id_never_begins_with_a_dash() -> None:
    dashed = uuid.UUID(bytes=b"\xf8" + bytes(15))
    assert base64.urlsafe_b64encode(dashed.bytes).startswith(b"-")
    assert not cluster_id(dashed).startswith("-")


def test_an_id_is_sixteen_bytes_in_base64() -> None:
    for made in (cluster_id(uuid.uuid4()), cluster_id(uuid.UUID(bytes=b"\xfb" * 16))):
        assert len(base64.urlsafe_b64decode(f"{made}==")) == 16
