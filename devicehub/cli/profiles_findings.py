"""Findings: what a profile asks of places and massagers that it will not get."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from devicehub.cli import text
from devicehub.errors import HubError, UsageError
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety import placement
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from devicehub.session.holding import playable
from devicehub.session.plan import Plan
from profiles.model import Profile
from profiles.score import Score

# Peaks of presses and strokes are found in so many looks at a score.
_LOOKS = 300
_NOTICEABLE = 0.01
_IT = "it"
_NOWHERE = "it is refused: no motor is where the profile plays"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a profile.

    Attributes:
        id: ``forbidden``, ``unsuited``, ``unusual``, ``layout``, ``cap``, ``place`` or ``held``.
        text: The sentence, without the massagers.
        at: Key path in the profile, or empty.
        models: The massagers it is about; empty for all.
    """

    id: str
    text: str
    at: str = ""
    models: tuple[str, ...] = ()


def refused(profile: Profile, limits: Limits) -> Iterator[Finding]:
    """Yield a finding for every zone that nothing may touch: such a profile is not played."""
    for index, phase in enumerate(profile.phases):
        for zone in placement.forbidden((*phase.zones, *phase.way_back), limits):
            said = f"{zone}: refused, nothing may be massaged there"
            yield Finding("forbidden", said, f"phase[{index}]")


def doubtful(profile: Profile, limits: Limits) -> Iterator[Finding]:
    """Yield what is played, and is hardly meant so."""
    for index, phase in enumerate(profile.phases):
        at = f"phase[{index}]"
        zones = (*phase.zones, *phase.way_back)
        barred = placement.forbidden(zones, limits)
        for zone in placement.unsuited(phase.technique, zones, limits):
            if zone not in barred:
                suits = ", ".join(sorted(limits.zone(zone).techniques))
                said = f"{phase.technique} does not suit {zone}, {suits} does; its cap holds anyway"
                yield Finding("unsuited", said, at)
        least, most = phase.usual
        if max(phase.level) > most:
            said = (
                f"{phase.technique} is usually between {text.percent(least)} and "
                f"{text.percent(most)}, not {text.percent(max(phase.level))}"
            )
            yield Finding("unusual", said, at)


def on_massagers(
    profile: Profile, massagers: Mapping[str, Massager], limits: Limits
) -> tuple[Finding, ...]:
    """Return what massagers cannot do of a profile, or will do weaker; each sentence once.

    It looks at layouts and caps, not at the time that a zone may be moved: for that, one massager
    is played through (`profiles check --device`).
    """
    said: dict[tuple[str, str], list[str]] = {}
    kinds: dict[object, tuple[list[str], Massager]] = {}
    for model, massager in massagers.items():
        if massager.refused is None and not massager.held:
            kind = (massager.layout.places, massager.stimulus_class)
            kinds.setdefault(kind, ([], massager))[0].append(model)
    for models, massager in kinds.values():
        for row in dict.fromkeys(_on_layout(profile, massager, limits)):
            said.setdefault(row, []).extend(models)
    by_hand = [each for each in massagers.values() if each.held and each.refused is None]
    for row in dict.fromkeys(_by_hand(profile, by_hand, limits)):
        said.setdefault(row, []).append("handhelds")
    return tuple(Finding(kind, words, "", tuple(who)) for (kind, words), who in said.items())


def _on_layout(profile: Profile, massager: Massager, limits: Limits) -> Iterator[tuple[str, str]]:
    unnamed = replace(massager, layout=replace(massager.layout, name=_IT))
    plan = Plan(profile)
    try:
        plan.place(unnamed, limits)
    except HubError as error:
        said = str(error).splitlines()[0]
        nowhere = isinstance(error, UsageError)
        yield "layout", _NOWHERE if nowhere else said.removeprefix(f"{massager.model}: ")
        return
    score = plan.score(unnamed, limits)
    yield from (("layout", warning) for warning in score.warnings)
    caps = Governor(limits, [mount(massager.model, massager)]).caps(massager.model)
    peaks = _peaks(score)
    zones: dict[str, tuple[float, float]] = {}
    for zone in profile.zones:
        motors = [p.index for p in massager.layout.places if zone in p.zones]
        asked = max((peaks[at] for at in motors), default=0.0)
        zones[zone] = asked, max((min(peaks[at], caps[at]) for at in motors), default=0.0)
    yield from (("cap", said) for said in weaker(zones))


def weaker(zones: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """Yield which zones get less than they are asked for, those that are alike in one sentence.

    Args:
        zones: By id the highest level, 0..1, that is asked for, and that is let through.
    """
    alike: dict[str, list[str]] = {}
    for zone, (asked, let) in zones.items():
        if asked - let > _NOTICEABLE:
            what = f"asked for {text.percent(asked)}, gets {text.percent(let)}"
            alike.setdefault(what, []).append(zone)
    yield from (f"{', '.join(named)}: {what}" for what, named in alike.items())


def _peaks(score: Score) -> tuple[float, ...]:
    """Return the highest level that each actuator is asked for."""
    looks = (score.duration_s * (look + 0.5) / _LOOKS for look in range(_LOOKS))
    return tuple(map(max, zip(*(score.at(t_s).levels for t_s in looks), strict=True)))


def _by_hand(
    profile: Profile, massagers: Iterable[Massager], limits: Limits
) -> Iterator[tuple[str, str]]:
    classes = {massager.stimulus_class for massager in massagers}
    takes = playable(classes, limits)
    zones: dict[str, tuple[float, float]] = {}
    for phase in profile.phases:
        for zone in phase.zones:
            let = max(limits.caps(zone, each).max_intensity for each in classes)
            asked = max(phase.strongest, zones.get(zone, (0.0, 0.0))[0])
            zones[zone] = asked, min(asked, let)
    never = [zone for zone in zones if zone not in takes]
    if never:
        yield "place", f"{_IT} may not be held at {', '.join(never)}"
    yield from (("cap", said) for said in weaker(zones))
