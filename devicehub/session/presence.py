"""Presence: asks now and then whether somebody is there.

It only asks and tells; that nothing moves when nobody answers is the governor's rule.
"""

from collections.abc import Callable

from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits


class Presence:
    """Asks, when the governor says that it is time."""

    def __init__(
        self, governor: Governor, limits: Limits, event: Callable[[str, None, str], None]
    ) -> None:
        """Make it; `event(name, device, detail)` is told of questions and answers."""
        self._governor, self.event = governor, event
        self._grace_s = limits.session.presence_grace_s
        self._asked = False
        self.left_s: float | None = None

    def look(self, now_s: float) -> None:
        """Ask if it is time to, once."""
        late_s = now_s - self._governor.presence_due_s
        if late_s < 0.0:
            self._asked, self.left_s = False, None
            return
        self.left_s = max(0.0, self._grace_s - late_s)
        if not self._asked:
            self._asked = True
            self.event("presence_asked", None, f"are you there? {self.left_s:.0f} s to answer")

    def answer(self, now_s: float) -> None:
        """Take it that somebody is there."""
        self._governor.present(now_s)
        self._asked, self.left_s = False, None
        self.event("present", None, "")
