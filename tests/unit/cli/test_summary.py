"""The end of a session, as a person reads it."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from devicehub.cli.summary import plain_summary, render_summary
from devicehub.messages import EndReason, HeatEnd, HeldBack, Summary, ZoneFelt
from devicehub.session.patience import NOBODY_WENT_ON
from profiles.body import ZONES
from tests.unit.cli.sample import summary


def drawn(ended: Summary, *, ascii_only: bool = False) -> str:
    console = Console(file=io.StringIO(), width=80, record=True)
    console.print(render_summary(ended, ascii_only=ascii_only))
    return console.export_text()


@pytest.mark.parametrize("say", [drawn, plain_summary])
def test_it_says_what_was_felt_where_and_what_was_held_back(say: Callable[[Summary], str]) -> None:
    said = say(summary())
    for words in ("Upper trapezius", "45%", "cap of the zone", "12 s", "confirmed in 12 ms"):
        assert words in said


def test_what_was_held_back_for_an_instant_is_not_told() -> None:
    assert "soft start" not in drawn(summary())


def test_it_fits_80_by_24_whatever_happened() -> None:
    ids = [zone.id for zone in ZONES]
    rules = ("zone", "joint", "ramp", "edge", "pattern", "recheck", "ceiling", "rating")
    whole = Summary(
        EndReason.SAFETY,
        "a rule",
        "All",
        900.0,
        tuple(ZoneFelt(zone, 0.5, 60.0 + at) for at, zone in enumerate(ids)),
        tuple(HeldBack(rule, zone, 900.0) for rule in rules for zone in ids),
        summary().devices,
    )
    picture = drawn(whole).splitlines()
    assert len(picture) <= 24
    assert {len(line) for line in picture} == {80}


@pytest.mark.parametrize("say", [drawn, plain_summary])
def test_zones_of_which_the_same_is_told_share_a_row(say: Callable[[Summary], str]) -> None:
    felt = [ZoneFelt(zone, 0.3, 108.0) for zone in ("gluteal", "rhomboid")]
    bed = replace(summary(), felt=(*felt, ZoneFelt("flank_kidney", 0.2, 108.0)), held_back=())
    rows = [line for line in say(bed).splitlines() if "30%" in line]
    assert len(rows) == 1
    assert "Seat; rhomboids" in rows[0]
    assert say(bed).count("1:48") == 2


def test_a_stop_that_was_not_confirmed_says_what_to_do() -> None:
    said = drawn(summary(confirmed=False))
    assert "STOP NOT CONFIRMED, switch it off by its own button" in said


def test_a_stop_by_key_is_said_in_words() -> None:
    assert "Stopped by you after 1:30 min (by key)" in drawn(summary(reason=EndReason.STOPPED))


@pytest.mark.parametrize("say", [drawn, plain_summary])
def test_a_pause_that_nobody_ended_is_not_said_to_be_your_stop(
    say: Callable[[Summary], str],
) -> None:
    said = say(replace(summary(reason=EndReason.STOPPED), detail=NOBODY_WENT_ON))
    assert "Stopped after 1:30 min: nobody went on for 10 minutes" in said
    assert "by you" not in said


def test_a_session_that_moved_nothing_says_so() -> None:
    empty = Summary(EndReason.STOPPED, "", "Taster", 0.0, (), (), ())
    assert "Nothing was felt." in drawn(empty)
    assert "The caps held nothing back." in drawn(empty)


def test_without_utf_8_it_is_pure_ascii() -> None:
    assert drawn(summary(), ascii_only=True).isascii()


WAITS = (
    "It hurt: the next session in 1 hour.",
    "It hurt: go on only when all is well, after `devicehub person acknowledge Ann`.",
)


def hurt() -> Summary:
    ids = [zone.id for zone in ZONES]
    return Summary(
        EndReason.DISCOMFORT,
        "it hurt",
        "All",
        900.0,
        tuple(ZoneFelt(zone, 0.5, 60.0 + at) for at, zone in enumerate(ids)),
        tuple(HeldBack(rule, ids[0], 900.0) for rule in ("zone", "joint", "ramp", "edge", "day")),
        summary().devices * 2,
        WAITS,
    )


def test_after_pain_the_headline_stays_on_an_80_by_24_screen_with_its_prompt() -> None:
    picture = drawn(hurt()).splitlines()
    assert len(picture) <= 23
    assert "Stopped because it hurt, after 15:00 min" in picture[1]


@pytest.mark.parametrize("say", [drawn, plain_summary])
def test_when_to_go_on_is_said_once(say: Callable[[Summary], str]) -> None:
    said = " ".join(say(hurt()).replace("│", " ").split())
    for why in WAITS:
        assert said.count(why) == 1


@pytest.mark.parametrize("say", [drawn, plain_summary])
def test_heat_that_was_asked_for_has_its_line(say: Callable[[Summary], str]) -> None:
    warm = HeatEnd("cape", 248.0, 38.5, "")
    assert "cape: heat was on for 4:08 min, up to 38.5 C" in say(replace(summary(), heat=(warm,)))
    unread = say(replace(summary(), heat=(HeatEnd("cape", 30.0, None, ""),)))
    assert "cape: heat was on for 30 s" in unread
    assert "up to None" not in unread
    cold = HeatEnd("cape", 0.0, 22.0, "its sensor has no reading")
    assert "cape: heat was off: its sensor has no reading" in say(replace(summary(), heat=(cold,)))
    assert "heat" not in say(summary())
