"""What holds for the firmware of every massager, whatever it is sent."""

import asyncio
import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.clock import VirtualLoop
from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AttError, Effect, Firmware, Notify
from firmware_sim.mount import Mount
from firmware_sim.tape import Tape
from tests.every import every
from tests.tapes import parse_tape
from tests.unit.firmware_sim.junk import (
    FRAGMENTS,
    Follower,
    act,
    characteristics,
    session,
)
from tests.unit.firmware_sim.words import WORDS, Write

every_model = every(REGISTRY)
any_seed = given(seed=st.integers(0, 2**32))
few = settings(max_examples=5)
"""There are many models, and whatever one cannot stand is soon found."""

READ_OR_WRITE = range(3, 13)


@pytest.mark.exhaustive
@every_model
@few
@any_seed
def test_junk_raises_nothing_but_att_errors_and_no_motor_leaves_its_range(
    model: str, seed: int
) -> None:
    device = REGISTRY[model]()
    follower, now_s = Follower(device), 0.0
    for step in session(device, seed):
        now_s += step[-1]
        try:
            follower.follow(act(device, step, now_s))
        except AttError:
            assert step[0] in READ_OR_WRITE


@pytest.mark.exhaustive
@every_model
@few
@any_seed
def test_what_is_due_lies_ahead_once_it_was_done(model: str, seed: int) -> None:
    device = REGISTRY[model]()
    now_s = 0.0
    for step in session(device, seed):
        now_s += step[-1]
        with contextlib.suppress(AttError):
            act(device, step, now_s)
        device.poll(now_s)
        due_s = device.next_poll_s()
        assert due_s is None or due_s > now_s


@pytest.mark.exhaustive
@every_model
@few
@any_seed
def test_a_refused_write_changes_nothing(model: str, seed: int) -> None:
    device, untouched = REGISTRY[model](), REGISTRY[model]()
    device.connected(0.0)
    untouched.connected(0.0)
    for _, uuid, data, _, _ in session(device, seed):
        try:
            device.write(uuid, data, 0.5, response=True)
        except AttError:
            continue
        untouched.write(uuid, data, 0.5, response=True)
    assert device.next_poll_s() == untouched.next_poll_s()
    assert device.poll(1.0) == untouched.poll(1.0)


def talk(device: Firmware, writes: tuple[Write, ...], from_s: float) -> list[Effect]:
    """Write, a second apart from each other."""
    effects: list[Effect] = []
    for now_s, (uuid, frame, response) in enumerate(writes, start=int(from_s)):
        effects += device.write(uuid, bytes.fromhex(frame), float(now_s), response=response)
    return effects


def test_for_every_model_it_is_known_what_makes_it_move_and_stop() -> None:
    assert set(WORDS) == set(REGISTRY)


@every_model
def test_the_strongest_words_drive_every_motor_at_its_strongest(model: str) -> None:
    device, words = REGISTRY[model](), WORDS[model]
    follower = Follower(device)
    follower.follow(device.connected(0.0))
    follower.follow(talk(device, (*words.opening, *words.strongest), 1.0))
    assert follower.levels == [device.steps] * device.actuators


@every_model
def test_the_stop_words_stop_every_motor(model: str) -> None:
    device, words = REGISTRY[model](), WORDS[model]
    follower = Follower(device)
    follower.follow(device.connected(0.0))
    follower.follow(talk(device, words.all, 1.0))
    assert follower.levels == [0] * device.actuators


@every_model
def test_the_stop_words_stop_a_massager_that_runs_while_somebody_connects(model: str) -> None:
    device, words = REGISTRY[model](), WORDS[model]
    follower = Follower(device)
    follower.follow(device.connected(0.0))
    follower.follow(talk(device, (*words.opening, *words.strongest), 1.0))
    follower.follow(device.disconnected(20.0))
    follower.follow(device.connected(21.0))
    opening = () if model == "rongtai-rt8600s" else words.opening  # its power key is a toggle
    follower.follow(talk(device, (*opening, *words.stop), 22.0))
    assert follower.levels == [0] * device.actuators


@every_model
def test_a_session_makes_a_tape_that_can_be_read(model: str) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        lines = runner.run(taped(model))
    tape = parse_tape(lines)
    assert (tape.model, len(tape.writes)) == (model, len(WORDS[model].all))
    assert {move.actuator for move in tape.moves} == set(range(tape.actuators))
    assert max(move.u for move in tape.moves) == 1.0
    assert tape.moves[-1].level == 0


async def taped(model: str) -> list[str]:
    sink = io.StringIO()
    loop = asyncio.get_running_loop()
    tape = Tape(sink, loop.time, model, REGISTRY[model]().actuators)
    mount = Mount(REGISTRY[model], lambda _uuid, _value: None, tape)
    mount.connected()
    for uuid, frame, response in WORDS[model].all:
        await asyncio.sleep(1.0)
        mount.write(uuid, bytes.fromhex(frame), response=response)
    mount.close()
    return sink.getvalue().splitlines()


@every_model
def test_an_advert_fits_on_the_air(model: str) -> None:
    shown = REGISTRY[model]().advertisement
    flags, header, most = 3, 2, 31  # bytes; Core Specification Vol 3 Part C 11
    sizes = [len(shown.name.encode()), *(2 + len(v) for v in shown.manufacturer_data.values())]
    assert flags + sum(header + size for size in sizes) <= most
    uuids = [2 if len(uuid) == 4 else 16 for uuid in shown.service_uuids]
    assert sum(header + size for size in uuids) <= most


@every_model
def test_what_is_advertised_is_a_service_of_the_table(model: str) -> None:
    device = REGISTRY[model]()
    table = {service.uuid for service in device.services} | {"1802"}  # a chair's, facts alone
    assert set(device.advertisement.service_uuids) <= table


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
    for minute in range(1, 10):
        effects += talk(device, WORDS[model].all, 60.0 * minute)
        for data in FRAGMENTS:
            for uuid in characteristics(device):
                effects += device.write(uuid, data, 60.0 * minute + 30.0, response=False)
        effects += device.poll(60.0 * minute + 59.0)
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
