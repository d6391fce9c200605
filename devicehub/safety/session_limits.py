"""What the table of limits says of a whole session."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devicehub.errors import SafetyRefusal
from devicehub.safety.sense import is_time
from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session may be, and how it begins and ends.

    Attributes:
        max_total_s: The most seconds that are played.
        max_active_s: By class of massager, the most seconds in which one moves.
        warmup_s: For so long a session begins gently, at most.
        warmup_factor: Part of every cap that counts until then, 0..1.
        cooldown_s: For so long a session fades, at most.
        cooldown_factor: Part of every cap that is left at the end, 0..1.
        ends_max_share: Warm-up and cool-down last no more than this part of a session each.
    """

    max_total_s: float
    max_active_s: Mapping[str, float]
    warmup_s: float
    warmup_factor: float
    cooldown_s: float
    cooldown_factor: float
    ends_max_share: float

    def planned_s(self, asked_s: float | None) -> float:
        """Return for how long a session is planned; None is as long as one may be, and the most.

        Raises:
            SafetyRefusal: `asked_s` is no time above 0.
        """
        if asked_s is None:
            return self.max_total_s
        if not (is_time(asked_s) and asked_s > 0.0):
            raise SafetyRefusal(f"duration is {asked_s!r}: must be seconds above 0")
        return min(asked_s, self.max_total_s)


def session_limits(table: Table, classes: tuple[str, ...]) -> SessionLimits:
    """Return what the section `session` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    active, warmup = table.table("max_active_s"), table.table("warmup")
    active.only(*classes)
    return SessionLimits(
        max_total_s=table.positive("max_total_s"),
        max_active_s=MappingProxyType({name: active.positive(name) for name in classes}),
        warmup_s=warmup.positive("min_s"),
        warmup_factor=warmup.positive("max_intensity_factor", most=1.0),
        cooldown_s=table.positive("cooldown_s"),
        cooldown_factor=table.positive("cooldown_intensity_factor", most=1.0),
        ends_max_share=table.positive("ends_max_share", most=0.5),
    )
