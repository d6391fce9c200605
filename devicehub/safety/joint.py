"""Joint caps: what all motors on one person may do together to a zone.

Motors that do not run in phase add in power. A motor is felt fully in the zones it lists and partly
in their neighbours (tau). Massagers of several classes share one budget, that of the strictest
class which can move there.
"""

import math
from collections.abc import Sequence

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.mount import Mount


class Joint:
    """All motors felt in a guarded or strict zone, together: their power stays under one cap.

    ``sqrt(sum((tau * level) ** 2)) <= joint cap``; above it all contributors shrink by one factor.
    """

    id = "joint"

    def __init__(self, limits: Limits, mounts: Sequence[Mount], caps: Caps) -> None:
        self._caps = caps
        self._budgets = [
            budget
            for zone in limits.zones.values()
            if zone.tier in limits.joint_cap_floor
            if (budget := _budget(zone.id, limits, mounts, caps))
        ]

    def judge(self, allowance: Allowance, _now_s: float) -> None:
        """Scale what is asked, under the static caps; other rules only take more away."""
        if not (self._budgets and allowance.moving):
            return
        caps, power = self._caps.levels, [0.0] * len(allowance.of)
        felt = self._caps.discomfort.factor
        for i in allowance.moving:
            level = min(allowance.asked[i], caps[i])
            power[i] = level * level
        factors: dict[int, float] = {}
        for budget, part, terms in self._budgets:
            most = budget * min(part, felt) ** 2
            total = 0.0
            for i, weight in terms:
                total += weight * power[i]
            if total > most:
                factor = math.sqrt(most / total)
                for i, _ in terms:
                    factors[i] = min(factor, factors.get(i, factor))
        for i, factor in factors.items():
            allowance.lower(i, factor * math.sqrt(power[i]), self.id)

    def overrun(self, allowance: Allowance) -> list[int]:
        """Return the actuators whose steps together pass a joint cap."""
        if not (self._budgets and allowance.moving):
            return []
        power = [0.0] * len(allowance.of)
        for i in allowance.moving:
            level = allowance.steps[i] / allowance.of[i]
            power[i] = level * level
        felt = self._caps.discomfort.factor
        return [
            i
            for most, part, terms in self._budgets
            if sum([weight * power[i] for i, weight in terms])
            > most * min(part, felt) ** 2 * _ROUNDING
            for i, _ in terms
        ]


_ROUNDING = 1.0 + 1e-12
"""Forgives the last bits of a sum of squares."""

_Budget = tuple[float, float, tuple[tuple[int, float], ...]]
"""The square of a joint cap, the part of the cap that a person's answers leave, and for each
contributor its index and the square of its tau."""


def _budget(zone_id: str, limits: Limits, mounts: Sequence[Mount], caps: Caps) -> _Budget | None:
    """Return the budget of one zone, or None if all caps together cannot pass it."""
    terms: list[tuple[int, float]] = []
    most = math.inf
    flat = [(mount, actuator) for mount in mounts for actuator in mount.actuators]
    for i, (mount, actuator) in enumerate(flat):
        zones = [limits.zone(zone).id for zone in actuator.zones] or [UNKNOWN]
        tau = max(limits.tau(zone, zone_id) for zone in zones)
        if tau > 0.0 and caps.top[i] > 0.0:
            terms.append((i, tau * tau))
            most = min(most, limits.joint_cap(zone_id, mount.stimulus_class))
    if zone_id in caps.restrictions.forbidden:
        most = min(most, limits.joint_cap_floor[limits.zone(zone_id).tier])
    part = caps.restrictions.part(zone_id)
    budget = (most * most, part, tuple(terms))
    felt = (1.0, limits.mild_discomfort_factor)
    return budget if any(_can_be_passed(budget, caps, factor) for factor in felt) else None


def _can_be_passed(budget: _Budget, caps: Caps, felt: float) -> bool:
    """Tell whether all caps together pass a budget, whatever the ceiling is, at this discomfort."""
    most, part, terms = budget
    reach = caps.reach(felt)
    worst = sum(weight * reach[i] ** 2 for i, weight in terms)
    return worst > most * min(part, felt) ** 2
