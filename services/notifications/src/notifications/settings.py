"""What this service is told by the environment beside what all are told: the mail server."""

from pydantic import Field, FilePath

from chassis.running.settings import HostPort, Settings
from notifications.mail import MailServer, Security
from notifications.retries import Retries


class NotificationsSettings(Settings):
    """The settings of a notifications process; the description of a field is what it allows."""

    smtp: HostPort = Field(description="host:port")
    smtp_security: Security | None = Field(
        None, description="starttls (what holds without it), tls, or (only in demo and test) none"
    )
    smtp_user: str = Field("", description="a name; together with SMTP_PASSWORD_FILE")
    smtp_password_file: FilePath | None = Field(None, description="a file that is there")
    # No display name: it would tell whoever sees the recipient's screen who writes.
    smtp_sender: str = Field(
        "no-reply@throughline.invalid",
        pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}$",
        description="an address, name@domain",
    )
    message_id_domain: str = Field(
        "throughline.invalid",
        pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?$",
        description="a domain of ours; messages that were begun keep theirs",
    )
    smtp_connections: int = Field(4, ge=1, le=32, description="1 to 32")
    smtp_timeout_s: float = Field(20.0, gt=0, le=300, description="seconds, up to 300")
    smtp_first_pause_s: float = Field(
        10.0, gt=0, le=3600, description="seconds from the first attempt to the second, up to 3600"
    )
    smtp_attempts: int = Field(16, ge=1, le=50, description="1 to 50 attempts for a message")

    @property
    def security(self) -> Security:
        """How the connection is kept private; where people are invented, not at all."""
        if self.smtp_security is not None:
            return self.smtp_security
        return Security.NONE if self.environment.invented else Security.STARTTLS

    @property
    def mail_server(self) -> MailServer:
        """The mail server and how to speak with it."""
        host, _, port = self.smtp.rpartition(":")
        password = self.smtp_password_file
        return MailServer(
            host=host.strip("[]"),
            port=int(port),
            security=self.security,
            sender=self.smtp_sender,
            domain=self.message_id_domain,
            user=self.smtp_user,
            password=password.read_text("utf-8").strip() if password else "",
            connections=self.smtp_connections,
            timeout_s=self.smtp_timeout_s,
        )

    @property
    def retries(self) -> Retries:
        """How often a message is attempted, and with which pauses."""
        return Retries(self.smtp_first_pause_s, self.smtp_attempts)

    def contradictions(self) -> list[str]:
        """Return the fields that do not go with the others."""
        wrong = super().contradictions()
        if self.smtp_security is Security.NONE and not self.environment.invented:
            wrong.append("smtp_security")
        if "referrals" not in self.peers:
            wrong.append("peers")
        if bool(self.smtp_user) != (self.smtp_password_file is not None):
            wrong.append("smtp_user")
        return wrong
