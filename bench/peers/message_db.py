"""Message DB: its own SQL, from its npm package, in a database of its own; asked by pgbench.

Its installer's steps, but for the extension pgcrypto: of that it uses `gen_random_uuid`, which
PostgreSQL has had built in since version 13.
"""

from pathlib import Path

import asyncpg

NAME = "peer_message_db"
WRITE = Path(__file__).parent / "message_db.sql"
ROWS = "select count(*) from message_store.messages"
STEPS = (
    "roles/message-store.sql",
    "schema/message-store.sql",
    "tables/messages.sql",
    "types/message.sql",
    *(
        f"functions/{name}.sql"
        for name in (
            "message-store-version",
            "hash-64",
            "acquire-lock",
            "category",
            "is-category",
            "id",
            "cardinal-id",
            "stream-version",
            "write-message",
            "get-stream-messages",
            "get-category-messages",
            "get-last-stream-message",
        )
    ),
    *(f"indexes/messages-{name}.sql" for name in ("id", "stream", "category")),
    *(f"privileges/{name}.sql" for name in ("schema", "table", "sequence", "functions")),
)


async def install(url: str, modules: Path) -> None:
    """Carry out its SQL in the order of its installer."""
    folder = modules / "@eventide" / "message-db" / "database"
    connection = await asyncpg.connect(url)
    try:
        # Its functions say names without a schema, as its documentation sets the search path.
        database = await connection.fetchval("select quote_ident(current_database())")
        await connection.execute(
            f"alter database {database} set search_path = message_store, public"
        )
        await connection.execute("set search_path = message_store, public")
        for step in STEPS:
            await connection.execute((folder / step).read_text(encoding="utf-8"))
    finally:
        await connection.close()
