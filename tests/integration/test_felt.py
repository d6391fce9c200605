"""Every zone that a bundled massager reaches is felt there, and no bundled profile leans on a cap.

Profiles as they are read, layouts as they are bundled, one governor: no session, no radio.
"""

from functools import cache
from itertools import product

import pytest

from devicehub.cli import named
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety.allowance import step_below
from devicehub.safety.limits import Limits, load
from devicehub.session.holding import playable
from devicehub.session.plan import Plan
from profiles import catalogue, loader
from profiles.techniques import TECHNIQUES
from tests.unit.safety.bench import TICK_S, Bench

LIMITS: Limits = load()
PLAYS_S = 30.0  # the slowest zone rises by 0.02 a second
LOOK_S = 0.25
NOTICEABLE = 0.005  # as in a session's tally
SPARED = ("guarded", "strict")
CAPS = ("zone", "joint", "rating")
LIVE = [
    (zone.id, stimulus)
    for zone in LIMITS.zones.values()
    for stimulus, caps in zone.caps.items()
    if caps.max_intensity > 0.0 and zone.id != "unknown"
]
TEST_PROFILE = """
title = "One place"
summary = "As much as there is, in one zone."
posture = "prone"
intent = "wellness"
[[phase]]
technique = "{technique}"
zones = ["{zone}"]
seconds = 30
level = 1.0
"""

NO_MASSAGER = "no bundled massager is of this class"
NO_MOTOR = "no motor of this class lies there"
WIDE = "every motor of this class that lies there lies in a stricter zone too"

# What no bundled layout can reach, and why. The test computes it anew: a massager that is added
# with a motor in one of these zones has to take it off the list.
UNREACHED = {
    ("rotating_nodes", NO_MASSAGER): (
        "neck_posterior scapula_bony lower_ribs iliac_crest trapezius_upper trapezius_mid_low "
        "rhomboid latissimus teres_major paraspinal_thoracic paraspinal_lumbar gluteal "
        "thigh_posterior"
    ),
    ("percussive", NO_MASSAGER): (
        "trapezius_upper trapezius_mid_low rhomboid latissimus teres_major paraspinal_thoracic "
        "paraspinal_lumbar gluteal thigh_posterior"
    ),
    ("surface_vibration", NO_MOTOR): (
        "spine_cervical coccyx spine_sacral neck_posterior lower_ribs iliac_crest"
    ),
    ("surface_vibration", WIDE): "trapezius_mid_low rhomboid teres_major",
    ("diffuse_vibration", NO_MOTOR): (
        "spine_cervical coccyx spine_sacral neck_posterior iliac_crest"
    ),
    ("diffuse_vibration", WIDE): (
        "trapezius_upper trapezius_mid_low rhomboid latissimus teres_major paraspinal_thoracic "
        "paraspinal_lumbar"
    ),
}


def _driven() -> list[Massager]:
    """Return the bundled massagers but for those that are known and never driven."""
    return [m for m in map(load_library().__getitem__, load_library()) if m.refused is None]


def _placed(stimulus: str, zone: str) -> list[Massager]:
    """Return the bundled massagers of a class that have a motor in a zone, held there if held."""
    of_class = [massager for massager in _driven() if massager.stimulus_class == stimulus]
    held = zone in playable((stimulus,), LIMITS)
    placed = [m.held_at(zone) if m.needs_zone else m for m in of_class if held or not m.needs_zone]
    return [m for m in placed if any(zone in place.zones for place in m.layout.places)]


def _own(massager: Massager, zone: str) -> list[int]:
    """Return the motors for which `zone` is the strictest of all that they are felt in."""
    cap = LIMITS.caps(zone, massager.stimulus_class).max_intensity
    return [
        motor
        for motor, place in enumerate(massager.layout.places)
        if zone in place.zones
        and all(_cap(other, massager.stimulus_class) >= cap for other in place.zones)
    ]


def _cap(zone: str, stimulus: str) -> float:
    return LIMITS.caps(zone, stimulus).max_intensity


@cache
def unreached() -> dict[tuple[str, str], str]:
    """Return why a zone cannot reach its cap on any bundled layout, where it cannot."""
    classes = {massager.stimulus_class for massager in _driven()}
    why: dict[tuple[str, str], str] = {}
    for zone, stimulus in LIVE:
        massagers = _placed(stimulus, zone)
        if stimulus not in classes:
            why[zone, stimulus] = NO_MASSAGER
        elif not massagers:
            why[zone, stimulus] = NO_MOTOR
        elif not any(_own(massager, zone) for massager in massagers):
            why[zone, stimulus] = WIDE
    return why


def _goal(massager: Massager, motor: int, zone: str) -> int:
    """Return the highest step that a motor can have: its cap's, less what leaks next door."""
    stimulus, place = massager.stimulus_class, massager.layout.places[motor]
    level = min(_cap(each, stimulus) for each in place.zones)
    for other in LIMITS.zones.values():
        tau = max(LIMITS.tau(each, other.id) for each in place.zones)
        if other.tier in SPARED and tau:
            level = min(level, LIMITS.joint_cap(other.id, stimulus) / tau)
    return step_below(level, massager.steps[motor])


def _reached(massager: Massager, zone: str, technique: str) -> float:
    """Play the test profile; return the best part of its goal that a motor of the zone reaches."""
    profile = loader.load_text(TEST_PROFILE.format(zone=zone, technique=technique), "one")
    score = Plan(profile).score(massager, LIMITS)
    bench = Bench(LIMITS, mount("it", massager))
    highest = [0] * len(massager.steps)
    for tick in range(round(PLAYS_S / TICK_S)):
        frame = bench.tick([list(score.at(tick * TICK_S).levels)])
        highest = list(map(max, highest, frame.steps))
    own = [motor for motor in _motors(massager, zone) if _goal(massager, motor, zone)]
    return max((highest[motor] / _goal(massager, motor, zone) for motor in own), default=0.0)


def _motors(massager: Massager, zone: str) -> list[int]:
    """Return the motors whose cap is the zone's own; all that are felt there if there is none."""
    there = [m for m, place in enumerate(massager.layout.places) if zone in place.zones]
    return _own(massager, zone) or there


def test_what_no_layout_reaches_is_what_is_listed() -> None:
    listed = {
        (zone, stimulus): why
        for (stimulus, why), zones in UNREACHED.items()
        for zone in zones.split()
    }
    assert unreached() == listed


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("zone", "stimulus"), [each for each in LIVE if unreached().get(each) in (None, WIDE)]
)
def test_a_zone_reaches_four_fifths_of_its_caps_step_on_a_bundled_layout(
    zone: str, stimulus: str
) -> None:
    massagers = _placed(stimulus, zone)
    if unreached().get((zone, stimulus)) is None:
        massagers = [massager for massager in massagers if _own(massager, zone)]
    tries = product(massagers, TECHNIQUES)
    assert any(_reached(massager, zone, technique) >= 0.8 for massager, technique in tries)


PLACED = [massager for massager in _driven() if not massager.held]


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("massager", PLACED, ids=lambda massager: massager.model)
def test_no_bundled_profile_asks_for_more_than_the_zones_that_it_names_take(
    name: str, massager: Massager
) -> None:
    """A motor that is also felt in a stricter zone is the layout's, not the profile's.

    Handhelds are left out: a person holds the whole profile in one place, named or not.
    """
    profile = named.profile(name)
    score = Plan(profile).score(massager, LIMITS)
    for tick in range(round(score.duration_s / LOOK_S)):
        demand = score.at(tick * LOOK_S)
        said = set(score.passages[demand.passage].zones)
        for level, place in zip(demand.levels, massager.layout.places, strict=True):
            caps = [_cap(zone, massager.stimulus_class) for zone in said.intersection(place.zones)]
            assert level <= min(caps, default=1.0) + NOTICEABLE, (place.zones, level)


def _all_but(shortest: str) -> list[object]:
    """Return the bundled profiles, all but one of them for `make thorough`."""
    return [
        name if name == shortest else pytest.param(name, marks=pytest.mark.thorough)
        for name in catalogue.names()
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", _all_but("taster"))
def test_on_the_cape_no_cap_holds_a_bundled_profile_back(name: str) -> None:
    cape = load_library()["reference-cape"]
    score = Plan(named.profile(name)).score(cape, LIMITS)
    bench = Bench(LIMITS, mount("it", cape))
    for tick in range(round(score.duration_s / TICK_S)):
        asked = list(score.at(tick * TICK_S).levels)
        frame = bench.tick([asked])
        held = [
            a - level
            for a, level, by in zip(asked, frame.levels, frame.bound_by, strict=True)
            if by in CAPS
        ]
        assert max(held, default=0.0) <= NOTICEABLE
