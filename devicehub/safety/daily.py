"""The rules of a day: what a body received in the last 24 hours and in this session is enough.

What came before the session is told (`past.Past`), what the session adds is counted (`exposure`).
Every limit is reached `timing.tail_s` early: so long something may go on moving after the hub has
died, and not even then does a place get more than its day's share.
"""

from devicehub.safety.allowance import Allowance
from devicehub.safety.daily_limits import DailyLimits, Vibration
from devicehub.safety.exposure import Exposed, Sum
from devicehub.safety.past import Exposure, Received
from devicehub.safety.remaining import Remaining


class ZoneDay:
    """A place has had enough for a day, in seconds or in dose: 0 until the session ends.

    The dose of a day is what the place's cap would give in its seconds. Of several zones and
    classes the strictest counts.
    """

    id = "zone_day"

    def __init__(
        self, exposed: Exposed, past: Exposure, tail: Exposure, remaining: Remaining
    ) -> None:
        self._remaining = remaining
        self._sums: list[tuple[Sum, tuple[int, ...]]] = []
        for meter in exposed.meters:
            spot, ahead = meter.spot, tail.places[meter.spot.place]
            had = past.places.get(spot.place, Received())
            dose = min(row.max_intensity**2 * row.max_daily_s for row in spot.rows)
            meter.seconds.allow(spot.least("max_daily_s") - had.seconds - ahead.seconds)
            meter.dose.allow(dose - had.dose - ahead.dose)
            self._sums += [(meter.seconds, spot.members), (meter.dose, spot.members)]
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold at 0 what has had enough; over when that is everything."""
        for total, members in self._sums:
            if now_s >= total.due_s:
                total.end()
                self.over = self._remaining.without(members)
                for i in members:
                    allowance.lower(i, 0.0, self.id)


class Day:
    """Something has moved for long enough in a day: everything is 0, for good."""

    id = "day"

    def __init__(
        self, limits: DailyLimits, exposed: Exposed, past: Exposure, tail: Exposure
    ) -> None:
        self._active = exposed.active
        self._active.allow(limits.max_active_s - past.active_s - tail.active_s)
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold everything at 0 from the last second of the day on."""
        if now_s >= self._active.due_s:
            self._active.end()
            self.over = True
            allowance.silence(self.id)


class Vibrated:
    """A kind of vibration has added up to a day's share: what makes it is 0 until the session ends.

    ``sum(a^2 T)`` over all massagers of its classes, and over the day, stays under what
    2002/44/EC calls the value at which something must be done.
    """

    def __init__(
        self,
        rule: str,
        vibration: Vibration,
        exposed: Exposed,
        past: Exposure,
        tail: Exposure,
        remaining: Remaining,
    ) -> None:
        self.id = rule
        self._remaining = remaining
        self._members = exposed.members(vibration.classes)
        self._sum = exposed.together(vibration.classes)
        had_s = sum(past.class_s.get(name, 0.0) for name in vibration.classes)
        ahead_s = sum(tail.class_s.get(name, 0.0) for name in vibration.classes)
        self._sum.allow(vibration.most_s - had_s - ahead_s)
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold its massagers at 0; over when nothing else is left."""
        if self._members and now_s >= self._sum.due_s:
            self._sum.end()
            self.over = self._remaining.without(self._members)
            for i in self._members:
                allowance.lower(i, 0.0, self.id)
