"""The governor: every level that reaches a massager has passed here.

What is promised
================

A demand goes in, a `CappedFrame` comes out, and nothing else can make one. A frame never asks for
more than the demand did, and every rule that held something back is named in it.

Why it is built like this
=========================

* Caps compose by minimum only. `Allowance`, on which the rules work, has no way to raise a level,
  so a rule can be wrong about its own reason and about nothing else, and the order of the rules
  does not matter. Two kinds come last, because they judge steps: what rounding made of the levels.

      demand --> caps --> joint --> ramp --> edge --> seconds, days, both ends, presence, reserved
             --> (rounded) pattern --> recheck --> CappedFrame

* Zero always passes, at once. Falls are never limited: there is no rule that could.

* The reference for every rise is what has *reached* the massager, told by `sent`, never what was
  judged. Frames that are late, dropped or overwritten change nothing. The loop therefore also calls
  `sent` for a frame whose steps the massager has already and which is not written again: it is what
  the massager does. Leave that out, and a massager of few steps never leaves zero.

* Whoever stops a massager by another way (pause, reconnect, any interruption) calls `restart`: it
  begins again from 0, slowly.

* Roll-call: a frame carries the ids of the rules that ran. If one is missing, no frame is made. A
  check that disappears must look like a fault, not like a session without complaints.

* Faults are latched. A demand or a clock that makes no sense means that something above is broken,
  so from then on all frames are zero and `verdict` says why; the loop ends the session. A fault is
  not raised: an exception would leave the massager at its last level for as long as it is handled.
  A session that has had its time is no fault: all frames are zero as well.

* Nothing moves that was not written down before: without `grant` every frame is zero. What has been
  delivered, `exposure` tells, and never less than the truth.

What it does not do
===================

It knows no transport, no clock and no person. Times are the caller's monotonic seconds. It cannot
know whether a simulated massager is at the other end, so it cannot spare one.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from devicehub.safety import actions
from devicehub.safety.actions import Verdict
from devicehub.safety.arrivals import Arrivals
from devicehub.safety.assembly import assemble
from devicehub.safety.caps import Caps
from devicehub.safety.frame import CappedFrame
from devicehub.safety.framing import Framing
from devicehub.safety.limits import Limits
from devicehub.safety.mount import GovernedActuator, Mount
from devicehub.safety.past import NOTHING_YET, Exposure, Past
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.sense import is_time, makes_sense

__all__ = ["ROLL_CALL", "GovernedActuator", "Governor", "Mount"]

ROLL_CALL = frozenset(
    {"zone", "rating", "ceiling", "conditions", "discomfort"}
    | {"joint", "ramp", "edge", "pattern", "recheck"}
    | {"continuous", "zone_session", "session", "active", "warmup", "cooldown", "on_off"}
    | {"zone_day", "day", "hand_arm", "whole_body", "presence", "reserved", "heat"}
)
"""Written out, not collected from the rules: a list made from them could not miss one."""


class Governor:
    """Judges the demands of all massagers on one person, with a past and restrictions of theirs.

    `heat` is the rule of the heat pads, `gentle` are both ends, `limits` is the table.

    Raises:
        SafetyRefusal: No massager, two of one name, a class that the limits do not know or the
            person's answers rule out, one that knows no levels where only levels will do, a ceiling
            that is not from 0 to 1, or a duration that is no time.
    """

    def __init__(
        self,
        limits: Limits,
        mounts: Sequence[Mount],
        *,
        ceiling: float = 1.0,
        duration_s: float | None = None,
        past: Past = NOTHING_YET,
        restrictions: Restrictions = UNRESTRICTED,
    ) -> None:
        """Judge for a session of `duration_s` played seconds; None: as long as one may be."""
        self._framing = Framing(mounts, limits.timing.frame_ttl_s)
        self._spans, self._of = self._framing.spans, self._framing.of
        self._counts = [len(span) for span in self._spans.values()]
        self._caps = Caps(limits, mounts, ceiling, restrictions)
        session, heat = limits.session.within(restrictions.max_total_s), restrictions.heat
        planned_s = session.planned_s(duration_s)
        self.limits = limits = replace(limits, session=session)
        self._parts = parts = assemble(limits, mounts, self._caps, planned_s, past, heat)
        self._rules, self._ends, self._exposed = parts.rules, parts.endings, parts.exposed
        self.restrictions, self.heat, self.gentle = restrictions, parts.heat, parts.gentle
        self._ceiling_steps = self._caps.highest_steps(parts.raising.most)
        self._arrivals = Arrivals(self._framing, self._caps.driven, parts)
        self._now_s: float | None = None
        self._fault: str | None = None
        self._last: tuple[CappedFrame, ...] = ()

    def judge(self, demands: Sequence[Sequence[float]], now_s: float) -> tuple[CappedFrame, ...]:
        """Return one frame for each massager, in the order of the mounts.

        Args:
            demands: For each massager a level 0..1 for each actuator, in device order.
            now_s: Monotonic seconds, never less than in the call before.

        Returns:
            What may be sent. All zero if the demand or the time makes no sense, or a rule did not
            run; `verdict` says which, for good.
        """
        if self._fault is None:
            self._fault = self._flaw(demands, now_s)
        if self._fault is None:
            self._begin(now_s)
            allowance = self._caps.judge([*chain.from_iterable(demands)], self._of)
            ran = [*self._caps.ran]
            for rule in self._rules:
                rule.judge(allowance, now_s)
                ran.append(rule.id)
            if ROLL_CALL.issubset(ran):
                self._last = frames = self._framing.frames(allowance, tuple(ran), now_s, self.heat)
                for frame in frames:
                    self._exposed.judged(frame.device, frame.seq, frame.steps, now_s)
                return frames
            self._fault = "rollcall"
        last_s = 0.0 if self._now_s is None else self._now_s
        return self._framing.silence(self._fault, last_s, self.heat)

    def sent(self, frame: CappedFrame, now_s: float, steps: Sequence[int] | None = None) -> None:
        """Tell that `frame` is what its massager does at `now_s`: written, or the same as before.

        It is the reference for every rise, or `steps` where its massager is only on its way there.
        One judged before the last `restart`, or before the last that was sent, changes nothing.
        """
        self._framing.span(frame.device)
        if self._tells_time(now_s):
            self._arrivals.sent(frame, now_s, frame.steps if steps is None else steps)

    def restart(self, device: str, now_s: float) -> None:
        """Tell that `device` was stopped: after start, resume, reconnect or any interruption."""
        self._framing.span(device)
        if self._tells_time(now_s):
            self._arrivals.restart(device, now_s)

    def grant(self, until_s: float) -> None:
        """Tell that exposure is reserved until `until_s`; from a tail before that on all is zero.

        The tail, `timing.tail_s`, is for what may still move after the hub has died.
        """
        self._parts.reserved.grant(until_s)

    def exposure(self, now_s: float) -> Exposure:
        """Return what the body has received in this session until `now_s`, and never less."""
        self._tells_time(now_s)
        return replace(self._exposed.until(now_s), heat_s=self.heat.seconds(now_s))

    def most_within(self, seconds: float) -> Exposure:
        """Return the most that `seconds` more can bring: what is to be reserved for them."""
        return replace(self._exposed.most_within(seconds), heat_s=self.heat.most_within(seconds))

    def present(self, now_s: float) -> None:
        """Tell that somebody is there."""
        if self._tells_time(now_s):
            self._parts.presence.present()

    @property
    def presence_due_s(self) -> float:
        """From when on the person is to be asked whether they are there; inf in a pause."""
        return self._parts.presence.due_s

    def raise_ceiling(self, to: float, now_s: float) -> None:
        """Let levels pass up to `to` (0..1), no further than every cap, and never with a jump.

        Raises:
            SafetyRefusal: It may not go there, or not yet; the text is for the person.
        """
        if self._tells_time(now_s):
            self._parts.raising.lift(to)
            self._caps.compose()

    def lower_ceiling(self, to: float) -> None:
        """Let no level pass `to` (0..1) from here on; more than the ceiling changes nothing.

        Raises:
            SafetyRefusal: `to` is not a number from 0 to 1.
        """
        self._caps.ceiling.lower(to)
        self._caps.compose()

    def mild_discomfort(self) -> None:
        """Shrink all caps for the rest of the session; a second report does not shrink again."""
        self._parts.raising.never_again()
        self._caps.discomfort.report()
        self.heat.latch("discomfort")
        self._caps.compose()

    @property
    def ceiling(self) -> float:
        """The most that the person wants, 0..1."""
        return self._caps.ceiling.level

    @property
    def fault(self) -> str | None:
        """Why all is zero for good: "finite", "clock" or "rollcall"; None while all is well."""
        return self._fault

    @property
    def over(self) -> str | None:
        """The rule by which all is zero because the session has had its time, for good, or None."""
        return next((rule.id for rule in self._ends if rule.over), None)

    @property
    def verdict(self) -> Verdict:
        """What is to be done now: the worst of all that the rules say, with a sentence."""
        if self._fault is None and (over := self.over) is not None:
            return actions.ended(over)
        held = {rule for frame in self._last for rule in frame.bound_by}
        return actions.worst({self._fault} if self._fault else held, self._parts.presence.asks)

    def caps(self, device: str) -> tuple[float, ...]:
        """Return the cap of each actuator, 0..1, with ceiling and discomfort."""
        span = self._framing.span(device)
        return tuple(self._caps.levels[span.start : span.stop])

    def ceiling_steps(self, device: str) -> tuple[int, ...]:
        """Return the highest step of each actuator that this governor will ever let through."""
        span = self._framing.span(device)
        return tuple(self._ceiling_steps[span.start : span.stop])

    def _flaw(self, demands: Sequence[Sequence[float]], now_s: float) -> str | None:
        """Return what makes no sense, or None."""
        if not is_time(now_s) or (self._now_s is not None and now_s < self._now_s):
            return "clock"
        return None if makes_sense(demands, self._counts) else "finite"

    def _begin(self, now_s: float) -> None:
        """Move on to `now_s`; the first judgement starts every massager from 0."""
        if self._now_s is None:
            for device in self._spans:
                self.restart(device, now_s)
        self._now_s = now_s
        self._framing.seq += 1

    def _tells_time(self, now_s: float) -> bool:
        if not is_time(now_s):
            self._fault = self._fault or "clock"
        return self._fault is None
