"""Channels on which clients speak to services, as people of the demo; nothing is tried again here.

What is sent twice must stand twice in the history, so the channels retry nothing by themselves.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc.aio

from chassis.identity.people import Person, load_people
from chassis.roles import Role
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.groups.v1.groups_pb2_grpc import GroupsServiceStub
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from throughline_cli.reaching import PersonTokens, Platform

STUBS = {
    "referrals": ReferralsServiceStub,
    "casework": CaseworkServiceStub,
    "groups": GroupsServiceStub,
}

_OPTIONS = (
    ("grpc.enable_retries", 0),
    # Each client has connections of its own, as clients elsewhere have.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 500),
)

WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)


@dataclass(slots=True)
class People:
    """The demo's people and their tokens."""

    platform: Platform
    known: Mapping[str, Person]
    _tokens: dict[str, PersonTokens] = field(default_factory=dict)

    @classmethod
    def of(cls, platform: Platform) -> "People":
        """Read the people of a platform."""
        return cls(platform, load_people(platform.people_file, platform.directory))

    def who(self, role: Role, authority: UUID) -> str:
        """Name the first who has a role for an authority."""
        return next(
            slug
            for slug, each in sorted(self.known.items())
            if role in each.roles and authority in each.tenants
        )

    def worker(self, authority: UUID, case_id: str) -> str:
        """Name who leads a case: the same each time."""
        workers = [
            slug
            for slug, each in sorted(self.known.items())
            if authority in each.tenants and each.roles & set(WORKERS)
        ]
        return workers[UUID(case_id).int % len(workers)]

    async def token(self, slug: str) -> str:
        """Return a token of a person that is still good."""
        if slug not in self._tokens:
            self._tokens[slug] = PersonTokens(self.platform.issuer, slug)
        return await self._tokens[slug]()


class Voice:
    """One client's connections to the services."""

    def __init__(self, platform: Platform, opened: AsyncExitStack) -> None:
        self._platform = platform
        self._opened = opened
        self._stubs: dict[str, Any] = {}

    async def method(self, service: str, rpc: str) -> Any:
        """Return what calls an RPC of a service."""
        if service not in self._stubs:
            address = self._platform.services[service]
            channel = grpc.aio.insecure_channel(address, options=_OPTIONS)
            await self._opened.enter_async_context(channel)
            self._stubs[service] = STUBS[service](channel)
        return getattr(self._stubs[service], rpc)
