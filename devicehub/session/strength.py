"""Strength: the ceiling of a session as its person moves it. Caps are the governor's alone."""

from collections.abc import Callable, Sequence

from devicehub.errors import SafetyRefusal
from devicehub.safety.governor import Governor
from devicehub.session.deck import Deck

# "Softer" takes away a fifth of the strongest level that is asked for within the caps; "stronger"
# gives it back.
SOFTER_FACTOR = 0.8


class Strength:
    """Lowers the ceiling, and gives back what was taken away."""

    def __init__(
        self,
        decks: Sequence[Deck],
        governor: Governor,
        event: Callable[[str, None, str], None],
    ) -> None:
        """Make it; `event(name, device, detail)` is told what became of a wish."""
        self._decks, self._governor, self.event = decks, governor, event

    def soften(self, position_s: float) -> None:
        """Take away a fifth of what is asked for at `position_s` within the caps."""
        caps = {deck: self._governor.caps(deck.mount.device) for deck in self._decks}
        asked = max(deck.demand_about(position_s, most) for deck, most in caps.items())
        used = min(self._governor.ceiling, asked or max(map(max, caps.values())))
        self._governor.lower_ceiling(SOFTER_FACTOR * used)
        self.event("softer", None, self._now)

    def strengthen(self, now_s: float) -> None:
        """Give it back, up to the strongest."""
        wanted = min(1.0, self._governor.ceiling / SOFTER_FACTOR)
        try:
            self._governor.raise_ceiling(wanted, now_s)
        except SafetyRefusal as error:
            self.event("refused", None, str(error))
        else:
            self.event("stronger", None, self._now)

    def lower(self, level: float | None) -> None:
        """Take the ceiling down to `level`; it goes up by `strengthen` alone."""
        if level is None or not level <= self._governor.ceiling:
            said = f"the ceiling is {self._governor.ceiling:.0%} already"
            self.event("refused", None, said)
            return
        try:
            self._governor.lower_ceiling(level)
        except SafetyRefusal as error:
            self.event("refused", None, str(error))
        else:
            self.event("lowered", None, self._now)

    @property
    def _now(self) -> str:
        return f"ceiling {self._governor.ceiling:.0%}"
