"""Golden vectors that nobody on the firmware's side made: bytes in, motor levels out."""

import json
from pathlib import Path
from typing import Any

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AttError, Effect, Firmware, MotorChanged, Notify

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def device(model: str) -> Firmware:
    made = REGISTRY[model]()
    made.connected(0.0)
    return made


def levels(effects: list[Effect], actuators: int) -> list[int]:
    driven = [0] * actuators
    for effect in effects:
        if isinstance(effect, MotorChanged):
            driven[effect.actuator] = effect.level
    return driven


VEST = vectors("bhaptics_lg_mit.json")
CAPE = vectors("reference_cape.json")
WAND = vectors("lovense_single.json")
WAND_BATTERY = vectors("lovense_battery_1motor.json")


@pytest.mark.parametrize("case", VEST["cases"], ids=lambda case: case["name"])
def test_the_vest_drives_what_a_real_vest_was_sent(case: dict[str, Any]) -> None:
    effects = device("bhaptics-x40").write(
        VEST["characteristic"], bytes.fromhex(case["hex"]), 1.0, response=True
    )
    assert levels(effects, 40) == case["decoded_motors_0_15"]


@pytest.mark.parametrize("case", CAPE["frames"], ids=lambda case: case["name"])
def test_the_cape_drives_what_was_worked_out_on_paper(case: dict[str, Any]) -> None:
    effects = device("reference-cape").write(
        CAPE["levels_characteristic"], bytes.fromhex(case["hex"]), 1.0, response=True
    )
    assert levels(effects, 12) == case["levels"]


@pytest.mark.parametrize("case", CAPE["refused"], ids=lambda case: case["why"])
def test_the_cape_refuses_what_was_spoilt_on_paper(case: dict[str, Any]) -> None:
    cape = device("reference-cape")
    with pytest.raises(AttError):
        cape.write(CAPE["levels_characteristic"], bytes.fromhex(case["hex"]), 1.0, response=True)


def test_the_wand_drives_what_the_recorded_conversation_says() -> None:
    wand = device("lovense-domi")
    tx = wand.services[0].characteristics[0].uuid
    for step in WAND["steps"]:
        for write in step["expect"]:
            data = bytes.fromhex(write["hex"])
            effects = wand.write(tx, data, 1.0, response=write["with_response"])
            expected = [level["level"] for level in step.get("derived_levels", [{"level": 0}])]
            assert levels(effects, 1) == expected


def test_the_wand_answers_the_recorded_battery_question_in_its_form() -> None:
    wand = device("lovense-domi")
    tx = wand.services[0].characteristics[0].uuid
    [step] = WAND_BATTERY["steps"]
    [question], [answer] = step["expect"], step["device_events"]
    effects = wand.write(tx, bytes.fromhex(question["hex"]), 1.0, response=False)
    assert [e.value for e in effects if isinstance(e, Notify)] == [bytes.fromhex(answer["hex"])]
