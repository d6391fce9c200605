"""The last gate: what the keeper lets through to a massager. Pure; trusts nothing the hub says.

A frame passes when it is fresh, when every write is on the whitelist of the massager's file, and
when no level in its bytes is above the ceiling that was agreed before the session. The levels are
read from the bytes themselves, not from what the hub says about them.
"""

from devicehub.keeper.highest import lowest
from devicehub.keeper.protocol import Frame
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import admit
from devicehub.massagers.wire import Encoded, Write

# zones.json, timing.frame_ttl_s: no frame may claim a longer life than this.
FRAME_TTL_S = 0.5


class Gate:
    """The gate of one massager for one session."""

    def __init__(self, massager: Massager, ceiling: tuple[int, ...], heat: int = 0) -> None:
        """Make the gate; `heat` is the highest target of the heat pad, 0 for off.

        Raises:
            SafetyRefusal: `ceiling` is not one step an actuator.
        """
        self._massager = massager
        self.ceiling = lowest(massager, ceiling)
        self._told: tuple[int, ...] | None = (0,) * len(massager.steps)
        self.most_heat = heat
        self._told_heat = 0

    def lower(self, ceiling: tuple[int, ...], heat: int) -> None:
        """Take a ceiling and a highest heat where they are lower. Raises SafetyRefusal as above."""
        self.most_heat = min(self.most_heat, heat)
        self.ceiling = lowest(self._massager, self.ceiling, ceiling)

    def stopped(self) -> None:
        """Take note that the massager is being stopped: every actuator and its heat are at 0."""
        self._told = (0,) * len(self._massager.steps)
        self._told_heat = 0

    def unsure(self) -> None:
        """Take note that a frame may have been written in part: nobody knows how many presses."""
        if self._massager.codec.presses is not None:
            self._told = None

    def judge(self, frame: Frame, now_s: float) -> Encoded | str:
        """Return the frame, ready for the link, or the reason why it does not pass."""
        if not now_s <= frame.not_after_s <= now_s + FRAME_TTL_S:
            return "stale"
        try:
            writes = [Write(char, bytes.fromhex(data), yes) for char, data, yes in frame.writes]
        except (ValueError, TypeError):
            return "unreadable"
        encoded = admit(self._massager, writes, self._told, frame.not_after_s, heat=self._told_heat)
        if encoded is None:
            return "not on the whitelist"
        pairs = zip(encoded.steps, self.ceiling, strict=True)
        if encoded.heat > self.most_heat or any(step > most for step, most in pairs):
            return "above the ceiling"
        self._told, self._told_heat = encoded.steps, encoded.heat
        return encoded
