"""A heat pad with a temperature sensor and a cut-out. Pure."""

from math import exp
from typing import Literal

from firmware_sim.gatt import HeatChanged

Flaw = Literal["blind", "stuck", "overheat"]
"""What can be wrong with a pad: its sensor has no reading; its sensor stays at what it read last,
so that pad and cut-out no longer know how warm it is; its thermostat and its cut-out fail."""

CUT_OUT_C = 41.0
CUT_IN_C = 39.0

_WARM_UP_S = 120.0
"""Time constant towards the target. An assumption for a thin heating film; nothing was measured."""
_COOL_DOWN_S = 300.0
"""Time constant towards the surroundings, under clothing. An assumption as well."""
_SAMPLE_S = 1.0
"""How often the sensor is read while the pad is away from its goal."""
_SETTLED_C = 0.2
"""Nearer to the goal than this, the reading in half degrees does not move any more."""
_UNBOUNDED_C = 60.0
"""Where the film ends up under clothing if nothing regulates it. An assumption."""


class HeatPad:
    """Warms towards its target, cools towards the surroundings, goes off by itself when too hot."""

    def __init__(self, ambient_c: float) -> None:
        """Start off, at the temperature of the surroundings."""
        self.on = False
        self.too_hot = False
        self._flaw: Flaw | None = None
        self._stuck_c = ambient_c
        self._ambient_c = ambient_c
        self._target_c = ambient_c
        self._celsius = ambient_c
        self._now_s = 0.0
        self._shown = (self._half_c, False)

    @property
    def reading_c(self) -> float | None:
        """What the sensor says, in steps of half a degree Celsius; None if it has no reading."""
        if self._flaw == "blind":
            return None
        return self._stuck_c if self._flaw == "stuck" else self._half_c

    @property
    def _half_c(self) -> float:
        """How warm it is, in steps of half a degree Celsius."""
        return round(2 * self._celsius) / 2

    @property
    def next_sample_s(self) -> float | None:
        """When the reading may have moved, or None while the pad rests."""
        return self._now_s + _SAMPLE_S if abs(self._celsius - self._goal_c) > _SETTLED_C else None

    @property
    def _goal_c(self) -> float:
        if not self.on:
            return self._ambient_c
        regulated = self._flaw in {None, "blind"}
        return max(self._target_c, self._ambient_c) if regulated else _UNBOUNDED_C

    def upset(self, flaw: Flaw | None) -> None:
        """Let something be wrong with it, or nothing any more."""
        self._flaw, self._stuck_c = flaw, self._half_c

    def switch(self, target_c: float | None) -> list[HeatChanged]:
        """Warm to `target_c`, or go off with None. A pad that is too hot stays off."""
        self.on = target_c is not None and not self.too_hot
        if target_c is not None:
            self._target_c = target_c
        return self._changes()

    def advance(self, now_s: float) -> list[HeatChanged]:
        """Let time pass; return the change of switch or reading, if there is one."""
        elapsed_s, self._now_s = now_s - self._now_s, now_s
        time_constant_s = _WARM_UP_S if self.on else _COOL_DOWN_S
        goal_c = self._goal_c
        self._celsius = goal_c + (self._celsius - goal_c) * exp(-elapsed_s / time_constant_s)
        if self._celsius >= CUT_OUT_C and self._flaw in {None, "blind"}:
            self.on, self.too_hot = False, True
        elif self._celsius < CUT_IN_C:
            self.too_hot = False
        return self._changes()

    def _changes(self) -> list[HeatChanged]:
        now = (self._half_c, self.on)
        if now == self._shown:
            return []
        self._shown = now
        return [HeatChanged(*now)]
