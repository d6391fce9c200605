"""All rules of a session, put together; their order does not matter, but for the last three.

`heat` asks which of the others has ended the session; `pattern` and `recheck` judge steps, what
rounding has made of the levels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.safety.caps import Caps
from devicehub.safety.daily import Day, Vibrated, ZoneDay
from devicehub.safety.exposure import Exposed
from devicehub.safety.gentle import Cooldown, Warmup
from devicehub.safety.habituation import Raising
from devicehub.safety.heat import Heat, Silence
from devicehub.safety.joint import Joint
from devicehub.safety.lasting import Ending, lasting
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.mount import ON_OFF, Mount
from devicehub.safety.on_off import OnOff, refuse_unsuited
from devicehub.safety.past import Past
from devicehub.safety.presence import Presence
from devicehub.safety.remaining import Remaining
from devicehub.safety.reserved import Reserved
from devicehub.safety.rules import Edge, Memory, Pattern, Ramp, Recheck, Rule
from devicehub.safety.stopwatch import Course


@dataclass(frozen=True, slots=True)
class Assembly:
    """What the governor works with.

    Attributes:
        rules: In the order in which they judge.
        memories: What must be told what arrived.
        endings: The rules that can end the session.
        exposed: Adds up what the body receives.
        gentle: Both ends of the session.
        reserved, presence, raising, heat: Those that a session speaks to.
    """

    rules: tuple[Rule, ...]
    memories: tuple[Memory, ...]
    endings: tuple[Ending, ...]
    exposed: Exposed
    gentle: tuple[Warmup, Cooldown]
    reserved: Reserved
    presence: Presence
    raising: Raising
    heat: Heat


def assemble(
    limits: Limits,
    mounts: Sequence[Mount],
    caps: Caps,
    planned_s: float,
    past: Past,
    heat: bool,
) -> Assembly:
    """Return the rules for these massagers on a body with this past; `heat` is whether it may be.

    Raises:
        SafetyRefusal: A massager without levels where only levels will do.
    """
    refuse_unsuited(limits, mounts)
    course, remaining = Course(caps.driven), Remaining(caps.driven)
    joint, ramp, edge, pattern = _rises(limits, mounts, caps)
    timed = lasting(limits, mounts, caps, course, remaining)
    exposed = Exposed(limits, mounts, caps)
    daily = _daily(limits, exposed, past, remaining)
    session = limits.session
    reserved = Reserved(limits.timing.tail_s)
    check_s = min(session.presence_check_s[mount.stimulus_class] for mount in mounts)
    presence = Presence(course, check_s, session.presence_grace_s)
    switched = OnOff(limits.on_off, caps, _switched(mounts, caps))
    ends = (Warmup(session, caps, course, planned_s), Cooldown(session, caps, course, planned_s))
    endings = (*timed.endings, *daily, presence)
    warmth = Heat(limits.heat, mounts, past, Silence(endings, reserved), allowed=heat)
    return Assembly(
        rules=(
            *(joint, ramp, edge, *timed.rules, *daily, *ends, switched, presence, reserved),
            *(warmth, pattern, Recheck(caps, joint)),
        ),
        memories=(ramp, edge, pattern, switched, *timed.memories, course),
        endings=endings,
        exposed=exposed,
        gentle=ends,
        reserved=reserved,
        presence=presence,
        raising=Raising(session.habituation, caps.ceiling, course, planned_s),
        heat=warmth,
    )


def _daily(
    limits: Limits, exposed: Exposed, past: Past, remaining: Remaining
) -> tuple[ZoneDay, Day, Vibrated, Vibrated]:
    had, tail = past.exposure, exposed.most_within(limits.timing.tail_s)
    daily = limits.daily
    return (
        ZoneDay(exposed, had, tail, remaining),
        Day(daily, exposed, had, tail),
        Vibrated("hand_arm", daily.hand_arm, exposed, had, tail, remaining),
        Vibrated("whole_body", daily.whole_body, exposed, had, tail, remaining),
    )


def _switched(mounts: Sequence[Mount], caps: Caps) -> list[int]:
    """Return the actuators that are on or off."""
    flat = [actuator for mount in mounts for actuator in mount.actuators]
    return [i for i in caps.driven if flat[i].control == ON_OFF]


def _rises(
    limits: Limits, mounts: Sequence[Mount], caps: Caps
) -> tuple[Joint, Ramp, Edge, Pattern]:
    """Return the rules of rises; each actuator takes the strictest of its zones."""
    rise_per_s: list[float] = []
    edge_min_s: list[float] = []
    gap_s: list[float] = []
    timing = limits.timing
    for mount in mounts:
        for actuator in mount.actuators:
            zones = [limits.zone(zone) for zone in actuator.zones or (UNKNOWN,)]
            knockable = not any(zone.peak_limited for zone in zones)
            rows = [zone.caps[mount.stimulus_class] for zone in zones]
            hz = min(row.max_pattern_hz for row in rows)
            rise_per_s.append(min(row.max_rise_per_s for row in rows))
            edge_min_s.append(timing.edge_min_s if knockable else timing.edge_min_peak_limited_s)
            gap_s.append(1.0 / hz if hz > 0.0 else math.inf)
    return (
        Joint(limits, mounts, caps),
        Ramp(timing, caps, rise_per_s),
        Edge(timing, caps, edge_min_s),
        Pattern(gap_s),
    )
