"""What a massager says that it drives, against what it was told."""

import pytest

from devicehub.safety.limits import Limits
from devicehub.safety.telemetry import Telemetry

SILENT = "it no longer says what it does"
STRANGE = "it does something that was not asked for"
STEP_S = 0.25


class Line:
    """A massager of two motors that says four times a second what it drives."""

    def __init__(self, limits: Limits) -> None:
        self.it = Telemetry(limits.telemetry, 2, 0.0)
        self.now_s = 0.0

    def say(self, *steps: int, for_s: float) -> str | None:
        """Let time pass in which it says this; return the trouble at the end."""
        for _ in range(round(for_s / STEP_S)):
            self.it.said(steps, self.now_s)
            self.now_s += STEP_S
        return self.it.trouble(self.now_s)

    def silent(self, for_s: float) -> str | None:
        """Let time pass, beat by beat, in which it says nothing."""
        for _ in range(round(for_s / STEP_S) - 1):
            self.now_s += STEP_S
            self.it.trouble(self.now_s)
        self.now_s += STEP_S
        return self.it.trouble(self.now_s)


@pytest.fixture
def line(limits: Limits) -> Line:
    return Line(limits)


def test_what_was_told_is_no_trouble(line: Line) -> None:
    line.it.told((30, 0), 0.0)
    assert line.say(30, 0, for_s=100.0) is None


@pytest.mark.parametrize("strange", [(31, 0), (29, 0), (30, 1)])
def test_what_was_not_told_is_trouble_after_3_s(line: Line, strange: tuple[int, int]) -> None:
    line.it.told((30, 0), 0.0)
    line.say(30, 0, for_s=10.0)
    assert line.say(*strange, for_s=3.0) is None
    assert line.it.trouble(line.now_s + 0.001) == STRANGE


def test_a_massager_that_was_told_nothing_may_do_nothing(line: Line) -> None:
    assert line.say(1, 0, for_s=3.25) == STRANGE


def test_silence_before_the_first_report_is_nothing_strange(line: Line) -> None:
    for now_s in (1.5, 3.0, 3.1):
        line.it.said((1, 0), now_s)
    assert line.it.trouble(3.1) is None


def test_a_report_may_be_late_by_the_window(line: Line) -> None:
    line.it.told((30, 0), 0.0)
    line.say(30, 0, for_s=10.0)
    line.it.told((50, 0), 10.0)
    assert line.say(30, 0, for_s=1.5) is None
    assert line.say(30, 0, for_s=3.25) == STRANGE


def test_levels_between_those_told_lately_are_no_trouble(line: Line) -> None:
    for beat in range(200):
        line.it.told((20 + beat % 2 * 20, 0), beat * STEP_S)
        assert line.say(30, 0, for_s=STEP_S) is None


def test_a_level_that_comes_and_goes_is_found(line: Line) -> None:
    for _ in range(3):
        assert line.say(80, 0, for_s=1.0) is None
        line.say(0, 0, for_s=1.0)
    assert line.say(80, 0, for_s=1.0) == STRANGE


def test_what_was_strange_for_a_moment_is_forgotten(line: Line) -> None:
    for _ in range(20):
        assert line.say(80, 0, for_s=0.5) is None
        line.say(0, 0, for_s=2.0)


def test_silence_is_trouble_after_3_s(line: Line) -> None:
    line.say(0, 0, for_s=1.0)
    line.it.said((0, 0), line.now_s)
    assert line.silent(3.0) is None
    assert line.it.trouble(line.now_s + 0.001) == SILENT


def test_a_massager_that_never_speaks_is_silent(line: Line) -> None:
    assert line.silent(3.25) == SILENT


def test_an_absence_of_the_hub_itself_is_no_silence(line: Line) -> None:
    line.say(0, 0, for_s=1.0)
    assert line.it.trouble(line.now_s + 60.0) is None


def test_what_is_told_again_is_told_as_it_was_first(line: Line) -> None:
    line.it.told((30, 0), 0.0)
    line.it.told((50, 0), 1.0)
    for beat in range(5):
        line.it.told((50, 0), 1.1 + beat)
    assert line.say(30, 0, for_s=2.5) is None
    assert line.say(30, 0, for_s=3.25) == STRANGE


# -- to the moment --------------------------------------------------------------------------------


def silent_until(it: Telemetry, until_s: float) -> str | None:
    """Look once a second, so that no absence of the hub itself is counted."""
    for second in range(1, int(until_s)):
        it.trouble(float(second))
    return it.trouble(until_s)


@pytest.mark.parametrize(("until_s", "found"), [(3.0, None), (3.001, SILENT)])
def test_silence_from_the_beginning_has_its_3_s(
    limits: Limits, until_s: float, found: str | None
) -> None:
    assert silent_until(Telemetry(limits.telemetry, 1, 0.0), until_s) == found


@pytest.mark.parametrize(("until_s", "found"), [(3.0, None), (3.001, SILENT)])
def test_a_report_begins_the_3_s_anew(limits: Limits, until_s: float, found: str | None) -> None:
    it = Telemetry(limits.telemetry, 1, -2.0)
    it.said((0,), 0.0)
    assert silent_until(it, until_s) == found


def test_strange_time_is_taken_back_at_a_quarter_of_its_speed(limits: Limits) -> None:
    it = Telemetry(limits.telemetry, 1, 0.0)
    it.said((1,), 0.0)
    it.said((1,), 1.0)
    it.said((0,), 2.0)  # two seconds were strange
    for second in (3.0, 4.0, 5.0):
        it.said((0,), second)
    it.said((1,), 6.0)  # one of them is taken back
    it.said((1,), 7.0)
    it.said((1,), 8.0)
    assert it.trouble(8.0) is None
    assert it.trouble(8.001) == STRANGE


@pytest.mark.parametrize(("at_s", "found"), [(11.499, None), (11.5, STRANGE)])
def test_what_was_told_before_is_right_for_the_window_and_no_longer(
    limits: Limits, at_s: float, found: str | None
) -> None:
    it = Telemetry(limits.telemetry, 1, 0.0)
    it.told((30,), 0.0)
    it.told((50,), 10.0)
    for beat in range(4):
        it.said((30,) if found or not beat else (50,), at_s + beat)
    assert it.trouble(at_s + 3.001) == found


def test_a_clock_that_runs_back_takes_no_strange_time_back(limits: Limits) -> None:
    it = Telemetry(limits.telemetry, 1, 0.0)
    it.said((1,), 0.0)
    for second in (1.0, 2.0, 3.0, 2.5):
        it.said((1,), second)
    assert it.trouble(2.5) is None
    assert it.trouble(2.501) == STRANGE
