"""What is proposed to a family and decided, help that cannot wait, and complaints: verbs."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Notice:
    """A proposal: `lead` works on it, `manager` decides, `duty` serves its notices."""

    lead: Actor
    manager: Actor
    duty: Actor
    case_id: str
    id: str

    async def reword(self, text_version: int, text: str) -> None:
        """Write its text anew."""
        await self._do("RewordProposal", text_version=text_version, text=text)

    async def issue(self, occurred: str = "") -> None:
        """Let its notice be served."""
        await self._do("IssueNotice", occurred)

    async def serve(
        self, method: str = "by-hand", occurred: str = "", document: str = "proposal"
    ) -> Any:
        """Serve a notice of it: look where it may go, then record that it went.

        Who leads the case hands it over himself; what is posted is duty's.
        """
        service = await self._service(document)
        prepare = {"service_id": service, "method": method}
        by = self.lead if method == "by-hand" else self.duty
        prepared = await by.do("NoticesService.PrepareService", prepare)
        if not prepared.blocked:
            await by.do("NoticesService.RecordServed", {"service_id": service}, occurred)
        return prepared

    async def came_back(self, reason: str = "returned", document: str = "proposal") -> None:
        """Record that a notice of it did not reach its addressee."""
        fields = {"service_id": await self._service(document), "reason": reason}
        await self.duty.do("NoticesService.RecordNotServed", fields)

    async def represent(
        self, by: str, words: str, manner: str = "in-writing", on: str = ""
    ) -> None:
        """Record what somebody says to it."""
        await self._do("RecordRepresentations", on, by=by, words=words, manner=manner)

    async def satisfied(self, by: str, on: str = "") -> None:
        """Record that the family is satisfied."""
        await self._do("RecordSatisfied", on, by=by)

    async def withdraw(self, words: str) -> None:
        """Do not go on with it."""
        await self._do("WithdrawProposal", words=words)

    async def decide(self, outcome: str, from_day: str = "", occurred: str = "") -> None:
        """Decide, as the manager."""
        fields = self._named | {
            "outcome": outcome,
            "from_day": from_day,
            "reasons": "We weighed what was said.",
            "text": "We have decided, and why.",
        }
        await self.manager.do("DecisionsService.DecideProposal", fields, occurred)

    async def stands(self) -> Any:
        """Return how it stands."""
        answer = await self.manager.ask("DecisionsService.GetNotice", self._named)
        return answer.notice

    @property
    def _named(self) -> dict[str, Any]:
        return {"case_id": self.case_id, "notice_id": self.id}

    async def _do(self, method: str, occurred: str = "", **fields: Any) -> None:
        await self.lead.do(f"DecisionsService.{method}", self._named | fields, occurred)

    async def _service(self, document: str) -> str:
        """Return the service that notifications keeps of a notice of this."""
        asked = {"notice_id": self.id}
        answer = await self.duty.ask("NoticesService.ListServices", asked)
        return next(str(each.service_id) for each in answer.services if each.document == document)


@dataclass(frozen=True, slots=True)
class Urgent:
    """Urgent provision in a case."""

    lead: Actor
    manager: Actor
    case_id: str
    id: str

    async def made_good(self, step: str, by: str, occurred: str = "") -> None:
        """Record what made a skipped step good."""
        fields = self._named | {"step": step, "made_good_by": by}
        await self.lead.do("ProvisionService.RecordStepMadeGood", fields, occurred)

    async def end(self, reason: str) -> None:
        """End the help before all is made good."""
        fields = self._named | {"reason": reason}
        await self.manager.do("ProvisionService.EndUrgentProvision", fields)

    async def stands(self, purpose: str = "") -> Any:
        """Return which steps were skipped, what became of them, and for a purpose why."""
        fields = {"case_id": self.case_id}
        answer = await self.manager.ask("ProvisionService.ListUrgentProvisions", fields, purpose)
        return next(each for each in answer.provisions if each.provision_id == self.id)

    @property
    def _named(self) -> dict[str, Any]:
        return {"case_id": self.case_id, "provision_id": self.id}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint, before whoever sees to it."""

    actor: Actor
    id: str

    async def extend(self, words: str) -> None:
        """Take as long as the stage may take."""
        await self._do("ExtendComplaintStage", words=words)

    async def answer(self, finding: str, words: str, occurred: str = "") -> None:
        """Answer the stage."""
        await self._do("AnswerComplaint", occurred, finding=finding, words=words)

    async def go_on(self, stage: int, occurred: str = "") -> None:
        """Go on to a stage."""
        await self._do("BeginComplaintStage", occurred, stage=stage)

    async def panel(self, occurred: str = "") -> None:
        """Record that the panel met."""
        await self._do("RecordComplaintPanel", occurred)

    async def reported(self, words: str, occurred: str = "") -> None:
        """Record the panel's report."""
        await self._do("RecordPanelReport", occurred, words=words)

    async def withdraw(self) -> None:
        """Record that it is withdrawn."""
        await self._do("WithdrawComplaint")

    async def stands(self) -> Any:
        """Return how it stands."""
        fields = {"complaint_id": self.id}
        return (await self.actor.ask("ComplaintsService.GetComplaint", fields)).complaint

    async def _do(self, method: str, occurred: str = "", **fields: Any) -> None:
        named = {"complaint_id": self.id}
        await self.actor.do(f"ComplaintsService.{method}", named | fields, occurred)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What is proposed and decided in a case: by its lead, its manager and the duty desk."""

    lead: Actor
    manager: Actor
    duty: Actor
    case_id: str

    async def contact(self) -> str:
        """Return whom the family is written to through."""
        fields = {"case_id": self.case_id}
        return str((await self.manager.ask("CaseworkService.GetCase", fields)).case.contact)

    async def propose(self, **proposed: Any) -> Notice:
        """Write a proposal to the family; `proposed`: proposal, plan_version and so on."""
        fields = {
            "case_id": self.case_id,
            "proposal": "provide",
            "services": ["therapy"],
            "addressed_as": "adopter",
            "text": "We propose this, and say why.",
        } | proposed
        fields.setdefault("addressee", await self.contact())
        written = await self.lead.do("DecisionsService.WriteProposal", fields)
        return Notice(self.lead, self.manager, self.duty, self.case_id, str(written.notice_id))

    async def authorise(self, begins_on: str, *skipped: str, occurred: str = "") -> Urgent:
        """Let help begin without steps, as the manager."""
        fields = {
            "case_id": self.case_id,
            "services": ["crisis-therapy"],
            "skipped": skipped,
            "begins_on": begins_on,
            "reason": "The placement may end.",
        }
        begun = await self.manager.do("ProvisionService.AuthoriseUrgentProvision", fields, occurred)
        return Urgent(self.lead, self.manager, self.case_id, str(begun.provision_id))

    async def complain(self, by: str, words: str, occurred: str = "", **about: str) -> Complaint:
        """Record a complaint, as the manager; `about`: about_case, about_notice, about_worker."""
        fields = {"by": by, "words": words} | about
        made = await self.manager.do("ComplaintsService.RecordComplaint", fields, occurred)
        return Complaint(self.manager, str(made.complaint_id))
