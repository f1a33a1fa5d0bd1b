"""Makes the databases of the services, and the keyring they share with its tables."""

from collections.abc import Sequence

from ledger.migrate import migrate
from stack.databases import KEYRING, SERVICES, Databases
from vault.postgres import MIGRATIONS


async def provision(databases: Databases, services: Sequence[str] = SERVICES) -> None:
    """Make what is missing. Each service migrates its own database itself when it starts."""
    await databases.provision(services)
    await migrate(databases.url(KEYRING, f"{KEYRING}_owner"), [MIGRATIONS])
