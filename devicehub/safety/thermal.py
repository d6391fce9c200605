"""ThermalWatch: does what a pad's sensor says go with what the pad was told?

A function of reading, target and period plus its own state, and nothing else. It trips on time
spent outside a band, not on one look at it, and what it has found out it says for good.
"""

import math

from devicehub.safety.heat_limits import HeatLimits

HOT, RUNAWAY, STUCK = "hot", "runaway", "stuck"


class ThermalWatch:
    """Watches one sensor; `found` is why the pad must stay off for the session, or None."""

    def __init__(self, limits: HeatLimits) -> None:
        self._limits = limits
        self._above_s = 0.0
        self._climbing_s = 0.0
        self._base_c = math.inf
        self.found: str | None = None

    def step(self, celsius: float, target_c: float | None, dt_s: float) -> None:
        """Take `celsius` as what was read during the last `dt_s` seconds.

        Args:
            celsius: The reading, known to make sense.
            target_c: What the pad was told meanwhile, None for off.
            dt_s: The period in seconds.
        """
        limits = self._limits
        if celsius >= limits.trip_surface_c:
            self.found = self.found or HOT
        if target_c is None:
            self._above_s = 0.0
            self._climb_from(celsius)
            return
        above = celsius > target_c + limits.above_target_c
        self._above_s = self._above_s + dt_s if above else 0.0
        if self._above_s > limits.above_target_s:
            self.found = self.found or RUNAWAY
        self._climb(celsius, target_c, dt_s)

    def _climb(self, celsius: float, target_c: float, dt_s: float) -> None:
        """Find a sensor that shows no warmth where there has to be some."""
        limits = self._limits
        near = celsius > target_c - limits.near_target_c
        if near or celsius >= self._base_c + limits.rise_c:
            self._climb_from(celsius)
            return
        self._climbing_s += dt_s
        if self._climbing_s > limits.rise_within_s:
            self.found = self.found or STUCK

    def _climb_from(self, celsius: float) -> None:
        self._base_c, self._climbing_s = celsius, 0.0
