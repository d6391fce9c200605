"""Turn: a stretch of one phase on one side, and the walk from place to place in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from profiles.body import Point
from profiles.guiding.instruction import Instruction, Kind, Phrase, Side
from profiles.guiding.phrases import SAY_S
from profiles.guiding.tools import Care, Tool

# What is left of a phase after whole circles or presses is a rest, if anybody would notice it.
LEAST_REST_S = 1.0

At = TypeVar("At")


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one phase.

    Attributes:
        technique: The phase's technique.
        index: The phase's index.
        zones: Those of its zones that the tool may touch, each on the map.
        start_s, end_s: When, in seconds of the guide.
        side: On which side.
        tool, care: With what, and where to take care.
    """

    technique: str
    index: int
    zones: tuple[str, ...]
    start_s: float
    end_s: float
    side: Side
    tool: Tool
    care: Care

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s

    def key(self, key: str) -> str:
        """Return the key of a phrase in the words for the tool, where there are any."""
        own = f"{self.tool.name}.{key}"
        return own if own in SAY_S else key

    def tell(  # noqa: PLR0913 - one parameter a column
        self,
        t_s: float,
        kind: Kind,
        phrase: Phrase,
        *,
        path: tuple[Point, ...] = (),
        zone: str = "",
        side: Side | None = None,
        seconds: float = 0.0,
        speed_cm_s: float | None = None,
        rate_hz: float | None = None,
        spoken: bool = True,
    ) -> Instruction:
        """Return an instruction of this turn; without `zone` it is over all its zones."""
        return Instruction(
            t_s,
            kind,
            phrase,
            self.index,
            (zone,) if zone else self.zones,
            self.side if side is None else side,
            path,
            seconds,
            speed_cm_s,
            rate_hz,
            spoken,
        )

    def rest(self, t_s: float, key: str = "rest") -> Iterator[Instruction]:
        """Yield the rest from `t_s` to the end of the turn, if there is any."""
        left_s = self.end_s - t_s
        if left_s >= LEAST_REST_S:
            yield self.tell(t_s, Kind.REST, Phrase(self.key(key)), seconds=left_s)


def visit(
    turn: Turn,
    places: Sequence[At],
    each_s: float,
    stay: Callable[[At, At | None, float], Iterator[Instruction]],
) -> Iterator[Instruction]:
    """Stay `each_s` at each place, up and down again, no place twice in a row, and rest after.

    Args:
        turn: When.
        places: In their order.
        each_s: How long each; a turn that is shorter has one stay of its own length.
        stay: Yields what is told at (place, the place before, time).
    """
    round_ = [*places, *places[-2:0:-1]]
    each_s = min(each_s, turn.seconds)
    # A hair more: sums of floats fall short of a whole number of stays.
    times = int(turn.seconds / each_s + 1e-6)
    before: At | None = None
    for number in range(times):
        place = round_[number % len(round_)]
        yield from stay(place, before, turn.start_s + number * each_s)
        before = place
    yield from turn.rest(turn.start_s + times * each_s)


def step(point: Point, zone: str, before: tuple[Point, str] | None, go: str) -> Phrase:
    """Return what is said on coming to a place: `go` at the first, then the zone or which way."""
    if before is None:
        return Phrase(go)
    (x, y), zone_before = before
    if zone != zone_before:
        return Phrase("zone", zone=zone)
    if point[1] != y:
        return Phrase("next.up" if point[1] > y else "next.down")
    return Phrase("next.out" if point[0] > x else "next.in")
