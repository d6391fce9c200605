"""The same profile feels alike on different massagers: what the motor model makes of the tape."""

from pathlib import Path

import pytest

from firmware_sim.motor import felt, spin
from profiles.compose import compose
from profiles.feel import feel
from profiles.model import Profile
from tests.session_runs import play_in_memory, profile_file
from tests.unit.profiles.layouts import CAPE

ZONE = "paraspinal_lumbar"
# 100 steps, 15, 20 and 100 ms between two writes.
MASSAGERS = ("reference-cape", "bhaptics-x40", "lovense-domi")
BAND = 0.12
LEVEL = 0.3
TICK_S = 0.05


def strongest(technique: str, model: str, tmp_path: Path) -> float:
    """Return how strongly the mass of any motor turned in a session of one technique, 0 to 1."""
    phase = {"technique": technique, "zones": [ZONE], "seconds": 40, "level": LEVEL}
    zone = ZONE if model == "lovense-domi" else None
    tape = tmp_path / "tape.jsonl"
    assert play_in_memory(profile_file(tmp_path, phase), model, tape, zone=zone).violations == []
    return max(motor.strongest for motor in felt(tape.read_text(encoding="utf-8").splitlines()))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "technique",
    [
        "tapping",
        *(
            pytest.param(technique, marks=pytest.mark.thorough)
            for technique in ("stroking", "rubbing", "kneading", "pinching", "hold", "vibration")
        ),
    ],
)
def test_a_technique_is_felt_as_strongly_on_cape_vest_and_wand(
    technique: str, tmp_path: Path
) -> None:
    found = {model: strongest(technique, model, tmp_path) for model in MASSAGERS}
    assert found == {model: pytest.approx(LEVEL, rel=BAND) for model in MASSAGERS}


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("technique", ["stroking", "kneading", "hold", "vibration"])
def test_a_bed_of_three_steps_plays_its_softest_for_a_level_below_it(
    technique: str, tmp_path: Path
) -> None:
    phase = {"technique": technique, "zones": [ZONE, "gluteal"], "seconds": 40, "level": 0.1}
    tape = tmp_path / "tape.jsonl"
    played = play_in_memory(profile_file(tmp_path, phase), "leggett-gen2", tape)
    assert played.violations == []
    motors = felt(tape.read_text(encoding="utf-8").splitlines())
    assert max(motor.strongest for motor in motors) == pytest.approx(1 / 3, rel=0.05)


def reached(motor: str | None) -> float:
    """Return what part of its level a tap makes the mass turn with, driven beat by beat."""
    phase = {"technique": "tapping", "zones": [ZONE], "seconds": 60, "level": LEVEL}
    head = {"title": "T", "summary": "S", "posture": "seated", "intent": "wellness"}
    count = len(CAPE.places)
    driven = feel("surface_vibration", (100,) * count, (None,) * count) if motor else None
    score = compose(Profile.model_validate({**head, "phase": [phase]}), CAPE, feel=driven)
    speed = highest = 0.0
    for beat in range(400):
        speed = spin(speed, score.at(20.0 + beat * TICK_S).levels[9], TICK_S)
        highest = max(highest, speed)
    return highest / LEVEL


def test_a_tap_that_waits_for_the_motor_is_felt_and_one_that_does_not_is_less() -> None:
    assert reached("erm") > 0.9
    assert reached(None) < 0.85
