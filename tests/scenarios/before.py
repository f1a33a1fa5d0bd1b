"""What comes before a referral: enquiries, drafts, and what others send in forms of their own."""

import json
from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """A referral that somebody is still writing."""

    actor: Actor
    id: str

    async def save(self, content: dict[str, Any]) -> None:
        """Save the whole content."""
        await self._do("SaveDraft", content=json.dumps(content).encode())

    async def send(self) -> Any:
        """Send it; return what the submission is answered with."""
        return (await self._do("SendDraft")).submitted

    async def discard(self) -> None:
        """Let go of it."""
        await self._do("DiscardDraft")

    async def stands(self, purpose: str = "") -> Any:
        """Return how it stands; its content where a purpose is given."""
        fields = {"draft_id": self.id, "unseal": bool(purpose)}
        return await self.actor.ask("DraftsService.GetDraft", fields, purpose)

    async def content(self) -> dict[str, Any]:
        """Return what is written."""
        found: dict[str, Any] = json.loads((await self.stands("intake")).content)
        return found

    async def state(self) -> str:
        """Return in one word how it stands."""
        return str((await self.stands()).draft.state)

    async def _do(self, method: str, **fields: Any) -> Any:
        return await self.actor.do(f"DraftsService.{method}", {"draft_id": self.id} | fields)


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Somebody asks, and no child has a record yet."""

    actor: Actor
    id: str

    async def safety(self, safeguarding: str = "none", words: str = "") -> None:
        """Record whether somebody is unsafe."""
        await self._do("AskSafety", safety={"safeguarding": safeguarding, "words": words})

    async def advise(self, words: str, *topics: str) -> None:
        """Record advice that was given."""
        await self._do("RecordAdvice", words=words, topics=topics)

    async def send_information(self, *leaflets: str, channel: str = "email") -> None:
        """Record which leaflets were sent."""
        await self._do("SendInformation", leaflets=leaflets, channel=channel)

    async def signpost(self, to: str, words: str = "They know more of it.") -> None:
        """Record to whom the enquirer was pointed."""
        await self._do("Signpost", to=to, words=words)

    async def turn_into_referral(self) -> Draft:
        """Start a draft with all that was said."""
        return Draft(self.actor, (await self._do("TurnIntoReferral")).draft_id)

    async def close(self, reason: str) -> None:
        """Close it."""
        await self._do("CloseEnquiry", reason=reason)

    async def stands(self) -> Any:
        """Return how it stands."""
        return await self.actor.ask("EnquiriesService.GetEnquiry", {"enquiry_id": self.id})

    async def _do(self, method: str, **fields: Any) -> Any:
        named = {"enquiry_id": self.id}
        return await self.actor.do(f"EnquiriesService.{method}", named | fields)


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """Whoever takes in what comes to an authority: a duty worker, or a system."""

    actor: Actor

    async def enquiry(self, words: str, *topics: str, channel: str = "telephone") -> Enquiry:
        """Keep an anonymous enquiry; `named_enquiry` keeps one by name."""
        return await self._enquiry(words, topics, channel, None)

    async def named_enquiry(self, name: str, email: str, words: str, *topics: str) -> Enquiry:
        """Keep an enquiry of somebody who says who they are."""
        return await self._enquiry(words, topics, "telephone", {"name": name, "email": email})

    async def draft(self, content: dict[str, Any]) -> Draft:
        """Start a draft of a referral."""
        fields = {"content": json.dumps(content).encode()}
        answer = await self.actor.do("DraftsService.StartDraft", fields)
        return Draft(self.actor, answer.draft_id)

    async def web_form(self, form: dict[str, Any]) -> list[str]:
        """Bring in a web form; return the references."""
        fields = {"form": json.dumps(form).encode()}
        answer = await self.actor.do("IntakeService.SubmitWebForm", fields)
        return list(answer.references)

    async def message(self, bundle: dict[str, Any]) -> Any:
        """Bring in a referral message of the health service; return its answer."""
        fields = {"message": json.dumps(bundle).encode()}
        return await self.actor.do("IntakeService.SubmitReferralMessage", fields)

    async def not_mapped(self, referral_id: str) -> dict[str, str]:
        """Return what came with a referral and has no place in it, by where it stood."""
        fields = {"referral_id": referral_id}
        answer = await self.actor.ask("IntakeService.GetNotMapped", fields, "intake")
        return {each.expression: each.value for each in answer.values}

    async def _enquiry(
        self, words: str, topics: tuple[str, ...], channel: str, who: dict[str, str] | None
    ) -> Enquiry:
        fields = {
            "channel": channel,
            "kind": "adopter",
            "topics": topics or ("adoption-support",),
            "words": words,
            "enquirer": who,
        }
        answer = await self.actor.do("EnquiriesService.MakeEnquiry", fields)
        return Enquiry(self.actor, answer.enquiry_id)
