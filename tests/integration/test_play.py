"""The whole way, file to motion, over a real Bluetooth host stack on virtual time."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from devicehub.cli.main import run
from profiles import catalogue
from profiles.techniques import TECHNIQUES
from tests.oracle import judge
from tests.session_runs import ZONES, play, play_in_memory, profile_file, shown
from tests.tapes import read_tape, stroke_direction

PLAYABLE = [zone for zone, facts in ZONES.items() if not facts["forbidden"] and zone != "unknown"]
SPINE_MOTORS = (1, 4, 7, 10)
CAPE_CLASS = "surface_vibration"
# Presses of a hold last so long that half a minute would see two places; a curve has to be drawn.
KEYS: dict[str, dict[str, object]] = {
    "hold": {"press_s": 5, "rest_s": 2},
    "envelope": {"points": [[0, 0], [4, 1], [10, 1], [14, 0]]},
}
UNLIKE = ("stroking", "tapping", "hold", "envelope")
"""Techniques that travel, strike, stay and are drawn; `make thorough` has all, in every zone."""


def phase_of(technique: str, **keys: object) -> dict[str, object]:
    """Return half a minute of a technique, as strong as it gets."""
    phase = {"technique": technique, "minutes": 0.5, "level": 1.0}
    return {**phase, **KEYS.get(technique, {}), **keys}


def _cap(zone: str, stimulus: str) -> float:
    return float(ZONES[zone]["caps"][stimulus]["max_intensity"])


def _zones(model: str) -> set[str]:
    """Return the zones that a massager's motors are felt in."""
    return {zone for actuator in shown(model)["actuators"] for zone in actuator["zones"]}


def _played_by(stimulus: str, zones: Iterable[str]) -> list[str]:
    """Return those of `zones` in which massagers of a class may do anything."""
    return sorted(zone for zone in zones if _cap(zone, stimulus) > 0)


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("model", ["reference-cape", "bhaptics-x40"])
def test_a_bundled_profile_stays_inside_every_limit(name: str, model: str, tmp_path: Path) -> None:
    played = play_in_memory(name, model, tmp_path / "tape.jsonl", minutes=3.0)
    assert played.code == 0
    assert played.violations == []
    assert played.tape.moves


@pytest.mark.exhaustive
def test_a_handheld_plays_where_it_is_held(tmp_path: Path) -> None:
    played = play("taster", "lovense-domi", tmp_path / "tape.jsonl", zone="trapezius_upper")
    assert (played.code, played.violations) == (0, [])
    assert 0.1 < played.highest("trapezius_upper") <= 0.5


@pytest.mark.exhaustive
def test_two_runs_write_the_same_tape(tmp_path: Path) -> None:
    play("taster", "bhaptics-x40", tmp_path / "one.jsonl", "--minutes", "0.4")
    play("taster", "bhaptics-x40", tmp_path / "two.jsonl", "--minutes", "0.4")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.exhaustive
def test_the_front_of_the_vest_never_moves(tmp_path: Path) -> None:
    played = play_in_memory("whole-back", "bhaptics-x40", tmp_path / "tape.jsonl", minutes=5.0)
    assert (played.code, played.violations) == (0, [])
    assert {move.actuator for move in played.tape.moves if move.level} <= set(range(10, 30))


@pytest.mark.exhaustive
def test_the_stroke_travels_up_beside_the_spine_and_down_the_sides(tmp_path: Path) -> None:
    phase = {
        "technique": "stroking",
        "zones": ["paraspinal_lumbar", "paraspinal_thoracic"],
        "return_zones": ["latissimus"],
        "minutes": 1.5,
        "level": 0.3,
        "circles": 3,
    }
    profile = profile_file(tmp_path, phase)
    played = play(profile, "bhaptics-x40", tmp_path / "tape.jsonl")
    assert played.violations == []

    def beside_the_spine(x_cm: float, _y_cm: float) -> bool:
        return abs(x_cm) < 5.0

    def at_the_sides(x_cm: float, _y_cm: float) -> bool:
        return abs(x_cm) > 5.0

    circle_s = 90.0 / 3
    up = stroke_direction(
        played.tape, played.massager, 33.0, 30.0 + circle_s / 2, where=beside_the_spine
    )
    down = stroke_direction(played.tape, played.massager, 48.0, 30.0 + circle_s, where=at_the_sides)
    assert up > 1.0
    assert down < -1.0


@pytest.mark.exhaustive
def test_a_hostile_profile_meets_every_cap_and_is_still_felt(tmp_path: Path) -> None:
    phases = [phase_of(technique, zones=PLAYABLE) for technique in TECHNIQUES]
    hostile = profile_file(tmp_path, *phases)
    played = play_in_memory(hostile, "reference-cape", tmp_path / "tape.jsonl")
    assert (played.code, played.violations) == (0, [])
    for motor in SPINE_MOTORS:
        levels = [move.level for move in played.tape.moves if move.actuator == motor]
        assert 0 < max(levels) <= 20
    for zone in ("trapezius_upper", "rhomboid", "paraspinal_thoracic", "paraspinal_lumbar"):
        assert played.highest(zone) > 0.3


@pytest.mark.exhaustive
@pytest.mark.parametrize("technique", UNLIKE)
def test_a_handheld_is_felt_with_a_technique_of_each_kind(technique: str, tmp_path: Path) -> None:
    test_a_handheld_is_felt_wherever_it_may_be_held(technique, "rhomboid", tmp_path)


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("zone", _played_by("handheld_vibration", ZONES))
def test_a_handheld_is_felt_wherever_it_may_be_held(
    technique: str, zone: str, tmp_path: Path
) -> None:
    profile = profile_file(tmp_path, phase_of(technique, zones=[zone]))
    played = play_in_memory(profile, "lovense-domi", tmp_path / "tape.jsonl", zone=zone)
    assert played.violations == []
    assert played.highest(zone) >= 0.5 * _cap(zone, "handheld_vibration")


def _on_layouts() -> list[tuple[str, str, str]]:
    """Return models with a zone of theirs and a technique; of the spine those that suit it."""
    return [
        (model, zone, technique)
        for model in ("reference-cape", "bhaptics-x40")
        for zone in _played_by(CAPE_CLASS, _zones(model))
        for technique in TECHNIQUES
        if not zone.startswith("spine_") or technique in ZONES[zone]["techniques_allowed"]
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("technique", UNLIKE)
def test_beside_the_spine_a_technique_of_each_kind_is_felt(technique: str, tmp_path: Path) -> None:
    test_every_zone_of_a_layout_is_felt_under_its_cap(
        "reference-cape", "paraspinal_thoracic", technique, tmp_path
    )


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize(("model", "zone", "technique"), _on_layouts())
def test_every_zone_of_a_layout_is_felt_under_its_cap(
    model: str, zone: str, technique: str, tmp_path: Path
) -> None:
    phase = phase_of(technique, zones=[zone])
    played = play_in_memory(profile_file(tmp_path, phase), model, tmp_path / "tape.jsonl")
    assert played.violations == []
    assert played.highest(zone) >= 0.5 * _cap(zone, CAPE_CLASS)


@pytest.mark.exhaustive
def test_no_hand_works_on_the_spine(tmp_path: Path) -> None:
    suits = ZONES["spine_lumbar"]["techniques_allowed"]
    # A curve is drawn by somebody else, and plays where its author says, under the cap.
    for technique in sorted(set(TECHNIQUES) - {*suits, "envelope"}):
        profile = profile_file(tmp_path, phase_of(technique, zones=["spine_lumbar"]))
        played = play_in_memory(profile, "reference-cape", tmp_path / "tape.jsonl")
        assert played.violations == []
        assert played.highest("spine_lumbar") == 0.0


def hum(tmp_path: Path, minutes: float) -> Path:
    phase = {"technique": "vibration", "zones": ["gluteal"], "minutes": minutes, "level": 0.3}
    return profile_file(tmp_path, phase)


@pytest.mark.exhaustive
def test_a_long_hum_in_one_place_rests_in_between(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    played = play_in_memory(hum(tmp_path, 4.0), "lovense-domi", tape, zone="gluteal")
    assert (played.code, played.violations) == (0, [])
    off_s = [move.t for move in played.tape.moves if not move.level]
    on_s = [move.t for move in played.tape.moves if move.level and move.t > off_s[0]]
    assert 119.0 < off_s[0] < 124.0
    assert 30.0 <= on_s[0] - off_s[0] < 31.0


@pytest.mark.exhaustive
def test_a_session_ends_when_the_only_place_has_had_its_time(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    played = play_in_memory(hum(tmp_path, 10.0), "lovense-domi", tape, zone="gluteal")
    assert (played.code, played.violations) == (4, [])
    assert 350.0 < played.tape.moves[-1].t < 370.0  # 300 seconds and two rests


@pytest.mark.exhaustive
def test_the_length_asked_for_is_the_length_played(tmp_path: Path) -> None:
    played = play("desk-break", "reference-cape", tmp_path / "tape.jsonl", "--minutes", "1")
    assert played.violations == []
    assert 55.0 < max(move.t for move in played.tape.moves) < 65.0


@pytest.mark.exhaustive
def test_a_ceiling_holds_for_every_motor(tmp_path: Path) -> None:
    played = play(
        "taster", "reference-cape", tmp_path / "tape.jsonl", "--ceiling=0.2", "--minutes=0.4"
    )
    assert 0 < max(move.level for move in played.tape.moves) <= 20


def test_two_massagers_share_one_session(tmp_path: Path) -> None:
    models = ("reference-cape", "bhaptics-x40")
    devices = [word for model in models for word in ("--device", f"sim:{model}")]
    words = ["play", "taster", *devices, "--speed", "max", "--minutes", "0.4"]
    code = run([*words, "--tape", str(tmp_path / "t.jsonl")])
    assert code == 0
    for model in models:
        tape = read_tape(tmp_path / f"t.{model}.jsonl")
        assert tape.moves
        assert judge(tape, shown(model), ZONES) == []


@pytest.mark.exhaustive
def test_a_square_of_levels_is_soft_where_each_motor_is_written_by_itself(tmp_path: Path) -> None:
    """A fall takes several writes there; what was judged meanwhile must not rise behind it."""
    phase = {
        "technique": "envelope",
        "zones": ["rhomboid", "paraspinal_thoracic", "paraspinal_lumbar"],
        "seconds": 15,
        "level": 1.0,
        "points": [[round(i * 0.1, 3), i // 2 % 2] for i in range(150)],
    }
    played = play(profile_file(tmp_path, phase), "nlr-hf8", tmp_path / "tape.jsonl")
    assert (played.code, played.violations) == (0, [])
    assert played.tape.moves
