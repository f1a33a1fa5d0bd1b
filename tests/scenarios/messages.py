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

    async def to_post(self) -> list[Any]:
        """Return the letters that wait to be printed and posted."""
        answer = await self.actor.ask("ByHandService.ListToPost", {"limit": 500})
        return list(answer.messages)

    async def to_call(self) -> list[Any]:
        """Return the calls that wait to be made."""
        answer = await self.actor.ask("ByHandService.ListToCall", {"limit": 500})
        return list(answer.messages)

    async def prepare(self, message_id: str) -> Any:
        """Return what is to be posted or said, and where."""
        return await self.actor.do("ByHandService.PrepareMessage", {"message_id": message_id})

    async def posted(self, message_id: str) -> None:
        """Record that the letter that was prepared last is in the post."""
        await self.actor.do("ByHandService.RecordPosted", {"message_id": message_id})

    async def called(self, message_id: str, outcome: str = "reached") -> None:
        """Record that the call that was prepared last was made."""
        fields = {"message_id": message_id, "outcome": outcome}
        await self.actor.do("ByHandService.RecordCalled", fields)
