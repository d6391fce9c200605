"""Explained: every rule that `profiles check` holds against a profile, and how it stands there."""

from collections.abc import Iterator
from dataclasses import dataclass

from devicehub.cli import text
from devicehub.safety.limits import Limits
from profiles.model import Profile
from profiles.rules import GENTLE_LEVEL, GENTLE_S, ORDER, PLANNED, WALKING, WALKING_LEVEL
from profiles.techniques.base import LONGEST_S, SHORTEST_PHASE_S


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule: its id, and a sentence on what it asks for and what the profile has."""

    id: str
    text: str


def explained(profile: Profile, limits: Limits) -> tuple[Explained, ...]:
    """Return every rule that was applied to a profile that loads, in the order of reading."""
    return tuple(Explained(*row) for row in _rows(profile, limits))


def _rows(profile: Profile, limits: Limits) -> Iterator[tuple[str, str]]:
    length_s = profile.duration_s
    yield "order", _order(profile)
    shortest_s = min(phase.duration_s for phase in profile.phases)
    yield (
        "length",
        (
            f"{text.clock(length_s)} of at most {text.clock(LONGEST_S)}; the shortest phase has "
            f"{shortest_s:g} s, at least {SHORTEST_PHASE_S:g}"
        ),
    )
    lowest, highest = _levels(profile)
    yield (
        "level",
        (
            f"from {text.percent(lowest)} to {text.percent(highest)}: a wish; what is felt is the "
            "smaller of it and the cap of the place"
        ),
    )
    yield "zones", f"{len(profile.zones)} named; each has its cap, its minutes and its rests"
    yield from _promises(profile)
    yield from PLANNED
    yield from _ends(length_s, limits)


def _order(profile: Profile) -> str:
    played = list(dict.fromkeys(text.technique(phase.technique) for phase in profile.phases))
    spelled = ["stroking", *("/".join(map(text.technique, rank)) for rank in ORDER)]
    return f"{', '.join(played)}; a massage goes {', '.join(spelled)}"


def _levels(profile: Profile) -> tuple[float, float]:
    levels = [level for phase in profile.phases for level in phase.level]
    return min(levels), max(levels)


def _promises(profile: Profile) -> Iterator[tuple[str, str]]:
    if profile.gentle:
        yield (
            "gentle",
            (
                f"kept: {text.clock(GENTLE_S)} at most, no level above "
                f"{text.percent(GENTLE_LEVEL)}, neck and spine left out"
            ),
        )
    if profile.walking_safe:
        yield (
            "walking_safe",
            (
                f"kept: standing, {' and '.join(WALKING)} only, no level above "
                f"{text.percent(WALKING_LEVEL)}, no heat"
            ),
        )


def _ends(length_s: float, limits: Limits) -> Iterator[tuple[str, str]]:
    session = limits.session
    share_s = session.ends_max_share * length_s
    warm_s, cool_s = min(session.warmup_s, share_s), min(session.cooldown_s, share_s)
    yield "warmup", f"for the first {warm_s:.0f} s {session.warmup_factor:.0%} of every cap counts"
    yield "cooldown", f"the last {cool_s:.0f} s fade to {session.cooldown_factor:.0%} of every cap"
    asked_s = min(session.presence_check_s.values())
    if length_s > asked_s:
        said = "the massager's class says when"
        yield "presence", f"asks from {text.clock(asked_s)} on if somebody is there; {said}"
