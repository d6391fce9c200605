"""A Bluetooth chip on the virtual radio: Bumble's controller, made faithful.

Bumble's own repeats the advertisement as the scan response, ignores the cancelling of a connect,
forgets nothing on reset, and parses and builds every data packet twice.
"""

import asyncio
import struct
from typing import Any, Protocol, cast

from bumble import hci, ll
from bumble.controller import AdvertisingSet, Connection, Controller, LegacyAdvertiser
from bumble.transport.common import TransportSink

from firmware_sim.radio_contact import Contact, Weather
from firmware_sim.radio_interval import take_interval
from firmware_sim.radio_vendor import MAGIC, ReadSimulatedAir, ReadSimulatedAirReturn

_ACL = hci.HCI_ACL_DATA_PACKET
_ACL_FIRST, _ACL_CONTINUED = 0x2000, 0x1000  # packet boundary flags, controller to host
_RSSI_DBM = -50
_NO_TX_POWER = 127

Listing = dict[str, str]
"""The names of devices by address, as `ReadSimulatedAir` gives them out."""


class Ether(Protocol):
    """What a chip needs of the radio it is on."""

    listing: Listing
    weather: Weather

    def listen(self, controller: "RadioController", listening: bool) -> None:
        """Let adverts reach a chip, or no more."""
        ...

    def claim(self, address: hci.Address | None, controller: "RadioController") -> None:
        """Let a chip be reached at an address."""
        ...


class RadioController(Controller):
    """A Bluetooth chip on the virtual radio: a simulated device's, or a virtual dongle."""

    # Data length extension: any ATT packet up to 247 bytes is one packet on HCI and on the air.
    acl_data_packet_length = 251
    le_acl_data_packet_length = 251

    def __init__(
        self,
        name: str,
        radio: Ether,
        host_source: object | None = None,
        host_sink: TransportSink | None = None,
    ) -> None:
        """Put a chip on the air; a host in another process is given as a source and a sink."""
        cast("Any", super()).__init__(name, host_source, host_sink, link=radio)
        self.contacts: dict[int, Contact] = {}
        self._radio = radio
        self._connect_request: ll.ConnectInd | None = None

    # ---------------------------------------------------------------- adverts

    def advertiser(self, address: hci.Address) -> AdvertisingSet | LegacyAdvertiser | None:
        """Return what advertises with an address just now, or None."""
        sources = (*self.advertising_sets.values(), self.le_legacy_advertiser)
        return next((one for one in sources if one.enabled and one.address == address), None)

    def on_advert(
        self,
        advertiser: AdvertisingSet | LegacyAdvertiser,
        address: hci.Address,
        packet: ll.AdvertisingPdu,
    ) -> None:
        """Connect to the advertiser if the host waits for it, else report it."""
        pending = self.pending_le_connection
        if pending and pending.peer_address == address and address not in self.le_connections:
            self.create_le_connection(address)
            self._follow_the_host()
        elif self.le_scan_enable:
            event = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
            scannable = event.CONNECTABLE_ADVERTISING | event.SCANNABLE_ADVERTISING
            self._report(address, scannable, bytes(cast("ll.AdvExtInd", packet).data))
            if self.le_scan_type and advertiser.scan_response_data:
                response = scannable | event.SCAN_RESPONSE
                self._report(address, response, bytes(advertiser.scan_response_data))

    def _report(self, address: hci.Address, event_type: int, data: bytes) -> None:
        report = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=event_type,
            address_type=address.address_type,
            address=address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=hci.Phy.LE_1M,
            advertising_sid=0,
            tx_power=_NO_TX_POWER,
            rssi=_RSSI_DBM,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([report]))

    # ------------------------------------------------------------ connections

    def contact_with(self, peer: hci.Address) -> Contact | None:
        """Return the contact with a peer, or None."""
        connection = self.le_connections.get(peer)
        return self.contacts.get(connection.handle) if connection else None

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Connect, at the interval of the weather if it has one."""
        take_interval(self.pending_le_connection, self._radio.weather.interval_s)
        super().create_le_connection(peer_address)

    def on_le_connect_ind(self, packet: ll.ConnectInd) -> None:
        """Accept a connection, and tell the host the parameters that the central asked for."""
        self._connect_request = packet
        super().on_le_connect_ind(packet)
        self._connect_request = None

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Send to the host; Bumble's own parameters of an accepted connection are constants."""
        request = self._connect_request
        if request is not None and isinstance(packet, hci.HCI_LE_Connection_Complete_Event):
            packet = hci.HCI_LE_Connection_Complete_Event(
                status=packet.status,
                connection_handle=packet.connection_handle,
                role=packet.role,
                peer_address_type=packet.peer_address_type,
                peer_address=packet.peer_address,
                connection_interval=request.interval,
                peripheral_latency=request.latency,
                supervision_timeout=request.timeout,
                central_clock_accuracy=0,
            )
        super().send_hci_packet(packet)

    def on_ll_control_pdu(self, sender_address: hci.Address, packet: ll.ControlPdu) -> None:
        """Take a link control message, unless the link ended while it was on its way."""
        if sender_address in self.le_connections:
            super().on_ll_control_pdu(sender_address, packet)

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """End this side of a link; the host learns why."""
        super().on_le_disconnected(connection, reason)
        self._leave(connection.handle)

    def forget(self) -> None:
        """Drop everything at once, as a chip does on reset or when it is unplugged."""
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.le_legacy_advertiser.stop()
        for advertising_set in self.advertising_sets.values():
            advertising_set.stop()
        self.advertising_sets.clear()
        self.le_connections.clear()
        for handle in tuple(self.contacts):
            self._leave(handle)
        self._radio.listen(self, False)

    def _leave(self, handle: int) -> None:
        contact = self.contacts.pop(handle, None)
        if contact is not None:
            contact.leave((self, handle))

    # ------------------------------------------------------------------- data

    def on_packet(self, packet: bytes) -> None:
        """Take a packet from the host. Data goes on the air as it is, without being parsed."""
        if packet[0] != _ACL:
            super().on_packet(packet)
            return
        handle = int.from_bytes(packet[1:3], "little") & 0x0FFF
        contact = self.contacts.get(handle)
        if contact is not None:
            contact.send((self, handle), packet)

    def deliver_acl(self, handle: int, packet: bytes) -> None:
        """Give the host a data packet that crossed the air, under this side's handle."""
        boundary = _ACL_CONTINUED if packet[2] & 0x10 else _ACL_FIRST
        if self.host:
            self.host.on_packet(struct.pack("<BH", _ACL, boundary | handle) + packet[3:])

    def release_acl(self, handle: int, count: int) -> None:
        """Tell the host that data packets left the chip's buffers."""
        if self.host:
            code = hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT
            event = struct.pack("<BBBBHH", hci.HCI_EVENT_PACKET, code, 5, 1, handle, count)
            self.host.on_packet(event)

    # --------------------------------------------------------------- commands

    def on_hci_command_packet(self, command: hci.HCI_Command) -> None:
        """Obey the host, then let the radio know what follows from it."""
        super().on_hci_command_packet(command)
        self._follow_the_host()

    def _follow_the_host(self) -> None:
        self._radio.listen(self, bool(self.le_scan_enable or self.pending_le_connection))
        self._radio.claim(self.random_address, self)
        for advertising_set in self.advertising_sets.values():
            self._radio.claim(advertising_set.random_address, self)

    # Bumble's decorators hide the types of commands, so these are Any.

    def on_hci_reset_command(self, _command: Any) -> hci.HCI_StatusReturnParameters:
        """Reset, links included."""
        self.forget()
        return cast("Any", super()).on_hci_reset_command(_command)

    def on_hci_le_set_extended_scan_parameters_command(
        self, command: Any
    ) -> hci.HCI_StatusReturnParameters:
        """Remember whether the scan is active: only then are scan responses asked for."""
        self.le_scan_type = int(command.scan_types[0])
        obeyed = cast("Any", super()).on_hci_le_set_extended_scan_parameters_command
        return obeyed(command)

    def on_hci_le_create_connection_cancel_command(
        self, _command: Any
    ) -> hci.HCI_StatusReturnParameters:
        """Give up a pending connect, with the failure event that the host waits for."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        failed = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, failed)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_read_simulated_air_command(
        self, command: ReadSimulatedAir
    ) -> ReadSimulatedAirReturn:
        """Prove that this is a simulator, and name the device at a place of the list."""
        listing = [f"{address} {model}" for address, model in self._radio.listing.items()]
        entry = listing[command.place] if command.place < len(listing) else ""
        return ReadSimulatedAirReturn(
            hci.HCI_ErrorCode.SUCCESS, MAGIC, len(listing), entry.encode()
        )
