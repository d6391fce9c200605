"""Exposure: what a body has received at most, by what may have reached the massagers.

An upper bound of the truth, so that whoever keeps it never keeps less than was received: a level
counts from the instant at which it was judged, whether or not its frame is known to have arrived,
until the first judgement after a later frame has. A confirmed stop ends it at once. Work is only
done when steps change, so steady levels cost next to nothing.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.safety.caps import Caps
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount
from devicehub.safety.past import Exposure, Received
from devicehub.safety.places import Spot, spots


class Sum:
    """Something that adds up at a rate, and the instant at which it will have reached its limit.

    Attributes:
        due_s: From this instant on it is enough, if the rate does not change before.
    """

    __slots__ = ("_at_s", "_most", "_rate", "_total", "due_s")

    def __init__(self) -> None:
        self._most = self.due_s = math.inf
        self._total = self._rate = 0.0
        self._at_s = -math.inf

    def allow(self, most: float) -> None:
        """Let it be enough at `most`; what is not above 0 is enough from the beginning."""
        self._most = most
        self._plan()

    def run(self, rate: float, at_s: float) -> None:
        """Add at `rate` a second from `at_s` on."""
        if rate != self._rate:
            self._total = self.total(at_s)
            self._at_s = max(at_s, self._at_s)
            self._rate = rate
            self._plan()

    def end(self) -> None:
        """Let it be enough for good, whatever the last bits of a sum; it goes on adding up."""
        self.allow(-math.inf)

    def total(self, now_s: float) -> float:
        """Return how much it is at `now_s`."""
        if self._rate and now_s > self._at_s:
            return self._total + self._rate * (now_s - self._at_s)
        return self._total

    def _plan(self) -> None:
        left = self._most - self._total
        if left <= 0.0:
            self.due_s = -math.inf
        else:
            self.due_s = self._at_s + left / self._rate if self._rate else math.inf


class Reach:
    """The steps that one massager may be at: of the last frame that arrived, or of a later one."""

    __slots__ = ("_runs", "_still")

    def __init__(self, count: int) -> None:
        self._still = (0,) * count
        self._runs: deque[tuple[int, tuple[int, ...]]] = deque()
        self.restart()

    def judged(self, seq: int, steps: tuple[int, ...]) -> tuple[int, ...]:
        """Take note of a frame that may arrive; return the highest step of each actuator."""
        runs = self._runs
        if steps != runs[-1][1]:
            runs.append((seq, steps))
        if len(runs) == 1:
            return runs[0][1]
        return tuple(map(max, *[steps for _, steps in runs]))

    def arrived(self, seq: int) -> None:
        """Forget what came before the frame that arrived."""
        runs = self._runs
        while len(runs) > 1 and runs[1][0] <= seq:
            runs.popleft()

    def restart(self) -> tuple[int, ...]:
        """Forget everything: it was stopped."""
        self._runs.clear()
        self._runs.append((0, self._still))
        return self._still


@dataclass(frozen=True, slots=True)
class Meter:
    """Seconds and dose of one place."""

    spot: Spot
    seconds: Sum
    dose: Sum


@dataclass(slots=True)
class Source:
    """One massager: what it may be doing, where it is felt, and how its seconds count.

    Attributes:
        start: Flat index of its first actuator.
        of: Its strongest steps.
        reach: What it may be doing.
        meters: Of the places that it is felt in.
        weight: Seconds of its class that one second of motion counts as.
        stimulus_class: Its class.
        steps: What it may be doing, as it was counted last.
        moves: Whether any of them is above 0.
    """

    start: int
    of: tuple[int, ...]
    reach: Reach
    meters: tuple[Meter, ...]
    weight: float
    stimulus_class: str
    steps: tuple[int, ...] = ()
    moves: bool = False


class Exposed:
    """Adds up one session.

    Attributes:
        meters: Of every place.
        active: Seconds in which anything moved.
        classes: Seconds by class of massager, see `past.Exposure`.
    """

    def __init__(self, limits: Limits, mounts: Sequence[Mount], caps: Caps) -> None:
        self.meters = tuple(Meter(s, Sum(), Sum()) for s in spots(limits, mounts, caps))
        self.active = Sum()
        self.classes = {mount.stimulus_class: Sum() for mount in mounts}
        self._caps, self._driven = caps, frozenset(caps.driven)
        self._together: dict[tuple[str, ...], Sum] = {}
        self._levels = [0.0] * len(caps.levels)
        self._sources: dict[str, Source] = {}
        for mount in mounts:
            self._sources[mount.device] = self._source(limits, mount)
        self._of_class = {
            name: [each for each in self._sources.values() if each.stimulus_class == name]
            for name in self.classes
        }

    def _source(self, limits: Limits, mount: Mount) -> Source:
        start = sum(len(source.of) for source in self._sources.values())
        of = tuple(actuator.steps for actuator in mount.actuators)
        own = range(start, start + len(of))
        meters = tuple(m for m in self.meters if any(i in own for i in m.spot.members))
        weight = limits.daily.weight(mount.stimulus_class, mount.a_m_s2)
        return Source(start, of, Reach(len(of)), meters, weight, mount.stimulus_class)

    def judged(self, device: str, seq: int, steps: tuple[int, ...], now_s: float) -> None:
        """Take note of a frame that may be written from `now_s` on."""
        source = self._sources[device]
        reached = source.reach.judged(seq, steps)
        if reached != source.steps:
            self._move(source, reached, now_s)

    def arrived(self, device: str, seq: int) -> None:
        """Take note of a frame that was written; it counts from the next judgement on."""
        self._sources[device].reach.arrived(seq)

    def restart(self, device: str, at_s: float) -> None:
        """Take note that a massager was at 0 at `at_s`."""
        source = self._sources[device]
        self._move(source, source.reach.restart(), at_s)

    def until(self, now_s: float) -> Exposure:
        """Return what was received until `now_s`."""
        places = {
            meter.spot.place: Received(seconds, meter.dose.total(now_s))
            for meter in self.meters
            if (seconds := meter.seconds.total(now_s)) > 0.0
        }
        class_s = {name: total.total(now_s) for name, total in self.classes.items()}
        return Exposure(places, self.active.total(now_s), class_s)

    def together(self, classes: tuple[str, ...]) -> Sum:
        """Return the seconds of several classes of massager, added up."""
        return self._together.setdefault(classes, Sum())

    def members(self, classes: tuple[str, ...]) -> tuple[int, ...]:
        """Return the actuators of some classes of massager that may move."""
        return tuple(
            i
            for name in classes
            for source in self._of_class.get(name, ())
            for i in range(source.start, source.start + len(source.of))
            if i in self._driven
        )

    def most_within(self, seconds: float) -> Exposure:
        """Return the most that `seconds` more can bring, every actuator at its highest."""
        top = self._caps.top
        places = {
            meter.spot.place: Received(seconds, _strongest(top, meter.spot.members) ** 2 * seconds)
            for meter in self.meters
        }
        class_s = {
            name: seconds * sum(source.weight for source in sources)
            for name, sources in self._of_class.items()
        }
        return Exposure(places, seconds, class_s)

    def _move(self, source: Source, steps: tuple[int, ...], at_s: float) -> None:
        """Let a massager do `steps` from `at_s` on."""
        levels, source.steps = self._levels, steps
        end = source.start + len(source.of)
        levels[source.start : end] = [step / of for step, of in zip(steps, source.of, strict=True)]
        for meter in source.meters:
            level = _strongest(levels, meter.spot.members)
            meter.dose.run(level * level, at_s)
            meter.seconds.run(1.0 if level else 0.0, at_s)
        if source.moves is not any(steps):
            source.moves = not source.moves
            self._turn(source.stimulus_class, at_s)

    def _turn(self, stimulus_class: str, at_s: float) -> None:
        """A massager of a class began or ceased to move."""
        moving = any(source.moves for source in self._sources.values())
        self.active.run(1.0 if moving else 0.0, at_s)
        rate = sum(source.weight for source in self._of_class[stimulus_class] if source.moves)
        self.classes[stimulus_class].run(rate, at_s)
        for names, total in self._together.items():
            total.run(
                sum(s.weight for n in names for s in self._of_class.get(n, ()) if s.moves), at_s
            )


def _strongest(levels: Sequence[float], members: tuple[int, ...]) -> float:
    return max([levels[i] for i in members])
