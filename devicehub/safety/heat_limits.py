"""What the table of limits says of heat pads."""

from dataclasses import dataclass

from devicehub.safety.strict import LimitsError, Table


@dataclass(frozen=True, slots=True)
class HeatLimits:
    """How warm, for how long, and what a temperature sensor has to show meanwhile.

    Attributes:
        max_surface_c: The highest target, in degrees Celsius.
        trip_surface_c: A pad that reads this much stays off for the session.
        max_on_s_with_sensor: The longest time on, where a sensor tells the temperature.
        max_on_s_without_sensor: The same where none does.
        min_off_s: The rest after every time on, however short.
        max_daily_on_s: The most seconds on within 24 h, all pads together.
        stale_sensor_s: A reading older than this is none.
        coldest_c: Below this a reading makes no sense.
        hottest_c: Above this a reading makes no sense.
        above_target_c: So much above its target a pad may read for a while,
        above_target_s: which is no longer than this.
        rise_c: While it warms up, a reading has to rise by this
        rise_within_s: in every so many seconds,
        near_target_c: until it is less than this below its target.
    """

    max_surface_c: float
    trip_surface_c: float
    max_on_s_with_sensor: float
    max_on_s_without_sensor: float
    min_off_s: float
    max_daily_on_s: float
    stale_sensor_s: float
    coldest_c: float
    hottest_c: float
    above_target_c: float
    above_target_s: float
    rise_c: float
    rise_within_s: float
    near_target_c: float


def heat_limits(table: Table, source: str) -> HeatLimits:
    """Return what the section `heat` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    span, above = table.table("sensor_range_c"), table.table("above_target")
    warming = table.table("warming")
    limits = HeatLimits(
        max_surface_c=table.positive("max_surface_c"),
        trip_surface_c=table.positive("trip_surface_c"),
        max_on_s_with_sensor=table.positive("max_on_s_with_sensor"),
        max_on_s_without_sensor=table.positive("max_on_s_without_sensor"),
        min_off_s=table.positive("min_off_s"),
        max_daily_on_s=table.positive("max_daily_on_s"),
        stale_sensor_s=table.positive("stale_sensor_s"),
        coldest_c=span.degrees("coldest"),
        hottest_c=span.degrees("hottest"),
        above_target_c=above.positive("by_c"),
        above_target_s=above.positive("for_s"),
        rise_c=warming.positive("rise_c"),
        rise_within_s=warming.positive("within_s"),
        near_target_c=warming.positive("until_below_target_c"),
    )
    if not limits.max_surface_c < limits.trip_surface_c < limits.hottest_c:
        raise LimitsError(
            f"{source}: heat.trip_surface_c is {limits.trip_surface_c:g}: "
            "must lie above max_surface_c and below sensor_range_c.hottest"
        )
    return limits
