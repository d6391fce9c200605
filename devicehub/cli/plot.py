"""Plot: what a profile asks of a massager and what the governor lets through, over time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from devicehub.session.tally import Tally
from profiles.body import ZONES
from profiles.layout import Place
from profiles.score import Passage, Score

_TICK_S = 0.05  # the core loop's own beat, so that the plot shows what will be played
NO_TALLIES: Mapping[str, Tally] = MappingProxyType({})
_OUTLINES = {zone.id: zone.outline for zone in ZONES}


@dataclass(frozen=True, slots=True)
class Lane:
    """One zone over time, in equal slices: the strongest of its motors at each instant.

    Attributes:
        zone: Id of the zone.
        cap: The most that any motor of this zone may do, 0..1.
        asked: Highest level asked in each slice.
        peaks: Highest level delivered in each slice.
        means: Mean level delivered in each slice.
    """

    zone: str
    cap: float
    asked: tuple[float, ...]
    peaks: tuple[float, ...]
    means: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Motor:
    """What one motor was given in all.

    Attributes:
        place: Where it sits.
        cap: The most that it may do, 0..1.
        peak: The highest level delivered.
        dose_s: Levels squared and summed up over time: so many seconds at full strength.
    """

    place: Place
    cap: float
    peak: float
    dose_s: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A profile on a massager, ready to be drawn; lanes from the shoulders down."""

    title: str
    model: str
    duration_s: float
    passages: tuple[Passage, ...]
    lanes: tuple[Lane, ...]
    motors: tuple[Motor, ...] = ()


class _Motors:
    """Collects every motor of a massager, tick by tick."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)
        self._peaks = [0.0] * len(self._places)
        self._doses_s = [0.0] * len(self._places)

    def add(self, delivered: Sequence[float]) -> None:
        for index, level in enumerate(delivered):
            if level:
                self._peaks[index] = max(self._peaks[index], level)
                self._doses_s[index] += level * level * _TICK_S

    def motors(self, caps: Sequence[float]) -> tuple[Motor, ...]:
        rows = zip(self._places, caps, self._peaks, self._doses_s, strict=True)
        return tuple(Motor(*row) for row in rows)


class _Track:
    """Collects one zone, tick by tick, into slices."""

    def __init__(self, zone: str, motors: Sequence[int], slices: int) -> None:
        self.zone = zone
        self.motors = tuple(motors)
        self.asked = [0.0] * slices
        self.peaks = [0.0] * slices
        self.sums = [0.0] * slices
        self.counts = [0] * slices

    def add(self, at: int, asked: Sequence[float], delivered: Sequence[float]) -> None:
        level = max(delivered[motor] for motor in self.motors)
        self.asked[at] = max(self.asked[at], *(asked[motor] for motor in self.motors))
        self.peaks[at] = max(self.peaks[at], level)
        self.sums[at] += level
        self.counts[at] += 1

    def lane(self, caps: Sequence[float]) -> Lane:
        means = (total / max(count, 1) for total, count in zip(self.sums, self.counts, strict=True))
        cap = max(caps[motor] for motor in self.motors)
        return Lane(self.zone, cap, tuple(self.asked), tuple(self.peaks), tuple(means))


def compute(
    score: Score,
    massager: Massager,
    limits: Limits,
    slices: int,
    *,
    ceiling: float = 1.0,
    tally: Tally | None = None,
) -> Plot:
    """Play `score` through a governor without a massager, and return what came out.

    Every frame counts as delivered the moment it is judged: a perfect link.

    Args:
        score: The profile, laid out for this massager.
        massager: With every motor placed.
        limits: The caps.
        slices: Into how many equal slices of time the answer is cut; the drawing's resolution.
        ceiling: Highest level of the session, 0..1.
        tally: Adds up what rules hold back; None if nobody asks.
    """
    mounts = [mount(massager.model, massager)]
    governor = Governor(limits, mounts, ceiling=ceiling, duration_s=score.duration_s)
    tallies = {} if tally is None else {massager.model: tally}
    (plot,) = play_through({massager.model: (massager, score)}, governor, slices, tallies)
    return plot


def play_through(
    parts: Mapping[str, tuple[Massager, Score]],
    governor: Governor,
    slices: int,
    tallies: Mapping[str, Tally] = NO_TALLIES,
) -> tuple[Plot, ...]:
    """Play what each massager, by name, has to play through one new governor of all of them."""
    governor.grant(math.inf)  # nobody lies under a plot
    for name in parts:
        governor.restart(name, 0.0)
    scores = [score for _, score in parts.values()]
    tracks = [
        [_Track(zone, motors, slices) for zone, motors in _motors_by_zone(massager).items()]
        for massager, _ in parts.values()
    ]
    motors = [_Motors(massager.layout.places) for massager, _ in parts.values()]
    ticks = int(max(score.duration_s for score in scores) / _TICK_S)
    for tick in range(ticks):
        now_s = tick * _TICK_S
        governor.present(now_s)
        asked = [score.at(now_s).levels for score in scores]
        frames = governor.judge(asked, now_s)
        for levels, frame, lanes, each in zip(asked, frames, tracks, motors, strict=True):
            governor.sent(frame, now_s)
            if (tally := tallies.get(frame.device)) is not None:
                tally.held(levels, frame, _TICK_S)
            delivered = [step / of for step, of in zip(frame.steps, frame.of, strict=True)]
            each.add(delivered)
            for track in lanes:
                track.add(tick * slices // ticks, levels, delivered)
    return tuple(
        _plot(massager, score, lanes, each.motors(caps), caps)
        for (name, (massager, score)), lanes, each in zip(
            parts.items(), tracks, motors, strict=True
        )
        for caps in (governor.caps(name),)
    )


def _plot(
    massager: Massager,
    score: Score,
    tracks: Sequence[_Track],
    motors: tuple[Motor, ...],
    caps: Sequence[float],
) -> Plot:
    lanes = tuple(track.lane(caps) for track in tracks if any(track.asked))
    return Plot(score.title, massager.model, score.duration_s, score.passages, lanes, motors)


def _motors_by_zone(massager: Massager) -> dict[str, list[int]]:
    motors: dict[str, list[int]] = {}
    for place in massager.layout.places:
        for zone in place.zones:
            motors.setdefault(zone, []).append(place.index)
    return dict(sorted(motors.items(), key=lambda item: -_height(item[0])))


def _height(zone: str) -> float:
    outline = _OUTLINES.get(zone, ())
    return sum(y for _, y in outline) / len(outline) if outline else float("-inf")
