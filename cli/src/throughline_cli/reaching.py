"""How this command reaches a running platform: addresses, tokens of its people, channels."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from chassis.directory import Directory
from chassis.edge.rpc import connect
from chassis.edge.strict_json import NotJson, read_json
from chassis.failures import Unavailable
from chassis.identity.fetching import NotFetched, fetch
from stack.errors import StackError
from stack.remembered import recall

SERVICES = ("referrals", "casework", "groups", "notifications")
RENEW_AT = 0.6
"""The part of its life after which a person's token is asked for anew."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a platform is, and the data that describes it.

    `services` are host:port by name; `keys_file` holds the public keys of its logs; `databases`,
    where they can be reached, are URLs of the stores by service, for whoever checks them.
    """

    services: Mapping[str, str]
    issuer: str
    kafka: str
    directory: Directory
    people_file: Path
    keys_file: Path
    checkpoints: Path
    databases: Mapping[str, str] = field(repr=False)

    @classmethod
    def load(cls, file: Path) -> "Platform":
        """Return the platform that a file describes. Raises StackError where there is none."""
        known = recall(file)
        if not known:
            raise StackError("No platform runs here. Start one with `throughline up`.")
        return cls(
            services=known["services"],
            issuer=known["issuer"],
            kafka=known["kafka"],
            directory=Directory.load(Path(known["directory_file"])),
            people_file=Path(known["people_file"]),
            keys_file=Path(known["keys_file"]),
            checkpoints=Path(known["checkpoints"]),
            databases=known["databases"],
        )


class PersonTokens:
    """The token of one of the demo's people, asked for anew before it ends."""

    def __init__(self, issuer: str, person: str) -> None:
        self._url = f"{issuer}/token"
        self._person = person
        self._token = ""
        self._renew_at = float("-inf")

    async def __call__(self) -> str:
        """Return a token that is still good. Raises Unavailable where none can be had."""
        if time.monotonic() >= self._renew_at:
            try:
                answer = read_json(
                    await fetch(self._url, {"grant_type": "person", "person": self._person})
                )
            except (NotFetched, NotJson) as error:
                raise Unavailable(f"the issuer gives no token: {type(error).__name__}") from None
            match answer:
                case {"access_token": str(token), "expires_in": int(life_s)}:
                    self._token = token
                    self._renew_at = time.monotonic() + life_s * RENEW_AT
                case _:
                    raise Unavailable("the issuer's answer holds no token")
        return self._token


@dataclass(frozen=True, slots=True)
class Line:
    """Channels to every service that speak as one person."""

    channels: Mapping[str, grpc.aio.Channel]

    def __getitem__(self, service: str) -> grpc.aio.Channel:
        return self.channels[service]


@asynccontextmanager
async def speaking_as(platform: Platform, person: str) -> AsyncIterator[Line]:
    """Give channels that carry the token of one of the demo's people."""
    tokens = PersonTokens(platform.issuer, person)
    async with AsyncExitStack() as opened:
        yield Line(
            {
                name: await opened.enter_async_context(connect(address, tokens))
                for name, address in platform.services.items()
            }
        )
