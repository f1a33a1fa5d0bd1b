"""Copies of sealed values for a read model, with all that their opening is bound to. Pure."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from ledger.personal import Block, Handle, SealedBlock
from ledger.registry import personal_fields


@cache
def _clear_fields(event: Any) -> tuple[str, ...]:
    sealed = personal_fields(event)
    return tuple(each.name for each in fields(event) if each.name not in sealed)


@cache
def _sealed_fields(event: type) -> tuple[str, ...]:
    return tuple(personal_fields(event))


def said(event: object) -> str:
    """Return the clear part of an event as JSON."""
    kind: Any = type(event)
    clear = {name: getattr(event, name) for name in _clear_fields(kind)}
    return to_json(clear).decode()


def copied(event: object) -> str:
    """Return the sealed values of an event, by field, as JSON; what holds nothing is left out."""
    kind: Any = type(event)
    values = {name: getattr(event, name) for name in _sealed_fields(kind)}
    return json.dumps(
        {name: _columns(each) for name, each in values.items() if isinstance(each, Handle)}
    )


def _columns(handle: Handle[Any]) -> dict[str, str]:
    block = handle.sealed
    return {
        "subject": str(block.subject),
        "block": block.block.value,
        "key_id": str(block.key_id),
        "nonce": block.nonce.hex(),
        "ciphertext": block.ciphertext.hex(),
        "commitment": block.commitment.hex(),
    }


def handles(row: Mapping[str, Any]) -> dict[str, Handle[Any]]:
    """Return the sealed values of a row that says its event's place, by field."""
    copies: dict[str, dict[str, str]] = json.loads(row["sealed"])
    return {
        name: Handle(
            SealedBlock(
                tenant=row["tenant"],
                stream_id=row["stream_id"],
                version=row["version"],
                type=row["type"],
                schema_version=row["schema_version"],
                subject=UUID(each["subject"]),
                block=Block(each["block"]),
                key_id=UUID(each["key_id"]),
                nonce=bytes.fromhex(each["nonce"]),
                ciphertext=bytes.fromhex(each["ciphertext"]),
                commitment=bytes.fromhex(each["commitment"]),
            ),
            name,
        )
        for name, each in copies.items()
    }
