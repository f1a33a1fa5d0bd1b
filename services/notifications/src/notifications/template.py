"""A template of one authority: each publication is a new version, and none is overwritten.

Until the first one, and for as long as none is published, the wording that ships is used.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from ledger.decider import Decider, Refusal
from notifications.letter import Channel, TemplateCode
from notifications.wording import SHIPPED, SHIPPED_VERSION, Wording, check


@dataclass(frozen=True, slots=True)
class PublishTemplate:
    """Publish a version of a template, unless the words are those of the newest."""

    code: TemplateCode
    channel: Channel
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class TemplatePublished:
    """From now on new messages of this code use these words; `version` counts from 1."""

    code: TemplateCode
    version: int
    channel: Channel
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """The authority has no version of its own."""


@dataclass(frozen=True, slots=True)
class Published:
    """The authority's versions, oldest first."""

    versions: tuple[Wording, ...]


Template: TypeAlias = Shipped | Published
TemplateEvent: TypeAlias = TemplatePublished


class NoSuchVersion(Refusal):
    """The template has no version of that number."""


def decide(command: PublishTemplate, template: Template) -> list[TemplateEvent]:
    """Check the words, then publish them as the next version."""
    words = Wording(command.subject, command.text)
    check(command.code, command.channel, words)
    match template:
        # The same words again change nothing.
        case Published(versions=(*_, newest)) if newest == words:
            return []
        case Shipped() | Published():
            return [
                TemplatePublished(
                    code=command.code,
                    version=newest_version(template) + 1,
                    channel=command.channel,
                    subject=command.subject,
                    text=command.text,
                )
            ]
        case _:
            assert_never(template)


def evolve(template: Template, event: TemplateEvent) -> Template:
    """Fold one publication into the state."""
    words = Wording(event.subject, event.text)
    match template:
        case Shipped():
            return Published((words,))
        case Published(versions=versions):
            return Published((*versions, words))
        case _:
            assert_never(template)


def newest_version(template: Template) -> int:
    """Return the number of the version in use; 0 is the wording that ships."""
    return len(template.versions) if isinstance(template, Published) else SHIPPED_VERSION


def wording_of(template: Template, code: TemplateCode, version: int) -> Wording:
    """Return the words of one version, 0 for those that ship. Raises NoSuchVersion."""
    if version == SHIPPED_VERSION:
        return SHIPPED[code]
    if isinstance(template, Published) and 1 <= version <= len(template.versions):
        return template.versions[version - 1]
    raise NoSuchVersion(f"template_version: 0 to {newest_version(template)}")


DECIDER: Decider[PublishTemplate, Template, TemplateEvent] = Decider(
    category="Template", initial=Shipped(), decide=decide, evolve=evolve
)
