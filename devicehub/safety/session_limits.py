"""What the table of limits says of a whole session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

from devicehub.errors import SafetyRefusal
from devicehub.safety.sense import is_time
from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class Habituation:
    """How the ceiling may be raised: senses that grow used to it ask for more than is good.

    Attributes:
        window_s: Played seconds until it may go above what was chosen before the start.
        raise_step: How far it may then go at once, as a part of full strength.
        raise_every_s: How long after that it may go further.
    """

    window_s: float
    raise_step: float
    raise_every_s: float


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
        presence_check_s: By class of massager, after how many played seconds the person is asked
            whether they are there.
        presence_grace_s: How long they may take to answer.
        habituation: How the ceiling may be raised.
    """

    max_total_s: float
    max_active_s: Mapping[str, float]
    warmup_s: float
    warmup_factor: float
    cooldown_s: float
    cooldown_factor: float
    ends_max_share: float
    presence_check_s: Mapping[str, float]
    presence_grace_s: float
    habituation: Habituation

    def within(self, most_s: float | None) -> Self:
        """Return the same for sessions of `most_s` played seconds at most; None changes nothing."""
        if most_s is None:
            return self
        return replace(self, max_total_s=min(most_s, self.max_total_s))

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
    presence, habituation = table.table("presence_check_s"), table.table("habituation")
    presence.only(*classes)
    return SessionLimits(
        max_total_s=table.positive("max_total_s"),
        max_active_s=MappingProxyType({name: active.positive(name) for name in classes}),
        warmup_s=warmup.positive("min_s"),
        warmup_factor=warmup.positive("max_intensity_factor", most=1.0),
        cooldown_s=table.positive("cooldown_s"),
        cooldown_factor=table.positive("cooldown_intensity_factor", most=1.0),
        ends_max_share=table.positive("ends_max_share", most=0.5),
        presence_check_s=MappingProxyType({name: presence.positive(name) for name in classes}),
        presence_grace_s=table.positive("presence_grace_s"),
        habituation=Habituation(
            window_s=habituation.positive("window_s"),
            raise_step=habituation.positive("raise_step", most=1.0),
            raise_every_s=habituation.positive("raise_every_s"),
        ),
    )
