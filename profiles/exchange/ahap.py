"""Apple's AHAP format: a haptic pattern as JSON, to feel a profile on a telephone.

Written after Apple's documentation of Core Haptics: a continuous event lasts 30 s at most; a curve
has its own start, and the times of its points count from there; curves multiply the intensity of
the events. Curves of more than 16 points are not played as drawn by every version, so they are
split; each begins where the one before ends.
"""

import json
from collections.abc import Iterator
from math import sqrt

from profiles.curve import Curve

LONGEST_EVENT_S = 30.0
MOST_POINTS = 16
TOLERANCE = 0.005
# In the middle: neither dull nor sharp.
_SHARPNESS = 0.5

_Entry = dict[str, object]


def write(curve: Curve, title: str, summary: str) -> str:
    """Return a curve as the text of an .ahap file.

    Intensity is the square root of a level: Core Haptics squares it (as facebook/meta-haptics-sdk,
    which converts .haptic in the same way, found).
    """
    intensity = Curve(curve.times_s, tuple(map(sqrt, curve.levels))).thinned(TOLERANCE)
    whole = {
        "Version": 1.0,
        "Metadata": {"Project": title, "Description": summary},
        "Pattern": [*_events(intensity.end_s), *_curves(intensity)],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _events(end_s: float) -> Iterator[_Entry]:
    begin_s = 0.0
    while begin_s < end_s:
        duration_s = min(LONGEST_EVENT_S, end_s - begin_s)
        parameters = [
            {"ParameterID": "HapticIntensity", "ParameterValue": 1.0},
            {"ParameterID": "HapticSharpness", "ParameterValue": _SHARPNESS},
        ]
        yield {
            "Event": {
                "Time": begin_s,
                "EventType": "HapticContinuous",
                "EventDuration": round(duration_s, 3),
                "EventParameters": parameters,
            }
        }
        begin_s += LONGEST_EVENT_S


def _curves(intensity: Curve) -> Iterator[_Entry]:
    points = intensity.points
    for first in range(0, len(points) - 1, MOST_POINTS - 1):
        start_s = round(points[first][0], 3)
        part = points[first : first + MOST_POINTS]
        yield {
            "ParameterCurve": {
                "ParameterID": "HapticIntensityControl",
                "Time": start_s,
                "ParameterCurveControlPoints": [
                    {"Time": round(t_s - start_s, 3), "ParameterValue": round(value, 4)}
                    for t_s, value in part
                ],
            }
        }
