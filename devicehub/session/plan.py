"""Plan: everything that is decided before a massager is looked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.model import Massager
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.placement import forbidden
from devicehub.session.holding import check_zone, hold, playable
from devicehub.session.stances import Stance, Stances, over, usable
from devicehub.session.stillness import refuse_still
from profiles import body
from profiles.compose import compose
from profiles.feel import feel, plain_feel
from profiles.guiding.legs import Leg, itinerary
from profiles.layout import Layout
from profiles.model import Profile
from profiles.score import Score
from profiles.stage import is_handheld


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play and how.

    Attributes:
        profile: What the author wrote.
        zone: Where the one handheld of the session is held; None when there is none, or several.
        ceiling: Highest level of this session, 0..1.
        minutes: Length of the session, or None for the profile's own.
        zones: Where handhelds are held, by the name under which each was asked for.
        heat: Whether heat pads shall be on, as far as the rule allows.
        guided: Whether a handheld whose place was not said is taken from zone to zone by cues, each
            place confirmed by the person.
    """

    profile: Profile
    zone: str | None = None
    ceiling: float = 1.0
    minutes: float | None = None
    zones: Mapping[str, str] = field(default_factory=dict[str, str])
    heat: bool = False
    guided: bool = False

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

    def check_zones(self, limits: Limits) -> None:
        """Refuse where no handheld of any kind may be held. Raises as `place_all`."""
        for zone in filter(None, (self.zone, *self.zones.values())):
            check_zone(zone, playable(limits.classes, limits), limits)

    def place(self, massager: Massager, limits: Limits) -> Massager:
        """Return the only massager of a session, placed. Raises as `place_all`."""
        return self.place_all({massager.model: massager}, limits)[massager.model]

    def place_all(self, massagers: Mapping[str, Massager], limits: Limits) -> dict[str, Massager]:
        """Return all massagers of a session by name, every motor placed on the body.

        Raises:
            SafetyRefusal: A handheld is held at a forbidden zone; a massager that is never driven,
                or of which nothing can move where it is.
            UsageError: A handheld without a zone; a zone that does not exist, or that no handheld
                is there to take; heat where no massager has a heat pad, or while walking; a profile
                that plays nowhere here.
        """
        if self.heat and self.profile.walking_safe:
            raise UsageError(
                f"--heat: {self.profile.title} is for walking, without heat; leave --heat out"
            )
        if self.heat and not any(massager.heat for massager in massagers.values()):
            models = ", ".join(massager.model for massager in massagers.values())
            raise UsageError(f"--heat: {models} has no heat pad; leave --heat out")
        moved = {
            name: over(massager, self._legs(name, massager, limits)[0].zones)
            for name, massager in massagers.items()
            if self._is_moved(name, massager)
        }
        still = {name: each for name, each in massagers.items() if name not in moved}
        held = hold(still, self.zone, self.zones, limits) | moved
        placed = {name: held[name] for name in massagers}
        for name, massager in placed.items():
            refuse_still(name, massager, limits)
        self._refuse_silence(placed)
        return placed

    def _refuse_silence(self, placed: Mapping[str, Massager]) -> None:
        """Refuse a session in which nothing could be felt from its beginning to its end."""
        played = set(self.profile.zones)
        if any(_plays(massager, played) for massager in placed.values()):
            return
        titles = "; ".join(body.zone(each).within for each in self.profile.zones)
        models = ", ".join(massager.model for massager in placed.values())
        raise UsageError(f"{self.profile.title} plays at {titles}: {models} has no motor there")

    def _is_moved(self, name: str, massager: Massager) -> bool:
        """Say whether cues take a massager from zone to zone. Heat stays where it was said."""
        said = self.zone is not None or name in self.zones or self.heat
        return self.guided and massager.needs_zone and not said

    def _legs(self, name: str, massager: Massager, limits: Limits) -> tuple[Leg, ...]:
        """Return where it is when. Raises SafetyRefusal if it may be used nowhere."""
        passages = compose(self.profile, Layout(name, ()), minutes=self.minutes).passages
        found = itinerary(self.profile, passages, usable(massager, self.profile.zones, limits))
        if not found:
            raise SafetyRefusal(f"{name}: {self.profile.title} has no zone where it may be used")
        return found

    def stances(self, name: str, massager: Massager, limits: Limits) -> Stances | None:
        """Return the places of a handheld that cues move; None for any other massager."""
        if not self._is_moved(name, massager):
            return None
        legs = self._legs(name, massager, limits)
        placed = {leg.zones: over(massager, leg.zones) for leg in legs}
        # The first keeps the massager's name, under which its heat pad is known too.
        names = [name, *(f"{name} at {', '.join(zones)}" for zones in [*placed][1:])]
        return Stances(
            [
                Stance.of(each, where, self.score(where, limits))
                for each, where in zip(names, placed.values(), strict=True)
            ],
            legs,
        )

    def score(self, massager: Massager, limits: Limits, *, as_felt: bool = False) -> Score:
        """Lay the profile out in time for the placed `massager`.

        `as_felt` leaves levels as a person is to feel them, not as its motors have to be driven.
        """
        driven = feel(
            massager.stimulus_class,
            massager.steps,
            [place.motor for place in massager.layout.places],
        )
        plain = plain_feel(len(massager.steps))
        return compose(
            self.profile,
            massager.layout,
            minutes=self.minutes,
            max_pattern_hz=limits.max_pattern_hz(massager.stimulus_class),
            edges_s=limits.edges_s(),
            feel=replace(plain, spin_up_s=driven.spin_up_s) if as_felt else driven,
        )


def _plays(massager: Massager, zones: Collection[str]) -> bool:
    """Say whether a placed massager has anything to do in `zones`; a handheld plays where it is."""
    if is_handheld(massager.layout):
        return True
    return any(
        each in zones for place in massager.layout.places for each in place.zones or (UNKNOWN,)
    )
