"""Somebody in the simulated massage chair, as the tests of the chair need it."""

import json
from pathlib import Path

from firmware_sim.firmware.rongtai import STATUS, TX, RongtaiRt8600s
from firmware_sim.gatt import AskedFor, Effect, MotorChanged, Notify

VECTORS = Path(__file__).parents[2] / "vectors"
KEYS: dict[str, str] = json.loads((VECTORS / "rongtai_derived.json").read_text("utf-8"))["frames"]

STANDBY, RESETTING, WAITING, RUNNING, FAULT = 0, 1, 2, 3, 5


class Sat:
    """Somebody in the chair, with a phone that hears its status."""

    def __init__(self, chair: RongtaiRt8600s) -> None:
        self.chair = chair
        self.level = 0
        self.asked: list[str] = []
        self.status = b""
        self.hear(chair.connected(0.0))

    def hear(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, MotorChanged):
                self.level = effect.level
            elif isinstance(effect, AskedFor):
                self.asked.append(effect.what)
            elif isinstance(effect, Notify) and effect.uuid == STATUS:
                self.status = effect.value

    def press(self, key: str, now_s: float) -> None:
        self.hear(self.chair.write(TX, bytes.fromhex(KEYS[key]), now_s, response=False))

    def wait(self, until_s: float) -> None:
        """Let the chair do all that is due."""
        while (due_s := self.chair.next_poll_s()) is not None and due_s <= until_s:
            self.hear(self.chair.poll(due_s))

    @property
    def body(self) -> bytes:
        return self.status[1:15]

    @property
    def state(self) -> int:
        return self.body[6] & 0x0F

    @property
    def left_s(self) -> int:
        return (self.body[3] & 0x1F) * 128 + self.body[4]


def awake_chair() -> Sat:
    """Sit in a chair that waits for a key, at 2 s."""
    sat = Sat(RongtaiRt8600s())
    sat.press("power", 1.0)
    sat.wait(2.0)
    return sat


def kneading_chair() -> Sat:
    """Sit in a chair that kneads, at 2 s."""
    sat = awake_chair()
    sat.press("knead", 2.0)
    return sat
