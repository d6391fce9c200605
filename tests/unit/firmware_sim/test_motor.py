"""The spinning mass: 63 % after 100 ms, still in the dead band, and what came of a tape."""

import json
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.motor import DEAD_BAND, FELT, felt, spin

unit = st.floats(0.0, 1.0)
seconds = st.floats(0.0, 10.0)


def tape(*changes: tuple[float, int], end_s: float = 10.0) -> list[str]:
    entries: list[object] = [{"t": 0.0, "kind": "device", "model": "m", "actuators": 2}]
    entries += [
        {"t": t, "kind": "motor", "actuator": 0, "level": level, "of": 100} for t, level in changes
    ]
    entries.append({"t": end_s, "kind": "link", "state": "closed"})
    return [json.dumps(entry) for entry in entries]


def test_a_motor_reaches_63_percent_in_100_ms() -> None:
    assert spin(0.0, 1.0, 0.1) == pytest.approx(0.632, abs=0.001)


def test_a_motor_falls_to_37_percent_in_100_ms() -> None:
    assert spin(1.0, 0.0, 0.1) == pytest.approx(0.368, abs=0.001)


def test_drive_inside_the_dead_band_does_not_turn_the_mass() -> None:
    assert spin(0.0, DEAD_BAND * 0.99, 10.0) == 0.0
    assert spin(0.0, DEAD_BAND, 10.0) == pytest.approx(DEAD_BAND)


def test_no_time_changes_no_speed() -> None:
    assert spin(0.4, 1.0, 0.0) == 0.4


@given(speed=unit, drive=unit, dt_s=seconds)
def test_speed_stays_between_where_it_was_and_where_it_goes(
    speed: float, drive: float, dt_s: float
) -> None:
    goal = drive if drive >= DEAD_BAND else 0.0
    low, high = sorted((speed, goal))
    assert low - 1e-12 <= spin(speed, drive, dt_s) <= high + 1e-12


@given(speed=unit, drive=unit, dt_s=seconds, share=unit)
def test_splitting_the_time_changes_nothing(
    speed: float, drive: float, dt_s: float, share: float
) -> None:
    halfway = spin(speed, drive, dt_s * share)
    assert spin(halfway, drive, dt_s * (1 - share)) == pytest.approx(spin(speed, drive, dt_s))


def test_a_long_drive_is_felt_from_its_rise_to_its_fall() -> None:
    [driven, still] = felt(tape((1.0, 50), (4.0, 0)))
    rise_s, fall_s = 0.1 * -log_ratio(0.5), 0.1 * log_up(0.5)
    assert driven.felt_s == pytest.approx(3.0 - rise_s + fall_s)
    assert driven.strongest == pytest.approx(0.5)
    assert (still.strongest, still.felt_s) == (0.0, 0.0)


def log_ratio(level: float) -> float:
    """Time constants that a mass at rest needs to reach what is felt, negative."""

    return log((level - FELT) / level)


def log_up(level: float) -> float:

    return log(level / FELT)


def test_a_short_pulse_is_weaker_than_what_was_driven() -> None:
    [driven, _] = felt(tape((1.0, 100), (1.1, 0)))
    assert driven.strongest == pytest.approx(1 - exp(-1))


def test_a_drive_below_what_is_felt_is_not_felt() -> None:
    [driven, _] = felt(tape((1.0, 4)))
    assert driven.felt_s == 0.0
    assert driven.strongest == pytest.approx(0.04)


def test_a_motor_that_still_runs_counts_up_to_the_last_line() -> None:
    [driven, _] = felt(tape((1.0, 100), (2.0, 50), end_s=3.0))
    assert driven.felt_s == pytest.approx(2.0 + 0.1 * log_ratio(1.0))


def test_an_empty_tape_tells_of_no_motor() -> None:
    assert felt([]) == ()
