"""Who listens to whom, and which read models stand in which tables: what faults are aimed at."""

from faults.checking.hops import HEARS

HEARERS = {
    service: tuple(each for each, heard in HEARS.items() if service in heard) for service in HEARS
}
"""Service to consumers."""

READ_MODELS = (
    ("referrals", "worklist", "read.worklist"),
    ("referrals", "threads", "es.threads"),
    ("casework", "chronology", "read.chronology"),
    ("casework", "caseload", "read.caseload"),
    ("casework", "summary", "read.cases"),
    ("casework", "threads", "es.threads"),
    ("groups", "places", "read.places"),
    ("groups", "cohorts", "read.cohorts"),
    ("notifications", "messages", "read.messages"),
    ("notifications", "inbox", "read.inbox"),
)
"""Service, projection and its main table, of what can be rebuilt."""
