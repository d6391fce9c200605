"""The open .haptic format: an envelope of amplitude over time, as JSON.

Read and written after its data model, version 1 (facebook/meta-haptics-sdk, core/haptic_data):
times in seconds that never go back, amplitudes from 0 to 1, at least two breakpoints. A place on
the body is not part of the format.
"""

import json

from pydantic import Field, ValidationError

from profiles.curve import Curve
from profiles.exchange.drawing import Drawing, Strict, drawn, parsed, told

# A tenth of a step on a massager of a hundred.
TOLERANCE = 0.001
_EDITOR = "devicehub"
# From 0 to 1, relative to what an actuator can do; our motors have one of their own.
_FREQUENCY = 0.5


class _Emphasis(Strict):
    amplitude: float = Field(ge=0.0, le=1.0)
    frequency: float = Field(ge=0.0, le=1.0)


class _Breakpoint(Strict):
    time: float = Field(ge=0.0)
    amplitude: float = Field(ge=0.0, le=1.0)
    emphasis: _Emphasis | None = None


class _Frequency(Strict):
    time: float = Field(ge=0.0)
    frequency: float = Field(ge=0.0, le=1.0)


class _Envelopes(Strict):
    amplitude: list[_Breakpoint] = Field(min_length=2)
    frequency: list[_Frequency] | None = None


class _Continuous(Strict):
    envelopes: _Envelopes


class _Signals(Strict):
    continuous: _Continuous


class _Version(Strict):
    major: int = Field(ge=1, le=1)
    minor: int = 0
    patch: int = 0


class _Metadata(Strict):
    project: str = ""
    description: str = ""


class _File(Strict):
    version: _Version
    metadata: _Metadata = _Metadata()
    signals: _Signals


def write(curve: Curve, title: str, summary: str) -> str:
    """Return a curve as the text of a .haptic file; no sample is further off than `TOLERANCE`."""
    thin = curve.thinned(TOLERANCE)
    amplitude = [
        {"time": round(t_s, 3), "amplitude": round(level, 4)} for t_s, level in thin.points
    ]
    ends_s = (amplitude[0]["time"], amplitude[-1]["time"])
    whole: dict[str, object] = {
        "version": {"major": 1, "minor": 0, "patch": 0},
        "metadata": {
            "editor": _EDITOR,
            "author": "",
            "source": "",
            "project": title,
            "tags": [],
            "description": summary,
        },
        "signals": {
            "continuous": {
                "envelopes": {
                    "amplitude": amplitude,
                    "frequency": [{"time": t_s, "frequency": _FREQUENCY} for t_s in ends_s],
                }
            }
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def read(text: str, source: str) -> Drawing:
    """Return the amplitude of a .haptic file; `source` names it in mistakes.

    Raises:
        ProfileError: With every mistake, or why it cannot be a phase.
    """
    try:
        file = _File.model_validate(parsed(text, source))
    except ValidationError as error:
        raise told(error, source) from error
    envelopes = file.signals.continuous.envelopes
    points = [(each.time, each.amplitude) for each in envelopes.amplitude]
    emphasised = sum(each.emphasis is not None for each in envelopes.amplitude)
    notes: list[str] = []
    if emphasised:
        notes.append(f"{emphasised} emphasised points are left out: nothing here may knock")
    if len({each.frequency for each in envelopes.frequency or ()}) > 1:
        notes.append("its frequencies are left out: a massager's motor has its own")
    return drawn(points, source, file.metadata.project, notes)
