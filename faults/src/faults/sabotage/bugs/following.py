"""Bugs of those who follow the log: feed, checkpoints, projections, deadlines."""

from faults.sabotage.bug import Bug, Edit, Value

STRESS = "packages/ledger/tests/test_feed_stress.py"
CHECKPOINTS = "packages/ledger/tests/test_checkpoints.py"
PROJECTING = "packages/ledger/tests/test_projecting.py"
CLOCKWORK = "packages/chassis/tests/test_clockwork.py"
DEADLINES = "packages/ledger/tests/test_deadlines.py"

BUGS = (
    Bug(
        "naive-feed",
        "the feed reads up to the last position given out, whoever is still in flight below it",
        (Value("ledger.feed", "_SAFE", "es.safe_position()", "es.last_position()"),),
        (STRESS,),
    ),
    Bug(
        "epoch-ignored",
        "a leader that was paused goes on writing its checkpoint",
        (Value("ledger.checkpoints", "_ADVANCE", "and epoch = $3", "and $3::bigint > 0"),),
        (CHECKPOINTS,),
    ),
    Bug(
        "checkpoint-moves-from-anywhere",
        "a checkpoint is moved wherever it stood",
        (
            Value(
                "ledger.checkpoints",
                "_ADVANCE",
                "and position = $4 and event_id is not distinct from $5",
                "and ($4::bigint, $5::uuid) is not null",
            ),
        ),
        (CHECKPOINTS,),
    ),
    Bug(
        "poisoned-event-skipped",
        "a projection goes over an event that it cannot project",
        (
            Edit(
                "ledger.projecting",
                "projected",
                "raise halted(projection, stored, error) from None",
                "return ()",
            ),
        ),
        (PROJECTING,),
    ),
    Bug(
        "checkpoint-apart-from-rows",
        "rows and checkpoint of a projection are two transactions",
        (
            Edit(
                "ledger.projecting",
                "ProjectionRunner._commit",
                "connection.transaction(),",
                "",
            ),
        ),
        (PROJECTING,),
    ),
    Bug(
        "history-not-verified",
        "a follower goes on though the event at its checkpoint is another one",
        (
            Value(
                "ledger.checkpoints",
                "_STILL_THERE",
                "select exists (select from es.events where position = $1 and event_id = $2)",
                "select ($1::bigint, $2::uuid) is not null",
            ),
        ),
        (PROJECTING,),
    ),
    Bug(
        "deadline-fired-twice",
        "that a deadline has fired is not noted",
        (Value("ledger.deadlines", "_FIRED", "and fired_at is null", "and false"),),
        (DEADLINES,),
    ),
    Bug(
        "deadline-under-random-ids",
        "what a deadline asks for has another command id each time",
        (
            Edit(
                "chassis.followers.clockwork",
                "_fire",
                'command_id=caused_id("clock", cause, type(do.command).__name__, do.target),',
                "command_id=__import__('uuid').uuid4(),",
            ),
        ),
        (
            CLOCKWORK
            + "::test_after_a_crash_it_is_the_same_command_though_no_fact_has_met_the_deadline",
        ),
    ),
    Bug(
        "met-deadline-fires",
        "a deadline fires though a committed fact has met it already",
        (
            Edit(
                "chassis.followers.clockwork",
                "_due",
                "await runtime.rows.seen((SETTER,), await runtime.feed.last_position())",
                "pass",
            ),
        ),
        (CLOCKWORK + "::test_a_deadline_that_is_met_by_what_is_committed_already_does_not_fire",),
    ),
    Bug(
        "position-token-ignored",
        "a reading does not wait for the position of its token",
        (
            Edit(
                "chassis.queries.reading",
                "Rows.seen",
                "while await self.reached.position(names) < position:",
                "while False:",
            ),
        ),
        ("packages/chassis/tests/test_project.py",),
    ),
)
