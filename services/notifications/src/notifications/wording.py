"""The words of templates: what may stand in them, and how their placeholders are filled in."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.decider import Refusal
from notifications.letter import Channel, Placeholder, TemplateCode

SHIPPED_VERSION = 0
"""The version of the wording that is used until an authority publishes its own."""

MAX_SUBJECT, MAX_TEXT = 200, 10_000
MAX_VALUE = 200
MAX_WORDS = 20_000

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_GAP = re.compile(r"\n{3,}")
_DAYS = frozenset(
    {
        Placeholder.RECEIVED_ON,
        Placeholder.ALLOCATED_ON,
        Placeholder.ANSWER_BY,
        Placeholder.EXPIRES_ON,
    }
)


class UnknownPlaceholder(Refusal):
    """A template asks for something that may not be filled in there."""


class StrayBrace(Refusal):
    """A brace stands in a template outside a placeholder."""


class ChannelNotOfTemplate(Refusal):
    """Messages of this code go by another channel."""


class SubjectNotOneLine(Refusal):
    """A subject is one line of 1 to 200 characters."""


class WordsLeftOut(Refusal):
    """A template that tells a family what was written to it must have a place for that."""


class TextNotPlain(Refusal):
    """A text has 1 to 10000 characters, and no control characters but line ends."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one version of a template, placeholders and all."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words as one recipient gets them. Its repr shows none of them."""

    subject: str
    text: str

    def __repr__(self) -> str:
        return "Rendered(…)"


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for every template of a code.

    `subject` and `text` are the placeholders each may hold. A subject is read on a locked screen
    and by whoever passes by: nothing of a person can be filled in there. What is urgent goes before
    all else that waits.
    """

    channel: Channel
    subject: frozenset[Placeholder]
    text: frozenset[Placeholder]
    urgent: bool = False


_ACKNOWLEDGED = frozenset({Placeholder.AUTHORITY, Placeholder.REFERENCE, Placeholder.RECEIVED_ON})
_ALLOCATED = frozenset({Placeholder.AUTHORITY, Placeholder.CASE, Placeholder.ALLOCATED_ON})
_OFFERED = frozenset({Placeholder.AUTHORITY, Placeholder.ANSWER_BY})
_NAMED = frozenset({Placeholder.RECIPIENT})
_ANSWERED = frozenset({Placeholder.AUTHORITY, Placeholder.REFERENCE})
_TOLD = _ANSWERED | _NAMED | {Placeholder.WORDS}
_ASKED = _ANSWERED | {Placeholder.ANSWER_BY}
_EXPIRING = frozenset({Placeholder.AUTHORITY, Placeholder.DRAFT, Placeholder.EXPIRES_ON})
_CONCERN = frozenset({Placeholder.AUTHORITY, Placeholder.CONCERN})
_UNCOVERED = frozenset({Placeholder.AUTHORITY, Placeholder.POST})
_OVERDUE = frozenset({Placeholder.AUTHORITY, Placeholder.TASK, Placeholder.DUE_ON})

KINDS: Mapping[TemplateCode, Kind] = {
    TemplateCode.REFERRAL_ACKNOWLEDGEMENT: Kind(
        Channel.EMAIL, _ACKNOWLEDGED, _ACKNOWLEDGED | _NAMED
    ),
    TemplateCode.CASE_ALLOCATED: Kind(Channel.IN_APP, _ALLOCATED, _ALLOCATED),
    TemplateCode.PLACE_OFFERED: Kind(Channel.EMAIL, _OFFERED, _OFFERED | _NAMED),
    TemplateCode.FAMILY_RECEIPT: Kind(Channel.EMAIL, _ACKNOWLEDGED, _ACKNOWLEDGED | _NAMED),
    TemplateCode.FAMILY_ACCEPTED: Kind(Channel.EMAIL, _ANSWERED, _ANSWERED | _NAMED),
    TemplateCode.FAMILY_DECLINED: Kind(Channel.EMAIL, _ANSWERED, _TOLD),
    TemplateCode.FAMILY_SIGNPOSTED: Kind(Channel.EMAIL, _ANSWERED, _TOLD),
    TemplateCode.FAMILY_REDIRECTED: Kind(Channel.EMAIL, _ANSWERED, _ANSWERED | _NAMED),
    TemplateCode.INFORMATION_ASKED: Kind(Channel.EMAIL, _ASKED, _ASKED | _NAMED),
    TemplateCode.REFERRAL_ANSWERED: Kind(Channel.EMAIL, _ANSWERED, _ANSWERED | _NAMED),
    TemplateCode.DRAFT_EXPIRING: Kind(Channel.IN_APP, _EXPIRING, _EXPIRING),
    TemplateCode.CONCERN_RAISED: Kind(Channel.IN_APP, _CONCERN, _CONCERN, urgent=True),
    TemplateCode.CONCERN_ESCALATED: Kind(Channel.IN_APP, _CONCERN, _CONCERN, urgent=True),
    TemplateCode.ON_CALL_UNCOVERED: Kind(Channel.IN_APP, _UNCOVERED, _UNCOVERED, urgent=True),
    TemplateCode.TASK_OVERDUE: Kind(Channel.IN_APP, _OVERDUE, _OVERDUE),
}


def check(code: TemplateCode, channel: Channel, wording: Wording) -> None:
    """Raise the Refusal that names what is wrong with a wording, and what is allowed."""
    kind = KINDS[code]
    if channel is not kind.channel:
        raise ChannelNotOfTemplate(f"channel: {code.value} goes by {kind.channel.value}")
    if not 1 <= len(wording.subject.strip()) <= MAX_SUBJECT or not wording.subject.isprintable():
        raise SubjectNotOneLine(f"subject: one line of 1 to {MAX_SUBJECT} characters")
    if not 1 <= len(wording.text.strip()) <= MAX_TEXT or _CONTROL.search(wording.text):
        raise TextNotPlain(f"text: 1 to {MAX_TEXT} characters, controls only to end lines")
    _check_placeholders("subject", wording.subject, kind.subject)
    _check_placeholders("text", wording.text, kind.text)
    if Placeholder.WORDS in kind.text and f"{{{Placeholder.WORDS.value}}}" not in wording.text:
        raise WordsLeftOut(f"text: {{{Placeholder.WORDS.value}}} is to stand in it")


def _check_placeholders(field: str, words: str, allowed: frozenset[Placeholder]) -> None:
    # What was asked for is not repeated: somebody may have typed a name between the braces.
    known = ", ".join(sorted(f"{{{each.value}}}" for each in allowed))
    if any(found not in allowed for found in _PLACEHOLDER.findall(words)):
        raise UnknownPlaceholder(f"{field}: allowed are {known}")
    if any(brace in _PLACEHOLDER.sub("", words) for brace in "{}"):
        raise StrayBrace(f"{field}: braces only around {known}")


def render(wording: Wording, values: Mapping[Placeholder, str]) -> Rendered:
    """Fill in the placeholders, each once: what is filled in is never read as a placeholder.

    A value is one line and at most 200 characters; the words to a family keep their lines. Where
    there are none no gap is left. Raises KeyError where a value is missing.
    """

    def fill(found: re.Match[str]) -> str:
        return _plain(Placeholder(found[1]), values[Placeholder(found[1])])

    text = _PLACEHOLDER.sub(fill, wording.text)
    if not values.get(Placeholder.WORDS):
        text = _GAP.sub("\n\n", text)
    return Rendered(_PLACEHOLDER.sub(fill, wording.subject), text)


def _plain(name: Placeholder, value: str) -> str:
    if name in _DAYS:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    if name is Placeholder.WORDS:
        return _CONTROL.sub(" ", value.replace("\r\n", "\n")).strip()[:MAX_WORDS]
    return _UNPRINTABLE.sub(" ", value).strip()[:MAX_VALUE]


def _read_shipped() -> Mapping[TemplateCode, Wording]:
    rows = tomllib.loads((Path(__file__).parent / "shipped.toml").read_text("utf-8"))
    shipped = {TemplateCode(code): Wording(**words) for code, words in rows.items()}
    for code in TemplateCode:
        check(code, KINDS[code].channel, shipped[code])
    return shipped


SHIPPED = _read_shipped()
"""The wording that ships, by code."""
