"""Bugs that show on a whole platform at work: what is judged then is what is left behind."""

from faults.sabotage.bug import Bug, Edit

CAMPAIGN = ("campaign F01",)

BUGS = (
    Bug(
        "some-answers-without-a-commit",
        "one command of people in ten is answered and never appended",
        (
            Edit(
                "chassis.commands.shell",
                "Shell._append",
                "answer = await self.writer.append(drafted.command)",
                "answer = Appended({}, 1) if act.command_id.int % 10 == 0 "
                "and not act.actor.id.startswith('service:') else "
                "await self.writer.append(drafted.command)",
            ),
        ),
        CAMPAIGN,
    ),
    Bug(
        "some-news-without-an-effect",
        "of one record in five it is remembered that it was heard, and nothing is done",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._do",
                "await shell.execute(act)",
                "act.command_id.int % 5 == 0 or await shell.execute(act)",
            ),
        ),
        CAMPAIGN,
    ),
    Bug(
        "read-model-forgets-a-fact",
        "the cases' read model passes over who leads a case",
        (
            Edit(
                "casework.cases.summary",
                "project",
                "case CaseAllocated(case_id=case_id, worker=worker):",
                "case CaseAllocated(case_id=case_id, worker=worker) if False:",
            ),
        ),
        CAMPAIGN,
    ),
)
