"""Sessions that nobody would have: junk, and the right words a little wrong, at any time."""

from random import Random

from firmware_sim.gatt import Effect, Firmware, MotorChanged
from tests.unit.firmware_sim.words import WORDS

FRAGMENTS = [b"Vibrate:20;", b"Battery;", b"\x00", b"\xff" * 20, b"\x33" * 20, b"\x01\x50"]

Step = tuple[int, str, bytes, bool, float]
"""What happens (see `act`), at which characteristic, the bytes, whether an answer is wanted, and
after how many seconds."""


def said(model: str, chance: Random) -> bytes:
    """Return anything; mostly bytes that the model knows, every second time spoilt."""
    frame = bytes.fromhex(chance.choice(WORDS[model].all)[1])
    match chance.randrange(8):
        case 0:
            return chance.randbytes(chance.randrange(25))
        case 1:
            return chance.choice(FRAGMENTS)
        case 2 | 3 | 4:
            return spoilt(frame, chance)
        case _:
            return frame


def spoilt(frame: bytes, chance: Random) -> bytes:
    """Change a byte, cut the last one, or add one."""
    at = chance.randrange(len(frame))
    other = frame[:at] + chance.randbytes(1) + frame[at + 1 :]
    return chance.choice((other, other, frame[:-1], frame + b"\0"))


def written(device: Firmware, chance: Random) -> tuple[str, bytes, bool]:
    """Return a write: mostly where and how the device knows its words."""
    uuid, _, response = chance.choice(WORDS[device.model].all)
    data = said(device.model, chance)
    if chance.random() < 0.7:
        return uuid, data, response
    return chance.choice([*characteristics(device), "2a00"]), data, chance.random() < 0.5


def session(device: Firmware, seed: int) -> list[Step]:
    """Return forty steps; the same for the same seed."""
    chance = Random(seed)
    waits_s = (0.0, 0.01, 1.0, 3.0)
    return [
        (chance.randrange(13), *written(device, chance), chance.choice(waits_s)) for _ in range(40)
    ]


def characteristics(device: Firmware) -> list[str]:
    return [c.uuid for service in device.services for c in service.characteristics]


def act(device: Firmware, step: Step, now_s: float) -> list[Effect]:
    kind, uuid, data, response, _ = step
    match kind:
        case 0:
            return device.connected(now_s)
        case 1:
            return device.disconnected(now_s)
        case 2:
            return device.poll(now_s)
        case 3:
            device.read(uuid, now_s)
            return []
        case _:
            return device.write(uuid, data, now_s, response=response)


class Follower:
    """Follows a device's motors, and sees to it that what it tells is possible."""

    def __init__(self, device: Firmware) -> None:
        self.steps = device.steps
        self.levels = [0] * device.actuators

    def follow(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, MotorChanged):
                assert effect.of == self.steps
                assert 0 <= effect.level <= self.steps
                assert effect.level != self.levels[effect.actuator]
                self.levels[effect.actuator] = effect.level
