"""What the table of limits says of massagers that cannot do everything."""

from dataclasses import dataclass

from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class OnOffLimits:
    """For massagers that are on or off.

    Attributes:
        min_cap: Where less than this may be done, they are off.
        max_on_s: The longest that one is on at a stretch.
        min_off_s: The shortest that it is off in between.
        never: Classes that may not be switched at all.
    """

    min_cap: float
    max_on_s: float
    min_off_s: float
    never: tuple[str, ...]


def on_off_limits(table: Table, classes: tuple[str, ...]) -> OnOffLimits:
    """Return what the section `device_rules.no_intensity_control` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    return OnOffLimits(
        min_cap=table.positive("min_cap", most=1.0),
        max_on_s=table.positive("max_on_s"),
        min_off_s=table.positive("min_off_s"),
        never=table.texts("never", of=classes),
    )
