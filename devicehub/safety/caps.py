"""Static caps: what an actuator may do at most, whatever its history.

Five small rules, put together by minimum. They change only when a person asks for less, so the
result is kept and not worked out at every tick.
"""

from collections.abc import Sequence

from devicehub.errors import SafetyRefusal
from devicehub.safety.allowance import Allowance, step_below
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.mount import ON_OFF, GovernedActuator, Mount
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.sense import is_fraction


class ZoneCap:
    """The strictest zone an actuator is felt in, for its class of massager."""

    id = "zone"

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def cap(self, stimulus_class: str, actuator: GovernedActuator) -> float:
        """Return the smallest `max_intensity` of its zones; of "unknown" if it lists none."""
        zones = actuator.zones or (UNKNOWN,)
        return min(self._limits.caps(zone, stimulus_class).max_intensity for zone in zones)


class Rating:
    """What the maker allows."""

    id = "rating"

    def cap(self, _stimulus_class: str, actuator: GovernedActuator) -> float:
        """Return the actuator's rating."""
        return actuator.rating


class Ceiling:
    """The most that the person wants in this session; how it may go up, `habituation` says."""

    id = "ceiling"

    def __init__(self, level: float) -> None:
        self.level = self.chosen = _fraction(level)

    def lower(self, to: float) -> None:
        """Take `to` if it is less."""
        self.level = min(self.level, _fraction(to))

    def lift(self, to: float) -> None:
        """Take `to`; whoever calls has asked `habituation` before."""
        self.level = _fraction(to)

    def cap(self, _stimulus_class: str, _actuator: GovernedActuator) -> float:
        """Return the ceiling."""
        return self.level


class Discomfort:
    """After a report of mild discomfort every cap shrinks by one factor, for the session."""

    id = "discomfort"

    def __init__(self, factor_when_reported: float) -> None:
        self._factor_when_reported = factor_when_reported
        self.factor = 1.0

    def report(self) -> None:
        """Latch it. A second report changes no cap: what else follows is not the governor's."""
        self.factor = self._factor_when_reported


class Conditions:
    """What a person's answers leave of the caps; in a zone that they rule out, nothing."""

    id = "conditions"

    def __init__(self, limits: Limits, restrictions: Restrictions) -> None:
        self._limits, self._restrictions = limits, restrictions

    def factor(self, actuator: GovernedActuator) -> float:
        """Return the smallest factor of its zones; of all zones where it is not known."""
        zones = {self._limits.zone(zone).id for zone in actuator.zones} or {UNKNOWN}
        if UNKNOWN in zones:
            return self._restrictions.strictest
        if not zones.isdisjoint(self._restrictions.forbidden):
            return 0.0
        return min(self._restrictions.part(zone) for zone in zones)

    def admit(self, mount: Mount) -> None:
        """Refuse a massager whose class is ruled out.

        Raises:
            SafetyRefusal: It is; the text names the conditions.
        """
        if mount.stimulus_class in self._restrictions.forbidden_classes:
            why = ", ".join(self._restrictions.reasons.get("", ()))
            raise SafetyRefusal(
                f"{mount.device}: class {mount.stimulus_class} is ruled out by your answers: {why}"
            )


class Caps:
    """The five, composed: ``min(zone, rating, ceiling) * min(conditions, discomfort)``.

    Further factors join by ``min(factors)``: the smallest counts, never the product.

    Attributes:
        levels: Cap of every actuator of every massager, flat, 0..1; changes in place. One that is
            on or off may be on (1) where its cap allows switching at all, and how often is for
            `on_off` to say.
        composed: The same for those as well: the square is the part of the time that it is on.
        bound_by: The rule that decided each.
        ran: Ids of the rules that took part.
        own: Cap of each by its zones and its maker alone, whatever the person has asked for.
        parts: The part of each that the person's answers leave.
        restrictions: Those answers, for the rules that look at zones and not at actuators.
        top: The most that each may ever be let through, however the person changes their mind.
        driven: Indexes of the actuators that may move at all; the others cost no time.

    Raises:
        SafetyRefusal: The ceiling is not from 0 to 1, or a class of massager is ruled out.
    """

    def __init__(
        self,
        limits: Limits,
        mounts: Sequence[Mount],
        ceiling: float,
        restrictions: Restrictions = UNRESTRICTED,
    ) -> None:
        self._actuators = [(m.stimulus_class, actuator) for m in mounts for actuator in m.actuators]
        self.ceiling = Ceiling(ceiling)
        self.discomfort = Discomfort(limits.mild_discomfort_factor)
        self.restrictions = restrictions
        zone, rating, conditions = ZoneCap(limits), Rating(), Conditions(limits, restrictions)
        self._rules = (zone, rating, self.ceiling)
        self.own = [min(zone.cap(name, each), each.rating) for name, each in self._actuators]
        for mount in mounts:
            conditions.admit(mount)
        self.parts = [conditions.factor(actuator) for _, actuator in self._actuators]
        self.top = self.reach(1.0)
        self._switched_from = limits.on_off.min_cap
        self.composed, self.levels = [*self.own], [*self.own]
        self.bound_by = [ZoneCap.id] * len(self._actuators)
        self.ran: tuple[str, ...]
        self.compose()
        self.driven = [i for i, cap in enumerate(self.top) if cap > 0.0]
        self._idle = [i for i, cap in enumerate(self.top) if not cap > 0.0]

    def compose(self) -> None:
        """Work the caps out again, after the ceiling or the discomfort has changed."""
        for i, (stimulus_class, actuator) in enumerate(self._actuators):
            terms = [(rule.cap(stimulus_class, actuator), rule.id) for rule in self._rules]
            cap, rule = min(terms, key=lambda term: term[0])
            factors = [
                (1.0, rule),
                (self.parts[i], Conditions.id),
                (self.discomfort.factor, Discomfort.id),
            ]
            factor, rule = min(factors, key=lambda term: term[0])
            self.composed[i] = level = cap * factor
            if actuator.control == ON_OFF:
                level = 1.0 if level >= self._switched_from else 0.0
            self.levels[i] = level
            self.bound_by[i] = rule
        self.ran = (*(rule.id for rule in self._rules), Conditions.id, Discomfort.id)

    def reach(self, felt: float) -> list[float]:
        """Return the most of each under any ceiling, at the discomfort factor `felt`."""
        caps = [own * min(part, felt) for own, part in zip(self.own, self.parts, strict=True)]
        return [
            1.0 if cap > 0.0 and each.control == ON_OFF else cap
            for cap, (_, each) in zip(caps, self._actuators, strict=True)
        ]

    def highest_steps(self, ceiling: float) -> list[int]:
        """Return the highest step of each actuator under any ceiling up to `ceiling`."""
        return [
            step_below(top if each.control == ON_OFF else min(top, ceiling), each.steps)
            for top, (_, each) in zip(self.top, self._actuators, strict=True)
        ]

    def judge(self, asked: Sequence[float], of: Sequence[int]) -> Allowance:
        """Return what the caps leave of a demand, for the other rules to go on from."""
        allowance = Allowance(asked, of, [i for i in self.driven if asked[i] > 0.0])
        for i in self._idle:
            if asked[i] > 0.0:
                allowance.bound_by[i] = self.bound_by[i]
        self.lower(allowance)
        return allowance

    def lower(self, allowance: Allowance) -> None:
        """Lower every moving actuator to its cap."""
        need, levels = allowance.need, self.levels
        for i in allowance.moving:
            if not levels[i] >= need[i]:
                allowance.lower(i, levels[i], self.bound_by[i])


def _fraction(level: float) -> float:
    if not is_fraction(level):
        raise SafetyRefusal(f"ceiling is {level!r}: must be a number from 0 to 1")
    return level
