"""Stances: the places where one massager is during a session, and which of them it is in now.

The governor knows each stance as a massager of its own, with the caps, clocks and doses of its
zones, and judges all of them at every beat. Only the stance in which the person has confirmed the
massager to be is ever asked for anything; all others are asked for 0. So the governor needs no way
to change where a massager is, and what was received goes to where it was.

A massager whose motors have places, or whose user said `--zone`, has one stance and never moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from devicehub.errors import SafetyRefusal
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount
from devicehub.session.stillness import refuse_still
from devicehub.session.tally import Tally
from profiles.guiding.legs import Leg
from profiles.score import Demand, Score

# A stance is left softly: that it becomes less is felt, and says that it is time to move.
LEAVE_S = 1.0


@dataclass(frozen=True, slots=True)
class Stance:
    """One place of a massager, as the governor sees it.

    Attributes:
        massager: The massager, placed.
        mount: The same for the governor, under a name of its own.
        score: The profile as it is played there; None where the massager's own is.
        tally: What was felt there.
    """

    massager: Massager
    mount: Mount
    score: Score | None
    tally: Tally

    @classmethod
    def of(
        cls, name: str, massager: Massager, score: Score | None = None, *, heat: bool = False
    ) -> "Stance":
        """Return the stance of a placed massager."""
        zones = [place.zones for place in massager.layout.places]
        return cls(massager, mount(name, massager, heat=heat), score, Tally(zones))

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones of its first motor."""
        return self.massager.layout.places[0].zones


class Stances:
    """All stances of one massager.

    Without `legs` there is one, and the massager is in it from the beginning; with them it is
    nowhere until somebody confirms where.
    """

    def __init__(self, all_: Sequence[Stance], legs: Sequence[Leg] = ()) -> None:
        """Make it; each of `legs` is in one of the stances."""
        self.all = tuple(all_)
        self._legs = tuple(legs)
        self._by_zones = {stance.zones: index for index, stance in enumerate(self.all)}
        self._held: int | None = None if legs else 0

    @property
    def held(self) -> Stance:
        """The stance that the massager is in; the first one as long as nobody has said."""
        return self.all[self._held or 0]

    @property
    def moves(self) -> bool:
        """Whether cues take the massager from place to place."""
        return bool(self._legs)

    def due(self, position_s: float) -> tuple[str, ...]:
        """Return where it has to be moved before the score goes on at `position_s`, or ()."""
        leg = self._leg(position_s)
        return leg.zones if leg and self._by_zones[leg.zones] != self._held else ()

    def confirm(self, position_s: float) -> None:
        """Take it that the massager is where the score needs it at `position_s`."""
        leg = self._leg(position_s)
        if leg is not None:
            self._held = self._by_zones[leg.zones]

    def restart(self, governor: Governor, now_s: float) -> None:
        """Tell the governor that the massager was stopped, wherever it is."""
        for stance in self.all:
            governor.restart(stance.mount.device, now_s)

    def highest_steps(self, governor: Governor) -> tuple[int, ...]:
        """Return the highest step of each actuator, anywhere.

        The last gate is told once, before the first frame; which place counts now is the
        governor's to know.
        """
        ceilings = [governor.ceiling_steps(stance.mount.device) for stance in self.all]
        return tuple(map(max, zip(*ceilings, strict=True)))

    def least_strict(self, limits: Limits) -> str:
        """Return the zone that takes the most, of all in which the massager will be."""
        kind = self.all[0].massager.stimulus_class
        zones = [zone for stance in self.all for zone in stance.zones]
        return max(zones, key=lambda zone: limits.caps(zone, kind).max_intensity)

    def demands(self, score: Score, position_s: float) -> list[Demand]:
        """Return what each stance is asked for: 0 but for the one that it is in.

        `score` is the massager's own, for a stance without one.
        """
        demand = (self.held.score or score).at(position_s)
        still = replace(demand, levels=(0.0,) * len(demand.levels), gentle=1.0)
        asked = [still] * len(self.all)
        if self._held is not None:
            asked[self._held] = self._softly(demand, still, position_s)
        return asked

    def _softly(self, demand: Demand, still: Demand, position_s: float) -> Demand:
        if not self._legs:
            return demand
        leg = self._leg(position_s)
        if leg is None or leg.zones != self.held.zones:
            return still
        left = min(1.0, max(0.0, (self._leaves_s(leg) - position_s) / LEAVE_S))
        return replace(demand, levels=tuple(level * left for level in demand.levels))

    def _leaves_s(self, leg: Leg) -> float:
        """Return when the place of a leg is left: at its end, or that of a later one."""
        end_s = leg.end_s
        for later in self._legs[self._legs.index(leg) + 1 :]:
            if later.zones != leg.zones:
                break
            end_s = later.end_s
        return end_s

    def _leg(self, position_s: float) -> Leg | None:
        within = (leg for leg in self._legs if leg.start_s <= position_s < leg.end_s)
        return next(within, None)


def over(massager: Massager, zones: tuple[str, ...]) -> Massager:
    """Return a handheld as it is held over `zones`; the strictest of them counts."""
    places = tuple(replace(place, zones=zones) for place in massager.layout.places)
    return replace(massager, layout=replace(massager.layout, places=places))


def usable(massager: Massager, zones: Sequence[str], limits: Limits) -> frozenset[str]:
    """Return the zones over which a handheld can do anything at all."""

    def can(zone: str) -> bool:
        try:
            refuse_still(massager.model, over(massager, (zone,)), limits)
        except SafetyRefusal:
            return False
        return limits.caps(zone, massager.stimulus_class).max_intensity > 0.0

    return frozenset(zone for zone in zones if can(zone))
