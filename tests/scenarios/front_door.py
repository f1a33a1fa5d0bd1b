"""What duty does at the front door, and how a child's referral stands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.scenarios import past, redirects
from tests.scenarios.cases import Case
from tests.scenarios.duty_lines import DutyLine
from tests.scenarios.families import Child, Family, one
from tests.scenarios.redirects import Consents, Redirect
from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty worker, acting for one authority."""

    actor: Actor

    async def refer(self, told: Child | Family, **family: Any) -> "Referral":
        """Bring in a referral of one child, who lives here unless `lives_in` says otherwise."""
        lives_in = family.pop("lives_in", self.actor.authority)
        [referral] = await self.refer_family(one(told, lives_in, family))
        return referral

    async def refer_family(self, family: Family) -> "list[Referral]":
        """Bring in one submission about all children of a family; a referral for each."""
        stage, authority = self.actor.stage, self.actor.authority
        document = family.submission(authority, stage.partnership(authority), stage.now)
        return await self.submit(document)

    async def submit(self, document: dict[str, Any]) -> "list[Referral]":
        """Bring in a submission as it is."""
        answer = await self.actor.do(
            "ReferralsService.SubmitReferral", {"submission": json.dumps(document).encode()}
        )
        return [
            Referral(
                self,
                each.referral_id,
                each.reference,
                each.case_id,
                each.child,
                answer.family_id,
                each.duty_holder,
                each.known_before,
            )
            for each in answer.children
        ]

    async def screen_for_safety(
        self, safeguarding: str, words: str = "", enquiry: str = "", screen: str = ""
    ) -> str:
        """Answer whether a child is safe before anything else is known; return the screen's id."""
        fields = {"safeguarding": safeguarding, "words": words}
        named = {"enquiry_id": enquiry, "screen_id": screen}
        answer = await self.actor.do("ScreeningService.OpenSafeguardingScreen", fields | named)
        return str(answer.screen_id)

    async def listed(self, **which: Any) -> Sequence[Any]:
        """Return a page of the authority's referrals, oldest first."""
        answer = await self.actor.ask("ReferralsService.ListReferrals", which)
        return list(answer.referrals)

    async def incoming(self, redirect: Redirect) -> Redirect:
        """Return a redirect as this side has it. It must have come."""
        found = {each.id: each for each in await redirects.incoming(self.actor, "")}
        return found[redirect.id]

    async def referral(self, referral_id: str) -> "Referral":
        """Return a referral of this authority by its id."""
        fields = {"referral_id": referral_id}
        said = (await self.actor.ask("ReferralsService.GetReferral", fields)).referral
        return Referral(
            self,
            said.referral_id,
            said.reference,
            said.case_id,
            said.child,
            said.family_id,
            said.duty_holder,
            said.known_before,
        )

    async def worklist(self, name: str, **filters: Any) -> list[Any]:
        """Return a list of the authority, what was received first, first."""
        fields = {"list": name, "filters": filters, "page_size": 500}
        answer = await self.actor.ask("WorklistsService.ReadWorklist", fields)
        return list(answer.entries)

    async def counts(self) -> dict[str, int]:
        """Return how many there are in each list."""
        return dict((await self.actor.ask("WorklistsService.CountWorklists", {})).counts)

    async def person(self, person: str, purpose: str = "") -> Any:
        """Return what is known of a person; names and the like where a purpose is given."""
        fields = {"person_id": person, "unseal": bool(purpose)}
        return await self.actor.ask("ReferralsService.GetPerson", fields, purpose)


@dataclass(frozen=True, slots=True)
class Referral:
    """One child's referral, and the duty worker who has it before him.

    `owed_by`: who owed the service when it came in; empty where nobody could say.
    """

    duty: Duty
    id: str
    reference: str
    case_id: str
    child: str
    family_id: str
    owed_by: str
    known_before: bool

    @property
    def authority(self) -> str:
        """Whose record it is."""
        return self.duty.actor.authority

    @property
    def case(self) -> Case:
        """The child's case, whether it is open or not."""
        return Case(self.duty.actor.stage, self.authority, self.case_id)

    @property
    def line(self) -> DutyLine:
        """Who owes the child the service, by day."""
        return DutyLine(self.duty.actor, self.child)

    def before(self, duty: Duty) -> "Referral":
        """Return the same referral, before somebody else."""
        return replace(self, duty=duty)

    async def screen(
        self,
        safeguarding: str = "none",
        urgency: str = "routine",
        eligibility: str = "eligible",
        words: str = "",
        **otherwise: str,
    ) -> None:
        """Answer all checks: nothing is found but what is said; the duty holder is looked up."""
        usual = {
            "identity": "new",
            "duplicates": "none",
            "duty_holder": "looked-up",
            "conflict_of_interest": "none",
            "safe_contact": "safe",
        }
        asked = {"safeguarding": safeguarding, "urgency": urgency, "eligibility": eligibility}
        await self._do("ScreenReferral", words=words, **asked, **(usual | otherwise))

    async def check(self, *answers: tuple[str, str], refers_to: str = "") -> None:
        """Answer some checks, each (check, answer); `refers_to` is of all of them."""
        checks = [{"check": one, "answer": said, "refers_to": refers_to} for one, said in answers]
        await self._do("RecordScreening", checks=checks)

    async def clocks(self) -> dict[str, Any]:
        """Return the clocks that run on it, by their kind."""
        actor = self.duty.actor
        answer = await actor.ask("WorklistsService.ReadClocks", {"page_size": 500})
        return {each.kind: each for each in answer.clocks if each.referral_id == self.id}

    async def missing(self) -> list[str]:
        """Return the checks that nobody has answered."""
        return list((await self.stands()).checks_missing)

    async def withdraw(self, reason: str, words: str = "") -> None:
        """Take it back, as those who made it."""
        await self._do("WithdrawReferral", reason=reason, words=words)

    async def amend(self, field: str, *codes: str, reason: str = "mistaken-entry") -> None:
        """Set a coded field right."""
        codes_now = {"field": field, "codes": codes}
        await self._do("AmendReferral", reason=reason, codes=codes_now)

    async def reword(self, words: str, reason: str = "family-corrects") -> None:
        """Set the words of whoever referred right."""
        said = {"field": "in_their_words", "words": words}
        await self._do("AmendReferral", reason=reason, words=said)

    async def told(self, source: str, words: str, basis: str = "fact", danger: str = "") -> None:
        """Keep what somebody told unasked; `danger`, if anything is said, is immediate."""
        fields = {"source": source, "words": words, "basis": basis}
        await self._do("AddInformation", immediate_danger=bool(danger), **fields)

    async def needs(self, person: str, *stated: tuple[str, str]) -> None:
        """Keep what a person needs, each (kind, code)."""
        needs = [{"kind": kind, "code": code} for kind, code in stated]
        await self._do("RecordNeeds", person_id=person, needs=needs)

    async def assessment(self, asked_by: str, asked_for: str) -> Any:
        """Note who asks for whose assessment; return whether it must be made, and why."""
        return await self._do("RequestAssessment", asked_by=asked_by, asked_for=asked_for)

    async def ask(self, source: str, words: str = "What happened at school?") -> str:
        """Ask somebody for what is missing; return the inquiry's id."""
        answer = await self._do("AskForInformation", source=source, words=words)
        return str(answer.inquiry_id)

    async def answered(self, inquiry: str, words: str = "This.", basis: str = "fact") -> None:
        """Keep what was asked for."""
        await self._do("RecordInformation", inquiry_id=inquiry, words=words, basis=basis)

    async def accept(self) -> None:
        """Take it on."""
        await self._do("AcceptReferral")

    async def decline(self, reason: str, words: str = "") -> None:
        """Do not take it on."""
        await self._do("DeclineReferral", reason=reason, words=words)

    async def stands(self, purpose: str = "") -> Any:
        """Return how it stands; its words where a purpose is given."""
        fields = {"referral_id": self.id, "unseal": bool(purpose)}
        return await self.duty.actor.ask("ReferralsService.GetReferral", fields, purpose)

    async def consents(self) -> Consents:
        """Return what was agreed to about the child, with the adult who may be written to."""
        return Consents(self.duty.actor, self.child, (await self.stands()).contact)

    async def redirect(
        self, to: str, ground: str = "consent", words: str = "", how_sent: str = ""
    ) -> Redirect:
        """Offer it to the authority that owes the service."""
        fields = {"to": to, "ground": ground, "words": words, "how_sent": how_sent}
        answer = await self.duty.actor.do(
            "RedirectsService.OfferRedirect", {"referral_id": self.id} | fields
        )
        return Redirect(self.duty.actor, answer.redirect_id)

    async def state(self) -> str:
        """Return in one word how it stands."""
        return str((await self.stands()).referral.state)

    async def timeline(self, *kinds: str) -> list[str]:
        """Return `day kind` of what is on record in the child's case, in all services."""
        return await past.timeline(self.duty.actor.stage, self.authority, self.case_id, *kinds)

    async def facts(self, *kinds: str, known_at: str = "") -> list[past.Fact]:
        """Return what is on record in the child's case, of some kinds or all, as known then."""
        stage = self.duty.actor.stage
        found = await past.facts(stage, self.authority, self.case_id, known_at)
        return [each for each in found if not kinds or each.kind in kinds]

    async def _do(self, method: str, occurred: str = "", **fields: Any) -> Any:
        return await self.duty.actor.do(
            f"ReferralsService.{method}", {"referral_id": self.id} | fields, occurred
        )
