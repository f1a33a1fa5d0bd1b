"""Bugs of the append: what is acknowledged, what is remembered, in which order things stand."""

from faults.sabotage.bug import Bug, Edit, Function, Statement, Value

EXECUTE = "packages/chassis/tests/test_execute.py"
STORE = "packages/ledger/tests/test_store_appending.py"
RACES = "packages/ledger/tests/test_store_races.py"
CATALOGUE = "packages/ledger/tests/test_catalogue.py"
STRESS = "packages/ledger/tests/test_feed_stress.py"
DATA = "packages/stack/tests/test_servers.py"

BUGS = (
    Bug(
        "answer-before-commit",
        "a command is answered while its append is still on its way",
        (
            Edit(
                "chassis.commands.shell",
                "Shell._append",
                "answer = await self.writer.append(drafted.command)",
                "answer = Appended({}, 1); asyncio.ensure_future("
                "self.writer.append(drafted.command))",
            ),
        ),
        (EXECUTE,),
    ),
    Bug(
        "retry-under-a-new-id",
        "a command that lost a race is decided anew under another command id",
        (
            Edit(
                "chassis.commands.shell",
                "Shell._decide_until_it_holds",
                "drafted = await self._draft(act, looked)",
                "drafted = await self._draft(act if attempt == 0 else __import__('dataclasses')"
                ".replace(act, command_id=__import__('uuid').uuid4()), looked)",
            ),
        ),
        (EXECUTE,),
    ),
    Bug(
        "conflict-ignored",
        "the store's conflict is taken for success: an event of a lost race is never stored",
        (
            Edit(
                "chassis.commands.shell",
                "Shell._done",
                "case Conflict(stream_id=stream, actual=actual):",
                "case Conflict():\n"
                "            return Done(drafted.versions, drafted.position, '')\n"
                "        case Conflict(stream_id=stream, actual=actual):",
            ),
        ),
        (EXECUTE,),
    ),
    Bug(
        "expected-version-ignored",
        "the version that a caller expects is not looked at",
        (
            Edit(
                "chassis.commands.drafting",
                "_check_expectation",
                "if act.expected_version is",
                "if True or act.expected_version is",
            ),
        ),
        (EXECUTE,),
    ),
    Bug(
        "wrong-version-appended",
        "the store appends whatever version the decision was made on",
        (
            Function(
                "es.judged",
                "when base <> lag(base + events, 1, coalesce(version, 0)) over chain",
                "when false",
            ),
            Function("es.append_alone", "elsif base <> stands_at", "elsif false"),
        ),
        (STORE,),
    ),
    Bug(
        "leaf-outside-the-chain",
        "an event's leaf need not follow the leaf of the one before it in its stream",
        (
            Function(
                "es.judged",
                "or base_leaf <> lag(end_leaf, 1, coalesce(leaf_hash, no_leaf)) over chain",
                "",
            ),
            Function(
                "es.append_alone",
                "or base_leaf <> coalesce(head.leaf_hash, decode(repeat('00', 32), 'hex'))",
                "",
            ),
        ),
        (STORE,),
    ),
    Bug(
        "leaf-outside-the-transaction",
        "the head's leaf is left for somebody to write later",
        (
            Function(
                "es.move_streams", "leaf_hash = excluded.leaf_hash", "leaf_hash = s.leaf_hash"
            ),
            Function(
                "es.append_alone",
                "leaf_hash = e_leaf_hash[last]\n         where",
                "leaf_hash = s.leaf_hash where",
            ),
        ),
        (STORE,),
    ),
    Bug(
        "no-memory-of-commands",
        "a command id that was accepted before is not looked up, and may stand twice",
        (
            Statement("alter table es.commands drop constraint commands_pkey"),
            Function("es.accepted_before", "where c.stands", "where false"),
            Function(
                "es.append_alone",
                "if exists (select from es.commands",
                "if false and exists (select from es.commands",
            ),
        ),
        (STORE,),
    ),
    Bug(
        "claims-not-unique",
        "two streams may hold the same claim",
        (
            Statement("alter table es.claims drop constraint claims_pkey"),
            Function("es.taken_by_others", "where standing[s_command[t.stream]]", "where false"),
        ),
        ("packages/ledger/tests/test_store_claims.py",),
    ),
    Bug(
        "cancelled-append-lost",
        "a caller that goes away takes its command back from the writer",
        (
            Edit(
                "ledger.writer",
                "Writer.append",
                "return await answer",
                "try:\n"
                "        return await answer\n"
                "    except asyncio.CancelledError:\n"
                "        self._waiting = deque(e for e in self._waiting if e.answer != answer)\n"
                "        raise",
            ),
        ),
        ("packages/ledger/tests/test_writer.py",),
    ),
    Bug(
        "positions-cached",
        "a session draws positions in advance and gives them out later",
        (Statement("alter sequence es.position_seq cache 50"),),
        (CATALOGUE,),
    ),
    Bug(
        "no-fence",
        "an append does not say that positions below the last one are still to come",
        (Function("es.register_fence", "perform pg_advisory_xact_lock_shared(", "perform abs("),),
        (STRESS,),
    ),
    Bug(
        "record-may-be-changed",
        "events can be updated and deleted",
        (Statement("drop trigger append_only on es.events"),),
        (CATALOGUE,),
    ),
    Bug(
        "fsync-off",
        "the server acknowledges what is not on the disk",
        (Value("stack.postgres", "OPTIONS", "'fsync': 'on'", "'fsync': 'off'"),),
        (DATA,),
    ),
    Bug(
        "commit-not-waited-for",
        "the server acknowledges a commit before its log is on the disk",
        (
            Value(
                "stack.postgres",
                "OPTIONS",
                "'synchronous_commit': 'on'",
                "'synchronous_commit': 'off'",
            ),
        ),
        (DATA,),
    ),
)
