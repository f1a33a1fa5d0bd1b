"""Checking the live tables of a running platform against the signed checkpoints of its logs."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from evidence.notes import Verifier
from evidence.report import Counts, Report
from evidence.rows import LiveRow, verify_rows
from ledger.postgres import stored_event
from throughline_cli.bundles import Verdict, read_keys, verdict_of
from throughline_cli.reaching import Platform

PAGE = 2_000
PATIENCE_S = 60.0

_ROWS = """
select e.*, l.leaf_index, n.hash as logged
  from es.events e
  left join es.log_leaves l on l.tenant = e.tenant and l.position = e.position
  left join es.log_nodes n
    on n.tenant = l.tenant and n.level = 0 and n.node_index = l.leaf_index
 where e.tenant = $1 and e.position > $2
 order by e.position
 limit $3
"""

_NOTES = "select note from es.log_checkpoints where tenant = $1 order by size desc limit 100"


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one service and authority, in the service's database."""

    service: str
    tenant: UUID
    kept: Path

    def outside(self) -> list[str]:
        """Return the newest checkpoint that is kept outside the database."""
        return [self.kept.read_text(encoding="utf-8")] if self.kept.is_file() else []


async def verify_store(platform: Platform, keys: Path) -> Verdict:
    """Hold every service's rows against the checkpoints in its tables and those kept outside."""
    verifiers = await asyncio.to_thread(read_keys, keys)
    findings: list[str] = []
    events = 0
    for service, url in platform.databases.items():
        connection = await asyncpg.connect(url, timeout=PATIENCE_S)
        try:
            for tenant in platform.directory.tenants:
                kept = platform.checkpoints / service / f"{service}.{tenant}.checkpoint"
                report = await _verify_log(connection, Log(service, tenant, kept), verifiers)
                events += report.counts.events
                findings += [str(each) for each in report.findings]
        finally:
            await connection.close()
    return verdict_of(
        findings, f"{events} events in the stores of {len(platform.databases)} services"
    )


async def _verify_log(
    connection: "asyncpg.Connection[asyncpg.Record]", log: Log, verifiers: Sequence[Verifier]
) -> Report:
    stored = [row["note"] for row in await connection.fetch(_NOTES, log.tenant)]
    notes = [*log.outside(), *stored]
    loop = asyncio.get_running_loop()

    def rows() -> Iterator[LiveRow]:
        """Give the rows page by page; runs in a thread, the pages are fetched in the loop."""
        position = 0
        while True:
            page = asyncio.run_coroutine_threadsafe(
                connection.fetch(_ROWS, log.tenant, position, PAGE), loop
            ).result(PATIENCE_S)
            for row in page:
                yield LiveRow(stored_event(row), row["leaf_hash"], row["leaf_index"], row["logged"])
            if len(page) < PAGE:
                return
            position = page[-1]["position"]

    if not notes and not await connection.fetchval(
        "select exists (select from es.events where tenant = $1)", log.tenant
    ):
        return Report(Counts(), (), log.tenant)
    return await asyncio.to_thread(verify_rows, log.service, log.tenant, rows(), notes, verifiers)
