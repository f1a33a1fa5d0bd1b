"""Templates hold only what may be filled in, never change once published, and are safe as shipped.

Safe: no placeholder can hold an address or a child; nothing of a person stands in a subject; what
is filled in cannot add a line to a header or become a placeholder itself.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.testing import Given, Transitions
from notifications.letter import Channel, Placeholder, TemplateCode
from notifications.template import (
    DECIDER,
    NoSuchVersion,
    PublishTemplate,
    TemplatePublished,
    newest_version,
    wording_of,
)
from notifications.wording import (
    KINDS,
    SHIPPED,
    ChannelNotOfTemplate,
    StrayBrace,
    SubjectNotOneLine,
    TextNotPlain,
    UnknownPlaceholder,
    Wording,
    WordsLeftOut,
    check,
    render,
)

CODE = TemplateCode.REFERRAL_ACKNOWLEDGEMENT
FIRST = PublishTemplate(CODE, Channel.EMAIL, "We have it: {reference}", "Hello {recipient}.")
OTHER = PublishTemplate(CODE, Channel.EMAIL, "Received: {reference}", "Thank you.")

template = Given(DECIDER)
published = template.given(
    TemplatePublished(CODE, 1, Channel.EMAIL, "We have it: {reference}", "Hello {recipient}.")
)

TRANSITIONS = Transitions(
    {"as it ships": template, "published": published},
    {
        "publish": FIRST,
        "publish other words": OTHER,
        "publish for a channel that is not its own": replace(FIRST, channel=Channel.IN_APP),
        "publish a placeholder that it cannot fill": replace(FIRST, text="Hello {child}."),
    },
)

VALUES = {
    Placeholder.RECIPIENT: "Amy Hartley",
    Placeholder.AUTHORITY: "Westmarch",
    Placeholder.REFERENCE: "K7P2-M4Q",
    Placeholder.CASE: "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01",
    Placeholder.RECEIVED_ON: "2025-03-03",
    Placeholder.ALLOCATED_ON: "2025-03-04",
    Placeholder.ANSWER_BY: "2025-03-05",
    Placeholder.EXPIRES_ON: "2025-03-06",
    Placeholder.CONCERN: "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02",
    Placeholder.DRAFT: "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a03",
    Placeholder.POST: "on-call",
    Placeholder.TASK: "7c0d",
    Placeholder.DUE_ON: "2025-09-08",
    Placeholder.WORDS: "There is a group on Mondays.\n\nIt is free.",
}


def test_a_publication_is_the_next_version() -> None:
    template.when(FIRST).then(
        TemplatePublished(CODE, 1, Channel.EMAIL, "We have it: {reference}", "Hello {recipient}.")
    )
    published.when(OTHER).then(
        TemplatePublished(CODE, 2, Channel.EMAIL, "Received: {reference}", "Thank you.")
    )


def test_the_same_words_again_publish_nothing() -> None:
    template.repeats_nothing(FIRST)
    published.repeats_nothing(OTHER)


def test_earlier_versions_stay_and_version_0_is_the_one_that_ships() -> None:
    once = DECIDER.fold(DECIDER.decide(FIRST, DECIDER.initial))
    state = DECIDER.fold(DECIDER.decide(OTHER, once), once)
    assert newest_version(state) == 2
    assert wording_of(state, CODE, 1) == Wording(FIRST.subject, FIRST.text)
    assert wording_of(state, CODE, 2) == Wording(OTHER.subject, OTHER.text)
    assert wording_of(state, CODE, 0) == SHIPPED[CODE]
    with pytest.raises(NoSuchVersion):
        wording_of(state, CODE, 3)


@pytest.mark.parametrize(
    "asked", ["{child}", "{address}", "{Reference}", "{reference }", "{}", "{answer_by}"]
)
def test_an_unknown_placeholder_is_refused_without_repeating_it(asked: str) -> None:
    decided = template.when(PublishTemplate(CODE, Channel.EMAIL, "Received", f"Hello {asked}"))
    decided.then_refused(UnknownPlaceholder)
    assert asked not in str(decided.refusal)
    assert "{reference}" in str(decided.refusal)


def test_a_name_in_a_subject_is_refused() -> None:
    template.when(PublishTemplate(CODE, Channel.EMAIL, "For {recipient}", "Hello")).then_refused(
        UnknownPlaceholder
    )


@pytest.mark.parametrize("text", ["Hello {", "Hello }", "{{reference}}", "{reference"])
def test_a_brace_outside_a_placeholder_is_refused(text: str) -> None:
    template.when(PublishTemplate(CODE, Channel.EMAIL, "Received", text)).then_refused(StrayBrace)


@pytest.mark.parametrize("subject", ["", " ", "x" * 201, "one\ntwo", "a\rBcc: b", "\x00"])
def test_a_subject_is_one_line(subject: str) -> None:
    template.when(PublishTemplate(CODE, Channel.EMAIL, subject, "Hello")).then_refused(
        SubjectNotOneLine
    )


@pytest.mark.parametrize("text", ["", "\n", "x" * 10_001, "a\x00b", "a\x1b[2J"])
def test_a_text_is_plain(text: str) -> None:
    template.when(PublishTemplate(CODE, Channel.EMAIL, "Received", text)).then_refused(TextNotPlain)


def test_a_template_goes_by_the_channel_of_its_code() -> None:
    template.when(PublishTemplate(CODE, Channel.IN_APP, "Received", "Hello")).then_refused(
        ChannelNotOfTemplate
    )


@pytest.mark.parametrize("code", list(TemplateCode))
def test_what_ships_is_complete_and_can_be_filled_in(code: TemplateCode) -> None:
    check(code, KINDS[code].channel, SHIPPED[code])
    rendered = render(SHIPPED[code], VALUES)
    assert "{" not in rendered.subject + rendered.text


@pytest.mark.parametrize(
    "code", [code for code in TemplateCode if KINDS[code].channel is Channel.EMAIL]
)
def test_what_ships_tells_a_stranger_nothing(code: TemplateCode) -> None:
    words = (SHIPPED[code].subject + SHIPPED[code].text).lower()
    telling = ("adopt", "child", "therap", "referral", "social", "assess", "famil", "support")
    assert [word for word in telling if word in words] == []
    assert f"{{{Placeholder.RECIPIENT.value}}}" not in words


TOLD = [TemplateCode.FAMILY_DECLINED, TemplateCode.FAMILY_SIGNPOSTED]


@pytest.mark.parametrize("code", TOLD)
def test_what_was_written_to_a_family_stands_in_its_own_lines(code: TemplateCode) -> None:
    assert (
        "\n\nThere is a group on Mondays.\n\nIt is free.\n\n" in render(SHIPPED[code], VALUES).text
    )


@pytest.mark.parametrize("code", TOLD)
def test_where_nothing_was_written_there_is_no_gap(code: TemplateCode) -> None:
    text = render(SHIPPED[code], VALUES | {Placeholder.WORDS: ""}).text
    assert "\n\n\n" not in text
    assert "{" not in text


@pytest.mark.parametrize("code", TOLD)
def test_no_template_leaves_out_what_was_written_to_a_family(code: TemplateCode) -> None:
    template.when(PublishTemplate(code, Channel.EMAIL, "Our answer", "No.")).then_refused(
        WordsLeftOut
    )


def test_what_was_written_to_a_family_stands_in_no_other_template() -> None:
    allowed = {code for code in TemplateCode if Placeholder.WORDS in KINDS[code].text}
    assert allowed == set(TOLD)
    assert not any(Placeholder.WORDS in each.subject for each in KINDS.values())


@given(st.text(max_size=400))
def test_no_words_end_a_mail_or_become_a_placeholder(words: str) -> None:
    text = render(Wording("-", "{words}"), VALUES | {Placeholder.WORDS: words + "{reference}"}).text
    assert text.endswith("{reference}")
    assert not any(each < " " and each != "\n" for each in text)


def test_days_read_as_days() -> None:
    assert render(Wording("By {answer_by}", "-"), VALUES).subject == "By 5 March 2025"


@given(st.text(max_size=400))
def test_what_is_filled_in_stays_on_its_line_and_is_no_placeholder(value: str) -> None:
    values = VALUES | {Placeholder.REFERENCE: value, Placeholder.AUTHORITY: "{reference}"}
    rendered = render(Wording("Re {reference}", "{authority}"), values)
    assert rendered.subject.splitlines() == [rendered.subject]
    assert len(rendered.subject) <= len("Re ") + 200
    assert rendered.text == "{reference}"


def test_rendered_words_do_not_show_in_a_repr() -> None:
    assert "Westmarch" not in repr(render(SHIPPED[CODE], VALUES))
