"""Kneading: one small place at a time, pressed, held and released, then the next."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from profiles.phantom import Share, ease
from profiles.stage import Lane, Stage
from profiles.techniques.base import PhaseBase, Shape

# Parts of one press. The release is as soft as the press; between two presses the level is 0.
PRESS = 0.35
HOLD = 0.3
RELEASE = 0.35


class Kneading(PhaseBase):
    """Press, hold and release on one place of each side, moving on from place to place."""

    technique: Literal["kneading"]
    rate_hz: float = Field(
        default=0.3, ge=0.2, le=0.5, description="a number from 0.2 to 0.5, presses a second"
    )
    presses: int = Field(
        default=2, ge=1, le=10, description="a whole number from 1 to 10, presses on each place"
    )
    sides: Literal["together", "alternating"] = Field(
        default="together", description='"together" or "alternating"'
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the presses, in the rhythm that the stage allows."""
        lanes = [_there_and_back(lane) for lane in stage.lanes]
        if stage.unplaced:
            lanes.append((stage.unplaced,))
        turns = len(lanes) if self.sides == "alternating" else 1
        rate_hz = min(self.rate_hz, stage.max_rate_hz * turns)
        slower = f"presses at {rate_hz:.3g} Hz, not {self.rate_hz:.3g}, to keep its zones calm"
        return _Presses(
            lanes=tuple(lanes),
            turns=turns,
            presses=self.presses,
            rate_hz=rate_hz,
            notes=(slower,) if rate_hz < self.rate_hz else (),
        )


@dataclass(frozen=True, slots=True)
class _Presses:
    """Attributes: lanes hold windows in their order, a window is the motors pressed together."""

    lanes: tuple[tuple[tuple[int, ...], ...], ...]
    turns: int
    presses: int
    rate_hz: float
    notes: tuple[str, ...]
    advice: str = "Let it rest on one place for a few presses, then move on by a hand's breadth."

    def at(self, t_s: float) -> list[Share]:
        count, part = divmod(t_s * self.rate_hz, 1.0)
        round_, turn = divmod(int(count), self.turns)
        window = round_ // self.presses
        level = _press(part)
        energy = level * level
        pressed = self.lanes if self.turns == 1 else (self.lanes[turn],)
        return [(motor, energy) for lane in pressed for motor in lane[window % len(lane)]]


def _press(part: float) -> float:
    """Return the level at a part (0 to 1) of one press."""
    if part < PRESS:
        return ease(part / PRESS)
    return 1.0 - ease((part - PRESS - HOLD) / RELEASE)


def _there_and_back(lane: Lane) -> tuple[tuple[int, ...], ...]:
    """Visit the places from the lowest to the highest and down again, no place twice in a row."""
    up = tuple((spot.motor,) for spot in lane.spots)
    return up + up[-2:0:-1]
