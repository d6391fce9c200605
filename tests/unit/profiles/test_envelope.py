"""The technique `envelope`: a drawn curve, and the mistakes that can be made in one."""

from typing import Any

import pytest

from profiles.compose import compose
from profiles.errors import ProfileError
from profiles.layout import Layout
from profiles.loader import load_text
from profiles.stage import set_stage
from profiles.techniques import Envelope
from tests.unit.profiles.layouts import CAPE, wand

TEXT = """
title = "Drawn"
summary = "A curve."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "envelope"
zones = ["rhomboid"]
{length}
level = {level}
points = {points}
"""
HILL = "[[0, 0.2], [5, 1.0], [10, 0.4]]"


def text(points: str = HILL, length: str = "seconds = 10", level: str = "1.0") -> str:
    return TEXT.format(points=points, length=length, level=level)


def mistake(**keys: str) -> str:
    with pytest.raises(ProfileError) as told:
        load_text(text(**keys), "drawn.toml")
    return str(told.value)


def level(t_s: float, layout: Layout = CAPE, **keys: Any) -> float:
    return max(compose(load_text(text(**keys), "drawn.toml"), layout).at(t_s).levels)


@pytest.mark.parametrize(("t_s", "drawn"), [(0.05, 0.208), (2.5, 0.6), (5.0, 1.0), (9.95, 0.406)])
def test_a_session_plays_the_curve_and_nothing_of_its_own(t_s: float, drawn: float) -> None:
    assert level(t_s) == pytest.approx(drawn)


def test_a_level_makes_the_whole_curve_softer() -> None:
    assert level(5.0, level="0.3") == pytest.approx(0.3)


def test_a_longer_phase_plays_it_again() -> None:
    assert level(15.0, length="seconds = 30") == pytest.approx(1.0)


def test_it_is_played_on_all_the_motors_of_its_zones() -> None:
    stage = set_stage(CAPE, ("rhomboid",), (), {})
    phase = Envelope.model_validate(
        {
            "technique": "envelope",
            "zones": ["rhomboid"],
            "seconds": 10,
            "level": 1,
            "points": [[0, 0.5], [10, 0.5]],
        }
    )
    assert phase.shape(stage).at(3.0) == [(motor, 0.25) for motor in stage.actuators]


def test_rises_that_come_too_fast_for_a_zone_are_told() -> None:
    points = "[[0, 0], [1, 1], [2, 0], [3, 1], [4, 0], [10, 1]]"
    profile = load_text(text(points), "drawn.toml")
    (note,) = compose(profile, wand("rhomboid"), max_pattern_hz={"rhomboid": 0.5}).warnings
    assert "rises 2 s apart where its zones take one each 2.7 s" in note


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("[[0, 0]]", "drawn.toml:11: phase[0].points = [[...]]: must be a list of 2 to 10000"),
        ("[[0, 0], [1, 1.5]]", "phase[0].points[1][1] = 1.5: must be a list of 2 to"),
        ("[[0, 0], [-1, 1]]", "phase[0].points[1][0] = -1: must be"),
        ("[[0, 0], [1, nan]]", "phase[0].points[1][1] = nan: must be"),
        ("[[0, 0], [1]]", "phase[0].points[1] = [1]: must be a pair [seconds, level]"),
        ("[[0, 0], 1]", "phase[0].points[1] = 1: must be a pair [seconds, level]"),
        ("[[0, 0], [3, 1], [3, 0]]", "point 2 is at 3 s, not after 3 s; times must rise"),
        ("[[0, 0], [11, 1]]", "ends at 11 s, after the phase, which has 10 s"),
        ('"steep"', 'phase[0].points = "steep": must be a list of 2 to'),
    ],
)
def test_a_mistake_in_points_is_one_line(points: str, told: str) -> None:
    said = mistake(points=points)
    assert told in said
    assert "\n" not in said


def test_a_phase_of_minutes_is_measured_too() -> None:
    assert "ends at 10 s, after the phase, which has 6 s" in mistake(length="minutes = 0.1")
