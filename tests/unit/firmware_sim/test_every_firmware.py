"""What holds for the firmware of every massager, whatever it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AttError, Effect, Firmware, MotorChanged, Notify

every_model = pytest.mark.parametrize("model", REGISTRY)

READ_OR_WRITE = range(3, 13)
FRAGMENTS = [b"Vibrate:20;", b"Battery;", b"\x00", b"\xff" * 20, b"\x33" * 20, b"\x01\x50"]
junk = st.binary(max_size=24) | st.sampled_from(FRAGMENTS)
cape_frames = st.binary(min_size=13, max_size=13).map(
    lambda body: b"\x01" + body + bytes([xor(b"\x01" + body)])
)


def xor(data: bytes) -> int:
    result = 0
    for byte in data:
        result ^= byte
    return result


def characteristics(device: Firmware) -> list[str]:
    return [c.uuid for service in device.services for c in service.characteristics]


def act(device: Firmware, step: tuple[int, int, bytes, bool], now_s: float) -> list[Effect]:
    kind, place, data, response = step
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


steps = st.tuples(
    st.integers(0, 12), st.integers(0, 20), junk | cape_frames, st.booleans(), st.floats(0.0, 3.0)
)


@every_model
@given(session=st.lists(steps, max_size=30))
def test_junk_raises_nothing_but_att_errors_and_no_motor_leaves_its_range(
    model: str, session: list[tuple[int, int, bytes, bool, float]]
) -> None:
    device = REGISTRY[model]()
    now_s = 0.0
    level = dict.fromkeys(range(device.actuators), 0)
    for kind, place, data, response, wait_s in session:
        now_s += wait_s
        try:
            effects = act(device, (kind, place, data, response), now_s)
        except AttError:
            assert kind in READ_OR_WRITE
            continue
        for effect in effects:
            if isinstance(effect, MotorChanged):
                assert effect.of == device.steps
                assert 0 <= effect.level <= device.steps
                assert effect.level != level[effect.actuator]
                level[effect.actuator] = effect.level


@every_model
@given(data=junk | cape_frames, place=st.integers(0, 20))
def test_a_refused_write_changes_nothing(model: str, data: bytes, place: int) -> None:
    device, untouched = REGISTRY[model](), REGISTRY[model]()
    uuids = characteristics(device)
    device.connected(0.0)
    untouched.connected(0.0)
    try:
        device.write(uuids[place % len(uuids)], data, 0.5, response=True)
    except AttError:
        assert device.next_poll_s() == untouched.next_poll_s()
        assert device.poll(1.0) == untouched.poll(1.0)


@every_model
def test_a_firmware_is_registered_under_its_own_name(model: str) -> None:
    assert REGISTRY[model]().model == model


@every_model
def test_every_device_is_new(model: str) -> None:
    assert REGISTRY[model]() is not REGISTRY[model]()


@every_model
def test_what_is_notified_is_a_notify_characteristic(model: str) -> None:
    device = REGISTRY[model]()
    notifying = {
        c.uuid
        for service in device.services
        for c in service.characteristics
        if "notify" in c.properties
    }
    effects = device.connected(0.0)
    for second in range(1, 100):
        for data in FRAGMENTS:
            for uuid in characteristics(device):
                effects += device.write(uuid, data, float(second), response=False)
        effects += device.poll(float(second))
    assert {e.uuid for e in effects if isinstance(e, Notify)} <= notifying


@every_model
def test_what_a_characteristic_cannot_do_is_refused(model: str) -> None:
    device = REGISTRY[model]()
    for service in device.services:
        for characteristic in service.characteristics:
            if "read" not in characteristic.properties:
                with pytest.raises(AttError, match="0x02"):
                    device.read(characteristic.uuid, 0.0)
            if "write" not in characteristic.properties:
                with pytest.raises(AttError, match="0x03"):
                    device.write(characteristic.uuid, b"\x00", 0.0, response=True)
