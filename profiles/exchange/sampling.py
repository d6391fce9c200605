"""Sampling: a score as curves, one for each actuator and one for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from profiles.curve import Curve
from profiles.layout import Layout, Place
from profiles.score import Score

# The core loop's own beat: what comes between two beats is never played.
SAMPLE_S = 0.05

ONE_MOTOR = Layout("one motor", (Place(0, "vibration", ()),))
"""What has one motor and no place: it plays the envelope of every phase."""


@dataclass(frozen=True, slots=True)
class Samples:
    """A score at every beat: what it asks, before any cap.

    Attributes:
        title: The profile's.
        times_s: Every beat from 0 to the end, in seconds.
        actuators: One row of levels an actuator, in device order, 0..1.
    """

    title: str
    times_s: tuple[float, ...]
    actuators: tuple[tuple[float, ...], ...]

    def mixed(self, actuators: Sequence[int] | None = None) -> Curve:
        """Return the strongest of these actuators, or of all, at each beat."""
        rows = self.actuators if actuators is None else [self.actuators[at] for at in actuators]
        return Curve(self.times_s, tuple(map(max, zip(*rows, strict=True))))


def sampled(score: Score) -> Samples:
    """Return a score beat by beat."""
    beats = round(score.duration_s / SAMPLE_S)
    times_s = [*(beat * SAMPLE_S for beat in range(beats)), score.duration_s]
    levels = [score.at(t_s).levels for t_s in times_s]
    return Samples(score.title, tuple(times_s), tuple(zip(*levels, strict=True)))
