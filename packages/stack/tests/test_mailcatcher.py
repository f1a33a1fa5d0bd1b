"""Mails are kept as files before they are acknowledged, and go nowhere else."""

import mailbox
import smtplib
import sys
from email.message import EmailMessage

from stack.ports import LOOPBACK, answers, choose
from stack.settings import Provider
from stack.supervisor import Program, Supervisor
from stack.testing import discard, throwaway_settings


async def test_a_mail_that_was_taken_lies_in_the_maildir() -> None:
    places = throwaway_settings(Provider.EMBEDDED).places
    places.make()
    port = choose([])

    async def listens() -> bool:
        return answers(port)

    command = (sys.executable, "-m", "stack.mailcatcher", f"{LOOPBACK}:{port}", str(places.mail))
    supervisor = Supervisor(places)
    await supervisor.up([Program("mailcatcher", command, ready=listens, patience_seconds=20)])
    _send(port)
    (kept,) = mailbox.Maildir(places.mail)
    assert kept["Message-ID"] == "<one@throughline.test>"
    assert kept["X-Envelope-To"] == "family@example.org"
    assert "Dear family" in str(kept.get_payload())
    await supervisor.down()
    await discard(places.folder)


def _send(port: int) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "post@throughline.test", "family@example.org"
    mail["Message-ID"] = "<one@throughline.test>"
    mail.set_content("Dear family")
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as smtp:
        smtp.send_message(mail)
