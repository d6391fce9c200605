"""Borders: how a session begins and ends, and how one phase goes over into the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from profiles.phantom import ease

# Seconds over which a session begins and ends, and over which one phase goes over into the next
# on each side of the border; a short phase gives at most a quarter of itself.
BEGIN_S = 2.0
CROSS_S = 1.0

# A session warms up and cools down: so many seconds, at most this part of it, from and to this part
# of every level. The limits hold every cap at a half for the first minute and lower it in the last
# one; this is of levels, which may lie far below a cap. A longer warm-up would hide what somebody
# gets who asks for softer meanwhile, so it is short.
WARM_UP_S = 10.0
COOL_DOWN_S = 60.0
GENTLE_PART = 0.2
GENTLE_LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class Fade:
    """A border of a phase: where the fade over it begins and how long it takes, in seconds."""

    begin_s: float
    length_s: float

    def at(self, t_s: float) -> float:
        """Return how much of the energy is beyond the border already, 0 to 1."""
        if not self.length_s:
            return float(t_s >= self.begin_s)
        return ease((t_s - self.begin_s) / self.length_s)

    @property
    def end_s(self) -> float:
        """When the fade is over."""
        return self.begin_s + self.length_s


@dataclass(frozen=True, slots=True)
class GentleEnds:
    """Warm-up and cool-down of a session that lasts so many seconds."""

    duration_s: float

    def at(self, t_s: float) -> float:
        """Return the part of every level that is asked at `t_s`, 0.5 to 1."""
        longest_s = GENTLE_PART * self.duration_s
        begun = ease(t_s / min(WARM_UP_S, longest_s))
        left = ease((self.duration_s - t_s) / min(COOL_DOWN_S, longest_s))
        return GENTLE_LEVEL + (1.0 - GENTLE_LEVEL) * min(begun, left)


def fades(spans: Sequence[tuple[float, float]], *, hard_begin: bool, hard_end: bool) -> list[Fade]:
    """Return the fades over all borders: the beginning, between two phases, the end.

    Args:
        spans: Begin and end of every phase in seconds.
        hard_begin: The first phase says itself how the session begins.
        hard_end: The last phase says itself how the session ends.
    """
    quarters = [(end_s - start_s) / 4.0 for start_s, end_s in spans]
    first = 0.0 if hard_begin else min(BEGIN_S, quarters[0])
    last = 0.0 if hard_end else min(BEGIN_S, quarters[-1])
    found = [Fade(0.0, first)]
    for (_, border_s), before, after in zip(spans, quarters, quarters[1:], strict=False):
        half = min(CROSS_S, before, after)
        found.append(Fade(border_s - half, 2.0 * half))
    found.append(Fade(spans[-1][1] - last, last))
    return found
