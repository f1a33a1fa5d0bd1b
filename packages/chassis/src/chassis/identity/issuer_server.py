"""The local issuer over HTTP: `/jwks.json`, `/token`, `/health`; every limit is small."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from chassis.identity.local_issuer import LIFE_S, LocalIssuer
from chassis.identity.people import Person
from chassis.roles import Role

MAX_FORM_BYTES = 4_096
PATIENCE_S = 5.0
"""How long a client may take to say what it wants."""


class Denied(Exception):  # noqa: N818 # named for what the client is told
    """No token: an OAuth 2.0 error code (RFC 6749 §5.2)."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Who gets a token: services by their secrets, demo people by their names.

    `secrets` holds a file for each service, named like it. A service acts for every authority.
    """

    issuer: LocalIssuer
    people: Mapping[str, Person]
    secrets: Path
    tenants: tuple[UUID, ...]

    def token(self, form: Mapping[str, str]) -> str:
        """Answer a token request. Raises Denied."""
        match form.get("grant_type"):
            case "client_credentials":
                return self._for_service(form.get("client_id", ""), form.get("client_secret", ""))
            case "person":
                person = self.people.get(form.get("person", ""))
                if person is None:
                    raise Denied("invalid_grant")
                return self.issuer.mint(person.id, person.roles, person.tenants)
            case _:
                raise Denied("unsupported_grant_type")

    def _for_service(self, service: str, secret: str) -> str:
        # The name becomes a file's: nothing but letters and dashes.
        named = service.replace("-", "").isalpha() and service.isascii()
        file = self.secrets / service if named else None
        known = file.read_text().strip() if file is not None and file.is_file() else ""
        if not known or not hmac.compare_digest(known.encode(), secret.encode()):
            raise Denied("invalid_client")
        return self.issuer.mint(service, {Role.SERVICE}, self.tenants)


def http_server(grants: Grants, host: str, port: int) -> ThreadingHTTPServer:
    """Listen on an address; the caller serves and closes."""

    class _Handler(_Requests):
        given = grants

    server = ThreadingHTTPServer((host, port), _Handler)
    server.daemon_threads = True
    return server


class _Requests(BaseHTTPRequestHandler):
    given: Grants
    timeout = PATIENCE_S
    server_version = "throughline"
    sys_version = ""

    def do_GET(self) -> None:  # the library's name
        match self.path:
            case "/jwks.json":
                self._answer(HTTPStatus.OK, self.given.issuer.jwks())
            case "/health":
                self._answer(HTTPStatus.OK, {"status": "serving"})
            case _:
                self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})

    def do_POST(self) -> None:  # the library's name
        if self.path != "/token":
            self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})
            return
        try:
            token = self.given.token(self._form())
        except Denied as denied:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(denied)})
            return
        self._answer(
            HTTPStatus.OK,
            {"access_token": token, "token_type": "Bearer", "expires_in": LIFE_S},
        )

    def _form(self) -> dict[str, str]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_FORM_BYTES:
            raise Denied("invalid_request")
        try:
            fields = parse_qs(
                self.rfile.read(int(length)).decode("ascii"), strict_parsing=True, max_num_fields=8
            )
        except ValueError:
            raise Denied("invalid_request") from None
        if any(len(values) != 1 for values in fields.values()):
            raise Denied("invalid_request")
        return {name: values[0] for name, values in fields.items()}

    def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the library's name
        """Say nothing: a request line may hold a secret."""
