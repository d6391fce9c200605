"""The chip that Linux finds behind /dev/vhci, commanded by Bumble's host in the kernel's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest
from bumble import hci
from bumble.device import Device
from bumble.host import Host
from bumble.transport.common import Transport

from firmware_sim.air import populate
from firmware_sim.catalogue import address_of
from firmware_sim.radio import Radio
from firmware_sim.radio_contact import Weather
from firmware_sim.radio_kernel import ADDRESS, KernelController

HEARD_S = 1.0  # ten adverts of the cape
LEGACY = hci.HCI_LE_Advertising_Report_Event.Report


class Wire:
    """The end of a transport; whoever commands the chip is plugged in afterwards."""

    def set_packet_sink(self, sink: object) -> None: ...

    def on_packet(self, packet: bytes) -> None: ...


@pytest.fixture
async def kernel() -> AsyncIterator[Device]:
    """Yield a host that commands the chip, on a radio with one cape."""
    radio = Radio(Weather())
    async with AsyncExitStack() as stack:
        await populate(stack, radio, ["reference-cape"], {}, [], None)
        wire = cast("Any", Wire())
        chip = KernelController(radio, Transport(wire, wire))
        stack.callback(radio.remove_controller, chip)
        device = Device(name="kernel", address=hci.Address(ADDRESS), host=Host(chip, chip))
        await device.power_on()
        yield device


async def reports(device: Device, *, filter_duplicates: bool) -> list[LEGACY]:
    heard: list[LEGACY] = []
    device.host.on("advertising_report", heard.append)
    await device.start_scanning(active=True, filter_duplicates=filter_duplicates)
    await asyncio.sleep(HEARD_S)
    await device.stop_scanning()
    device.host.remove_all_listeners("advertising_report")
    return heard


async def test_it_reports_advert_and_scan_response_as_legacy_chips_do(kernel: Device) -> None:
    heard = await reports(kernel, filter_duplicates=False)
    kinds = hci.HCI_LE_Advertising_Report_Event.EventType
    assert {type(report) for report in heard} == {LEGACY}
    assert {report.event_type for report in heard} == {kinds.ADV_IND, kinds.SCAN_RSP}
    assert {report.address.to_string(False) for report in heard} == {address_of(0)}


async def test_a_filter_of_duplicates_lets_each_report_pass_once_a_scan(kernel: Device) -> None:
    assert len(await reports(kernel, filter_duplicates=False)) > 10
    assert len(await reports(kernel, filter_duplicates=True)) == 2
    assert len(await reports(kernel, filter_duplicates=True)) == 2


async def test_a_host_connects_from_its_public_address(kernel: Device) -> None:
    connection = await kernel.connect(
        hci.Address(address_of(0)), own_address_type=hci.OwnAddressType.PUBLIC
    )
    assert connection.peer_address == hci.Address(address_of(0))
    await connection.disconnect()
