"""The limits of heat pads and of telemetry as the table says them, and what is refused there."""

import json
from importlib import resources
from typing import Any

import pytest

from devicehub.safety.heat_limits import HeatLimits
from devicehub.safety.limits import Limits, parse
from devicehub.safety.strict import LimitsError
from devicehub.safety.telemetry import TelemetryLimits

TEXT = resources.files("devicehub.safety").joinpath("zones.json").read_text(encoding="utf-8")


def changed(section: str, *path: str, to: object) -> str:
    """Return the table with one value changed; None takes it out."""
    table: dict[str, Any] = json.loads(TEXT)
    inside: dict[str, Any] = table[section]
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = to
    if to is None:
        del inside[path[-1]]
    return json.dumps(table)


def test_the_numbers_are_those_of_the_table(limits: Limits) -> None:
    assert limits.heat == HeatLimits(
        max_surface_c=40.0,
        trip_surface_c=41.0,
        max_on_s_with_sensor=600.0,
        max_on_s_without_sensor=300.0,
        min_off_s=1200.0,
        max_daily_on_s=1800.0,
        stale_sensor_s=5.0,
        coldest_c=-20.0,
        hottest_c=100.0,
        above_target_c=0.5,
        above_target_s=10.0,
        rise_c=1.0,
        rise_within_s=60.0,
        near_target_c=2.0,
    )
    assert limits.telemetry == TelemetryLimits(3.0, 1.5, 0.25)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            ("max_surface_c",),
            41.0,
            "zones.json: heat.trip_surface_c is 41: must lie above max_surface_c",
        ),
        (("trip_surface_c",), 100.0, "heat.trip_surface_c is 100: must lie above"),
        (("trip_surface_c",), 0, "heat.trip_surface_c is 0: must be above 0"),
        (("min_off_s",), None, "heat.min_off_s is missing"),
        (("max_daily_on_s",), "1800", "heat.max_daily_on_s is '1800': must be a number"),
        (("sensor_range_c", "coldest"), True, "sensor_range_c.coldest is True: must be a number"),
        (("sensor_range_c", "coldest"), 1e999, "Infinity is not a number"),
        (("warming", "rise_c"), -1, "heat.warming.rise_c is -1: must be finite and at least 0"),
    ],
)
def test_a_limit_of_heat_that_makes_no_sense_is_refused(
    path: tuple[str, ...], value: object, line: str
) -> None:
    with pytest.raises(LimitsError) as refusal:
        parse(changed("heat", *path, to=value), "zones.json")
    assert line in str(refusal.value)


def test_telemetry_needs_its_numbers() -> None:
    with pytest.raises(LimitsError, match=r"telemetry\.stale_s is missing"):
        parse(changed("telemetry", "stale_s", to=None), "zones.json")
    with pytest.raises(LimitsError, match=r"recovers_share is 1\.5"):
        parse(changed("telemetry", "recovers_share", to=1.5), "zones.json")


def test_a_temperature_may_lie_below_zero_and_must_be_finite(limits: Limits) -> None:
    assert limits.heat.coldest_c < 0.0
    text = TEXT.replace('"coldest": -20', '"coldest": -1e999')
    with pytest.raises(LimitsError, match="coldest is -inf: must be finite"):
        parse(text, "zones.json")
