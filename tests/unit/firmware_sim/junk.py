"""Sessions that nobody would have: junk, and the right words a little wrong, at any time."""

from hypothesis import strategies as st

from firmware_sim.gatt import Effect, Firmware, MotorChanged
from tests.unit.firmware_sim.words import WORDS

FRAGMENTS = [b"Vibrate:20;", b"Battery;", b"\x00", b"\xff" * 20, b"\x33" * 20, b"\x01\x50"]
junk = st.binary(max_size=24) | st.sampled_from(FRAGMENTS)
Step = tuple[int, int, bytes, bool, float]


def frames(model: str) -> st.SearchStrategy[bytes]:
    """Bytes that the model knows, some with one of them changed, some cut or too long."""
    known = [bytes.fromhex(frame) for _, frame, _ in WORDS[model].all]
    places = st.integers(0, max(map(len, known)))
    new = st.just(b"") | st.binary(min_size=1, max_size=1)
    return st.builds(spoilt, st.sampled_from(known), places, new, st.integers(-1, 1))


def spoilt(frame: bytes, at: int, new: bytes, longer: int) -> bytes:
    return (frame[:at] + new + frame[at + len(new) :])[: len(frame) + longer]


def sessions(model: str) -> st.SearchStrategy[list[Step]]:
    said = junk | frames(model)
    kinds, places = st.integers(0, 12), st.integers(0, 20)
    step = st.tuples(kinds, places, said, st.booleans(), st.floats(0.0, 3.0))
    return st.lists(step, max_size=25)


def characteristics(device: Firmware) -> list[str]:
    return [c.uuid for service in device.services for c in service.characteristics]


def act(device: Firmware, step: Step, now_s: float) -> list[Effect]:
    kind, place, data, response, _ = step
    uuids = [*characteristics(device), "2a00"]
    match kind:
        case 0:
            return device.connected(now_s)
        case 1:
            return device.disconnected(now_s)
        case 2:
            return device.poll(now_s)
        case 3:
            device.read(uuids[place % len(uuids)], now_s)
            return []
        case _:
            return device.write(uuids[place % len(uuids)], data, now_s, response=response)


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
