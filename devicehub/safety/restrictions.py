"""Restrictions: what a person's answers take away from the limits, as values for the governor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from devicehub.errors import SafetyRefusal
from devicehub.safety.sense import is_fraction, is_time


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What one person's answers take away. Nothing here can allow more than the limits do.

    Attributes:
        zone_factor: By zone id, the part 0..1 of its caps that is left; the smallest of several
            restrictions, never the product.
        class_factor: The part of every cap that is left, 0..1.
        forbidden: Ids of zones in which nothing may move.
        forbidden_classes: Stimulus classes that may not be used at all.
        max_total_s: The longest session in seconds, or None for that of the limits.
        heat: Whether a heat pad may be on.
        reasons: By zone id, and "" for all of them, the ids of the conditions that restrict.

    Raises:
        SafetyRefusal: A factor is no part, or the longest session no time above 0.
    """

    zone_factor: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    class_factor: float = 1.0
    forbidden: frozenset[str] = frozenset()
    forbidden_classes: frozenset[str] = frozenset()
    max_total_s: float | None = None
    heat: bool = True
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for factor in (self.class_factor, *self.zone_factor.values()):
            if not is_fraction(factor):
                raise SafetyRefusal(f"restriction: factor is {factor!r}: must be from 0 to 1")
        longest_s = self.max_total_s
        if longest_s is not None and not (is_time(longest_s) and longest_s > 0.0):
            raise SafetyRefusal(f"restriction: max_total_s is {longest_s!r}: must be above 0")

    def part(self, zone: str) -> float:
        """Return the part 0..1 of a zone's caps that is left, where it may be moved at all."""
        return min(self.class_factor, self.zone_factor.get(zone, self.class_factor))

    @property
    def strictest(self) -> float:
        """The part 0..1 that is left anywhere: what a place that is not known gets."""
        if self.forbidden:
            return 0.0
        return min((self.class_factor, *self.zone_factor.values()))

    def joined(self, other: "Restrictions") -> "Restrictions":
        """Return both at once: of everything the stricter; the order does not matter."""
        factors = (self.zone_factor, other.zone_factor)
        longest_s = [s for s in (self.max_total_s, other.max_total_s) if s is not None]
        return Restrictions(
            zone_factor=MappingProxyType(
                {
                    zone: min(own[zone] for own in factors if zone in own)
                    for zone in sorted({*self.zone_factor, *other.zone_factor})
                }
            ),
            class_factor=min(self.class_factor, other.class_factor),
            forbidden=self.forbidden | other.forbidden,
            forbidden_classes=self.forbidden_classes | other.forbidden_classes,
            max_total_s=min(longest_s, default=None),
            heat=self.heat and other.heat,
            reasons=MappingProxyType(
                {
                    zone: tuple(sorted({*self.reasons.get(zone, ()), *other.reasons.get(zone, ())}))
                    for zone in sorted({*self.reasons, *other.reasons})
                }
            ),
        )


UNRESTRICTED = Restrictions()
"""Every question was answered, and nothing stands against a session within the limits."""
