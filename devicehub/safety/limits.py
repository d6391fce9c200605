"""The limits: what each zone of the body takes from each class of massager.

The numbers live in `zones.json` beside this file, with unit, basis and source. They are read once
into frozen values; there is no function that changes one, so nothing can be loosened at run time.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import platformdirs

from devicehub.safety.admission_limits import AdmissionLimits, admission_limits
from devicehub.safety.conditions import Condition, conditions
from devicehub.safety.daily_limits import DailyLimits, daily_limits
from devicehub.safety.device_limits import OnOffLimits, on_off_limits
from devicehub.safety.heat_limits import HeatLimits, heat_limits
from devicehub.safety.session_limits import SessionLimits, session_limits
from devicehub.safety.strict import LimitsError, Table, read
from devicehub.safety.telemetry import TelemetryLimits, telemetry_limits
from devicehub.safety.user_table import read_own, tightened_section, tightened_zones
from devicehub.safety.zone_limits import UNKNOWN, ClassCaps, ZoneLimits, check_order, zones_by_id

MOST_BYTES = 256_000
"""A table of a user is a page or two; more is no table."""

__all__ = ["UNKNOWN", "ClassCaps", "Limits", "LimitsError", "Timing", "ZoneLimits", "load", "parse"]

_TIGHTENED = ("session", "daily", "heat")
"""The sections, beside the zones, that a user's own table may tighten."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in the loop, in seconds; `edge_max_share` is a part of the cap.

    `tail_s` is how long something may move after the hub has died: until its silence is noticed,
    the last frame is stale, and a stop is through or given up.
    """

    tail_s: float
    frame_ttl_s: float
    slew_dt_max_s: float
    edge_min_s: float
    edge_min_peak_limited_s: float
    edge_max_share: float
    ramp_window_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The whole table. Whatever it does not know is the strictest value or an error."""

    classes: tuple[str, ...]
    zones: Mapping[str, ZoneLimits]
    timing: Timing
    session: SessionLimits
    daily: DailyLimits
    on_off: OnOffLimits
    heat: HeatLimits
    telemetry: TelemetryLimits
    joint_cap_factor: float
    joint_cap_floor: Mapping[str, float]
    mild_discomfort_factor: float
    admission: AdmissionLimits
    screening_max_age_s: float
    conditions: Mapping[str, Condition]

    def zone(self, zone_id: str) -> ZoneLimits:
        """Return the limits of a zone; those of "unknown", the strictest, for an id not listed."""
        return self.zones.get(zone_id) or self.zones[UNKNOWN]

    def caps(self, zone_id: str, stimulus_class: str) -> ClassCaps:
        """Return what a zone takes from a class of massager.

        Raises:
            LimitsError: The class is not in the table; there is no strictest class to fall back on.
        """
        if stimulus_class not in self.classes:
            right = ", ".join(self.classes)
            raise LimitsError(f"class is {stimulus_class!r}: must be one of {right}")
        return self.zone(zone_id).caps[stimulus_class]

    def tau(self, a: str, b: str) -> float:
        """Return which part (0..1) of a level in one zone is felt in the other; symmetric."""
        if a == b:
            return 1.0
        there, back = self.zone(a).neighbours.get(b, 0.0), self.zone(b).neighbours.get(a, 0.0)
        return max(there, back)

    def joint_cap(self, zone_id: str, stimulus_class: str) -> float:
        """Return the most that all motors together may do in a guarded or strict zone (0..2)."""
        cap = self.caps(zone_id, stimulus_class).max_intensity
        return self.joint_cap_factor * cap or self.joint_cap_floor[self.zone(zone_id).tier]

    def tightened(self, text: str, source: str) -> "Limits":
        """Return the table with what a user wrote in TOML; `source` names it in messages.

        Raises:
            LimitsError: Something in it is looser, unknown or makes no sense; it says all of it.
        """
        own = read_own(text, source)
        own.only(("zones", *_TIGHTENED))
        tighter = replace(
            self,
            zones=tightened_zones(self.zones, own),
            **{name: tightened_section(getattr(self, name), name, own) for name in _TIGHTENED},
        )
        own.finish()
        check_order(tighter.zones, source)
        return tighter

    def max_pattern_hz(self, stimulus_class: str) -> Mapping[str, float]:
        """Return the fastest pattern in Hz by zone, for every zone that takes this class at all."""
        hz = {z: self.caps(z, stimulus_class).max_pattern_hz for z in self.zones}
        return {zone: value for zone, value in hz.items() if value > 0.0}

    def edges_s(self) -> Mapping[str, float]:
        """Return the shortest edge from nothing to the cap by zone, in seconds."""
        timing = self.timing
        return {
            name: timing.edge_min_peak_limited_s if zone.peak_limited else timing.edge_min_s
            for name, zone in self.zones.items()
        }


@cache
def load() -> Limits:
    """Return the packaged table.

    Raises:
        LimitsError: The installed file is damaged; the text says where.
    """
    file = resources.files("devicehub.safety").joinpath("zones.json")
    return parse(file.read_text(encoding="utf-8"), "zones.json")


def load_user(file: Path | None = None) -> Limits:
    """Return the packaged table, tightened by the user's own `file` if there is one.

    Args:
        file: A TOML file; None is `limits.toml` in the folder of the user's settings.

    Raises:
        LimitsError: The file cannot be read or is wrong; the text says where.
    """
    file = file or platformdirs.user_config_path("devicehub", appauthor=False) / "limits.toml"
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise LimitsError(
                f"{file}: cannot be read: must be an ordinary file of at most {MOST_BYTES} bytes"
            )
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return load()
    except (OSError, UnicodeDecodeError) as error:
        raise LimitsError(f"{file}: cannot be read: {error}") from None
    return load().tightened(text, str(file))


def parse(text: str, source: str) -> Limits:
    """Return the table written in `text`; `source` names it in messages.

    Raises:
        LimitsError: A value is missing, of another kind, not finite, below zero, or contradicts the
            order of the tiers.
    """
    file = read(text, source)
    classes = file.table("stimulus_classes").names
    zones = zones_by_id(file.tables("zones"), classes, source)
    check_order(zones, source)
    joint = file.table("joint_limits")
    floor = joint.table("joint_cap_where_max_intensity_is_0")
    mild = file.table("discomfort").table("mild")
    return Limits(
        classes=classes,
        zones=zones,
        timing=_timing(file.table("timing")),
        session=session_limits(file.table("session"), classes),
        daily=daily_limits(file.table("daily"), classes),
        on_off=on_off_limits(file.table("device_rules").table("no_intensity_control"), classes),
        heat=heat_limits(file.table("heat"), source),
        telemetry=telemetry_limits(file.table("telemetry")),
        joint_cap_factor=joint.positive("joint_cap_factor"),
        joint_cap_floor=MappingProxyType(
            {tier: floor.positive(tier, most=1.0) for tier in ("guarded", "strict")}
        ),
        mild_discomfort_factor=mild.positive("factor_all_caps", most=1.0),
        admission=admission_limits(file.table("admission")),
        screening_max_age_s=file.table("screening").positive("max_age_s"),
        conditions=conditions(file.tables("conditions"), tuple(zones), classes),
    )


def _timing(table: Table) -> Timing:
    edge = table.table("edge_min_s")
    until_stopped = ("guardian_limit_s", "frame_ttl_s", "stop_write_timeout_s")
    return Timing(
        tail_s=sum(table.positive(name) for name in until_stopped),
        frame_ttl_s=table.positive("frame_ttl_s"),
        slew_dt_max_s=table.positive("slew_dt_max_s"),
        edge_min_s=edge.positive("default"),
        edge_min_peak_limited_s=edge.positive("peak_limited_zones"),
        edge_max_share=table.positive("edge_max_share_of_cap", most=1.0),
        ramp_window_s=table.positive("ramp_window_s"),
    )
