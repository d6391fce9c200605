"""The panel: what a person reads off it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from devicehub.cli import text
from devicehub.cli.panel import Panel, Stage, render
from devicehub.messages import HeatView, PlaceAsked, SessionState, Snapshot
from profiles.text import Language
from profiles.text import Text as Written
from tests.every import every, every_row
from tests.unit.cli.sample import LAYOUTS, snapshot

STAGE = Stage(LAYOUTS, simulated=True)


def lines(now: Snapshot, stage: Stage = STAGE, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, record=True)
    console.print(render(now, stage))
    return console.export_text().splitlines()


def sized(now: Snapshot, width: int, height: int, said: str = "") -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height, record=True)
    console.print(render(now, STAGE, said, width, height))
    return console.export_text().splitlines()


def drawn(now: Snapshot, stage: Stage = STAGE) -> str:
    return "\n".join(lines(now, stage))


@pytest.mark.exhaustive
@every(sorted(LAYOUTS))
def test_it_fits_80_by_24(model: str) -> None:
    picture = lines(snapshot(model, cue="A long cue. " * 20, held_by="zone"))
    assert len(picture) <= 24
    assert {len(line) for line in picture} == {80}


def test_it_keeps_its_height_when_there_is_no_cue() -> None:
    assert len(lines(snapshot(cue=""))) == len(lines(snapshot(cue="A long cue. " * 20)))


def test_it_says_that_nothing_real_moves() -> None:
    assert "SIMULATED: nothing real moves" in drawn(snapshot())
    assert "SIMULATED" not in drawn(snapshot(), Stage(LAYOUTS))


def test_it_names_phase_technique_zones_cue_and_ceiling() -> None:
    said = drawn(snapshot())
    for words in ("Phase 2 of 5: kneading", "Rhomboids; upper trapezius", "shoulders drop", "80%"):
        assert words in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Move it: middle and lower trapezius, then press n"),
        ("ru", "Сюда, затем n: середина и низ трапециевидной мышцы"),
    ],
)
def test_where_a_handheld_goes_is_said_in_the_language_that_was_asked_for(
    language: Language, words: str
) -> None:
    now = replace(snapshot(), places=(PlaceAsked("wand", ("trapezius_mid_low",)),))
    assert words in drawn(now, Stage(LAYOUTS, language=language))


def test_a_cue_is_in_the_language_that_was_asked_for() -> None:
    now = snapshot(cue=Written("Breathe out.", "Выдохните."))
    assert "Выдохните." in drawn(now, Stage(LAYOUTS, language="ru"))
    assert "Breathe out." in drawn(now, Stage(LAYOUTS))


def test_the_countdown_is_three_lines_high() -> None:
    top, middle, bottom = (line[4:19].rstrip() for line in lines(snapshot(remaining_s=233.0))[3:6])
    assert (top, middle, bottom) == ("▀▀█ ▄ █▀▀ ▀▀█", "▀▀█ ▄ ▀▀█ ▀▀█", "▀▀▀   ▀▀▀ ▀▀▀")


def test_motors_stand_in_the_rows_in_which_they_sit() -> None:
    said = drawn(snapshot("reference-cape"))
    for row in ("shoulders", "shoulder blades", "mid back", "lower back"):
        assert row in said
    assert said.count("25%") == 12


def test_motors_without_a_place_on_the_back_are_not_drawn() -> None:
    assert drawn(snapshot("bhaptics-x40")).count("25%") == 20


def test_a_bar_shows_what_is_delivered_what_is_held_back_and_the_cap() -> None:
    assert "███▒▒▒·┃····" in drawn(snapshot())


def test_a_rule_that_holds_something_back_is_marked_and_named() -> None:
    said = drawn(snapshot(held_by="joint"))
    assert "25%▾" in said
    assert "held back: neighbouring motors add up" in said
    assert "25%▾" not in drawn(snapshot())


SIZES = [(40, 12), (60, 12), (76, 24), (80, 12), (80, 24), (120, 40)]


def test_a_pause_says_how_to_go_on() -> None:
    assert "PAUSED - press space to go on" in drawn(snapshot(state=SessionState.PAUSED))


def test_a_lost_link_cannot_be_overlooked() -> None:
    said = drawn(snapshot(link="lost"))
    assert "LINK LOST" in said
    assert "MAY BE RUNNING" in said


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_one_that_is_looked_for_is_counted_down(width: int, height: int) -> None:
    paused = snapshot(link="returning", state=SessionState.PAUSED)
    (vest,) = paused.devices
    away = replace(paused, devices=(replace(vest, name="vest", returning_left_s=41.6),))
    said = " ".join("\n".join(sized(away, width, height)).split())
    assert "looking for vest, 42 s" in said
    assert "MAY BE RUNNING: vest" in said
    assert "press space" not in said


def test_device_link_and_battery_are_on_the_frame() -> None:
    assert "sim:reference-cape - connected - battery 83%" in drawn(snapshot())


KEYS = ("space pause", "s softer", "+ stronger", "d discomfort", "h it hurts", "p I am here")


def test_every_key_is_named() -> None:
    said = drawn(snapshot())
    assert all(key in said for key in (*KEYS, "q stop"))


@pytest.mark.exhaustive
@every_row([(model, *size) for model in sorted(LAYOUTS) for size in SIZES])
def test_what_matters_is_on_the_smallest_terminal(model: str, width: int, height: int) -> None:
    asked = replace(
        snapshot(model, link="lost", cue="A long cue. " * 20), presence_left_s=23.0, title="x" * 80
    )
    picture = sized(asked, width, height, "noted, weaker from here on; press d again to end it")
    said = "\n".join(picture)
    assert len(picture) <= height
    assert max(len(line) for line in picture) <= width
    assert f"MAY BE RUNNING: sim:{model}" in " ".join(said.split())
    assert "ARE YOU THERE? press p" in said
    assert "then everything stops" in said
    assert "noted, weaker from here on" in said
    assert all(key in said for key in (*KEYS, "q stop"))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_time_state_and_what_to_press_are_on_the_smallest_terminal(width: int, height: int) -> None:
    picture = sized(snapshot(state=SessionState.PAUSED), width, height)
    said = "\n".join(picture)
    assert "PAUSED - press space to go on" in said
    assert "3:53" in said or "▀▀█ ▄ █▀▀ ▀▀█" in said
    assert all(key in said for key in (*KEYS, "q stop"))


def test_with_room_nothing_is_left_out_for_several_massagers() -> None:
    (vest,), (wand,) = snapshot("bhaptics-x40").devices, snapshot("lovense-domi").devices
    both = replace(snapshot(), devices=(*snapshot().devices, vest, wand))
    assert len(sized(both, 80, 24)) <= 24
    assert "".join(sized(both, 80, 60)).count("25%") == 12 + 20 + 1


def test_the_question_counts_down_in_large_digits() -> None:
    asked = lines(replace(snapshot(), presence_left_s=23.0))
    assert "█▀█ ▄ ▀▀█ ▀▀█" in asked[3]
    assert "ARE YOU THERE? press p" in asked[3]
    assert "then everything stops" in asked[5]


def test_nobody_is_asked_while_the_motors_stop() -> None:
    stopping = replace(snapshot(state=SessionState.STOPPING), presence_left_s=0.0)
    assert "ARE YOU THERE" not in drawn(stopping)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_alarm_keeps_what_to_do_and_leaves_out_what_makes_no_sense(
    width: int, height: int
) -> None:
    do = "Hold its button for five seconds until its lights go out. It does not stop when lost."
    stopping = snapshot(link="lost", state=SessionState.STOPPING)
    picture = sized(stopping, width, height, do)
    said = "\n".join(picture)
    assert len(picture) <= height
    assert "MAY BE RUNNING" in said
    assert "when lost." in " ".join(said.split())
    assert "shoulders drop" not in said
    assert "pause" not in said
    assert "stronger" not in said
    assert "q stop" in said


def test_an_answer_takes_the_place_of_what_explains() -> None:
    quiet, told = sized(snapshot(held_by="zone"), 80, 24), sized(snapshot(), 80, 24, "softer")
    assert len(quiet) == len(told)
    assert "softer" in "\n".join(told)
    assert "delivered" not in "\n".join(told)


@every(sorted(LAYOUTS))
def test_without_utf_8_it_is_pure_ascii(model: str) -> None:
    assert drawn(snapshot(model, held_by="zone"), Stage(LAYOUTS, ascii_only=True)).isascii()


def test_markup_in_a_title_is_plain_text() -> None:
    console = Console(file=io.StringIO(), width=80, record=True)
    console.print(render(replace(snapshot(), title="[red]x[/red]"), STAGE))
    assert "[red]x[/red]" in console.export_text()


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def terminal() -> tuple[Console, io.StringIO]:
    output = io.StringIO()
    return Console(file=output, force_terminal=True, width=80, height=24), output


def test_it_draws_ten_pictures_a_second_at_most() -> None:
    clock = Clock()
    console, output = terminal()
    with Panel(STAGE, console, clock) as panel:
        panel.update(snapshot())
        size = len(output.getvalue())
        clock.now_s = 0.09
        panel.update(snapshot())
        assert len(output.getvalue()) == size
        clock.now_s = 0.11
        panel.update(snapshot())
        assert len(output.getvalue()) > size


def test_a_new_state_is_drawn_at_once() -> None:
    console, output = terminal()
    with Panel(STAGE, console, Clock()) as panel:
        panel.update(snapshot())
        panel.update(snapshot(state=SessionState.STOPPING))
    assert "STOPPING" in output.getvalue()


def test_closing_gives_the_screen_back_even_twice() -> None:
    console, output = terminal()
    panel = Panel(STAGE, console, Clock())
    panel.update(snapshot())
    panel.close()
    panel.close()
    assert output.getvalue().count("\x1b[?1049h") == 1
    assert output.getvalue().count("\x1b[?1049l") == 1
    assert "\x1b[?25h" in output.getvalue()


@pytest.mark.parametrize(
    ("pad", "line"),
    [
        (HeatView(asked=True, on=True, celsius=38.5, why_off=""), "heat on (38.5 C)"),
        (HeatView(asked=True, on=False, celsius=41.0, why_off="rest"), "heat off: rest (41 C)"),
        (HeatView(asked=True, on=False, celsius=None, why_off="rest"), "heat off: rest"),
    ],
)
def test_a_heat_pad_that_was_asked_for_has_its_line(pad: HeatView, line: str) -> None:
    assert text.heat(pad) == line
    assert "heat on (38.5 C)" in drawn(snapshot())
