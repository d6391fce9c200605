"""Framing: cuts one flat row of all actuators into frames, one for each massager.

This is where a `CappedFrame` is made, and the governor alone has it made.
"""

from collections.abc import Sequence

from devicehub.errors import SafetyRefusal
from devicehub.safety.allowance import Allowance
from devicehub.safety.frame import CappedFrame, claim_mint
from devicehub.safety.heat import Heat
from devicehub.safety.mount import Mount

_mint = claim_mint()


class Framing:
    """Knows where the actuators of each massager lie in the flat row, and numbers judgements.

    Attributes:
        spans: By massager, its part of the row.
        of: The strongest step of each actuator.
        seq: Number of the last judgement.

    Raises:
        SafetyRefusal: No massager, or two of one name.
    """

    def __init__(self, mounts: Sequence[Mount], ttl_s: float) -> None:
        self.spans = _spans(mounts)
        self.of = [actuator.steps for mount in mounts for actuator in mount.actuators]
        self.seq = 0
        self._ttl_s = ttl_s

    def span(self, device: str) -> range:
        """Return the part of a massager.

        Raises:
            SafetyRefusal: There is none of that name.
        """
        if device not in self.spans:
            right = ", ".join(self.spans)
            raise SafetyRefusal(f"device is {device!r}: must be one of {right}")
        return self.spans[device]

    def frames(
        self, allowance: Allowance, ran: tuple[str, ...], now_s: float, heat: Heat
    ) -> tuple[CappedFrame, ...]:
        """Return what was allowed at `now_s`, after the rules that `ran`, with what `heat` says."""
        return tuple(
            _mint(
                device=device,
                seq=self.seq,
                steps=tuple(allowance.steps[span.start : span.stop]),
                of=tuple(self.of[span.start : span.stop]),
                levels=tuple(allowance.levels[span.start : span.stop]),
                bound_by=tuple(allowance.bound_by[span.start : span.stop]),
                judged_at_s=now_s,
                not_after_s=now_s + self._ttl_s,
                rules=ran,
                heat_c=heat.target_c(device),
            )
            for device, span in self.spans.items()
        )

    def silence(self, fault: str, now_s: float, heat: Heat) -> tuple[CappedFrame, ...]:
        """Return zeros, because of a fault; no pad is on after it."""
        heat.latch(fault)
        nothing = Allowance([], self.of, [])
        nothing.bound_by = [fault] * len(self.of)
        self.seq += 1
        return self.frames(nothing, (fault,), now_s, heat)


def _spans(mounts: Sequence[Mount]) -> dict[str, range]:
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
