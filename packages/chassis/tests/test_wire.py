"""What protobuf lets pass and a record must not hold is refused, with the field's path."""

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import NullValue, Struct, Value

from chassis.edge.malformed import Malformed
from chassis.edge.wire import MAX_TEXT, MAX_VIOLATIONS, read_message
from throughline.history.v1 import history_pb2
from throughline.operations.v1 import operations_pb2

UNKNOWN = b"\xf8\x07\x01"  # field 127, a number


def violations(kind: type[Message], data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as raised:
        read_message(kind, data)
    return [(each.field, each.code) for each in raised.value.violations]


def test_a_message_is_read_as_it_is() -> None:
    request = history_pb2.ReadHistoryRequest(case_id="x", limit=5)
    assert read_message(history_pb2.ReadHistoryRequest, request.SerializeToString()) == request


@pytest.mark.parametrize("data", [b"\xff", b"\x0a\x05ab", b"\x0a\x02\xff\xfe"])
def test_bytes_that_are_no_message_are_refused(data: bytes) -> None:
    assert violations(operations_pb2.SkipParkedRequest, data) == [("request", "not-protobuf")]


def test_an_unknown_field_is_refused_with_its_number() -> None:
    data = operations_pb2.SkipParkedRequest(reason="x").SerializeToString() + UNKNOWN
    assert violations(operations_pb2.SkipParkedRequest, data) == [("#127", "unknown-field")]


def test_an_unknown_field_inside_another_is_refused_with_its_path() -> None:
    # Field 1, the context, of three bytes that are an unknown field of it.
    data = b"\x0a\x03" + UNKNOWN
    found = violations(history_pb2.ReadHistoryRequest, data)
    assert found == [("context.#127", "unknown-field")]


def test_an_unknown_field_in_a_list_is_refused_with_its_index() -> None:
    record = operations_pb2.PublishedRecord(key=b"k").SerializeToString()
    data = b"\x0a" + bytes([len(record)]) + record
    data += b"\x0a" + bytes([len(record) + 3]) + record + UNKNOWN
    found = violations(operations_pb2.ReadPublishedResponse, data)
    assert found == [("records[1].#127", "unknown-field")]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(number: float) -> None:
    data = Struct()
    data.get_or_create_list("a").append(number)
    assert violations(Struct, data.SerializeToString()) == [
        ("fields[0].list_value.values[0].number_value", "not-a-number")
    ]


def test_a_number_that_is_no_code_of_its_enumeration_is_refused() -> None:
    data = FieldDescriptorProto(name="x").SerializeToString() + b"\x28\x63"
    with pytest.raises(Malformed, match="unknown"):
        read_message(FieldDescriptorProto, data)
    nothing = Struct(fields={"a": Value(null_value=NullValue.NULL_VALUE)}).SerializeToString()
    # The value 7 in place of NULL_VALUE.
    assert violations(Struct, nothing[:-1] + b"\x07") == [("fields[0].null_value", "unknown-code")]


def test_a_text_too_long_is_refused() -> None:
    request = operations_pb2.SkipParkedRequest(reason="x" * (MAX_TEXT + 1))
    found = violations(operations_pb2.SkipParkedRequest, request.SerializeToString())
    assert found == [("reason", "too-long")]


def test_many_bytes_that_are_no_text_are_let_pass() -> None:
    record = operations_pb2.PublishedRecord(value=b"x" * (MAX_TEXT + 1))
    read_message(operations_pb2.PublishedRecord, record.SerializeToString())


def test_a_nul_is_refused() -> None:
    request = operations_pb2.SkipParkedRequest(reason="a\x00b")
    found = violations(operations_pb2.SkipParkedRequest, request.SerializeToString())
    assert found == [("reason", "control-character")]


def test_the_key_of_a_map_is_looked_at_too() -> None:
    answer = operations_pb2.GetStatusResponse(counters={"a\x00b": 1})
    found = violations(operations_pb2.GetStatusResponse, answer.SerializeToString())
    assert found == [("counters[0]", "control-character")]


def test_no_more_than_some_violations_are_told() -> None:
    file = FileDescriptorProto(dependency=["a\x00b"] * 50)
    assert len(violations(FileDescriptorProto, file.SerializeToString())) == MAX_VIOLATIONS
