"""The local issuer, for demo and tests only: services show a secret, people are named."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from chassis.directory import Directory
from chassis.edge.strict_json import read_json
from chassis.failures import Unavailable
from chassis.identity.fetching import NotFetched, fetch
from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.jwks import GivenKeys, IssuerKeys
from chassis.identity.local_issuer import LocalIssuer, WrongIssuer, ensure_key
from chassis.identity.people import load_people
from chassis.identity.service_tokens import ServiceTokens
from chassis.identity.tokens import Verifier
from chassis.roles import Role
from chassis.running.settings import Environment

DEMO = Path(__file__).parents[3] / "demo"
DIRECTORY = Directory.load(DEMO / "directory.json")
PEOPLE = load_people(DEMO / "people.json", DIRECTORY)


@dataclass
class Endpoint:
    """A running issuer, and a service's secret file."""

    issuer: str
    client_secret_file: Path


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """Run an issuer that knows the service casework."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "casework").write_text("open-sesame\n")
    local = LocalIssuer.fresh()
    grants = Grants(local, PEOPLE, secrets, DIRECTORY.tenants)
    with http_server(grants, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        local.issuer = address
        yield Endpoint(address, secrets / "casework")
        server.shutdown()
        thread.join()


def test_with_real_people_it_refuses_to_start() -> None:
    with pytest.raises(WrongIssuer, match="demo or test"):
        LocalIssuer("https://x.test", ECKey.generate_key("P-256"), Environment.PRODUCTION)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "issuer.pem"
    ensure_key(file)
    first = file.read_bytes()
    ensure_key(file)
    assert file.read_bytes() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    LocalIssuer.from_file("https://x.test", file, Environment.DEMO)


@pytest.mark.parametrize("pem", [b"", b"nonsense", ECKey.generate_key("P-384").as_pem()])
def test_a_file_that_holds_no_such_key_is_named(pem: bytes, tmp_path: Path) -> None:
    file = tmp_path / "issuer.pem"
    file.write_bytes(pem)
    with pytest.raises(WrongIssuer, match=r"issuer\.pem"):
        LocalIssuer.from_file("https://x.test", file, Environment.DEMO)


def test_no_token_is_made_that_no_verifier_accepts() -> None:
    with pytest.raises(ValueError, match="1 to 900 seconds"):
        LocalIssuer.fresh().mint("somebody", [Role.THERAPIST], [], life_s=901)


async def test_a_demo_person_gets_a_token_by_name(endpoint: Endpoint) -> None:
    form = {"grant_type": "person", "person": "wap-therapist-1"}
    answer = read_json(await fetch(f"{endpoint.issuer}/token", form))
    verifier = Verifier(endpoint.issuer, IssuerKeys(endpoint.issuer))
    caller = await verifier.verify(answer["access_token"])
    assert caller.actor.id == str(PEOPLE["wap-therapist-1"].id)
    assert caller.roles == {Role.THERAPIST}
    wap = DIRECTORY.partnership("wap")
    assert wap is not None
    assert caller.scope == {each.id for each in wap.authorities}
    assert answer["expires_in"] <= 900


async def test_a_service_gets_a_token_by_its_secret(endpoint: Endpoint) -> None:
    tokens = ServiceTokens(endpoint, "casework")
    verifier = Verifier(endpoint.issuer, IssuerKeys(endpoint.issuer))
    caller = await verifier.verify(await tokens())
    assert caller.actor.id == "casework"
    assert caller.roles == {Role.SERVICE}
    assert caller.scope == set(DIRECTORY.tenants)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "person"},
        {"grant_type": "person", "person": "nobody"},
        {"grant_type": "client_credentials"},
        {"grant_type": "client_credentials", "client_id": "casework", "client_secret": "wrong"},
        {"grant_type": "client_credentials", "client_id": "casework", "client_secret": ""},
        {"grant_type": "client_credentials", "client_id": "groups", "client_secret": ""},
        {
            "grant_type": "client_credentials",
            "client_id": "../secrets/casework",
            "client_secret": "open-sesame",
        },
        {"grant_type": "person", "person": "x" * 5_000},
    ],
)
async def test_nobody_else_gets_one(endpoint: Endpoint, form: dict[str, str]) -> None:
    with pytest.raises(NotFetched, match="answered 400"):
        await fetch(f"{endpoint.issuer}/token", form)


async def test_other_paths_are_not_there(endpoint: Endpoint) -> None:
    for path in ("/", "/secrets/casework", "/token"):
        with pytest.raises(NotFetched, match="404"):
            await fetch(endpoint.issuer + path)
    assert read_json(await fetch(f"{endpoint.issuer}/health")) == {"status": "serving"}


async def test_a_services_token_is_kept_and_renewed_in_time(endpoint: Endpoint) -> None:
    now = [1_000.0]
    tokens = ServiceTokens(endpoint, "casework", lambda: now[0])
    first = await tokens()
    now[0] += 300
    assert await tokens() == first
    now[0] += 150
    # Past two thirds of its life: the old one is given while the new one is fetched.
    assert await tokens() == first
    assert tokens._fetching is not None
    await tokens._fetching
    assert await tokens() != first


async def test_an_issuer_that_is_away_is_in_doubt_after_a_few_attempts(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    tokens = ServiceTokens(Endpoint("http://127.0.0.1:1", secret), "casework")
    with pytest.raises(Unavailable):
        await tokens()


async def test_in_process_the_public_key_is_at_hand() -> None:
    local = LocalIssuer.fresh()
    caller = await Verifier(local.issuer, GivenKeys(local.keys)).verify(
        local.mint("x", [Role.OPERATOR], [])
    )
    assert caller.scope == frozenset()


def environment(tmp_path: Path, **changed: str) -> dict[str, str]:
    return {
        **{name: text for name, text in os.environ.items() if not name.startswith("THROUGHLINE_")},
        "THROUGHLINE_ENVIRONMENT": "demo",
        "THROUGHLINE_ISSUER": "http://127.0.0.1:8999",
        "THROUGHLINE_ISSUER_LISTEN": "127.0.0.1:0",
        "THROUGHLINE_ISSUER_KEY_FILE": str(tmp_path / "issuer.pem"),
        "THROUGHLINE_CLIENT_SECRETS_DIR": str(tmp_path),
        "THROUGHLINE_PEOPLE_FILE": str(DEMO / "people.json"),
        "THROUGHLINE_DIRECTORY_FILE": str(DEMO / "directory.json"),
        **changed,
    }


COMMAND = [sys.executable, "-m", "chassis.identity.issuer"]


def test_the_process_does_not_start_in_production(tmp_path: Path) -> None:
    ended = subprocess.run(  # noqa: S603 # our own module, our own Python
        COMMAND,
        env=environment(tmp_path, THROUGHLINE_ENVIRONMENT="production"),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert "THROUGHLINE_ENVIRONMENT has a value that is not allowed" in ended.stderr
    assert not (tmp_path / "issuer.pem").exists()


async def test_the_process_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *COMMAND, env=environment(tmp_path, THROUGHLINE_ISSUER_LISTEN=listen)
    )
    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    keys = read_json(await fetch(f"http://{listen}/jwks.json"))
                    break
                except NotFetched:
                    await asyncio.sleep(0.05)
        assert len(keys["keys"]) == 1
        assert "d" not in keys["keys"][0]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
