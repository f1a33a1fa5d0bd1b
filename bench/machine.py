"""The machine that measured: named beside the figures, with how busy it was before."""

import os
import platform
import re
from pathlib import Path
from typing import Any

import asyncpg
import psutil

CPUINFO = Path("/proc/cpuinfo")
QUIET = 0.25
"""Where more cores are at work before anything is measured, somebody else uses the machine."""

LOOKED_S = 5.0


def cores_at_work() -> float:
    """Look for a while how many cores are at work; a load average would tell of minutes ago."""
    return float(psutil.cpu_percent(interval=LOOKED_S)) / 100 * (os.cpu_count() or 1)


def _processor() -> str:
    text = CPUINFO.read_text(encoding="utf-8") if CPUINFO.is_file() else ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1].strip() if found else platform.processor() or "unknown"


async def machine(url: str, at_work: float) -> dict[str, Any]:
    """Return what the figures were taken on; `at_work`: how many of its cores were busy before."""
    connection = await asyncpg.connect(url)
    try:
        version = str(await connection.fetchval("show server_version"))
        names = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
        settings = {name: str(await connection.fetchval(f"show {name}")) for name in names}
    finally:
        await connection.close()
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": version.split(" ", maxsplit=1)[0],
        "settings": settings,
        "cores_at_work_before": round(at_work, 2),
    }
