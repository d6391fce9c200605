"""Instruction: one thing that a person is told to do at one instant, in no language yet."""

from dataclasses import dataclass, replace
from enum import StrEnum

from profiles.body import Point
from profiles.score import Passage


class Kind(StrEnum):
    """What a person does on an instruction."""

    COUNT = "count"
    PLACE = "place"
    MOVE = "move"
    SIDE = "side"
    PRESS = "press"
    HOLD = "hold"
    RELEASE = "release"
    REST = "rest"
    CARE = "care"
    CUE = "cue"
    STEP = "step"
    END = "end"


class Side(StrEnum):
    """Where the hands are: over both sides alike, or on one."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in no language yet.

    Attributes:
        key: Row of the table of phrases.
        zone: Id of the zone that is named, or "".
        technique: Technique that is named, or "".
        side: Side that is named, or None.
        number, of: "circle `number` of `of`"; a count-in has its `number`. 0 where there is none.
        speed: Speed in cm/s or rate in Hz that is named, 0.0 where there is none.
        text: What the author wrote, "" but for a cue.
    """

    key: str
    zone: str = ""
    technique: str = ""
    side: Side | None = None
    number: int = 0
    of: int = 0
    speed: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    Attributes:
        t_s: When, in seconds from the beginning of the guide.
        kind: What is done.
        phrase: What is said or shown.
        phase: Index of the phase that it belongs to.
        zones: Ids of the zones that the hands are over.
        side: The side of the body.
        path: The way of the right hand on the body map in cm, or the point where it lies; on
            the left side, and with both hands for the left one, x has the other sign.
        seconds: How long the way takes, or the pressing, holding, resting; 0.0 for an instant.
        speed_cm_s: Speed along the path, None without one.
        rate_hz: Beats a second of the metronome, None without one.
        spoken: Whether there is time to say it; what is not spoken is still shown.
    """

    t_s: float
    kind: Kind
    phrase: Phrase
    phase: int = 0
    zones: tuple[str, ...] = ()
    side: Side = Side.BOTH
    path: tuple[Point, ...] = ()
    seconds: float = 0.0
    speed_cm_s: float | None = None
    rate_hz: float | None = None
    spoken: bool = False

    def later(self, by_s: float) -> "Instruction":
        """Return the same, `by_s` seconds later."""
        return replace(self, t_s=self.t_s + by_s)


@dataclass(frozen=True, slots=True)
class Guide:
    """A profile as instructions.

    Attributes:
        title: The profile's.
        lead_s: Seconds before the first phase begins, for finding the place and counting in.
        duration_s: Seconds in all.
        passages: The phases, on the time line of the guide.
        instructions: In the order of their times.
        warnings: What cannot be done with the tool, one sentence each.
    """

    title: str
    lead_s: float
    duration_s: float
    passages: tuple[Passage, ...]
    instructions: tuple[Instruction, ...]
    warnings: tuple[str, ...] = ()
