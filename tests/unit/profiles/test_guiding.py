"""A profile as instructions for hands: where, which way, how fast, and when it is said."""

from functools import cache
from itertools import pairwise, product

import pytest

from profiles import catalogue, loader
from profiles.body import ZONES, zones_touched
from profiles.guiding import LEAD_S, TOOLS, Care, Guide, Instruction, Kind, Side, guide
from profiles.guiding.ground import along, length_cm
from profiles.guiding.legs import itinerary
from profiles.guiding.phrases import say_s
from profiles.model import Profile
from profiles.score import Passage
from tests.every import every, every_row

SPINE_CM = 1.5
NEVER = frozenset(
    {"head_face", "neck_anterior", "neck_lateral", "axilla", "chest_anterior", "abdomen"}
)
CARE = Care(NEVER, frozenset({"neck_posterior", "spine_lumbar", "scapula_bony"}))


def profile(*phases: dict[str, object]) -> Profile:
    return Profile.model_validate(
        {
            "title": "Trial",
            "summary": "For a test.",
            "posture": "prone",
            "intent": "wellness",
            "phase": list(phases),
        }
    )


def phase(technique: str, *zones: str, **keys: object) -> dict[str, object]:
    return {"technique": technique, "zones": list(zones), "level": 0.3, "seconds": 120.0, **keys}


EVERY_TECHNIQUE = profile(
    phase("stroking", "paraspinal_lumbar", "trapezius_upper", return_zones=["latissimus"]),
    phase("rubbing", "latissimus", "paraspinal_lumbar", cue="Breathe."),
    phase("kneading", "trapezius_mid_low", "rhomboid", sides="alternating"),
    phase("pinching", "latissimus"),
    phase("rolling", "latissimus"),
    phase("hold", "paraspinal_lumbar"),
    phase("vibration", "spine_lumbar", "neck_posterior", "gluteal"),
    phase("tapping", "gluteal", "thigh_posterior"),
)


@cache
def guided(name: str, tool: str = "hands") -> Guide:
    written = EVERY_TECHNIQUE if name == "" else loader.load(catalogue.path(name))
    return guide(written, tool=TOOLS[tool], care=CARE)


def moves(found: Guide, phase_: int) -> list[Instruction]:
    return [each for each in found.instructions if each.phase == phase_ and each.path]


def techniques(found: Guide) -> list[Passage]:
    """Return the phases that are no pause."""
    return [each for each in found.passages if each.technique != "pause"]


ALL = ["", *catalogue.names()]
CASES = [*((name, "hands") for name in ALL), *(("", tool) for tool in TOOLS if tool != "hands")]
TOUCHED = [zone.id for zone in ZONES if zone.outline and zone.id not in NEVER]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "tool"), CASES)
def test_no_hand_comes_onto_the_spine_or_where_nothing_may_be_touched(name: str, tool: str) -> None:
    ways = {each.path for each in guided(name, tool).instructions if each.path}
    for way in ways:
        steps = max(1, int(length_cm(way)))
        for point in (along(way, step / steps) for step in range(steps + 1)):
            assert point[0] > SPINE_CM
            assert NEVER.isdisjoint(zones_touched(*point, 0.0))


@every_row(CASES)
def test_nothing_is_said_before_the_last_words_are_over(name: str, tool: str) -> None:
    spoken = [each for each in guided(name, tool).instructions if each.spoken]
    for before, after in pairwise(spoken):
        assert before.t_s + say_s(before.phrase.key, before.phrase.text) <= after.t_s


@every_row(CASES)
def test_every_phase_is_said_and_counted_in_before_it_begins(name: str, tool: str) -> None:
    found = guided(name, tool)
    for passage in techniques(found):
        ahead = [each for each in found.instructions if each.phase == passage.index and each.spoken]
        counts = [each for each in ahead if each.kind is Kind.COUNT and each.t_s < passage.start_s]
        assert [round(passage.start_s - each.t_s, 6) for each in counts] == [3.0, 2.0, 1.0]
        assert ahead[0].kind is Kind.PLACE
        assert ahead[0].phrase.technique == passage.technique
        assert ahead[0].t_s < counts[0].t_s


@pytest.mark.exhaustive
@every(ALL)
def test_how_it_is_done_is_said_when_a_phase_begins(name: str) -> None:
    found = guided(name)
    for passage in techniques(found):
        first = next(each for each in found.instructions if each.t_s == passage.start_s)
        assert first.spoken
        assert first.phrase.key.startswith(passage.technique)


@pytest.mark.parametrize(
    ("name", "tool", "key"),
    [("first-time", "hands", "pause"), ("pillow-rollers", "pillow", "pillow.pause")],
)
def test_in_a_pause_the_author_speaks_first_and_then_it_is_silent(
    name: str, tool: str, key: str
) -> None:
    found = guided(name, tool)
    pauses = [each.index for each in found.passages if each.technique == "pause"]
    assert pauses
    for index in pauses:
        told = [each for each in found.instructions if each.phase == index]
        spoken = [each.phrase.key for each in told if each.spoken]
        assert spoken == ["cue.first", key]
        assert told[0].t_s == found.passages[index].start_s
        assert {each.kind for each in told} == {Kind.CUE, Kind.REST}
        assert not any(each.path or each.zones for each in told if each.kind is Kind.REST)


def test_a_pillow_is_moved_before_anybody_leans_on_it() -> None:
    told = [each for each in guided("pillow-rollers", "pillow").instructions if each.spoken]
    first = [each.phrase.key for each in told if each.phase == 0 and each.t_s >= LEAD_S]
    assert first == ["cue.first", "pillow.in"]


@pytest.mark.parametrize("technique", ["rolling", "rubbing"])
def test_hands_that_go_across_do_not_rest_amid_a_phase(technique: str) -> None:
    for tool in ("hands", "roller"):
        found = guide(profile(phase(technique, "gluteal", seconds=75.0)), tool=TOOLS[tool])
        assert not [each for each in found.instructions if each.kind is Kind.REST]


def test_the_phases_last_as_long_as_on_a_massager() -> None:
    found = guided("")
    assert found.passages[0].start_s == LEAD_S
    assert [round(each.end_s - each.start_s, 6) for each in found.passages] == [120.0] * 8
    assert found.instructions[-1].kind is Kind.END
    assert found.instructions[-1].t_s == found.duration_s == LEAD_S + 8 * 120.0


@pytest.mark.parametrize("speed", [2.0, 3.0, 5.0])
def test_a_stroke_goes_at_the_speed_of_the_profile(speed: float) -> None:
    found = guide(profile(phase("stroking", "paraspinal_lumbar", "rhomboid", speed_cm_s=speed)))
    strokes = moves(found, 0)
    assert len(strokes) >= 2
    for stroke in strokes:
        assert stroke.speed_cm_s == speed
        assert length_cm(stroke.path) / stroke.seconds == pytest.approx(speed)


@pytest.mark.parametrize("circles", [5, 6, 7])
def test_as_many_circles_are_made_as_the_profile_counts(circles: int) -> None:
    zones = ("paraspinal_lumbar", "paraspinal_thoracic")
    found = guide(profile(phase("stroking", *zones, circles=circles, seconds=180.0)))
    assert len(moves(found, 0)) == circles
    assert moves(found, 0)[-1].phrase.number == circles
    assert sum(each.seconds for each in moves(found, 0)) == pytest.approx(180.0)


def test_a_stroke_goes_up_beside_the_spine_and_back_over_the_sides() -> None:
    way = moves(guided(""), 0)[0].path
    (x0, y0), (x1, y1) = way[0], way[1]
    assert x0 == x1 < 6.0
    assert (y0, y1) == (15.5, 58.5)  # lumbar to the neck edge
    assert max(x for x, _ in way[2:]) > 12.0
    assert way[-1] == way[0]


def test_what_is_left_after_whole_circles_is_a_shorter_one_at_the_same_speed() -> None:
    last = moves(guided("desk-break"), 0)[-1]
    assert last.phrase.key == "circle.short"
    assert length_cm(last.path) / last.seconds == pytest.approx(3.0)
    assert last.t_s + last.seconds == pytest.approx(guided("desk-break").passages[0].end_s, abs=0.1)


def test_of_quick_presses_only_the_press_is_said_and_of_slow_ones_every_part() -> None:
    beat = {Kind.PRESS, Kind.HOLD, Kind.RELEASE}
    quick = [i.kind for i in guided("desk-break").instructions if i.kind in beat and i.spoken]
    assert quick == [Kind.PRESS, Kind.PRESS]
    slow = [i.kind for i in guided("lower-back").instructions if i.kind in beat and i.spoken]
    assert slow[:3] == [Kind.PRESS, Kind.HOLD, Kind.RELEASE]


def test_a_press_is_held_and_released_before_the_next_and_places_change() -> None:
    found = [each for each in guided("").instructions if each.phase == 2 and each.path]
    presses = [each for each in found if each.kind in {Kind.PRESS, Kind.HOLD, Kind.RELEASE}]
    assert [each.kind for each in presses[:3]] == [Kind.PRESS, Kind.HOLD, Kind.RELEASE]
    for before, after in pairwise(presses):
        assert before.t_s + before.seconds == pytest.approx(after.t_s)
    assert {each.side for each in presses} == {Side.LEFT, Side.RIGHT}
    places = [each.path for each in found if each.kind is Kind.PLACE]
    assert all(before != after for before, after in pairwise(places))


def test_rubbing_goes_from_the_side_to_the_centre() -> None:
    for each in moves(guided(""), 1):
        (outer, y0), (inner, y1) = each.path
        assert outer > inner
        assert y0 == y1
        assert each.rate_hz == 0.4


def test_rolling_keeps_the_speed_of_the_profile_and_comes_back() -> None:
    for each in moves(guided(""), 4):
        assert each.path[0] == each.path[-1]
        assert each.speed_cm_s == 3.0


def test_palms_are_told_to_stay_on_again_and_again() -> None:
    kept = [each for each in guided("").instructions if each.phrase.key == "keep"]
    assert len(kept) >= 3
    assert all(each.phase == 6 for each in kept)


def test_over_a_guarded_zone_it_is_said_to_be_very_light() -> None:
    care = [each for each in guided("").instructions if each.kind is Kind.CARE]
    assert [(each.phase, each.spoken) for each in care] == [(6, True)]


def test_a_handheld_is_told_and_counted_to_every_place() -> None:
    found = guided("", "handheld")
    usable = frozenset(EVERY_TECHNIQUE.zones)
    legs = itinerary(EVERY_TECHNIQUE, found.passages, usable)
    assert [leg.zones for leg in legs if leg.phase == 2] == [
        ("trapezius_mid_low",),
        ("rhomboid",),
    ]
    for leg in legs:
        counts = [
            round(leg.start_s - each.t_s, 6)
            for each in found.instructions
            if each.kind is Kind.COUNT and leg.start_s - 3.5 < each.t_s < leg.start_s
        ]
        assert counts == [3.0, 2.0, 1.0]


def test_what_travels_has_one_leg_and_what_stays_one_a_zone() -> None:
    found = guided("", "handheld")
    legs = itinerary(EVERY_TECHNIQUE, found.passages, frozenset(EVERY_TECHNIQUE.zones))
    by_phase = [[leg.zones for leg in legs if leg.phase == index] for index in range(8)]
    assert by_phase[0] == [("paraspinal_lumbar", "trapezius_upper", "latissimus")]
    assert by_phase[1] == [("latissimus", "paraspinal_lumbar")]
    assert by_phase[6] == [("gluteal",), ("spine_lumbar",), ("neck_posterior",)]
    for before, after in pairwise(legs):
        assert before.end_s == pytest.approx(after.start_s)


@pytest.mark.parametrize("tool", ["roller"])
def test_one_hand_changes_sides_in_the_middle_and_it_is_said_ahead(tool: str) -> None:
    found = guided("", tool)
    for passage in found.passages:
        told = [each for each in found.instructions if each.phase == passage.index]
        change = [each for each in told if each.phrase.key == "side"]
        soon = [each for each in told if each.phrase.key == "side.soon"]
        if passage.technique in TOOLS[tool].rests:
            assert change == soon == []
            continue
        middle_s = (passage.start_s + passage.end_s) / 2.0
        assert [(each.t_s, each.side) for each in change] == [(middle_s, Side.LEFT)]
        assert [each.t_s for each in soon] == [middle_s - 6.0]
        assert change[0].spoken
        assert soon[0].spoken


def test_what_a_tool_cannot_do_is_a_rest_and_a_warning() -> None:
    found = guided("", "roller")
    assert len(found.warnings) == 2
    assert "pinching" in found.warnings[0]
    rests = [each for each in found.instructions if each.phrase.key == "not.with.this"]
    assert [each.phase for each in rests] == [3, 7]


def test_a_zone_that_the_tool_may_not_touch_is_left_out() -> None:
    found = guide(
        profile(phase("vibration", "spine_lumbar", "gluteal")),
        tool=TOOLS["pillow"],
        care=Care(frozenset({"spine_lumbar"})),
    )
    named = {each for told in found.instructions if told.t_s >= LEAD_S for each in told.zones}
    assert named == {"gluteal"}


def test_a_pillow_rests_after_two_minutes_on_a_place() -> None:
    found = guide(profile(phase("vibration", "rhomboid", seconds=300.0)), tool=TOOLS["pillow"])
    kinds = [(each.kind, each.seconds) for each in found.instructions if each.t_s >= LEAD_S][:-1]
    assert kinds == [(Kind.PLACE, 120.0), (Kind.REST, 60.0), (Kind.PLACE, 120.0)]


def test_an_authors_cue_waits_until_it_is_quiet() -> None:
    cue = next(each for each in guided("").instructions if each.kind is Kind.CUE)
    assert cue.spoken
    assert cue.t_s > guided("").passages[1].start_s


def test_the_tempo_stays_when_the_profile_is_stretched() -> None:
    long = guide(EVERY_TECHNIQUE, minutes=24.0)
    assert long.duration_s == pytest.approx(LEAD_S + 24.0 * 60.0)
    assert moves(long, 0)[0].speed_cm_s == moves(guided(""), 0)[0].speed_cm_s


def test_the_shortest_phases_are_guided_too() -> None:
    every = [phase(each.technique, *each.zones, seconds=5.0) for each in EVERY_TECHNIQUE.phases]
    found = guide(profile(*every))
    assert all(a.t_s <= b.t_s for a, b in pairwise(found.instructions))
    assert {each.phase for each in found.instructions if each.path} == set(range(8))


@pytest.mark.exhaustive
@every_row(
    product(
        [zone.id for zone in ZONES if zone.outline and zone.id not in NEVER],
        ["stroking", "rubbing", "kneading", "rolling", "vibration"],
    )
)
def test_every_zone_has_a_place_for_a_hand(zone: str, technique: str) -> None:
    found = guide(profile(phase(technique, zone, seconds=20.0)), care=CARE)
    assert moves(found, 0)
    assert found.warnings == ()
