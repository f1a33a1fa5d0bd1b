"""Where a list goes on: after a position of the log."""

from chassis.edge.malformed import malformed

_NEWEST = 2**63 - 1


def after(page_token: str) -> int:
    """Read a page token of a list in the order of the log; empty is the beginning."""
    if not page_token:
        return 0
    if not (page_token.isascii() and page_token.isdigit() and int(page_token) <= _NEWEST):
        raise malformed("page_token", "bad-page-token", "a token as it was given")
    return int(page_token)
