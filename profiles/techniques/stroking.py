"""Stroking: a touch that travels up along the spine and returns over the sides (article L88, L90).

It opens a massage: light, measured and slow, from the lower back to the edge of the neck, in 5 to 7
circles. Direction and force may alternate from circle to circle, and the back may be stroked by
zones: the middle of neck and collar first, then the sides, then the main part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Shape, Zones
from profiles.techniques.zonal import in_zones
from profiles.track import SOFTER, Round, Track, still, travel

# Slow stroking is liked best near 3 cm/s and between 1 and 10 (docs/techniques.md).
SLOWEST_CM_S = 1.0
FASTEST_CM_S = 10.0
PLEASANT_CM_S = 3.0

# How many circles there are when the profile does not say, as far as the speed stays near the best.
CIRCLES = (5, 7)
NEAR = 0.2


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
    alternate_direction: bool = Field(
        default=False, description="true or false: every other circle the other way round"
    )
    alternate_force: bool = Field(
        default=False, description="true or false: every other circle softer"
    )
    zonal: bool = Field(
        default=False, description="true or false: neck and collar first, then sides, then the rest"
    )

    @property
    def way_back(self) -> tuple[str, ...]:
        """The return zones."""
        return self.return_zones

    def shape(self, stage: Stage) -> Shape:
        """Return the stroke along the stage's lanes, as a whole or zone after zone."""
        if not self.zonal:
            return self._stroke(stage, self.duration_s)
        lasts_s = self.duration_s * stage.stretch
        return in_zones(stage, lasts_s, lambda part, share: self._stroke(part, share * lasts_s))

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The circles until everything comes again: direction changes first, then force."""
        ways = (False, True) if self.alternate_direction else (False,)
        forces = (1.0, SOFTER) if self.alternate_force else (1.0,)
        return tuple(Round(backwards, force) for force in forces for backwards in ways)

    def _stroke(self, stage: Stage, lasts_s: float) -> "Stroke":
        tracks = [travel(lane, stage.reach_cm, self.rounds) for lane in stage.lanes]
        if stage.unplaced:
            unplaced = [(motor, 1.0) for motor in stage.unplaced]
            tracks.append(still(unplaced, stage.reach_cm, self.rounds))
        # Hands move together: the longest way sets the time of all circles.
        count = len(self.rounds)
        length_cm = max(track.length_cm for track in tracks)
        wish_s = count * self._circle_s(length_cm / count, lasts_s)
        soonest_s = max(1.0 / (track.shortest_gap * stage.max_rate_hz) for track in tracks)
        way_s = max(soonest_s, min(length_cm / SLOWEST_CM_S, max(length_cm / FASTEST_CM_S, wish_s)))
        return Stroke(
            tracks=tuple(tracks),
            way_s=way_s,
            notes=tuple(_notes(stage, length_cm, wish_s, way_s)),
            advice=f"Glide slowly up and down, about {length_cm / way_s:.2g} cm a second.",
        )

    def _circle_s(self, length_cm: float, lasts_s: float) -> float:
        """Return the wished seconds of a circle, of its length and the seconds of all of them."""
        if self.circles is not None:
            return lasts_s / self.circles
        if self.speed_cm_s is not None:
            return length_cm / self.speed_cm_s
        best = lasts_s * PLEASANT_CM_S / length_cm
        usual = min(CIRCLES[1], max(CIRCLES[0], best))
        near = abs(usual - best) <= NEAR * best
        return lasts_s / max(1, round(usual if near else best))


def _notes(stage: Stage, length_cm: float, wish_s: float, way_s: float) -> Iterator[str]:
    if stage.returns and stage.lanes and not any(lane.back for lane in stage.lanes):
        yield "has no motors of its own on the way back, and returns softly over the same ones"
    if not isclose(wish_s, way_s):
        wish, speed = length_cm / wish_s, length_cm / way_s
        yield f"moves at {speed:.2g} cm/s, not {wish:.2g}, to stay slow and smooth there"


@dataclass(frozen=True, slots=True)
class Stroke:
    """Hands on their ways, all round in the same time."""

    tracks: tuple[Track, ...]
    way_s: float
    notes: tuple[str, ...]
    advice: str

    def at(self, t_s: float) -> list[Share]:
        """Return the motors under the hands."""
        part = (t_s / self.way_s) % 1.0
        return [share for track in self.tracks for share in track.at(part)]
