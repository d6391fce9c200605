"""Scores: a profile laid out in time on a massager."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import isclose, nan, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.safety.limits import load as load_limits
from profiles import catalogue
from profiles.body import ZONES
from profiles.borders import COOL_DOWN_S, GENTLE_LEVEL, GENTLE_PART
from profiles.compose import compose
from profiles.errors import ProfileError
from profiles.layout import Layout, Place
from profiles.loader import load
from profiles.model import Profile
from profiles.score import Demand, Score
from tests.unit.profiles.layouts import CAPE, LAYOUTS, X40, wand

TICK_S = 0.05
NAMES = catalogue.names()
BACK = ["paraspinal_lumbar", "paraspinal_thoracic"]


def make(*phases: Mapping[str, object]) -> Profile:
    head = {"title": "T", "summary": "S", "posture": "seated", "intent": "wellness"}
    common: dict[str, object] = {"zones": BACK, "seconds": 20.0, "level": 0.5}
    return Profile.model_validate({**head, "phase": [common | dict(phase) for phase in phases]})


def bundled(name: str) -> Profile:
    return load(catalogue.path(name))


def ticks(score: Score) -> list[Demand]:
    return [score.at(TICK_S * tick) for tick in range(round(score.duration_s / TICK_S) + 1)]


@cache
def played(name: str, layout: Layout) -> list[Demand]:
    return ticks(compose(bundled(name), layout))


def biggest_jump(demands: list[Demand]) -> float:
    return max(
        abs(after - before)
        for one, other in pairwise(demands)
        for before, after in zip(one.levels, other.levels, strict=True)
    )


zone_lists = st.lists(st.sampled_from([z.id for z in ZONES]), min_size=1, max_size=6, unique=True)
common_keys = {
    "zones": zone_lists,
    "seconds": st.floats(5.0, 40.0),
    "level": st.floats(0.0, 1.0) | st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)).map(list),
}
stroking = st.fixed_dictionaries(
    {"technique": st.just("stroking"), **common_keys},
    optional={"speed_cm_s": st.floats(1.0, 10.0), "return_zones": zone_lists},
)
kneading = st.fixed_dictionaries(
    {
        "technique": st.just("kneading"),
        "rate_hz": st.floats(0.2, 0.5),
        "presses": st.integers(1, 10),
        "sides": st.sampled_from(["together", "alternating"]),
        **common_keys,
    }
)
vibration = st.fixed_dictionaries(
    {"technique": st.just("vibration"), "swell_hz": st.floats(0.05, 0.1), **common_keys}
)
touching = st.fixed_dictionaries(
    {
        "technique": st.sampled_from(["pinching", "rolling", "hold"]),
        **common_keys,
    }
)
rubbing = st.fixed_dictionaries(
    {"technique": st.just("rubbing"), "rate_hz": st.floats(0.3, 0.5), **common_keys}
)
some_profiles = st.tuples(stroking, rubbing, kneading, touching, vibration).map(
    lambda phases: make(*phases)
)
layouts = st.sampled_from(LAYOUTS)
rates = st.dictionaries(st.sampled_from(BACK), st.floats(0.1, 4.0))


@pytest.mark.exhaustive
@settings(max_examples=40)
@given(some_profiles, layouts, rates, st.floats(-5.0, 130.0))
def test_levels_are_between_zero_and_one_and_the_same_when_asked_again(
    p: Profile, layout: Layout, hz: dict[str, float], t_s: float
) -> None:
    score = compose(p, layout, max_pattern_hz=hz)
    levels = score.at(t_s).levels
    assert len(levels) == len(layout.places)
    assert all(0.0 <= level <= 1.0 for level in levels)
    assert compose(p, layout, max_pattern_hz=hz).at(t_s) == score.at(t_s)


@pytest.mark.exhaustive
@settings(max_examples=40)
@given(some_profiles, st.sampled_from([CAPE, X40]), st.floats(0.0, 120.0))
def test_only_motors_of_the_named_zones_move(p: Profile, layout: Layout, t_s: float) -> None:
    score = compose(p, layout)
    for place, level in zip(layout.places, score.at(t_s).levels, strict=True):
        assert level == 0.0 or set(place.zones) & set(p.zones)


@pytest.mark.exhaustive
@settings(max_examples=10)
@given(some_profiles, layouts)
def test_nothing_jumps(p: Profile, layout: Layout) -> None:
    # A level crosses its whole range in a quarter turn of a cosine: over 3 cm at 10 cm/s, or in
    # the fades, whose shortest lasts 1.25 s. A third of the range in 50 ms is the sum of both.
    assert biggest_jump(ticks(compose(p, layout))) < 0.33


@settings(max_examples=40)
@given(some_profiles, layouts)
def test_a_score_starts_and_ends_in_silence(p: Profile, layout: Layout) -> None:
    score = compose(p, layout)
    silence = (0.0,) * len(layout.places)
    for t_s in (-1.0, 0.0, score.duration_s, score.duration_s + 1.0, nan):
        assert score.at(t_s).levels == silence


@pytest.mark.exhaustive
@settings(max_examples=20)
@given(stroking, st.floats(8.0, 32.0))
def test_along_a_stroke_up_and_over_the_energy_is_constant(
    phase: dict[str, object], t_s: float
) -> None:
    phase = phase | {"zones": BACK, "return_zones": ["latissimus"], "seconds": 40.0, "level": 0.5}
    levels = compose(make(phase), X40).at(t_s).levels
    assert isclose(sum(level * level for level in levels), 2.0 * 0.5**2, rel_tol=1e-6)


SOFT = {"stroking", "kneading", "rolling", "hold", "vibration"}
QUICK = 0.31  # a tap of 0.3 is let go within 0.05 s, one tick (profiles/techniques/tapping.py)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name",
    [n if n == "desk-break" else pytest.param(n, marks=pytest.mark.thorough) for n in NAMES],
)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_bundled_profile_plays_softly_on_every_massager(name: str, layout: Layout) -> None:
    demands = played(name, layout)
    quick = {phase.technique for phase in bundled(name).phases} - SOFT
    assert biggest_jump(demands) < (QUICK if quick else 0.05)
    assert 0.1 < max(max(demand.levels) for demand in demands) <= 0.5


@pytest.mark.exhaustive
def test_no_motor_of_the_front_is_ever_asked() -> None:
    front = [place.index for place in X40.places if place.x_cm is None]
    demands = played("whole-back", X40)
    assert all(demand.levels[index] == 0.0 for demand in demands[::10] for index in front)


def test_passages_lie_end_to_end() -> None:
    score = compose(bundled("whole-back"), CAPE)
    starts = [passage.start_s for passage in score.passages]
    assert starts == [0.0, 240.0, 360.0, 600.0, 720.0]
    assert [p.end_s for p in score.passages] == [*starts[1:], score.duration_s]
    assert [score.at(t).passage for t in (-1.0, 0.0, 239.9, 240.0, 899.0, 901.0)] == [
        0, 0, 0, 1, 4, 4,
    ]  # fmt: skip


def test_minutes_stretch_the_phases_and_keep_their_tempo() -> None:
    short, long = (compose(bundled("desk-break"), CAPE, minutes=m) for m in (2, 6))
    assert [p.end_s for p in long.passages] == [3.0 * p.end_s for p in short.passages]
    assert long.at(30.0).levels == pytest.approx(short.at(30.0).levels)


@pytest.mark.parametrize("minutes", [0.0, -1.0, 30.1, nan])
def test_minutes_out_of_range_are_refused(minutes: float) -> None:
    with pytest.raises(ProfileError, match=r"minutes = .*: must be a number from 0\.2 to 30"):
        compose(bundled("taster"), CAPE, minutes=minutes)


def test_a_level_ramps_across_its_phase() -> None:
    score = compose(make({"technique": "vibration", "level": [0.2, 0.6], "seconds": 100.0}), CAPE)
    swell = compose(make({"technique": "vibration", "level": 1.0, "seconds": 100.0}), CAPE)
    for t_s in (10.0, 50.0, 90.0):
        asked = max(score.at(t_s).levels) / max(swell.at(t_s).levels)
        assert asked == pytest.approx(0.2 + 0.4 * t_s / 100.0)


def test_two_phases_cross_without_a_dip() -> None:
    same = {"technique": "vibration", "swell_hz": 0.05}
    score = compose(make(same, same), CAPE)
    assert min(max(score.at(t / 20.0).levels) for t in range(160, 640)) > 0.5 * 0.8


def test_two_crossing_phases_add_up_in_power() -> None:
    other = {"technique": "vibration", "zones": ["trapezius_upper"]}
    levels = compose(make({"technique": "vibration"}, other), CAPE).at(20.0).levels
    assert levels[0] < 0.5 / sqrt(2.0) * 1.01
    assert levels[3] < 0.5 / sqrt(2.0) * 1.01
    assert levels[0] ** 2 + levels[3] ** 2 == pytest.approx(0.25, rel=0.2)


def test_a_session_warms_up_from_half_and_cools_down_to_half_of_its_levels() -> None:
    hold = {"technique": "vibration", "swell_hz": 0.05}
    score = compose(make(hold | {"seconds": 200.0}), CAPE)
    flat = compose(make(hold | {"seconds": 400.0}), CAPE)
    part = {t: max(score.at(t).levels) / max(flat.at(100.0 + t).levels) for t in (2, 50, 140, 180)}
    assert part == pytest.approx({2: 0.55, 50: 1.0, 140: 1.0, 180: 0.75}, abs=0.01)
    assert [score.at(t).gentle for t in (0.0, 5.0, 10.0, 180.0, 200.0)] == pytest.approx(
        [0.5, 0.75, 1.0, 0.75, 0.5]
    )


def test_cool_down_is_as_long_and_as_low_as_that_of_the_limits() -> None:
    limits = load_limits().session
    assert (limits.cooldown_s, limits.ends_max_share) == (COOL_DOWN_S, GENTLE_PART)
    assert limits.warmup_factor == GENTLE_LEVEL


def test_two_techniques_at_once_on_one_motor_add_up_in_power() -> None:
    first = {"technique": "vibration", "level": 0.3, "swell_hz": 0.05}
    second = {"technique": "hold", "level": 0.4, "press_s": 20}
    both = compose(make(first, second), CAPE).at(20.0).levels
    alone = [
        compose(make(*pair), CAPE).at(20.0).levels
        for pair in ((first, second | {"level": 0.0}), (first | {"level": 0.0}, second))
    ]
    for motor in (9, 11):
        squares = alone[0][motor] ** 2 + alone[1][motor] ** 2
        assert both[motor] == pytest.approx(sqrt(squares))
        assert max(one[motor] for one in alone) < both[motor]


def test_a_phase_without_motors_rests_and_says_so() -> None:
    score = compose(make({"technique": "kneading", "zones": ["gluteal"]}), CAPE)
    assert score.warnings == (
        "Phase 1 (kneading): reference-cape has no motor in its zones, and rests.",
    )
    assert all(level == 0.0 for demand in ticks(score) for level in demand.levels)


def test_a_zone_that_no_motor_reaches_is_told() -> None:
    score = compose(make({"technique": "vibration", "zones": ["rhomboid", "gluteal"]}), CAPE)
    assert score.warnings == (
        "Phase 1 (vibration): reference-cape has no motor over seat: nothing is felt there.",
    )


def test_what_is_slowed_is_told() -> None:
    hz = dict.fromkeys(BACK, 0.2)
    score = compose(make({"technique": "kneading"}), CAPE, max_pattern_hz=hz)
    assert score.warnings == (
        "Phase 1 (kneading): reference-cape presses at 0.15 Hz, not 0.3, to keep its zones calm.",
    )


def test_a_wand_is_told_how_to_be_moved() -> None:
    score = compose(
        make({"technique": "stroking", "cue": "Let go.", "speed_cm_s": 3.0}),
        wand("paraspinal_lumbar"),
    )
    (passage,) = score.passages
    assert passage.cue == "Let go. Glide slowly up and down, about 3 cm a second."
    assert score.warnings == ()


def test_a_wand_held_elsewhere_plays_too_and_says_so() -> None:
    phases = ({"technique": "stroking"}, {"technique": "kneading", "zones": ["gluteal"]})
    score = compose(make(*phases), wand("gluteal"))
    assert score.at(10.0).levels[0] > 0.25
    assert score.warnings == ("lovense-domi is held here: seat. It plays phase 1 there too.",)


def test_a_wand_held_nowhere_is_held_at_unknown() -> None:
    (warning,) = compose(make({"technique": "vibration"}), wand()).warnings
    assert warning == "lovense-domi is held here: nobody said where. It plays phase 1 there too."


def test_motors_without_a_place_move_only_for_their_own_zone() -> None:
    places = (*CAPE.places, Place(12, "vibration", ("gluteal",)))
    seat = Layout("seat", places)
    for technique in ("stroking", "kneading", "vibration"):
        named = compose(make({"technique": technique, "zones": [*BACK, "gluteal"]}), seat)
        silent = compose(make({"technique": technique}), seat)
        assert max(demand.levels[12] for demand in ticks(named)) > 0.25
        assert max(demand.levels[12] for demand in ticks(silent)) == 0.0
