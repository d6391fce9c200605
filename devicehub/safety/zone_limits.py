"""What one zone of the body takes from each class of massager, and that the tiers are in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from devicehub.safety.strict import LimitsError, Table

TIERS = ("forbidden", "strict", "guarded", "muscle")
UNKNOWN = "unknown"

NO_LOOSER = (
    "max_intensity",
    "max_rise_per_s",
    "max_pattern_hz",
    "max_continuous_s",
    "max_session_s",
)
"""What an unknown place may not have more of than any place that is played."""

NEEDED_WHERE_MOVED = (*NO_LOOSER[1:], "min_rest_s")
"""What must be above 0 where the cap is."""


@dataclass(frozen=True, slots=True)
class ClassCaps:
    """What one zone takes from one class of massager.

    Intensities are fractions 0..1 of the device's strongest. `max_freq_hz` is None where no number
    is known. Seconds are for each side of the zone; the daily ones need a memory beyond a session.
    """

    max_intensity: float
    max_continuous_s: float
    min_rest_s: float
    max_session_s: float
    max_daily_s: float
    max_rise_per_s: float
    max_pattern_hz: float
    max_freq_hz: float | None


@dataclass(frozen=True, slots=True)
class ZoneLimits:
    """One zone of the body.

    `neighbours` tells which part (0..1) of a level here is felt there; `peak_limited` that nothing
    may knock here; `techniques` what suits it.
    """

    id: str
    name: str
    side: str
    tier: str
    forbidden: bool
    peak_limited: bool
    caps: Mapping[str, ClassCaps]
    neighbours: Mapping[str, float]
    techniques: frozenset[str]


def zones_by_id(
    tables: Sequence[Table], classes: tuple[str, ...], source: str
) -> Mapping[str, ZoneLimits]:
    """Return the section `zones`.

    Raises:
        LimitsError: A value is missing or makes no sense, or a zone appears twice.
    """
    zones = [_zone(table, classes) for table in tables]
    by_id = MappingProxyType({zone.id: zone for zone in zones})
    if len(by_id) != len(zones):
        raise LimitsError(f"{source}: a zone appears twice: keep one")
    return by_id


def _zone(table: Table, classes: tuple[str, ...]) -> ZoneLimits:
    caps = table.table("caps")
    caps.only(*classes)
    neighbours = table.table("neighbours")
    return ZoneLimits(
        id=table.text("id"),
        name=table.text("name"),
        side=table.text("side"),
        tier=table.text("tier", one_of=TIERS),
        forbidden=table.flag("forbidden"),
        peak_limited=table.flag("peak_limited"),
        caps=MappingProxyType({name: _class_caps(caps.table(name)) for name in classes}),
        neighbours=MappingProxyType(
            {name: neighbours.positive(name, most=1.0) for name in neighbours.names}
        ),
        techniques=frozenset(table.texts("techniques_allowed")),
    )


def _class_caps(table: Table) -> ClassCaps:
    table.only(*ClassCaps.__slots__)
    caps = ClassCaps(
        max_intensity=table.number("max_intensity", most=1.0),
        max_continuous_s=table.number("max_continuous_s"),
        min_rest_s=table.number("min_rest_s"),
        max_session_s=table.number("max_session_s"),
        max_daily_s=table.number("max_daily_s"),
        max_rise_per_s=table.number("max_rise_per_s"),
        max_pattern_hz=table.number("max_pattern_hz"),
        max_freq_hz=table.number_or_none("max_freq_hz"),
    )
    if caps.max_intensity > 0.0:
        for name in NEEDED_WHERE_MOVED:
            table.positive(name)
    return caps


def check_order(zones: Mapping[str, ZoneLimits], source: str) -> None:
    """Forbidden means 0 for every class; unknown is no looser than any zone that is played.

    Raises:
        LimitsError: It is not so; the text names the zone.
    """
    if UNKNOWN not in zones or zones[UNKNOWN].forbidden:
        raise LimitsError(f'{source}: zones must have "unknown", and not as a forbidden one')
    for zone in zones.values():
        if zone.forbidden != (zone.tier == "forbidden"):
            raise LimitsError(f"{source}: zone {zone.id}: tier and forbidden contradict each other")
        for other in zone.neighbours:
            if other not in zones:
                raise LimitsError(f"{source}: zone {zone.id}: neighbour {other!r} is not a zone")
        for name, caps in zone.caps.items():
            _check_caps(zone, name, caps, zones[UNKNOWN].caps[name], source)


def _check_caps(
    zone: ZoneLimits, name: str, caps: ClassCaps, unknown: ClassCaps, source: str
) -> None:
    where = f"{source}: zone {zone.id}, {name}"
    if zone.forbidden:
        if caps.max_intensity > 0.0:
            raise LimitsError(f"{where}: max_intensity is {caps.max_intensity:g}: forbidden is 0")
        return
    for key in NO_LOOSER:
        mine: float = getattr(caps, key)
        strictest: float = getattr(unknown, key)
        if mine < strictest:
            raise LimitsError(f"{where}: {key} is {mine:g}: unknown may not allow {strictest:g}")
    if unknown.max_intensity > 0.0 and caps.min_rest_s > unknown.min_rest_s:
        raise LimitsError(
            f"{where}: min_rest_s is {caps.min_rest_s:g}: "
            f"unknown may not allow {unknown.min_rest_s:g}"
        )
