"""The issuer's keys: rotation and withdrawal are noticed, and nobody makes us flood the issuer."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chassis.failures import Unavailable
from chassis.identity.claims import TokenRefused
from chassis.identity.jwks import REFETCH_S, REFRESH_S, RETRY_S, STALE_S, IssuerKeys
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.tokens import Verifier
from chassis.roles import Role

OLD, NEW = LocalIssuer.fresh(), LocalIssuer.fresh()
(OLD_ID,) = OLD.keys
(NEW_ID,) = NEW.keys


class Stub:
    """An issuer whose answer the test sets, and which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.body = b""
        self.wait = threading.Event()
        self.wait.set()
        self.url = ""

    def keys(self, *issuers: LocalIssuer) -> None:
        """Serve the keys of some issuers from now on."""
        self.body = json.dumps({"keys": [k for i in issuers for k in i.jwks()["keys"]]}).encode()


@contextmanager
def serving(stub: Stub) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            stub.asked += 1
            stub.wait.wait(10)
            self.send_response(stub.status)
            self.end_headers()
            self.wfile.write(stub.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the same
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        stub.url = f"http://127.0.0.1:{server.server_port}"
        yield
        stub.wait.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Give an issuer that serves the old key."""
    made = Stub()
    made.keys(OLD)
    with serving(made):
        yield made


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time, in seconds."""
        return self.now


async def fetched(keys: IssuerKeys) -> None:
    """Wait for a fetch that runs beside the work."""
    if keys._fetching is not None:
        await keys._fetching


async def test_keys_are_fetched_once_and_kept(stub: Stub) -> None:
    keys = IssuerKeys(stub.url, Clock())
    assert (await keys.key(OLD_ID)).algorithm == "ES256"
    assert await keys.key(OLD_ID) is await keys.key(OLD_ID)
    assert stub.asked == 1


async def test_a_new_key_is_asked_for_when_a_token_names_it(stub: Stub) -> None:
    clock = Clock()
    keys = IssuerKeys(stub.url, clock)
    await keys.key(OLD_ID)
    stub.keys(OLD, NEW)
    clock.now += REFETCH_S
    assert (await keys.key(NEW_ID)).algorithm == "ES256"


async def test_unknown_keys_do_not_flood_the_issuer(stub: Stub) -> None:
    clock = Clock()
    keys = IssuerKeys(stub.url, clock)
    await keys.key(OLD_ID)
    for number in range(50):
        with pytest.raises(TokenRefused, match="unknown-key"):
            await keys.key(f"invented-{number}")
    assert stub.asked == 1
    clock.now += REFETCH_S
    with pytest.raises(TokenRefused, match="unknown-key"):
        await keys.key("invented")
    assert stub.asked == 2


async def test_a_withdrawn_key_dies_within_the_refresh(stub: Stub) -> None:
    clock = Clock()
    keys = IssuerKeys(stub.url, clock)
    verifier = Verifier(OLD.issuer, keys)
    token = OLD.mint("somebody", [Role.THERAPIST], [])
    await verifier.verify(token)
    stub.keys(NEW)
    clock.now += REFRESH_S
    # Keys are fetched beside the work: this call still finds the old one, and begins the fetch.
    await verifier.verify(token)
    await fetched(keys)
    with pytest.raises(TokenRefused, match="unknown-key"):
        await verifier.verify(token)


async def test_an_issuer_that_is_down_is_survived_for_a_while(stub: Stub) -> None:
    clock = Clock()
    keys = IssuerKeys(stub.url, clock)
    await keys.key(OLD_ID)
    stub.status = 503
    clock.now += REFRESH_S
    await keys.key(OLD_ID)
    await fetched(keys)
    await keys.key(OLD_ID)
    clock.now += STALE_S
    with pytest.raises(Unavailable):
        await keys.key(OLD_ID)


async def test_an_issuer_that_was_down_at_the_start_is_asked_again(stub: Stub) -> None:
    clock = Clock()
    keys = IssuerKeys(stub.url, clock)
    stub.status = 503
    for _ in range(20):
        with pytest.raises(Unavailable):
            await keys.key(OLD_ID)
    assert stub.asked == 1
    stub.status = 200
    clock.now += RETRY_S
    assert (await keys.key(OLD_ID)).algorithm == "ES256"


async def test_callers_that_wait_share_one_fetch(stub: Stub) -> None:
    keys = IssuerKeys(stub.url, Clock())
    stub.wait.clear()
    waiting = [asyncio.create_task(keys.key(OLD_ID)) for _ in range(20)]
    await asyncio.sleep(0)
    stub.wait.set()
    assert len({id(each) for each in await asyncio.gather(*waiting)}) == 1
    assert stub.asked == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"keys": 7}',
        b"x" * 100_000,
        json.dumps({"keys": OLD.jwks()["keys"] * 2}).encode(),
        json.dumps({"keys": [{}] * 51}).encode(),
    ],
)
async def test_a_document_that_is_no_jwks_is_not_used(stub: Stub, body: bytes) -> None:
    stub.body = body
    with pytest.raises(Unavailable):
        await IssuerKeys(stub.url, Clock()).key(OLD_ID)


async def test_a_redirect_is_not_followed(stub: Stub) -> None:
    stub.status = 302
    with pytest.raises(Unavailable):
        await IssuerKeys(stub.url, Clock()).key(OLD_ID)


async def test_nobody_there_is_in_doubt() -> None:
    with pytest.raises(Unavailable):
        await IssuerKeys("http://127.0.0.1:1", Clock()).key(OLD_ID)
