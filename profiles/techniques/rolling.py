"""Rolling: a fold of skin that rolls sideways from neighbour to neighbour (article L11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, inwards, remarks
from profiles.track import Track, roll, still


class Rolling(PhaseBase):
    """Roll sideways to and fro on one height, then on the next, from the lowest up and back."""

    usual: ClassVar[tuple[float, float]] = (0.20, 0.40)

    technique: Literal["rolling"]
    speed_cm_s: float = Field(
        default=3.0, ge=2.0, le=5.0, description="a number from 2 to 5, in cm/s"
    )
    rolls: int = Field(
        default=2, ge=1, le=10, description="a whole number from 1 to 10, to and fro on each height"
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the rolls over the rows of each side."""
        tracks = [roll(inwards(lane), self.rolls) for lane in stage.hands]
        if stage.unplaced:
            tracks.append(still([(motor, 1.0) for motor in stage.unplaced], stage.reach_cm))
        if not tracks:
            return Rest((SPINE_ONLY,))
        length_cm = max(track.length_cm for track in tracks)
        wish_s = length_cm / self.speed_cm_s
        soonest_s = max(1.0 / (track.shortest_gap * stage.max_rate_hz) for track in tracks)
        circle_s = max(wish_s, soonest_s)
        return _Rolls(
            tracks=tuple(tracks),
            circle_s=circle_s,
            notes=remarks(stage, *_notes(stage, self.speed_cm_s, length_cm / circle_s)),
        )


def _notes(stage: Stage, wish_cm_s: float, speed_cm_s: float) -> Iterator[str]:
    if stage.hands and all(len(row) == 1 for lane in stage.hands for row in inwards(lane)):
        yield "has one motor at each height of a side, and rolls up and down there"
    if speed_cm_s < 0.999 * wish_cm_s:
        yield f"rolls at {speed_cm_s:.2g} cm/s, not {wish_cm_s:.2g}, to keep its zones calm"


@dataclass(frozen=True, slots=True)
class _Rolls:
    tracks: tuple[Track, ...]
    circle_s: float
    notes: tuple[str, ...]
    advice: str = "Roll a fold of skin slowly from the side towards the spine and back."

    def at(self, t_s: float) -> list[Share]:
        part = (t_s / self.circle_s) % 1.0
        return [share for track in self.tracks for share in track.at(part)]
