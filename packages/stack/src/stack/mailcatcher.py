"""Takes every mail and delivers none: `python -m stack.mailcatcher HOST:PORT MAILDIR`."""

import asyncio
import mailbox
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_BYTES = 10_000_000


# Without slots: the library looks at every attribute, and some Pythons 3.11 raise at one of theirs.
@dataclass(frozen=True)
class Keeper:
    """Puts each mail into a maildir before it is acknowledged."""

    box: mailbox.Maildir

    async def handle_DATA(  # noqa: N802 # the name that the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one mail, with those it was sent to in a header."""
        mail = mailbox.MaildirMessage(envelope.content)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        await asyncio.to_thread(self.box.add, mail)
        return "250 Kept"


async def catch(host: str, port: int, box: mailbox.Maildir) -> asyncio.Server:
    """Listen for mails, to be kept in a maildir, until the server is closed."""
    keeper = Keeper(box)

    def conversation() -> SMTP:
        # Named, since it would ask the network for its name at each connection.
        return SMTP(
            keeper, data_size_limit=LARGEST_BYTES, hostname="mailcatcher", ident="mail catcher"
        )

    return await asyncio.get_running_loop().create_server(conversation, host, port)


def maildir(folder: Path) -> mailbox.Maildir:
    """Return the maildir at a folder, made if it is not there; the folder may be."""
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder)


async def main(listen: str, folder: str) -> None:
    """Catch mails until told to end."""
    host, _, port = listen.rpartition(":")
    box = maildir(Path(folder))
    ending = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ending.set)
    async with await catch(host, int(port), box):
        await ending.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
