"""Keys wrap one another for one place only, and the root key's file is checked."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ledger.personal import Block
from vault.access import SealBroken
from vault.keyring import KeyName
from vault.keys import AuthorityKey, FileRootKey, canonical

ROOT = FileRootKey(bytes(range(32)))
TENANT = uuid4()
ROW = AuthorityKey.new(TENANT, 1, ROOT)
AUTHORITY = AuthorityKey.unwrap(ROW, ROOT)
NAME = KeyName(TENANT, uuid4(), Block.IDENTITY)
KEY = AUTHORITY.new_data_key(NAME)


@pytest.mark.parametrize("moved", [{"tenant": uuid4()}, {"version": 2}, {"key_id": uuid4()}])
def test_an_authority_key_moved_to_another_row_does_not_unwrap(moved: dict[str, Any]) -> None:
    with pytest.raises(SealBroken):
        AuthorityKey.unwrap(replace(ROW, **moved), ROOT)


@pytest.mark.parametrize(
    "moved",
    [
        {"name": replace(NAME, subject=uuid4())},
        {"name": replace(NAME, tenant=uuid4())},
        {"name": replace(NAME, block=Block.ADDRESS)},
        {"key_id": uuid4()},
        {"wrapped": bytes(40)},
        {"wrapped": b""},
    ],
)
def test_a_data_key_moved_to_another_row_does_not_unwrap(moved: dict[str, Any]) -> None:
    with pytest.raises(SealBroken):
        AUTHORITY.unwrap_data_key(replace(KEY, **moved))


def test_an_index_key_moved_to_another_kind_does_not_unwrap() -> None:
    row = AUTHORITY.new_index_key("child")
    with pytest.raises(SealBroken):
        AUTHORITY.unwrap_index_key(replace(row, kind="adult"))


def test_another_authority_does_not_unwrap_it() -> None:
    other = AuthorityKey.unwrap(AuthorityKey.new(TENANT, 1, ROOT), ROOT)
    with pytest.raises(SealBroken):
        other.unwrap_data_key(KEY)


def test_a_root_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    made = FileRootKey.write_new(path)
    assert path.stat().st_mode & 0o777 == 0o600
    wrapped = made.wrap(b"context", bytes(32))
    assert FileRootKey.read(path).unwrap(b"context", wrapped) == bytes(32)
    with pytest.raises(FileExistsError):
        FileRootKey.write_new(path)


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "ab" * 33, "ü" * 64, " ".join(["ab"] * 32)])
def test_a_root_key_file_that_is_none_is_named_without_its_content(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "root.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="64 hex characters") as refused:
        FileRootKey.read(path)
    assert str(path) in str(refused.value)
    assert not text or text not in str(refused.value).replace(str(path), "")


def test_no_two_lists_of_parts_have_one_encoding() -> None:
    assert canonical(b"a", b"b") != canonical(b"ab", b"") != canonical(b"", b"ab")
    assert canonical(b"a") != canonical(b"a", b"")


def test_keys_show_nothing() -> None:
    data = AUTHORITY.unwrap_data_key(KEY)
    index = AUTHORITY.unwrap_index_key(AUTHORITY.new_index_key("child"))
    for key in (ROOT, AUTHORITY, data, index):
        assert repr(key).endswith("…)")
        assert repr(key._key) not in repr(key)
    assert repr(KEY.wrapped) not in repr(KEY)
