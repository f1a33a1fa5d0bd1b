"""JSON as it is defined: no NaN, no infinities, no key twice, no byte that is not UTF-8."""

import json
from typing import Any, NoReturn


class NotJson(ValueError):  # noqa: N818 # says what the bytes are not
    """The bytes are no JSON document; the words hold nothing of them."""


def read_json(data: bytes) -> Any:
    """Read one JSON document. Raises NotJson."""
    try:
        return json.loads(
            data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_repeats
        )
    except NotJson:
        raise
    except UnicodeDecodeError:
        raise NotJson("not UTF-8") from None
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"not JSON at line {error.lineno}, column {error.colno}") from None
    except ValueError:
        raise NotJson("a number of too many digits") from None


def _no_constant(_name: str) -> NoReturn:
    raise NotJson("NaN or an infinity")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) != len(pairs):
        raise NotJson("a key stands twice in one object")
    return known
