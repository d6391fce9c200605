"""A back in characters: where a profile is felt, seen from behind."""

from collections.abc import Sequence

from profiles.body import zones_touched
from profiles.model import Profile
from profiles.track import SOFTER

_ROW_CM, _COLUMN_CM = 6.0, 3.0
_TOP_CM, _SEAT_CM, _KNEE_CM = 66.0, -2.0, -36.0
_SHADES, _ASCII_SHADES = "·░▒▓█", ".-=*#"
_SPINE, _ASCII_SPINE = "┊", "|"
# Half the width of a back above each height in cm, for the outline; beside profiles/body.py.
_HALF_CM = ((62.0, 6.0), (57.0, 15.0), (31.0, 18.0), (14.0, 15.0), (_KNEE_CM, 18.0))
_COLUMNS_CM = tuple(_COLUMN_CM * (column + 0.5) for column in range(6))


def picture(profile: Profile, *, ascii_only: bool = False) -> list[str]:
    """Return a back as lines: the darker, the more of the profile's energy is asked for there.

    Args:
        profile: Whose places are drawn.
        ascii_only: The output cannot show more than ASCII.
    """
    shades = _ASCII_SHADES if ascii_only else _SHADES
    end_cm = _KNEE_CM if "thigh_posterior" in profile.zones else _SEAT_CM
    heights = [_TOP_CM - _ROW_CM * row for row in range(int((_TOP_CM - end_cm) / _ROW_CM) + 1)]
    energy = _energies(profile)
    rows = [[_at(x, y, energy) for x in _COLUMNS_CM] for y in heights]
    most = max((max(row) for row in rows), default=0.0)
    spine = _ASCII_SPINE if ascii_only else _SPINE
    return [
        _line([_shade(each, most, shades) for each in row], y, spine)
        for row, y in zip(rows, heights, strict=True)
    ]


def _energies(profile: Profile) -> dict[str, float]:
    """Return levels squared by time, by zone; a way back is softer."""
    energies: dict[str, float] = {}
    for phase in profile.phases:
        low, high = phase.level
        energy = phase.duration_s * (low * low + low * high + high * high) / 3.0
        for zones, part in ((phase.zones, 1.0), (phase.way_back, SOFTER * SOFTER)):
            for zone in zones:
                energies[zone] = energies.get(zone, 0.0) + part * energy
    return energies


def _at(x_cm: float, y_cm: float, energies: dict[str, float]) -> float:
    touched = zones_touched(x_cm, y_cm, _COLUMN_CM / 2.0)
    return max((energies.get(zone, 0.0) for zone in touched), default=0.0)


def _shade(energy: float, most: float, shades: str) -> str:
    if not energy or not most:
        return shades[0]
    return shades[max(1, round((energy / most) ** 0.5 * (len(shades) - 1)))]


def _line(right: Sequence[str], y_cm: float, spine: str) -> str:
    half_cm = next(half for lowest, half in _HALF_CM if y_cm >= lowest)
    body = "".join(c * 2 if x <= half_cm else "  " for c, x in zip(right, _COLUMNS_CM, strict=True))
    return (body[::-1] + spine + body).rstrip()
