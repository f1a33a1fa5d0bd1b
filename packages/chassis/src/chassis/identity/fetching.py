"""One small HTTP request with a limit on everything, for what the token issuer answers."""

import asyncio
import http.client
from urllib.parse import SplitResult, urlencode, urlsplit

SECONDS = 3.0
"""How long one request may take."""

MAX_BYTES = 64 * 1024


class NotFetched(Exception):  # noqa: N818 # says what did not happen
    """The server was not reached in time, or did not answer 200; the words hold no data."""


async def fetch(url: str, form: dict[str, str] | None = None, seconds: float = SECONDS) -> bytes:
    """Get a document, or post a form, and return the body. Follows no redirect, uses no proxy."""
    where = urlsplit(url)
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.to_thread(_fetch, where, form, seconds)
    except TimeoutError:
        raise NotFetched(f"{where.netloc} did not answer in {seconds:g} s") from None


def _fetch(where: SplitResult, form: dict[str, str] | None, seconds: float) -> bytes:
    secure = where.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(where.netloc, timeout=seconds)
    try:
        if form is None:
            connection.request("GET", where.path or "/")
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", where.path or "/", urlencode(form), headers)
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NotFetched(f"{where.netloc}: {type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise NotFetched(f"{where.netloc} answered {answer.status}")
    if len(body) > MAX_BYTES:
        raise NotFetched(f"{where.netloc} answered more than {MAX_BYTES} bytes")
    return body
