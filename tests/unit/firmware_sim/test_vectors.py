"""Golden vectors that nobody on the firmware's side made: bytes in, motor levels out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.firmware.svakom import SvakomMiniEmmaNeo
from firmware_sim.firmware.wevibe import WeVibeWand
from firmware_sim.gatt import AttError, Firmware, Notify
from tests.unit.firmware_sim.junk import Follower, characteristics

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def driven(device: Firmware, uuid: str, frame: str) -> list[int]:
    """Write a frame to a massager that stands still; return the levels that come of it."""
    follower = Follower(device)
    device.connected(0.0)
    follower.follow(device.write(uuid, bytes.fromhex(frame), 1.0, response=True))
    return follower.levels


VEST = vectors("bhaptics_lg_mit.json")
CAPE = vectors("reference_cape.json")


@pytest.mark.parametrize("case", VEST["cases"], ids=lambda case: case["name"])
def test_the_vest_drives_what_a_real_vest_was_sent(case: dict[str, Any]) -> None:
    levels = driven(REGISTRY["bhaptics-x40"](), VEST["characteristic"], case["hex"])
    assert levels == case["decoded_motors_0_15"]


@pytest.mark.parametrize("case", CAPE["frames"], ids=lambda case: case["name"])
def test_the_cape_drives_what_was_worked_out_on_paper(case: dict[str, Any]) -> None:
    levels = driven(REGISTRY["reference-cape"](), CAPE["levels_characteristic"], case["hex"])
    assert levels == case["levels"]


@pytest.mark.parametrize("case", CAPE["refused"], ids=lambda case: case["why"])
def test_the_cape_refuses_what_was_spoilt_on_paper(case: dict[str, Any]) -> None:
    with pytest.raises(AttError):
        driven(REGISTRY["reference-cape"](), CAPE["levels_characteristic"], case["hex"])


class TwoMotorWeVibe(WeVibeWand):
    """A sister of the wand with a motor behind each of the two levels."""

    actuators = 2


class TwoMotorSvakom(SvakomMiniEmmaNeo):
    """A sister of the small wand with a motor for each zone."""

    actuators = 2


PLAYED_ON: dict[str, Callable[[], Firmware]] = {
    "foreo_mode1": REGISTRY["foreo-ufo"],
    "kiiroo_prowand": REGISTRY["kiiroo-prowand"],
    "lovense_battery_1motor": REGISTRY["lovense-domi"],
    "lovense_battery_2motor": REGISTRY["lovense-dual"],
    "lovense_dual": REGISTRY["lovense-dual"],
    "lovense_single": REGISTRY["lovense-domi"],
    "magicmotion1": REGISTRY["magicmotion-wand"],
    "magicmotion2_single": REGISTRY["magicmotion-zenith"],
    "satisfyer_dual": REGISTRY["satisfyer-mini-wand"],
    "satisfyer_single": REGISTRY["satisfyer-double-wand"],
    "satisfyer_triple": REGISTRY["satisfyer-triple"],
    "svakom1": REGISTRY["svakom-emma-neo"],
    "svakom2": REGISTRY["svakom-emma-neo-2"],
    "svakom5_multi": TwoMotorSvakom,
    "wevibe8_dual_12": TwoMotorWeVibe,
    "wevibe8_single_12": REGISTRY["wevibe-wand"],
}

ONLY_THE_BYTES_SAY = {("svakom5_multi", 3): [8, 8]}
"""By case and step: one frame has one level for both motors, so the weaker of two is lost in it."""

PICKED = {path.stem: vectors(f"picked/{path.name}") for path in (VECTORS / "picked").glob("*.json")}


def uuid_of(case: dict[str, Any], endpoint: str, device: Firmware) -> str:
    """Return the characteristic that the device has for an endpoint's name."""
    wanted = {entry["characteristic"] for entry in case["endpoints"][endpoint]}
    [uuid] = [uuid for uuid in characteristics(device) if whole(uuid) in wanted]
    return uuid


def whole(uuid: str) -> str:
    return f"0000{uuid}-0000-1000-8000-00805f9b34fb" if len(uuid) == 4 else uuid


class Conversation:
    """A recorded conversation, held with a simulated massager; a step every tenth of a second."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.device = PLAYED_ON[case["id"]]()
        self.follower = Follower(self.device)
        self.answers: list[bytes] = []
        self._now_s = 0.0
        self.follower.follow(self.device.connected(0.0))

    def hear(self, entry: dict[str, Any]) -> None:
        self._now_s += 0.1
        uuid = uuid_of(self.case, entry["endpoint"], self.device)
        data, response = bytes.fromhex(entry["hex"]), entry["with_response"]
        effects = self.device.write(uuid, data, self._now_s, response=response)
        self.answers += [effect.value for effect in effects if isinstance(effect, Notify)]
        self.follower.follow(effects)

    def begin(self) -> None:
        for entry in self.case["init"]:
            if entry["kind"] == "write":
                self.hear(entry)


def test_every_recorded_conversation_is_held_but_those_that_its_project_gave_up() -> None:
    active = {name for name, case in PICKED.items() if case["upstream_active"]}
    assert set(PLAYED_ON) == active
    assert set(PICKED) - active == {"magicmotion2_dual"}


@pytest.mark.parametrize("name", PLAYED_ON)
def test_a_recorded_conversation_drives_the_levels_that_it_says(name: str) -> None:
    talk = Conversation(PICKED[name])
    talk.begin()
    wanted = [0] * talk.device.actuators
    for place, step in enumerate(talk.case["steps"]):
        for entry in step["expect"]:
            talk.hear(entry)
        if step["send"] == [] or step["send"][0]["cmd"] == "stop":
            wanted = [0] * talk.device.actuators
        for told in step.get("derived_levels", ()):
            if told["feature"] < talk.device.actuators:
                wanted[told["feature"]] = told["level"]
        assert talk.follower.levels == ONLY_THE_BYTES_SAY.get((name, place), wanted)


@pytest.mark.parametrize("name", [name for name in PLAYED_ON if name.startswith("lovense")])
def test_the_device_type_is_answered_in_the_recorded_form(name: str) -> None:
    talk = Conversation(PICKED[name])
    talk.begin()
    [recorded] = [e for e in talk.case["init"] if e["kind"] == "notify"]
    [answer] = talk.answers
    assert len(answer) == len(bytes.fromhex(recorded["hex"]))
    assert [len(part) for part in answer.split(b":")] == [1, 2, 13]


@pytest.mark.parametrize("name", ["lovense_battery_1motor", "lovense_battery_2motor"])
def test_the_recorded_battery_question_gets_the_recorded_answer(name: str) -> None:
    talk = Conversation(PICKED[name])
    [step] = talk.case["steps"]
    [question], [answer] = step["expect"], step["device_events"]
    talk.hear(question)
    assert talk.answers == [bytes.fromhex(answer["hex"])]


@pytest.mark.parametrize("name", [name for name in PLAYED_ON if name.startswith("satisfyer")])
def test_the_model_id_is_read_in_the_recorded_form(name: str) -> None:
    talk = Conversation(PICKED[name])
    [recorded] = [e for e in talk.case["init"] if e["kind"] == "read_reply"]
    answer = talk.device.read(uuid_of(talk.case, recorded["endpoint"], talk.device), 1.0)
    assert len(answer) == len(bytes.fromhex(recorded["hex"]))
    assert talk.device.advertisement.manufacturer_data == {93: answer}
