"""What the limits' text says of a motor: read from the table as a data file, judged by nobody else.

The rules' own numbers stand here a second time on purpose: a wrong one in the hub is not repeated.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ZONES_FILE = Path(__file__).parents[1] / "devicehub" / "safety" / "zones.json"


OVER_THE_MIDLINE_CM = 1.2  # the smallest footprint of a motor there is
JOINT_FACTOR = 2.0
JOINT_WHERE_CAP_IS_ZERO = {"guarded": 0.15, "strict": 0.10}
EDGE_MIN_S = 0.12
EDGE_MIN_PEAK_LIMITED_S = 0.8
GENTLE_END_S = 60.0
GENTLE_END_SHARE = 0.2
GENTLE_FACTOR = 0.5
DAY_ACTIVE_S = 2700.0
DAY_OF_A_HAND_S = 1800.0  # at the 10 m/s2 that are assumed, until 2.5 m/s2 over 8 h are reached
DAY_OF_A_BODY_S = 7200.0  # at 1 m/s2, until 0.5
OF_A_HAND = ("handheld_vibration", "percussive")
OF_A_BODY = ("surface_vibration", "diffuse_vibration")
MAX_ACTIVE_S = {
    "surface_vibration": 1800.0,
    "handheld_vibration": 1200.0,
    "percussive": 480.0,
    "rotating_nodes": 900.0,
    "diffuse_vibration": 1800.0,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What the table says of one actuator: the strictest of its zones."""

    index: int
    zones: tuple[str, ...]
    forbidden: bool
    cap: float
    rise_per_s: float
    edge_min_s: float
    pattern_hz: float
    sides: tuple[str, ...]


def read_zones(path: Path = ZONES_FILE) -> dict[str, Any]:
    """Return the table of zones by id."""
    return {zone["id"]: zone for zone in json.loads(path.read_text(encoding="utf-8"))["zones"]}


def bound_of(actuator: Mapping[str, Any], stimulus: str, zones: Mapping[str, Any]) -> Bound:
    ids = tuple(actuator["zones"]) or ("unknown",)
    caps = [zones[z]["caps"][stimulus] for z in ids]
    peak_limited = any(zones[z]["peak_limited"] for z in ids)
    return Bound(
        index=actuator["index"],
        zones=ids,
        forbidden=any(zones[z]["forbidden"] for z in ids),
        cap=min(c["max_intensity"] for c in caps),
        rise_per_s=min(c["max_rise_per_s"] for c in caps),
        edge_min_s=EDGE_MIN_PEAK_LIMITED_S if peak_limited else EDGE_MIN_S,
        pattern_hz=min(c["max_pattern_hz"] for c in caps),
        sides=_sides(actuator["x_cm"]),
    )


def _sides(x_cm: float | None) -> tuple[str, ...]:
    """Return where a motor counts; one without a place, or over the midline, on both sides."""
    if not x_cm or abs(x_cm) < OVER_THE_MIDLINE_CM:
        return ("left", "right")
    return ("right",) if x_cm > 0 else ("left",)


def joint_limits(
    bounds: Sequence[Bound], stimulus: str, zones: Mapping[str, Any]
) -> dict[str, tuple[float, dict[int, float]]]:
    """Return, per guarded or strict zone, its joint limit and each motor's share in it."""
    limits: dict[str, tuple[float, dict[int, float]]] = {}
    for z, zone in zones.items():
        if zone["tier"] in JOINT_WHERE_CAP_IS_ZERO and not zone["forbidden"]:
            top = JOINT_FACTOR * zone["caps"][stimulus]["max_intensity"]
            tau = {b.index: max(_tau(a, z, zones) for a in b.zones) for b in bounds}
            felt = {index: share for index, share in tau.items() if share}
            limits[z] = (top or JOINT_WHERE_CAP_IS_ZERO[zone["tier"]], felt)
    return limits


def _tau(a: str, z: str, zones: Mapping[str, Any]) -> float:
    if a == z:
        return 1.0
    return max(zones[a]["neighbours"].get(z, 0.0), zones[z]["neighbours"].get(a, 0.0))
