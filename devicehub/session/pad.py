"""Pad: the heat pad of one massager: what its sensor said, and what it did."""

import math

from devicehub.messages import HeatEnd, HeatView
from devicehub.safety.heat import Heat


class Pad:
    """The heat pad of the massager `name`; what it may is the governor's alone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._celsius: float | None = None
        self._highest_c: float | None = None
        self._why_off = ""

    def read(self, celsius: float) -> None:
        """Take what its sensor said; what is no temperature is none."""
        self._celsius = celsius if math.isfinite(celsius) else None
        if self._celsius is not None:
            self._highest_c = celsius if self._highest_c is None else max(celsius, self._highest_c)

    def judged(self, heat: Heat) -> None:
        """Keep why it was off while something was played: later everything is off."""
        self._why_off = heat.why_off(self._name)

    def view(self, heat: Heat, *, asked: bool, on: bool) -> HeatView:
        """Return it as others see it: whether it was asked for, and whether it is on."""
        return HeatView(asked, on, self._celsius, "" if on else heat.why_off(self._name))

    def end(self, heat: Heat, now_s: float) -> HeatEnd:
        """Return what it did."""
        seconds = heat.seconds_of(self._name, now_s)
        return HeatEnd(self._name, seconds, self._highest_c, self._why_off)
