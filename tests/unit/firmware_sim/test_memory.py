"""bleak over plain memory, on virtual time: what a hub can see of a massager without a radio."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim import SimulatedAir
from firmware_sim.faults import Fallible, parse
from firmware_sim.memory import simulate_in_memory

LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STATUS = "7d3c0003-52a4-4c0e-9f6b-2b1e8a6cd101"
HEAT = "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101"
SERVICE = "7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
VEST_MOTOR = "6e40000a-b5a3-f393-e0a9-e50e24dcca9e"
VEST_BATTERY = "6e400008-b5a3-f393-e0a9-e50e24dcca9e"
VEST_LEGACY = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
WAND_TX = "57300002-0023-4bd4-bbd5-a6920e4c5653"
WAND_RX = "57300003-0023-4bd4-bbd5-a6920e4c5653"

HALF = bytes.fromhex("0101" + "32" * 12 + "00")
STOP = b"\x00"
SUPERVISION_S = 0.72


@pytest.fixture
def tapes(tmp_path: Path) -> dict[str, Path]:
    return {model: tmp_path / f"{model}.jsonl" for model in ("reference-cape", "bhaptics-x40")}


@pytest.fixture
async def air(tapes: dict[str, Path]) -> AsyncIterator[SimulatedAir]:
    async with simulate_in_memory(["reference-cape", "bhaptics-x40", "lovense-domi"], tapes) as air:
        yield air


def options(air: SimulatedAir, **more: Any) -> dict[str, Any]:
    return {**air.options, **more}


def client(air: SimulatedAir, model: str = "reference-cape", **more: Any) -> BleakClient:
    return BleakClient(air.addresses[model], backend=air.client, **options(air, **more))


def massager(air: SimulatedAir, model: str = "reference-cape") -> Fallible:
    return air.peripherals[model]


def now_s() -> float:
    return asyncio.get_running_loop().time()


def lines(path: Path, kind: str) -> list[dict[str, object]]:
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    return [entry for entry in entries if entry["kind"] == kind]


def motors(path: Path) -> dict[object, object]:
    return {line["actuator"]: line["level"] for line in lines(path, "motor")}


async def heard(air: SimulatedAir, **more: Any) -> dict[str | None, AdvertisementData]:
    found = await BleakScanner.discover(
        timeout=0.5, return_adv=True, backend=air.scanner, **options(air, **more)
    )
    return {device.name: advertisement for device, advertisement in found.values()}


async def names(air: SimulatedAir, **more: Any) -> set[str | None]:
    return set(await heard(air, **more))


def an_end() -> tuple[asyncio.Event, Callable[[BleakClient], None]]:
    """Return an event, and a callback for the end of a link that sets it."""
    ended = asyncio.Event()
    return ended, lambda _: ended.set()


def deaf(_characteristic: object, _value: bytearray) -> None:
    """Hear a notification and do nothing."""


# ------------------------------------------------------------------------ scan


async def test_every_massager_is_found_by_name_and_address(air: SimulatedAir) -> None:
    assert await names(air) == {"DH-CAPE", "TactSuitX40", "LVS-Domi37"}
    assert len(set(air.addresses.values())) == 3


async def test_the_advertisement_carries_services_and_manufacturer(air: SimulatedAir) -> None:
    wand = (await heard(air))["LVS-Domi37"]
    assert wand.manufacturer_data == {620: b"\xff\x21"}
    assert wand.service_uuids == ["57300001-0023-4bd4-bbd5-a6920e4c5653"]


async def test_a_service_filter_finds_its_massagers_only(air: SimulatedAir) -> None:
    assert await names(air, service_uuids=[SERVICE]) == {"DH-CAPE"}


async def test_a_passive_scan_does_not_see_the_scan_response(air: SimulatedAir) -> None:
    passive = {"scanning_mode": "passive"}
    assert await names(air, **passive) == {"DH-CAPE", "TactSuitX40", "LVS-Domi37"}
    assert await names(air, service_uuids=[SERVICE], **passive) == set()


async def test_a_connected_massager_does_not_advertise(air: SimulatedAir) -> None:
    async with client(air):
        assert "DH-CAPE" not in await names(air)
    assert "DH-CAPE" in await names(air)


async def test_a_scanner_that_never_started_stops(air: SimulatedAir) -> None:
    await BleakScanner(backend=air.scanner, **options(air)).stop()


# --------------------------------------------------------------------- connect


async def test_a_found_device_connects(air: SimulatedAir) -> None:
    device = await BleakScanner.find_device_by_name("DH-CAPE", backend=air.scanner, **options(air))
    assert device is not None
    async with BleakClient(device, backend=air.client, **options(air)) as cape:
        assert (cape.is_connected, cape.name, cape.mtu_size) == (True, "DH-CAPE", 247)


async def test_the_services_are_those_of_the_firmware_behind_the_one_that_all_have(
    air: SimulatedAir,
) -> None:
    async with client(air) as cape:
        assert [service.uuid[4:8] for service in cape.services] == ["1800", "0001", "180f", "180a"]
        status = cape.services.get_characteristic(STATUS)
        assert status is not None
        assert sorted(status.properties) == ["notify", "read"]
        assert len(status.descriptors) == 1
        assert status.max_write_without_response_size == 244


async def test_only_the_wanted_services_are_resolved(air: SimulatedAir) -> None:
    async with client(air, services=["180f"]) as cape:
        assert [service.uuid for service in cape.services] == [
            "0000180f-0000-1000-8000-00805f9b34fb"
        ]


async def test_a_second_central_waits_until_the_first_is_gone(air: SimulatedAir) -> None:
    async with client(air):
        with pytest.raises(TimeoutError):
            await client(air, timeout=1.0).connect()
    async with client(air) as cape:
        assert cape.is_connected


async def test_connecting_twice_is_an_error(air: SimulatedAir) -> None:
    async with client(air) as cape:
        with pytest.raises(BleakError, match="already"):
            await cape.connect()


async def test_a_stranger_is_not_reached(air: SimulatedAir) -> None:
    stranger = BleakClient("11:22:33:44:55:66", backend=air.client, timeout=3.0, **options(air))
    assert stranger.name == "11:22:33:44:55:66"
    with pytest.raises(TimeoutError):
        await stranger.connect()


async def test_pairing_is_not_asked_for(air: SimulatedAir) -> None:
    async with client(air) as cape:
        await cape.pair()
        await cape.unpair()


# --------------------------------------------------------------- read and write


async def test_a_read_returns_the_value(air: SimulatedAir) -> None:
    async with client(air) as cape:
        assert await cape.read_gatt_char(BATTERY) == bytearray(b"\x64")


async def test_a_refused_read_carries_the_att_error(air: SimulatedAir) -> None:
    async with client(air) as cape:
        with pytest.raises(BleakGATTProtocolError) as refused:
            await cape.read_gatt_char(LEVELS)
        assert refused.value.args[0] == 0x02


async def test_a_write_with_response_has_happened_when_it_returns(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air) as cape:
        await cape.write_gatt_char(LEVELS, HALF, response=True)
        assert motors(tapes["reference-cape"]) == dict.fromkeys(range(12), 50)


async def test_a_refused_write_carries_the_att_error(air: SimulatedAir) -> None:
    async with client(air) as cape:
        with pytest.raises(BleakGATTProtocolError) as refused:
            await cape.write_gatt_char(LEVELS, b"\x07", response=True)
        assert refused.value.args[0] == 0x80


async def test_writes_without_response_arrive_in_order(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air, "bhaptics-x40") as vest:
        for level in range(16):
            await vest.write_gatt_char(VEST_LEGACY, bytes([level] * 20), response=False)
        await asyncio.sleep(0.01)
    assert [line["hex"] for line in lines(tapes["bhaptics-x40"], "write")] == [
        f"{level:02x}" * 20 for level in range(16)
    ]


async def test_a_refused_write_without_response_goes_unnoticed(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).refuse(1)
        await cape.write_gatt_char(LEVELS, HALF, response=False)
        await cape.write_gatt_char(LEVELS, STOP, response=True)


async def test_a_write_command_to_a_massager_that_wants_none_goes_unnoticed(
    air: SimulatedAir,
) -> None:
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_MOTOR, b"\xff", response=False)
        await asyncio.sleep(0.1)
        assert vest.is_connected


async def test_a_write_without_response_has_to_fit_one_packet(air: SimulatedAir) -> None:
    async with client(air) as cape:
        await cape.write_gatt_char(LEVELS, bytes(244), response=False)
        with pytest.raises(BleakError, match="245 bytes"):
            await cape.write_gatt_char(LEVELS, bytes(245), response=False)


async def test_nothing_goes_without_a_link(air: SimulatedAir) -> None:
    async with client(air) as cape:
        characteristic = cape.services.get_characteristic(LEVELS)
        assert characteristic is not None
    with pytest.raises(BleakError):
        await cape.write_gatt_char(characteristic, STOP, response=True)
    await cape.disconnect()


async def test_a_request_that_was_given_up_does_not_disturb_the_end(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).hang()
        late = asyncio.create_task(cape.write_gatt_char(LEVELS, STOP, response=True))
        await asyncio.sleep(0.1)
        late.cancel()
        await cape.disconnect()
        with pytest.raises(asyncio.CancelledError):
            await late


async def test_a_client_that_never_connected_reads_nothing(air: SimulatedAir) -> None:
    address = air.addresses["reference-cape"]
    backend = air.client(address, disconnected_callback=None, timeout=1.0, **air.options)
    with pytest.raises(BleakError, match="Not connected"):
        await backend.stop_notify(None)


async def test_heat_is_on_the_tape(air: SimulatedAir, tapes: dict[str, Path]) -> None:
    async with client(air) as cape:
        await cape.write_gatt_char(HEAT, b"\x01\x50", response=True)
    assert [line["on"] for line in lines(tapes["reference-cape"], "heat")] == [True, False]


async def test_heat_works_without_a_tape() -> None:
    async with simulate_in_memory(["reference-cape"]) as air, client(air) as cape:
        await cape.write_gatt_char(HEAT, b"\x01\x50", response=True)
        assert (await cape.read_gatt_char(STATUS))[1] == 0b10


# ---------------------------------------------------------------- notifications


async def test_notifications_come_while_they_are_wanted(air: SimulatedAir) -> None:
    told: list[bytearray] = []
    async with client(air, "lovense-domi") as wand:
        await wand.write_gatt_char(WAND_TX, b"Vibrate:1;", response=False)
        await wand.start_notify(WAND_RX, lambda _, value: told.append(value))
        await wand.write_gatt_char(WAND_TX, b"Battery;", response=False)
        await asyncio.sleep(0.01)
        await wand.stop_notify(WAND_RX)
        await wand.write_gatt_char(WAND_TX, b"Vibrate:0;", response=False)
        await asyncio.sleep(0.01)
    assert told[-1] == b"s100;"


async def test_an_answer_after_the_end_of_the_link_is_not_heard(air: SimulatedAir) -> None:
    told: list[bytearray] = []
    async with client(air, "lovense-domi") as wand:
        await wand.start_notify(WAND_RX, lambda _, value: told.append(value))
        await wand.write_gatt_char(WAND_TX, b"Battery;", response=False)
    await asyncio.sleep(1.0)
    assert told == []


async def test_a_massager_that_runs_alone_notifies_nobody(air: SimulatedAir) -> None:
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_MOTOR, b"\xff" * 20, response=True)
    await asyncio.sleep(600.0)
    async with client(air, "bhaptics-x40") as vest:
        assert await vest.read_gatt_char(VEST_BATTERY) == b"\x60"


async def test_starting_notifications_twice_is_an_error(air: SimulatedAir) -> None:
    async with client(air) as cape:
        await cape.start_notify(STATUS, deaf)
        with pytest.raises(BleakError, match="already"):
            await cape.start_notify(STATUS, deaf)


async def test_the_descriptor_says_whether_notifications_are_on(air: SimulatedAir) -> None:
    async with client(air) as cape:
        status = cape.services.get_characteristic(STATUS)
        assert status is not None
        [descriptor] = status.descriptors
        assert await cape.read_gatt_descriptor(descriptor) == b"\x00\x00"
        await cape.start_notify(status, deaf)
        assert await cape.read_gatt_descriptor(descriptor) == b"\x01\x00"


async def test_descriptors_are_not_written(air: SimulatedAir) -> None:
    address = air.addresses["reference-cape"]
    backend = air.client(address, disconnected_callback=None, timeout=1.0, **air.options)
    with pytest.raises(BleakError, match="start_notify"):
        await backend.write_gatt_descriptor("2902", b"\x01\x00")


async def test_the_cape_notifies_its_status_every_second(air: SimulatedAir) -> None:
    times: list[float] = []
    async with client(air) as cape:
        connected_s = now_s()
        await cape.start_notify(STATUS, lambda _, __: times.append(now_s() - connected_s))
        await asyncio.sleep(3.5)
    assert times == pytest.approx([1.0, 2.0, 3.0])


# ------------------------------------------------------------------ end of links


async def test_closing_stops_the_cape_and_tells_the_client(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    gone: list[BleakClient] = []
    cape = client(air, disconnected_callback=gone.append)
    async with cape:
        await cape.write_gatt_char(LEVELS, HALF, response=True)
    assert gone == [cape]
    assert motors(tapes["reference-cape"]) == dict.fromkeys(range(12), 0)
    assert [line["state"] for line in lines(tapes["reference-cape"], "link")] == [
        "connected",
        "closed",
    ]


async def test_a_write_before_closing_still_arrives(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_LEGACY, b"\x33" * 20, response=False)
    assert len(lines(tapes["bhaptics-x40"], "write")) == 1


async def test_a_link_out_of_range_dies_of_its_supervision_timeout(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    lost, on_lost = an_end()
    cape = client(air, disconnected_callback=on_lost)
    await cape.connect()
    await cape.write_gatt_char(LEVELS, HALF, response=True)
    dropped_s = now_s()
    massager(air).go_out_of_range()
    await cape.write_gatt_char(LEVELS, STOP, response=False)
    with pytest.raises(BleakError, match="disconnected"):
        await cape.write_gatt_char(LEVELS, STOP, response=True)
    await lost.wait()
    assert now_s() - dropped_s == pytest.approx(SUPERVISION_S)
    assert not cape.is_connected
    tape = tapes["reference-cape"]
    assert [line["state"] for line in lines(tape, "link")] == ["connected", "lost"]
    assert len(lines(tape, "write")) == 1
    assert motors(tape) == dict.fromkeys(range(12), 0)


async def test_the_vest_keeps_driving_when_its_link_is_lost(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_MOTOR, b"\x55" * 20, response=True)
        massager(air, "bhaptics-x40").go_out_of_range()
        await asyncio.sleep(10.0)
        assert not vest.is_connected
    assert set(motors(tapes["bhaptics-x40"]).values()) == {5}


async def test_out_of_range_nobody_is_found_or_reached(air: SimulatedAir) -> None:
    massager(air).go_out_of_range()
    assert "DH-CAPE" not in await names(air)
    with pytest.raises(TimeoutError):
        await client(air, timeout=1.0).connect()
    massager(air).come_back()
    async with client(air) as cape:
        assert cape.is_connected


async def test_a_short_dropout_is_survived_and_late_packets_arrive_in_order(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    told: list[int] = []
    async with client(air) as cape:
        await cape.start_notify(STATUS, lambda _, value: told.append(value[2]))
        await asyncio.sleep(0.9)
        massager(air).go_out_of_range()
        await cape.write_gatt_char(LEVELS, HALF, response=False)
        await cape.write_gatt_char(LEVELS, STOP, response=False)
        await asyncio.sleep(0.5)
        assert lines(tapes["reference-cape"], "write") == []
        assert told == []
        massager(air).come_back()
        await asyncio.sleep(2.0)
        assert cape.is_connected
        assert told
    assert [line["hex"] for line in lines(tapes["reference-cape"], "write")] == [HALF.hex(), "00"]


async def test_a_link_closed_out_of_range_is_lost_for_the_device(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    cape = client(air)
    await cape.connect()
    massager(air).go_out_of_range()
    await cape.disconnect()
    assert not cape.is_connected
    massager(air).come_back()
    await asyncio.sleep(1.0)
    assert [line["state"] for line in lines(tapes["reference-cape"], "link")] == [
        "connected",
        "lost",
    ]


async def test_the_end_of_the_air_ends_its_links(tapes: dict[str, Path]) -> None:
    async with simulate_in_memory(["reference-cape"], tapes) as air:
        cape = client(air)
        await cape.connect()
        await cape.write_gatt_char(LEVELS, HALF, response=True)
    assert not cape.is_connected
    assert motors(tapes["reference-cape"]) == dict.fromkeys(range(12), 0)


# ---------------------------------------------------------------------- faults


async def test_a_reboot_stops_a_latching_motor_and_forgets_everything(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_MOTOR, b"\x55" * 20, response=True)
        massager(air, "bhaptics-x40").power_off()
        assert set(motors(tapes["bhaptics-x40"]).values()) == {0}
        assert vest.is_connected
        await asyncio.sleep(SUPERVISION_S + 0.01)
        assert not vest.is_connected
        assert "TactSuitX40" not in await names(air)
        massager(air, "bhaptics-x40").power_on()
    async with client(air, "bhaptics-x40") as vest:
        await vest.write_gatt_char(VEST_MOTOR, b"\x11" * 20, response=True)
    assert set(motors(tapes["bhaptics-x40"]).values()) == {1}


async def test_a_request_to_a_massager_without_power_ends_with_the_link(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).power_off()
        with pytest.raises(BleakError, match="disconnected"):
            await cape.write_gatt_char(LEVELS, STOP, response=True)


async def test_a_reboot_at_rest_is_quiet(air: SimulatedAir) -> None:
    massager(air).power_off()
    massager(air).power_on()
    async with client(air) as cape:
        assert cape.is_connected


async def test_a_massager_without_a_tape_fails_as_well(air: SimulatedAir) -> None:
    massager(air, "lovense-domi").refuse(1)
    told: list[bytearray] = []
    async with client(air, "lovense-domi") as wand:
        await wand.start_notify(WAND_RX, lambda _, value: told.append(value))
        for _ in range(2):
            await wand.write_gatt_char(WAND_TX, b"Vibrate:5;", response=False)
        await asyncio.sleep(0.1)
    assert told == [b"OK;"]


async def test_refused_writes_are_counted(air: SimulatedAir, tapes: dict[str, Path]) -> None:
    async with client(air) as cape:
        massager(air).refuse(2)
        for _ in range(2):
            with pytest.raises(BleakGATTProtocolError) as refused:
                await cape.write_gatt_char(LEVELS, HALF, response=True)
            assert refused.value.args[0] == 0x0E
        await cape.write_gatt_char(LEVELS, HALF, response=True)
    tape = tapes["reference-cape"]
    assert len(lines(tape, "write")) == 3
    assert [line["name"] for line in lines(tape, "fault")] == ["refuse"]


async def test_a_massager_that_hangs_answers_late(
    air: SimulatedAir, tapes: dict[str, Path]
) -> None:
    async with client(air) as cape:
        massager(air).hang()
        late = asyncio.create_task(cape.write_gatt_char(LEVELS, STOP, response=True))
        await asyncio.sleep(1.0)
        assert lines(tapes["reference-cape"], "write") == []
        massager(air).recover()
        await late
        assert lines(tapes["reference-cape"], "write")[-1]["hex"] == "00"


async def test_a_massager_that_never_answers_loses_its_link(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).hang()
        asked_s = now_s()
        with pytest.raises(TimeoutError):
            await cape.write_gatt_char(LEVELS, HALF, response=True)
        assert now_s() - asked_s == pytest.approx(30.0)
        assert not cape.is_connected


async def test_a_refusal_that_nobody_waits_for_any_more_is_dropped(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).hang()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await cape.write_gatt_char(LEVELS, b"\x07", response=True)
        massager(air).recover()
        assert await cape.read_gatt_char(BATTERY) == b"\x64"


async def test_out_of_range_while_hanging_keeps_requests_waiting(air: SimulatedAir) -> None:
    async with client(air) as cape:
        massager(air).hang()
        late = asyncio.create_task(cape.write_gatt_char(LEVELS, STOP, response=True))
        await asyncio.sleep(0.1)
        massager(air).go_out_of_range()
        massager(air).come_back()
        await asyncio.sleep(1.0)
        assert not late.done()
        massager(air).recover()
        await late


async def test_a_fault_given_at_the_start_counts_from_the_first_connection(
    tapes: dict[str, Path],
) -> None:
    faults = [parse("drop@2+3"), parse("hang@90")]
    async with simulate_in_memory(["reference-cape"], tapes, faults) as air:
        await asyncio.sleep(60.0)
        lost, on_lost = an_end()
        cape = client(air, disconnected_callback=on_lost)
        await cape.connect()
        connected_s = now_s()
        await lost.wait()
        assert now_s() - connected_s == pytest.approx(2.0 + SUPERVISION_S)
        await cape.connect()
        assert now_s() - connected_s == pytest.approx(5.0, abs=0.2)
        await cape.disconnect()
    names = [line["name"] for line in lines(tapes["reference-cape"], "fault")]
    assert names == ["drop", "back"]


async def test_several_of_a_model_are_numbered() -> None:
    async with simulate_in_memory(["lovense-domi"] * 3) as air:
        assert list(air.addresses) == ["lovense-domi", "lovense-domi#2", "lovense-domi#3"]


async def test_a_model_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="no simulated massager 'x'; there are reference-cape"):
        async with simulate_in_memory(["x"]):
            pass


async def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    written: list[bytes] = []
    for run in range(2):
        tape = tmp_path / f"{run}.jsonl"
        async with (
            simulate_in_memory(["reference-cape"], {"reference-cape": tape}) as air,
            client(air) as cape,
        ):
            for _ in range(30):
                await cape.write_gatt_char(LEVELS, HALF, response=True)
                await asyncio.sleep(0.37)
            await asyncio.sleep(3.0)
        written.append(tape.read_bytes())
    assert written[0] == written[1]
