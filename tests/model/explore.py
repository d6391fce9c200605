"""Explore the small world to its end, breadth first, and tell the shortest way to harm."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from tests.model.happenings import HAPPENINGS, NOTHING
from tests.model.world import Design, World, turned


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found: every world up to the first harm, and the way to it, if there is one."""

    worlds: Collection[World]
    trace: tuple[tuple[str, World], ...]

    def __str__(self) -> str:
        if not self.trace:
            return f"no harm in {len(self.worlds)} worlds"
        told = [
            f"{tick:>3}  {what:<32}{_seen(world)}"
            for tick, (what, world) in enumerate(self.trace, start=1)
            if what != NOTHING or world.adrift_ticks <= 1 or (what, world) == self.trace[-1]
        ]
        return "\n".join(told)


def explore(design: Design, bearable_ticks: int) -> Explored:
    """Visit every world that can be reached.

    Harm is a motor that moves for more than `bearable_ticks` while nobody commands it and no alarm
    is there; the shortest way to it is returned.
    """
    begin = World()
    came: dict[World, tuple[World, str] | None] = {begin: None}
    ahead = deque([begin])
    while ahead:
        world = ahead.popleft()
        for what, happen in HAPPENINGS.items():
            happened = happen(design, world)
            if happened is None:
                continue
            then = turned(design, happened)
            if then in came:
                continue
            came[then] = (world, what)
            if then.adrift_ticks > bearable_ticks:
                return Explored(came.keys(), _way_to(then, came))
            ahead.append(then)
    return Explored(came.keys(), ())


def _way_to(
    world: World, came: dict[World, tuple[World, str] | None]
) -> tuple[tuple[str, World], ...]:
    way: list[tuple[str, World]] = []
    while (step := came[world]) is not None:
        way.append((step[1], world))
        world = step[0]
    return tuple(reversed(way))


def _seen(world: World) -> str:
    motor = "MOVES" if world.motor else "rests"
    told = "alarm" if world.told else "     "
    return (
        f"hub {world.hub:<10}{world.session:<10}keeper {world.keeper:<9}link {world.link:<7}"
        f"{'deaf  ' if world.deaf else '      '}motor {motor} {told} adrift {world.adrift_ticks}"
    )
