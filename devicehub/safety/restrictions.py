"""Restrictions: what a person's answers take away from the limits, as values for the governor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


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
    """

    zone_factor: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    class_factor: float = 1.0
    forbidden: frozenset[str] = frozenset()
    forbidden_classes: frozenset[str] = frozenset()
    max_total_s: float | None = None
    heat: bool = True
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


UNRESTRICTED = Restrictions()
"""Every question was answered, and nothing stands against a session within the limits."""
