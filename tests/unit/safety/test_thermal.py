"""What a pad's sensor shows against what the pad was told, on both sides of each number."""

import math

import pytest

from devicehub.safety.limits import Limits
from devicehub.safety.thermal import HOT, RUNAWAY, STUCK, ThermalWatch

TARGET_C = 40.0
COLD_C = 20.0


@pytest.fixture
def watch(limits: Limits) -> ThermalWatch:
    return ThermalWatch(limits.heat)


@pytest.mark.parametrize(
    ("celsius", "found"), [(math.nextafter(41.0, 0.0), None), (41.0, HOT), (60.0, HOT)]
)
@pytest.mark.parametrize("target_c", [None, TARGET_C])
def test_a_pad_that_trips_does_so_whether_it_is_on_or_off(
    watch: ThermalWatch, celsius: float, found: str | None, target_c: float | None
) -> None:
    watch.step(celsius, target_c, 0.0)
    assert watch.found == found


def test_above_its_target_a_pad_has_exactly_its_seconds(watch: ThermalWatch) -> None:
    watch.step(40.75, TARGET_C, 10.0)
    assert watch.found is None
    watch.step(40.75, TARGET_C, 0.001)
    assert watch.found == RUNAWAY


def test_half_a_degree_above_its_target_is_not_above_it(watch: ThermalWatch) -> None:
    watch.step(40.5, TARGET_C, 1000.0)
    assert watch.found is None


@pytest.mark.parametrize("back", [(40.0, TARGET_C), (40.75, None)])
def test_seconds_above_the_target_begin_anew_after_a_reading_that_is_well_or_a_pause(
    watch: ThermalWatch, back: tuple[float, float | None]
) -> None:
    watch.step(40.75, TARGET_C, 10.0)
    watch.step(*back, 1.0)
    watch.step(40.75, TARGET_C, 10.0)
    assert watch.found is None


def test_a_cold_sensor_has_exactly_a_minute_to_show_warmth(watch: ThermalWatch) -> None:
    watch.step(COLD_C, None, 1.0)
    watch.step(COLD_C, TARGET_C, 60.0)
    assert watch.found is None
    watch.step(COLD_C, TARGET_C, 0.001)
    assert watch.found == STUCK


def test_who_was_never_off_has_the_same_minute(watch: ThermalWatch) -> None:
    watch.step(COLD_C, TARGET_C, 60.0)
    assert watch.found is None
    watch.step(COLD_C, TARGET_C, 0.001)
    assert watch.found == STUCK


@pytest.mark.parametrize(("celsius", "found"), [(20.99, STUCK), (21.0, None)])
def test_a_degree_of_warmth_buys_another_minute(
    watch: ThermalWatch, celsius: float, found: str | None
) -> None:
    watch.step(COLD_C, None, 1.0)
    watch.step(COLD_C, TARGET_C, 60.0)
    watch.step(celsius, TARGET_C, 1.0)
    watch.step(celsius, TARGET_C, 59.0)
    assert watch.found == found


@pytest.mark.parametrize(("celsius", "found"), [(38.0, STUCK), (38.01, None)])
def test_two_degrees_below_its_target_a_pad_is_near_it(
    watch: ThermalWatch, celsius: float, found: str | None
) -> None:
    watch.step(celsius, None, 1.0)
    watch.step(celsius, TARGET_C, 61.0)
    assert watch.found == found


def test_a_minute_begins_anew_after_a_pause(watch: ThermalWatch) -> None:
    watch.step(COLD_C, None, 1.0)
    watch.step(COLD_C, TARGET_C, 60.0)
    watch.step(COLD_C, None, 1000.0)
    watch.step(COLD_C, TARGET_C, 60.0)
    assert watch.found is None


def test_what_was_found_first_is_what_is_said(watch: ThermalWatch) -> None:
    watch.step(40.75, TARGET_C, 11.0)
    watch.step(50.0, TARGET_C, 0.1)
    watch.step(COLD_C, TARGET_C, 61.0)
    assert watch.found == RUNAWAY
