"""What is sent to people: the words, how far each message came, and what was said in it."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Letters:
    """The messages of an authority."""

    actor: Actor

    async def publish(self, code: str, channel: str, subject: str, text: str) -> int:
        """Publish the words for something; return their version."""
        fields = {"code": code, "channel": channel, "subject": subject, "text": text}
        answer = await self.actor.do("NotificationsService.PublishTemplate", fields)
        return int(answer.template_version)

    async def about(self, case_id: str) -> list[Any]:
        """Return how far the messages of a case came, in the order of the list."""
        answer = await self.actor.ask("NotificationsService.ListMessages", {"case_id": case_id})
        return list(answer.messages)

    async def to(self, person: str) -> list[Any]:
        """Return how far the messages to a person came."""
        answer = await self.actor.ask("NotificationsService.ListMessages", {"recipient": person})
        return list(answer.messages)

    async def read(self, message_id: str) -> Any:
        """Return a message with its words."""
        fields = {"message_id": message_id, "unseal": True}
        return await self.actor.ask("NotificationsService.GetMessage", fields, "audit")
