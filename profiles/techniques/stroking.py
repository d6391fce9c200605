"""Stroking: a touch that travels up along the spine and returns over the sides, in circles."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Shape, Zones
from profiles.track import Track, still, travel

# Slow stroking is liked best near 3 cm/s and between 1 and 10 (docs/techniques.md).
SLOWEST_CM_S = 1.0
FASTEST_CM_S = 10.0
PLEASANT_CM_S = 3.0


class Stroking(PhaseBase):
    """A travelling touch, on both sides together."""

    usual: ClassVar[tuple[float, float]] = (0.15, 0.30)

    technique: Literal["stroking"]
    return_zones: Zones = Field(
        default=(), description='a list of zones, such as ["latissimus"], or leave it out'
    )
    speed_cm_s: float | None = Field(
        default=None,
        ge=SLOWEST_CM_S,
        le=FASTEST_CM_S,
        description="a number from 1 to 10, in cm/s",
    )
    circles: int | None = Field(
        default=None, ge=1, le=100, description="a whole number from 1 to 100, or leave it out"
    )

    @property
    def way_back(self) -> tuple[str, ...]:
        """The return zones."""
        return self.return_zones

    def shape(self, stage: Stage) -> Shape:
        """Return the stroke along the stage's lanes."""
        tracks = [travel(lane, stage.reach_cm) for lane in stage.lanes]
        if stage.unplaced:
            tracks.append(still([(motor, 1.0) for motor in stage.unplaced], stage.reach_cm))
        # Hands move together: the longest way sets the time of a circle.
        length_cm = max(track.length_cm for track in tracks)
        wish_s = self._circle_s(length_cm)
        soonest_s = max(1.0 / (track.shortest_gap * stage.max_rate_hz) for track in tracks)
        circle_s = max(
            soonest_s, min(length_cm / SLOWEST_CM_S, max(length_cm / FASTEST_CM_S, wish_s))
        )
        return _Stroke(
            tracks=tuple(tracks),
            circle_s=circle_s,
            notes=tuple(_notes(stage, length_cm, wish_s, circle_s)),
            advice=f"Glide slowly up and down, about {length_cm / circle_s:.2g} cm a second.",
        )

    def _circle_s(self, length_cm: float) -> float:
        if self.circles is not None:
            return self.duration_s / self.circles
        return length_cm / (self.speed_cm_s or PLEASANT_CM_S)


def _notes(stage: Stage, length_cm: float, wish_s: float, circle_s: float) -> Iterator[str]:
    if stage.returns and stage.lanes and not any(lane.back for lane in stage.lanes):
        yield "has no motors of its own on the way back, and returns softly over the same ones"
    if not isclose(wish_s, circle_s):
        wish, speed = length_cm / wish_s, length_cm / circle_s
        yield f"moves at {speed:.2g} cm/s, not {wish:.2g}, to stay slow and smooth there"


@dataclass(frozen=True, slots=True)
class _Stroke:
    tracks: tuple[Track, ...]
    circle_s: float
    notes: tuple[str, ...]
    advice: str

    def at(self, t_s: float) -> list[Share]:
        part = (t_s / self.circle_s) % 1.0
        return [share for track in self.tracks for share in track.at(part)]
