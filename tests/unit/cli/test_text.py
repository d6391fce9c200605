"""Words."""

import textwrap

import pytest

from devicehub.cli import text
from devicehub.messages import EndReason, Event


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (0.2, "0:01"), (59.5, "1:00"), (248, "4:08"), (-1, "0:00")]
)
def test_a_countdown_reaches_zero_only_at_the_end(seconds: float, said: str) -> None:
    assert text.clock(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(8.4, "8 s"), (59.6, "1:00 min"), (900, "15:00 min")]
)
def test_a_length_is_in_seconds_below_a_minute(seconds: float, said: str) -> None:
    assert text.duration(seconds) == said


def test_zones_are_one_sentence_and_the_rest_is_counted() -> None:
    ids = ("rhomboid", "trapezius_upper", "gluteal", "latissimus")
    assert text.zones(ids, most=2) == "Rhomboids; upper trapezius; +2 more"


def test_zones_within_a_width_are_as_many_as_fit() -> None:
    ids = ("rhomboid", "trapezius_upper", "gluteal")
    assert text.zones_within(ids, 80) == "Rhomboids; upper trapezius; seat"
    assert text.zones_within(ids, 33) == "Rhomboids; upper trapezius; seat"
    assert text.zones_within(ids, 20) == "Rhomboids; +2 more"
    assert text.zones_within((), 20) == ""


def test_every_end_has_words() -> None:
    assert all(text.end(reason) for reason in EndReason)


def test_an_unknown_rule_or_technique_is_still_readable() -> None:
    assert text.rule("some_rule") == "some rule"
    assert text.technique("some_technique") == "some technique"


def test_an_answer_is_short() -> None:
    held = "no stronger than 0.30 for 60 s more of playing: senses grow used to it"
    assert text.answer(Event(1.0, "paused", None, "asked")) == "paused"
    assert text.answer(Event(2.0, "resumed")) == "going on"
    assert text.answer(Event(1.0, "paused", None, "the clock made no sense")) == (
        "paused: the clock made no sense"
    )
    assert text.answer(Event(1.0, "refused", None, held)) == held
    assert len(textwrap.wrap(held, 39)) <= 2


def test_an_event_is_one_plain_line() -> None:
    line = text.event_line(Event(40.0, "phase", None, "2 of 3: kneading"))
    assert line == "  0:40  phase  2 of 3: kneading"
