"""Bugs of the relay: what is told, how often, in which order, and what is remembered of it."""

from faults.sabotage.bug import Bug, Edit

RELAY = "packages/chassis/tests/test_relay.py"

BUGS = (
    Bug(
        "checkpoint-before-publish",
        "the relay moves its checkpoint before the broker has acknowledged",
        (
            Edit(
                "chassis.outward.sending",
                "_contiguous",
                "reason = reason if each is before else await refused_as(each)",
                "reason = None",
            ),
        ),
        (RELAY + "::test_after_any_error_a_new_producer_goes_on_and_nothing_is_lost",),
    ),
    Bug(
        "failed-send-passed-over",
        "after a send error the relay goes on behind the record that failed",
        (
            Edit(
                "chassis.outward.sending",
                "_contiguous",
                "return done, error",
                "pass",
            ),
        ),
        (RELAY + "::test_after_any_error_a_new_producer_goes_on_and_nothing_is_lost",),
    ),
    Bug(
        "producer-not-idempotent",
        "the producer may write a record twice, or two of a key in another order",
        (
            Edit(
                "chassis.outward.broker",
                "producer",
                "enable_idempotence=True",
                "enable_idempotence=False",
            ),
        ),
        (RELAY + "::test_the_producer_writes_once_and_waits_for_all_in_sync_replicas",),
    ),
    Bug(
        "not-all-replicas",
        "a record counts as sent once one replica has it",
        (Edit("chassis.outward.broker", "producer", 'acks="all"', "acks=1"),),
        (RELAY + "::test_the_producer_writes_once_and_waits_for_all_in_sync_replicas",),
    ),
    Bug(
        "sends-at-the-same-time",
        "records are handed over in no order",
        (
            Edit(
                "chassis.outward.sending",
                "Sending._hand_over",
                "events = handed.page.events",
                "events = handed.page.events[::-1]",
            ),
        ),
        (RELAY + "::test_each_event_is_one_record_and_those_of_a_key_keep_their_order",),
    ),
    Bug(
        "keyed-by-event",
        "the records of one case go to any partition",
        (
            Edit(
                "chassis.outward.records",
                "_record",
                "{case_id or stream_id}",
                "{stored.event_id}",
            ),
        ),
        (RELAY + "::test_each_event_is_one_record_and_those_of_a_key_keep_their_order",),
    ),
    Bug(
        "untellable-dropped",
        "an event that cannot be a record is left out, and its stream goes on",
        (
            Edit(
                "chassis.outward.sending",
                "_contiguous",
                "unsent.append((event, each))",
                "pass",
            ),
        ),
        (RELAY + "::test_an_event_that_cannot_be_told_holds_up_its_own_stream_only",),
    ),
)
