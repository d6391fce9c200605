"""Exchange: out into the formats of others and back in, the same within a step of a massager."""

import csv
import io
import json
from bisect import bisect_right
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles import catalogue, loader
from profiles.compose import compose
from profiles.curve import Curve
from profiles.errors import ProfileError
from profiles.exchange import ahap, funscript, haptic, table
from profiles.exchange.drawing import MOST_POINTS, Drawing
from profiles.exchange.sampling import ONE_MOTOR, Samples, sampled
from profiles.exchange.written import profile_text
from profiles.model import Profile
from tests.unit.profiles.layouts import CAPE, LAYOUTS

STEP = 1.0 / 255  # of the finest massager of the library


def back(drawing: Drawing) -> Profile:
    """Return the profile that an import makes."""
    text = profile_text(
        drawing,
        source="a file.haptic",
        title=drawing.title or "None",
        zones=["rhomboid"],
        posture="seated",
        level=1.0,
    )
    return loader.load_text(text, "made.toml")


def round_trip(samples: Samples) -> Curve:
    drawing = haptic.read(haptic.write(samples.mixed(), samples.title, "."), "made.haptic")
    return sampled(compose(back(drawing), ONE_MOTOR)).mixed()


def furthest(one: Curve, other: Curve) -> float:
    assert one.times_s == pytest.approx(other.times_s)
    return max(abs(a - b) for a, b in zip(one.levels, other.levels, strict=True))


@pytest.mark.exhaustive
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_profile_comes_back_from_haptic_within_a_step(layout: Any) -> None:
    for name in ("taster", "desk-break"):
        samples = sampled(compose(loader.load(catalogue.path(name)), layout))
        assert furthest(samples.mixed(), round_trip(samples)) < STEP


PHASES = st.fixed_dictionaries(
    {
        "zones": st.just(["rhomboid", "paraspinal_lumbar"]),
        "seconds": st.integers(5, 40),
        "level": st.lists(st.integers(0, 100).map(lambda n: n / 100), min_size=2, max_size=2),
        "technique": st.sampled_from(["kneading", "vibration"]),
    }
)


@pytest.mark.exhaustive
@settings(max_examples=20)
@given(PHASES)
def test_any_phase_comes_back_from_haptic_within_a_step(phase: dict[str, Any]) -> None:
    written: dict[str, Any] = {"title": "Any", "summary": ".", "posture": "seated"}
    profile = Profile.model_validate(written | {"intent": "wellness", "phase": [phase]})
    samples = sampled(compose(profile, CAPE))
    assert furthest(samples.mixed(), round_trip(samples)) < STEP


@pytest.mark.thorough
@pytest.mark.parametrize("name", catalogue.names())
def test_every_bundled_profile_comes_back_from_haptic_within_a_step(name: str) -> None:
    samples = sampled(compose(loader.load(catalogue.path(name)), CAPE))
    assert furthest(samples.mixed(), round_trip(samples)) < STEP


def test_the_mixed_curve_is_the_strongest_motor_of_those_asked_for() -> None:
    samples = Samples("A", (0.0, 1.0), ((0.1, 0.5), (0.4, 0.2), (0.9, 0.9)))
    assert samples.mixed([0, 1]).levels == (0.4, 0.5)
    assert samples.mixed().levels == (0.9, 0.9)


def test_the_haptic_file_has_what_its_format_asks_for() -> None:
    file = json.loads(haptic.write(Curve((0.0, 1.0, 2.0), (0.0, 0.5, 0.1)), "A", "B"))
    assert file["version"] == {"major": 1, "minor": 0, "patch": 0}
    envelopes = file["signals"]["continuous"]["envelopes"]
    assert envelopes["amplitude"] == [
        {"time": 0.0, "amplitude": 0.0},
        {"time": 1.0, "amplitude": 0.5},
        {"time": 2.0, "amplitude": 0.1},
    ]
    assert [point["time"] for point in envelopes["frequency"]] == [0.0, 2.0]
    assert {*file["metadata"]} == {
        *("editor", "author", "source", "project", "tags", "description")
    }


def intensity(pattern: list[dict[str, Any]], t_s: float) -> float:
    """Return what a player of AHAP plays at a time: the newest curve, times the event's."""
    curves = [entry["ParameterCurve"] for entry in pattern if "ParameterCurve" in entry]
    at = bisect_right([curve["Time"] for curve in curves], t_s) - 1
    points = [
        (point["Time"], point["ParameterValue"])
        for point in curves[at]["ParameterCurveControlPoints"]
    ]
    return Curve.through(points).at(t_s - curves[at]["Time"])


def test_an_ahap_file_plays_the_square_root_of_the_level() -> None:
    samples = sampled(compose(loader.load(catalogue.path("taster")), CAPE))
    pattern = json.loads(ahap.write(samples.mixed(), "A", "B"))["Pattern"]
    for t_s, level in samples.mixed().points[::7]:
        assert intensity(pattern, t_s) == pytest.approx(level**0.5, abs=2 * ahap.TOLERANCE)


def test_an_ahap_file_keeps_the_limits_of_core_haptics() -> None:
    samples = sampled(compose(loader.load(catalogue.path("taster")), CAPE))
    file = json.loads(ahap.write(samples.mixed(), "A", "B"))
    events = [entry["Event"] for entry in file["Pattern"] if "Event" in entry]
    curves = [entry["ParameterCurve"] for entry in file["Pattern"] if "ParameterCurve" in entry]
    assert file["Version"] == 1.0
    assert [(event["Time"], event["EventDuration"]) for event in events] == [
        *((0.0, 30.0), (30.0, 30.0), (60.0, 30.0))
    ]
    assert max(len(curve["ParameterCurveControlPoints"]) for curve in curves) == 16
    for one, after in pairwise(curves):
        end = one["ParameterCurveControlPoints"][-1]
        begin = after["ParameterCurveControlPoints"][0]
        assert one["Time"] + end["Time"] == pytest.approx(after["Time"])
        assert (begin["Time"], begin["ParameterValue"]) == (0.0, end["ParameterValue"])


def test_a_csv_file_has_a_row_a_beat_and_a_column_a_motor() -> None:
    samples = sampled(compose(loader.load(catalogue.path("taster")), CAPE))
    rows = [*csv.DictReader(io.StringIO(table.write(samples)))]
    assert [*rows[0]] == ["t_s", "mixed", *(f"motor_{number}" for number in range(12))]
    assert (rows[1]["t_s"], rows[-1]["t_s"], len(rows)) == ("0.05", "90.00", 1801)
    motors = [float(value) for key, value in rows[400].items() if key.startswith("motor")]
    assert float(rows[400]["mixed"]) == max(motors) > 0.1


def test_csv_comes_back_as_it_was() -> None:
    samples = sampled(compose(loader.load(catalogue.path("taster")), CAPE))
    drawing = table.read(table.write(samples), "made.csv")
    assert furthest(samples.mixed(), drawing.curve) < 1e-4


def test_a_csv_column_can_be_chosen() -> None:
    text = '  t_s, left, "right",,\n0, 0.1, 0.2\n\n6, 0.3, 0.4\n'
    drawing = table.read(text, "a.csv", "right")
    assert drawing.curve.points == ((0.0, 0.2), (6.0, 0.4))
    assert drawing.notes == ("of its columns right is read",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "",
            "a.csv:1: the columns are nothing; the first line must name them, t_s (seconds) among",
        ),
        (
            "time,level\n",
            "a.csv:1: the columns are time, level; the first line must name them, t_s",
        ),
        ("t_s,a, t_s\n", "a.csv:1: columns 1 and 3 are both called t_s; give each its own name"),
        ("t_s,a,a\n", "a.csv:1: columns 2 and 3 are both called a; give each its own name"),
        ("t_s,a,b\n0,1,1\n", "a.csv: which column? give --column with one of a, b"),
        ("t_s,a\n", "a.csv: has no line of numbers"),
        ("t_s,a\n0,0.1\nx,0.1\n2,1.1\n3\n", "a.csv:3: t_s must be a number"),
        ("t_s,a\n0,0.1\n2,1.1\n3\n", "a.csv:3: a level must be a number from 0 to 1\na.csv:4:"),
        ("t_s,a\n0,nan\n", "a.csv:2: a level must be"),
        ("t_s,a\ninf,0\n", "a.csv:2: t_s must be"),
        ("t_s,a\n0,0\nnan,0\n", "a.csv:3: t_s must be"),
        ("t_s,a\n0,0\n-1,0\n", "a.csv:3: t_s must be a number of seconds from 0 on"),
        ("t_s,a\n0,0\n1e300,1\n", "a.csv: lasts 1.667e+298 minutes; a session has 30 at most"),
        ("t_s,a\n0,0\n1,1e300\n", "a.csv:3: a level must be a number from 0 to 1"),
        ("t_s,a\n0,0\n1,-1\n", "a.csv:3: a level must be a number from 0 to 1"),
        ('t_s,a\n0,"0', "a.csv: is not CSV"),
    ],
)
def test_mistakes_in_csv_are_told_by_line(text: str, told: str) -> None:
    with pytest.raises(ProfileError) as said:
        table.read(text, "a.csv")
    assert told in str(said.value)


def script(*actions: tuple[float, float], **keys: Any) -> str:
    rows = [{"at": at, "pos": pos} for at, pos in actions]
    return json.dumps({"version": "1.0", "range": 90, "actions": rows} | keys)


def test_positions_of_a_funscript_are_levels_over_time() -> None:
    drawing = funscript.read(script((0, 0), (6000, 100), (8000, 50)), "a.funscript")
    assert drawing.curve.points == ((0.0, 0.0), (6.0, 1.0), (8.0, 0.5))
    assert drawing.notes == ("positions are played as levels",)


def test_an_inverted_funscript_is_turned_round() -> None:
    drawing = funscript.read(script((0, 0), (6000, 80), inverted=True), "a.funscript")
    assert drawing.curve.levels == (1.0, 0.2)


def test_before_its_first_point_a_curve_has_that_level() -> None:
    drawing = funscript.read(script((3000, 40), (6000, 80)), "a.funscript")
    assert drawing.curve.points[0] == (0.0, 0.4)


def test_two_points_at_one_time_are_a_jump() -> None:
    drawing = funscript.read(script((0, 0), (3000, 40), (3000, 90), (6000, 80)), "a.funscript")
    assert drawing.curve.points[1:3] == ((2.999, 0.4), (3.0, 0.9))


def test_what_is_too_short_for_a_phase_is_played_again() -> None:
    drawing = funscript.read(script((0, 0), (2000, 90)), "a.funscript")
    assert "is played 3 times" in drawing.notes[-1]
    profile = back(drawing)
    assert profile.duration_s == 6.0
    assert compose(profile, ONE_MOTOR).at(3.0).levels[0] == pytest.approx(0.45)


def test_a_long_curve_is_thinned_out_and_says_what_that_costs() -> None:
    jagged = [(t * 60.0, 40.0 + 0.2 * (t % 2)) for t in range(MOST_POINTS + 5)]
    drawing = funscript.read(script(*jagged), "a.funscript")
    assert len(drawing.curve.times_s) <= MOST_POINTS
    assert "10005 points became" in drawing.notes[-1]
    assert "than 0.2% of the strongest level" in drawing.notes[-1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (script((0, 0), (1000, 101)), "actions[1].pos = 101: must be less than or equal to 100"),
        (script((0, 0), (-1, 10)), "actions[1].at = -1: must be greater than or equal to 0"),
        (script((0, 0)), "actions = (1 values): List should have at least 2 items"),
        (script((2000, 0), (1000, 1)), "point 2 is at 1 s, before 2 s; times must not go back"),
        (script((0, 0), (0, 9)), "lasts no time"),
        (script((0, 0), (2e6, 9)), "lasts 33.33 minutes; a session has 30 at most"),
        (script(*((t * 60, 100 * (t % 2)) for t in range(10_002))), "has 10002 points, and 10000"),
        ('{"actions": [}', "a.funscript:1: is not JSON"),
        ('{"actions": NaN}', "a.funscript: has the value NaN"),
        ("[" * 100_000, "a.funscript: is not JSON"),
        ("[]", "a.funscript: the file = (empty): "),
        ('{"actions": ' + "9" * 5000 + "}", "a.funscript: is not JSON"),
    ],
)
def test_a_script_that_cannot_be_a_phase_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(ProfileError) as said:
        funscript.read(text, "a.funscript")
    assert told in str(said.value)
    assert "\n" not in str(said.value)


def clip(*points: dict[str, Any], frequency: list[dict[str, Any]] | None = None) -> str:
    envelopes = {"amplitude": points, "frequency": frequency}
    return json.dumps(
        {"version": {"major": 1}, "signals": {"continuous": {"envelopes": envelopes}}}
    )


def test_emphasis_and_frequency_are_left_out_and_told() -> None:
    emphasis = {"amplitude": 0.9, "frequency": 0.5}
    points = ({"time": 0, "amplitude": 0.1, "emphasis": emphasis}, {"time": 9, "amplitude": 0.3})
    frequency = [{"time": 0, "frequency": 0.1}, {"time": 9, "frequency": 0.3}]
    drawing = haptic.read(clip(*points, frequency=frequency), "a.haptic")
    assert drawing.curve.points == ((0.0, 0.1), (9.0, 0.3))
    assert [note.split(" ")[0] for note in drawing.notes] == ["1", "its"]


def test_all_mistakes_of_a_haptic_file_are_told_at_once() -> None:
    with pytest.raises(ProfileError) as said:
        haptic.read(clip({"time": -1, "amplitude": 1.5}, {"amplitude": "x"}), "a.haptic")
    keys = [line.split(" ")[1].split("amplitude[")[1] for line in str(said.value).splitlines()]
    assert keys == ["0].time", "0].amplitude", "1].time", "1].amplitude"]


def test_a_haptic_file_of_another_version_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"version\.major = 2: must be less than or equal to 1"):
        haptic.read('{"version": {"major": 2}, "signals": {}}', "a.haptic")
