"""Arrivals: what reached the massagers, told to the rules in order; nothing from before a stop."""

import math
from collections.abc import Sequence

from devicehub.safety.assembly import Assembly
from devicehub.safety.frame import CappedFrame
from devicehub.safety.framing import Framing


class Arrivals:
    """Knows which frames are still news, and whom to tell."""

    def __init__(self, framing: Framing, driven: Sequence[int], parts: Assembly) -> None:
        self._framing, self._heat = framing, parts.heat
        self._memories, self._exposed = parts.memories, parts.exposed
        self._oldest_seq = dict.fromkeys(framing.spans, math.inf)  # before its first stop, none is
        self._driven = {
            device: [i for i in driven if i in span] for device, span in framing.spans.items()
        }

    def sent(self, frame: CappedFrame, now_s: float, reached: Sequence[int]) -> None:
        """Tell of a frame that is what its massager does, unless a later one or a stop is.

        `reached` are its steps, or lower ones on the way to them: then its levels are theirs.
        """
        span = self._framing.span(frame.device)
        if frame.seq < self._oldest_seq[frame.device]:
            return
        self._oldest_seq[frame.device] = frame.seq
        self._exposed.arrived(frame.device, frame.seq)
        driven = self._driven[frame.device]
        places = [i - span.start for i in driven]
        steps = [reached[i] for i in places]
        levels = [
            frame.levels[i] if reached[i] == frame.steps[i] else reached[i] / frame.of[i]
            for i in places
        ]
        for memory in self._memories:
            memory.sent(driven, levels, steps, max(now_s, frame.judged_at_s))
        self._heat.sent(frame.device, frame.heat_c, max(now_s, frame.judged_at_s))

    def restart(self, device: str, now_s: float) -> None:
        """Tell that a massager was stopped."""
        self._oldest_seq[device] = self._framing.seq + 1
        self._exposed.restart(device, now_s)
        for memory in self._memories:
            memory.restart(self._driven[device], now_s)
        self._heat.restart(device, now_s)
