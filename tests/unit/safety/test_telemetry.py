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
