"""Receiving a submission, however it came: known children looked up, kept, answered once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.acting import Act, Done
from chassis.edge.malformed import Malformed, Violation, malformed
from chassis.edge.rpc import Commanded, caller
from ledger.envelope import Occurred
from referrals.intake.answer import Answer
from referrals.intake.compose import ReceiveSubmission
from referrals.intake.not_mapped import NOT_MAPPED, NOTHING, Along, Kept, NotMapped
from referrals.intake.submission import Places, Submission, SubmittedChild
from referrals.people.names import child_key
from referrals.people.person import CHILD_CLAIM
from referrals.streams import not_mapped_stream, referral_stream, submission_command
from throughline.common.v1.common_pb2 import Receipt

if TYPE_CHECKING:
    from chassis.commands.shell import Shell
    from chassis.directory import Directory
    from chassis.runtime import Runtime
    from vault.vault import Vault

DIGEST: Final = "submission"
"""The kind of blind index by which a submission's content is known again."""
USED: Final = "used-for-other-content"
"""The code for a submission id that came with another content before."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a submission came to, the first time or again."""

    answer: Answer
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Receiving:
    """Receives submissions for the caller of the moment."""

    shell: "Shell"
    vault: "Vault"
    directory: "Directory"
    places: Places

    @classmethod
    def of(cls, runtime: "Runtime") -> "Receiving":
        """Make it of a process's parts."""
        return cls(runtime.shell, runtime.vault, runtime.directory, places_of(runtime.directory))

    async def receive(
        self, asked: Commanded, submission: Submission, along: Along = NOTHING
    ) -> Received:
        """Receive a submission once, whatever the command id it comes with.

        Raises Malformed where it is another authority's, or its id came with another content.
        """
        said = submission.said
        self._check_receiver(said.received_by, said.partnership, asked.tenant)
        command = await self.command(asked.tenant, submission, along)
        received = await self.execute(asked, submission, command)
        if received.receipt.duplicate and received.answer.digest not in {"", command.digest}:
            raise malformed("submission_id", USED, "an id of its own for each submission")
        return received

    async def command(
        self, tenant: UUID, submission: Submission, along: Along = NOTHING
    ) -> ReceiveSubmission:
        """Return the command that keeps a submission, with its blind indexes."""
        # A form or message that is mapped is known again by all that it brought.
        text = f"{submission.said.model_dump_json()}{along if along != NOTHING else ''}"
        return ReceiveSubmission(
            submission=submission,
            keys=tuple([await self.key(tenant, each) for each in submission.children]),
            partnerships=self.places.partnerships,
            digest=await self.vault.blind_index(tenant, DIGEST, text),
            along=along,
        )

    async def execute(self, asked: Commanded, submission: Submission, command: object) -> Received:
        """Carry out a command that keeps a submission."""
        known_as = submission_command(submission.said.submission_id)
        return self._received(
            await self.carry_out(asked, known_as, command, submission.received_at)
        )

    async def again(self, asked: Commanded, submission: UUID, command: object) -> Received:
        """Answer as the first time for a submission that is known to have been received."""
        return self._received(
            await self.carry_out(asked, submission_command(submission), command, None)
        )

    async def carry_out(
        self, asked: Commanded, known_as: UUID, command: object, said_at: datetime | None
    ) -> Done:
        """Carry out a command of the caller's once, under an id of its own."""
        by = caller()
        act = Act(
            command_id=known_as,
            tenant=asked.tenant,
            scope=by.scope,
            actor=by.actor,
            command=command,
            occurred=Occurred(said_at.astimezone(UTC)) if said_at else None,
            correlation_id=asked.correlation_id or asked.command_id,
        )
        try:
            return await self.shell.execute(act)
        except Malformed as wrong:
            raise _of_submission(wrong) from None

    def _received(self, done: Done) -> Received:
        answer = Answer.decode(done.outcome)
        first = answer.children[0]
        receipt = self.shell.receipt(done)
        receipt.stream_id = str(referral_stream(first.referral))
        receipt.version = done.versions[referral_stream(first.referral)]
        receipt.case_id = str(first.case)
        return Received(answer, receipt)

    async def key(self, tenant: UUID, child: SubmittedChild) -> str | None:
        """Return the blind index that a child is known by, None for one without a name."""
        text = child_key(child.said.given_name, child.said.family_name, child.born_on)
        return await self.vault.blind_index(tenant, CHILD_CLAIM, text) if text else None

    def _check_receiver(self, received_by: str, partnership: str, tenant: UUID) -> None:
        """Whose record it is stands twice, in the context and in the submission.

        Whose staff it is for follows from that: its rules are those of the partnership named.
        """
        authority = self.directory.by_id(tenant)
        if authority is None or authority.slug != received_by:
            raise malformed("received_by", "other-authority", "the authority of the context")
        staff = self.directory.partnership_of(tenant)
        if staff is not None and staff.slug != partnership:
            raise malformed("partnership", "other-partnership", "that of received_by")


async def came_along(shell: "Shell", tenant: UUID, referral: UUID) -> int:
    """Return how many values came with a referral that have no place in it."""
    state: NotMapped = await shell.state(tenant, NOT_MAPPED, not_mapped_stream(referral))
    return state.count if isinstance(state, Kept) else 0


def places_of(directory: "Directory") -> Places:
    """Return the slugs that a submission may name."""
    return Places(
        receiving=frozenset(
            each.slug for each in directory.authorities.values() if not each.outside
        ),
        known=frozenset(directory.authorities),
        partnerships=frozenset(directory.partnerships),
    )


def _of_submission(wrong: Malformed) -> Malformed:
    """Name the field of the submission that the shell knows as a part of the act."""
    return Malformed(
        [
            Violation("received_at", each.code, each.allowed)
            if each.field == "context.occurred"
            else each
            for each in wrong.violations
        ]
    )
