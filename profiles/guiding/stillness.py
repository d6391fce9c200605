"""Hands that stay: vibration, whose palms are not lifted (L99), and whatever has no own words."""

from collections.abc import Iterator

from profiles.body import Point
from profiles.guiding.ground import areas
from profiles.guiding.instruction import Instruction, Kind, Phrase
from profiles.guiding.turn import Turn, step, visit
from profiles.techniques.base import PhaseBase

Spot = tuple[Point, str]

# "Without lifting the palms" (L99): said again, because after a while nobody remembers.
REMIND_S = 20.0
# A place that is left sooner has no time to be felt.
LEAST_STAY_S = 10.0


def stay_on(turn: Turn, phase: PhaseBase) -> Iterator[Instruction]:
    """Yield one place a zone, the lowest first, each for its part of the turn."""
    del phase
    spots = _one_a_zone(turn)
    most = max(1, int(turn.seconds / LEAST_STAY_S))
    spots = spots[:most]
    each_s = turn.seconds / len(spots)

    def stay(spot: Spot, before: Spot | None, t_s: float) -> Iterator[Instruction]:
        point, zone = spot
        go = step(point, zone, before, turn.key(turn.technique))
        yield turn.tell(t_s, Kind.PLACE, go, path=(point,), zone=zone, seconds=each_s)
        for number in range(1, int((each_s - 1.0) / REMIND_S) + 1):
            keep = Phrase(turn.key("keep"))
            yield turn.tell(
                t_s + number * REMIND_S, Kind.HOLD, keep, path=(point,), zone=zone, seconds=REMIND_S
            )

    yield from visit(turn, spots, each_s, stay)


def _one_a_zone(turn: Turn) -> tuple[Spot, ...]:
    """Return the middle place of each zone."""
    by_zone: dict[str, list[Spot]] = {}
    for spot in areas(turn.zones, turn.care.never):
        by_zone.setdefault(spot[1], []).append(spot)
    middles = [spots[len(spots) // 2] for spots in by_zone.values()]
    return tuple(sorted(middles, key=lambda spot: spot[0][1]))
