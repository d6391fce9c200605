"""Plan: everything that is decided before a massager is looked for."""

from dataclasses import dataclass

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.model import Massager
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.placement import forbidden
from profiles.compose import compose
from profiles.model import Profile
from profiles.score import Score


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play and how.

    Attributes:
        profile: What the author wrote.
        zone: Where a handheld is held; None for massagers that have a place for every motor.
        ceiling: Highest level of this session, 0..1.
        minutes: Length of the session, or None for the profile's own.
    """

    profile: Profile
    zone: str | None = None
    ceiling: float = 1.0
    minutes: float | None = None

    def check(self, limits: Limits) -> None:
        """Refuse a profile that names a forbidden zone.

        Raises:
            SafetyRefusal: With the zones and where they stand in the profile.
        """
        refused = forbidden(self.profile.zones, limits)
        if refused:
            raise SafetyRefusal(
                f"{self.profile.title}: refused, it names {', '.join(refused)}: "
                "no massager may move there"
            )

    def place(self, massager: Massager, limits: Limits) -> Massager:
        """Return the massager with every motor placed on the body.

        Raises:
            SafetyRefusal: A handheld without a zone, or held at a forbidden one.
            UsageError: A zone that does not exist, or for a massager whose motors have places.
        """
        if not massager.needs_zone:
            if self.zone is not None:
                raise UsageError(
                    f"--zone {self.zone}: {massager.model} knows where its motors are; "
                    "leave --zone out"
                )
            return massager
        playable = _playable(massager.stimulus_class, limits)
        held_at = ", ".join(playable)
        if self.zone is None:
            raise SafetyRefusal(
                f"{massager.model}: say where it is held, --zone with one of {held_at}"
            )
        if self.zone not in limits.zones:
            raise UsageError(f"--zone {self.zone}: no such zone; one of {held_at}")
        if self.zone not in playable:
            raise SafetyRefusal(
                f"--zone {self.zone}: refused, a handheld may not be used there; one of {held_at}"
            )
        return massager.held_at(self.zone)

    def score(self, massager: Massager, limits: Limits) -> Score:
        """Lay the profile out in time for the placed `massager`."""
        return compose(
            self.profile,
            massager.layout,
            minutes=self.minutes,
            max_pattern_hz=limits.max_pattern_hz(massager.stimulus_class),
        )


def _playable(stimulus_class: str, limits: Limits) -> tuple[str, ...]:
    """Return the zones in which a class of massager may do anything at all."""
    return tuple(
        sorted(
            zone
            for zone in limits.zones
            if zone != UNKNOWN and limits.caps(zone, stimulus_class).max_intensity > 0.0
        )
    )
