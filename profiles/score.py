"""Score: a profile laid out in time for one layout of motors; pure, sampled at any instant."""

from dataclasses import dataclass
from typing import Protocol

from profiles.text import Text


@dataclass(frozen=True, slots=True)
class Demand:
    """What the score asks of every actuator at one instant.

    Attributes:
        levels: One level per actuator in device order, 0.0 off to 1.0 the strongest.
        passage: Index of the passage that is playing.
        gentle: The part of the levels that warm-up and cool-down leave, above 0 to 1.
    """

    levels: tuple[float, ...]
    passage: int
    gentle: float = 1.0

    @property
    def whole(self) -> tuple[float, ...]:
        """The levels as they would be without warm-up and cool-down."""
        if self.gentle >= 1.0:
            return self.levels
        return tuple(level / self.gentle for level in self.levels)


@dataclass(frozen=True, slots=True)
class Passage:
    """One phase of the profile on the time line of the session, in seconds."""

    index: int
    technique: str
    zones: tuple[str, ...]
    start_s: float
    end_s: float
    cue: Text


class Score(Protocol):
    """A profile laid out in time for one layout. Asking twice gives the same answer."""

    @property
    def title(self) -> str:
        """The profile's title."""
        ...

    @property
    def duration_s(self) -> float:
        """Length of the whole session in seconds."""
        ...

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The phases in order; each ends where the next begins."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What this layout cannot do of the profile, one sentence each."""
        ...

    def at(self, t_s: float) -> Demand:
        """Return what is asked at `t_s` seconds; all zero before 0 and after the end."""
        ...
