"""Bugs of those who hear: offsets, memory, gaps, parking, refusals."""

from faults.sabotage.bug import Bug, Edit, Value

HEARING = "packages/chassis/tests/test_hearing.py"
REACT = "packages/chassis/tests/test_react.py"
LISTENER = "packages/chassis/tests/test_listener.py"
HEARD = "packages/ledger/tests/test_hearing.py"

BUGS = (
    Bug(
        "offset-before-commit",
        "offsets are committed before what was heard is",
        (
            Edit(
                "chassis.inward.react",
                "Listener._take",
                "await self._hearing.batch(",
                "self._offsets.done(_behind(records), turn)\n"
                "        await self._offsets.flush()\n"
                "        await self._hearing.batch(",
            ),
        ),
        (LISTENER + "::test_partitions_go_to_another_member_after_the_batch_in_hand",),
    ),
    Bug(
        "failed-batch-passed-over",
        "a batch that fails for the moment is not read again",
        (Edit("chassis.inward.react", "Listener._take", "self._rewind(records)", "pass"),),
        (REACT + "::test_a_batch_that_fails_for_the_moment_is_read_again_from_its_beginning",),
    ),
    Bug(
        "dead-consumer-trusted",
        "a listener does not look whether its consumer still works",
        (
            Edit(
                "chassis.inward.consumer", "Consumer.died", "return bool(", "return False and bool("
            ),
        ),
        (REACT + "::test_a_consumer_whose_own_work_has_died_gives_way_to_a_new_one",),
    ),
    Bug(
        "no-memory-of-what-was-heard",
        "whatever comes is taken for news",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing.batch",
                "Outcome(self.consumer, before.known, ",
                "Outcome(self.consumer, {}, ",
            ),
            Value("ledger.heard", "_GO_ON", "known = 0 and stands is null", "true"),
            Value("ledger.heard", "_GO_ON", "known > 0 and stands = known", "stands is not null"),
        ),
        (HEARING,),
    ),
    Bug(
        "two-may-hear-at-once",
        "whoever hears a stream does not look whether somebody else has gone on meanwhile",
        (Edit("ledger.heard", "go_on", "if done != len(steps):", "if False:"),),
        (HEARD,),
    ),
    Bug(
        "random-ids-in-a-subscription",
        "a command that follows from a record has another id each time it is heard",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._command_id",
                "return caused_id(",
                "return __import__('uuid').uuid4() or caused_id(",
            ),
        ),
        (HEARING + "::test_a_crash_in_the_middle_repeats_and_changes_nothing",),
    ),
    Bug(
        "gap-ignored",
        "versions that never came are not asked for",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._one",
                "if not waits and found.version > outcome.heard_to(found) + 1:",
                "if False:",
            ),
            Edit(
                "chassis.inward.outcome",
                "Outcome.hear",
                "if found.version == self.heard_to(found) + 1:",
                "if True:",
            ),
        ),
        (HEARING + "::test_a_gap_is_filled_from_the_owner",),
    ),
    Bug(
        "not-queued-behind",
        "later records of a stream that waits are applied at once",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._apply",
                "if (found.tenant, found.stream_id) in outcome.waiting:",
                "if False:",
            ),
        ),
        (HEARING + "::test_a_gap_that_its_owner_does_not_fill_holds_up_that_stream_only",),
    ),
    Bug(
        "poison-dropped",
        "a record that cannot be applied is gone over without a word",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._apply",
                "if reason is not None:",
                "if False:",
            ),
        ),
        (HEARING + "::test_what_cannot_be_done_waits_and_its_words_are_told_nowhere",),
    ),
    Bug(
        "dead-letter-dropped",
        "a record of no stream is thrown away",
        (
            Edit(
                "chassis.inward.outcome",
                "Outcome._remember",
                "dead_letters.add(connection, ",
                "dead_letters.add(connection, [] and ",
            ),
        ),
        (HEARING + "::test_a_record_of_no_stream_is_a_dead_letter_and_the_others_go_on",),
    ),
    Bug(
        "refusal-tried-for-ever",
        "what the domain refused is parked and tried again and again",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing._do",
                "except Refusal as refusal:",
                "except ZeroDivisionError as refusal:",
            ),
        ),
        (HEARING + "::test_a_refusal_is_written_and_the_stream_goes_on",),
    ),
    Bug(
        "out-of-order-in-a-lane",
        "records of one key are applied in no order",
        (
            Edit(
                "chassis.inward.hearing",
                "Hearing.batch",
                "lane.sort(key=_place)",
                "lane.sort(key=_place, reverse=True)",
            ),
        ),
        (HEARING + "::test_what_is_heard_becomes_commands_and_is_remembered",),
    ),
    Bug(
        "no-pause-between-tries",
        "a parked record is tried again without a pause",
        (
            Value(
                "ledger.parked",
                "_ATTEMPTED",
                "least(interval '250 ms' * 2 ^ least(attempts + 1, 20), interval '5 min')",
                "interval '0 s'",
            ),
        ),
        (HEARD,),
    ),
)
