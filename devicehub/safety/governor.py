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

      demand --> caps --> joint --> ramp --> edge --> seconds, warm-up, cool-down
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
  so from then on all frames are zero and `fault` says why; the loop ends the session. A fault is
  not raised: an exception would leave the massager at its last level for as long as it is handled.
  A session that has had its time is no fault: all frames are zero as well, and `over` says why.

What it does not do
===================

It knows no transport, no clock and no person. Times are the caller's monotonic seconds. It cannot
know whether a simulated massager is at the other end, so it cannot spare one.
"""

from collections.abc import Sequence
from itertools import chain

from devicehub.errors import SafetyRefusal
from devicehub.safety.allowance import Allowance, step_below
from devicehub.safety.caps import Caps
from devicehub.safety.frame import CappedFrame, claim_mint
from devicehub.safety.limits import Limits
from devicehub.safety.mount import GovernedActuator, Mount
from devicehub.safety.rules import assemble
from devicehub.safety.sense import is_time, makes_sense

__all__ = ["ROLL_CALL", "GovernedActuator", "Governor", "Mount"]

ROLL_CALL = frozenset(
    {"zone", "rating", "ceiling", "discomfort", "joint", "ramp", "edge", "pattern", "recheck"}
    | {"continuous", "zone_session", "session", "active", "warmup", "cooldown"}
)
"""Written out, not collected from the rules: a list made from them could not miss one."""

_mint = claim_mint()


class Governor:
    """Judges the demands of all massagers on one person.

    Raises:
        SafetyRefusal: No massager, two of one name, a class that the limits do not know, a ceiling
            that is not from 0 to 1, or a duration that is no time.
    """

    def __init__(
        self,
        limits: Limits,
        mounts: Sequence[Mount],
        *,
        ceiling: float = 1.0,
        duration_s: float | None = None,
    ) -> None:
        """Judge for a session of `duration_s` played seconds; None: as long as one may be."""
        self._spans = _spans(mounts)
        self._counts = [len(span) for span in self._spans.values()]
        self._of = [actuator.steps for mount in mounts for actuator in mount.actuators]
        self._caps = Caps(limits, mounts, ceiling)
        self._ceiling_steps = [
            step_below(cap, of) for cap, of in zip(self._caps.levels, self._of, strict=True)
        ]
        planned_s = limits.session.planned_s(duration_s)
        self._rules, self._memories, self._ends = assemble(limits, mounts, self._caps, planned_s)
        self._driven = {
            device: [i for i in self._caps.driven if i in span]
            for device, span in self._spans.items()
        }
        self._ttl_s = limits.timing.frame_ttl_s
        self._oldest_seq = dict.fromkeys(self._spans, 0)
        self._seq = 0
        self._now_s: float | None = None
        self._fault: str | None = None

    def judge(self, demands: Sequence[Sequence[float]], now_s: float) -> tuple[CappedFrame, ...]:
        """Return one frame for each massager, in the order of the mounts.

        Args:
            demands: For each massager a level 0..1 for each actuator, in device order.
            now_s: Monotonic seconds, never less than in the call before.

        Returns:
            What may be sent. All zero if the demand or the time makes no sense, or a rule did not
            run; `fault` says which, for good.
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
                return self._frames(allowance, tuple(ran))
            self._fault = "rollcall"
        return self._silence(self._fault)

    def sent(self, frame: CappedFrame, now_s: float) -> None:
        """Tell that `frame` is what its massager does at `now_s`: written, or the same as before.

        It becomes the reference for every rise. A frame judged before the last `restart` of its
        massager, or before the last frame that was sent, changes nothing.
        """
        span = self._span(frame.device)
        if not self._tells_time(now_s) or frame.seq < self._oldest_seq[frame.device]:
            return
        self._oldest_seq[frame.device] = frame.seq
        driven = self._driven[frame.device]
        levels = [frame.levels[i - span.start] for i in driven]
        steps = [frame.steps[i - span.start] for i in driven]
        for memory in self._memories:
            memory.sent(driven, levels, steps, max(now_s, frame.judged_at_s))

    def restart(self, device: str, now_s: float) -> None:
        """Tell that `device` was stopped: after start, resume, reconnect or any interruption."""
        self._span(device)
        if not self._tells_time(now_s):
            return
        self._oldest_seq[device] = self._seq + 1
        for memory in self._memories:
            memory.restart(self._driven[device], now_s)

    def lower_ceiling(self, to: float) -> None:
        """Let no level pass `to` (0..1) from here on; more than the ceiling changes nothing.

        Raises:
            SafetyRefusal: `to` is not a number from 0 to 1.
        """
        self._caps.ceiling.lower(to)
        self._caps.compose()

    def mild_discomfort(self) -> None:
        """Shrink all caps for the rest of the session; a second report does not shrink again."""
        self._caps.discomfort.report()
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

    def caps(self, device: str) -> tuple[float, ...]:
        """Return the cap of each actuator, 0..1, with ceiling and discomfort."""
        span = self._span(device)
        return tuple(self._caps.levels[span.start : span.stop])

    def ceiling_steps(self, device: str) -> tuple[int, ...]:
        """Return the highest step of each actuator that this governor will ever let through."""
        span = self._span(device)
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
        self._seq += 1

    def _tells_time(self, now_s: float) -> bool:
        if not is_time(now_s):
            self._fault = self._fault or "clock"
        return self._fault is None

    def _silence(self, fault: str) -> tuple[CappedFrame, ...]:
        nothing = Allowance([0.0] * len(self._of), self._of, [])
        nothing.bound_by = [fault] * len(self._of)
        self._seq += 1
        return self._frames(nothing, (fault,))

    def _frames(self, allowance: Allowance, ran: tuple[str, ...]) -> tuple[CappedFrame, ...]:
        now_s = 0.0 if self._now_s is None else self._now_s
        return tuple(
            _mint(
                device=device,
                seq=self._seq,
                steps=tuple(allowance.steps[span.start : span.stop]),
                of=tuple(self._of[span.start : span.stop]),
                levels=tuple(allowance.levels[span.start : span.stop]),
                bound_by=tuple(allowance.bound_by[span.start : span.stop]),
                judged_at_s=now_s,
                not_after_s=now_s + self._ttl_s,
                rules=ran,
            )
            for device, span in self._spans.items()
        )

    def _span(self, device: str) -> range:
        if device not in self._spans:
            right = ", ".join(self._spans)
            raise SafetyRefusal(f"device is {device!r}: must be one of {right}")
        return self._spans[device]


def _spans(mounts: Sequence[Mount]) -> dict[str, range]:
    """Return where the actuators of each massager lie in the flat row of all."""
    if not mounts:
        raise SafetyRefusal("no massager: at least one is needed")
    spans: dict[str, range] = {}
    start = 0
    for mount in mounts:
        if mount.device in spans:
            raise SafetyRefusal(f"device {mount.device!r} appears twice: names must differ")
        spans[mount.device] = range(start, start + len(mount.actuators))
        start += len(mount.actuators)
    return spans
