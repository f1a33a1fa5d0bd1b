"""The token of a service's own, for work that no user is there for."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from chassis.edge.strict_json import NotJson, read_json
from chassis.failures import Unavailable
from chassis.identity.fetching import NotFetched, fetch

ATTEMPTS = 5
FIRST_PAUSE_S = 0.1
RENEW_AT = 2 / 3
"""The part of its life after which a token is renewed."""


class TokenEndpoint(Protocol):
    """Where a service asks for its token, and the file with its secret: settings say it."""

    @property
    def issuer(self) -> str:
        """The issuer's base URL."""

    @property
    def client_secret_file(self) -> Path:
        """The file that holds the service's secret."""


class ServiceTokens:
    """Gives a service's token, by client credentials; renewed in time, fetched once at a time."""

    def __init__(
        self, at: TokenEndpoint, service: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = f"{at.issuer.rstrip('/')}/token"
        self._secret_file = at.client_secret_file
        self._service = service
        self._clock = clock
        self._token = ""
        self._renew_at = self._ends_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def __call__(self) -> str:
        """Return a token that is still good. Raises Unavailable where none can be had."""
        now = self._clock()
        if now < self._renew_at:
            return self._token
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.get_running_loop().create_task(self._fetch())
        if now < self._ends_at:
            # The old one is good while the new one is on its way.
            return self._token
        await asyncio.shield(self._fetching)
        if self._clock() >= self._ends_at:
            raise Unavailable("no token could be had for the service")
        return self._token

    async def _fetch(self) -> None:
        """Fetch a token, with pauses that grow; leaves things as they are where none comes."""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
            try:
                secret = (await asyncio.to_thread(self._secret_file.read_text)).strip()
                asked_at = self._clock()
                answer = await fetch(
                    self._url,
                    {
                        "grant_type": "client_credentials",
                        "client_id": self._service,
                        "client_secret": secret,
                    },
                )
                token, life_s = _read(answer)
            except (OSError, NotFetched, NotJson):
                continue
            self._token = token
            self._renew_at = asked_at + life_s * RENEW_AT
            self._ends_at = asked_at + life_s
            return


def _read(answer: bytes) -> tuple[str, float]:
    form = read_json(answer)
    match form:
        case {"access_token": str(token), "expires_in": int(life_s)} if token and life_s > 0:
            return token, life_s
        case _:
            raise NotJson("no token in the answer")
