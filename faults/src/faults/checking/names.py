"""The names that are made from what they stand for, made again here from their published rule.

Ids are stored, so their rule is a contract: `uuid5` of one root and of texts joined by NUL. This is
a second statement of it; were the services to make other ids, the checker would find none of them.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = UUID("5f0d1a4e-6c6b-5c57-9d53-7b1f3d0a9c11")
MESSAGES = uuid5(NAMESPACE_URL, "throughline/notifications/message")
NOTICES = uuid5(NAMESPACE_URL, "throughline/notifications/notice-service")


def stream_of(service: str, category: str, natural: object) -> UUID:
    """Return the stream id of a thing of a category."""
    return uuid5(ROOT, f"stream\0{service}\0{category}\0{natural}")


def caused(consumer: str, cause: UUID, kind: str, target: UUID) -> UUID:
    """Return the id of the command that a consumer makes from a cause."""
    return uuid5(ROOT, f"caused\0{consumer}\0{cause}\0{kind}\0{target}")


def message(tenant: UUID, about: UUID, template: str, recipient: UUID) -> UUID:
    """Return the id of the one message that tells somebody of something."""
    return uuid5(MESSAGES, f"{tenant}/{about}/{template}/{recipient}")


def notice_service(tenant: UUID, notice: UUID, document: str, text_version: int) -> UUID:
    """Return the id of the one service of that version of a statutory notice."""
    return uuid5(NOTICES, f"{tenant}/{notice}/{document}/{text_version}")
