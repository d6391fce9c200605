"""The last gate: what the keeper lets through to a massager. Pure; trusts nothing that the hub says.

A frame passes when it is fresh, when every write is on the whitelist of the massager's file, and when
no level in its bytes is above the ceiling that was agreed before the session. The levels are read from
the bytes themselves, not from what the hub says about them.
"""

from devicehub.keeper.protocol import Frame
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import admit
from devicehub.massagers.wire import Encoded

# zones.json, timing.frame_ttl_s: no frame may claim a longer life than this.
FRAME_TTL_S = 0.5


class Gate:
    """The gate of one massager for one session."""

    def __init__(self, massager: Massager, ceiling: tuple[int, ...]) -> None:
        self._massager = massager
        self._ceiling = ceiling

    def judge(self, frame: Frame, now_s: float) -> Encoded | str:
        """Return the frame, ready for the link, or the reason why it does not pass."""
        if not now_s <= frame.not_after_s <= now_s + FRAME_TTL_S:
            return "stale"
        try:
            writes = [(str(c), bytes.fromhex(h), bool(r)) for c, h, r in frame.writes]
        except (ValueError, TypeError):
            return "unreadable"
        encoded = admit(self._massager, writes, frame.not_after_s, tuple(frame.steps))
        if encoded is None:
            return "not on the whitelist"
        if len(encoded.steps) != len(self._ceiling):
            return "not agreed"
        if any(step > most for step, most in zip(encoded.steps, self._ceiling, strict=True)):
            return "above the ceiling"
        return encoded
