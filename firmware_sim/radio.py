"""The virtual radio: Bumble's link, made faithful.

Every override of Bumble's internals lives here, in `radio_controller.py` and in `radio_gatt.py`,
and Bumble is pinned exactly. Its own link delivers at once, in no fixed order, and never breaks.
"""

import asyncio
from functools import partial
from typing import cast

from bumble import hci, ll
from bumble.controller import Controller
from bumble.host import Host
from bumble.link import LocalLink

from firmware_sim.radio_contact import Contact, Timing, Weather
from firmware_sim.radio_controller import Listing, RadioController

_INTERVAL_UNIT_S, _TIMEOUT_UNIT_S = 1.25e-3, 10e-3  # Core Specification Vol 4 Part E 7.8.12

End = tuple[RadioController, int]
"""One end of a contact: a chip and its connection handle."""


class Radio(LocalLink):
    """The air between controllers. Packets, adverts and silence cross it in a fixed order."""

    def __init__(self, weather: Weather, listing: Listing | None = None) -> None:
        """Make an empty air; `listing` is what its controllers say is on it."""
        super().__init__()
        self.weather = weather
        self.listing: Listing = {} if listing is None else listing
        self._owners: dict[hci.Address, RadioController] = {}
        self._listeners: dict[RadioController, None] = {}
        self._silent: set[RadioController] = set()

    def add_controller(self, controller: Controller) -> None:
        """Put a controller on the air; it is known once it claims an address."""

    def remove_controller(self, controller: Controller) -> None:
        """Take a controller away; its peers notice by their supervision timeout."""
        gone = cast("RadioController", controller)
        gone.forget()
        self._silent.discard(gone)
        self._owners = {where: who for where, who in self._owners.items() if who is not gone}

    def claim(self, address: hci.Address | None, controller: RadioController) -> None:
        """Let a controller be reached at an address; the latest claim wins, as after a reboot."""
        if address is not None and address != hci.Address.ANY_RANDOM:
            self._owners[address] = controller

    def listen(self, controller: RadioController, listening: bool) -> None:
        """Let adverts reach a controller that scans or wants to connect, and no other."""
        if listening:
            self._listeners[controller] = None
        else:
            self._listeners.pop(controller, None)

    def find_le_controller(self, address: hci.Address) -> RadioController | None:
        """Return who is reached at an address."""
        return self._owners.get(address)

    def set_in_range(self, controller: RadioController, in_range: bool) -> None:
        """Silence a controller, or let it be heard again.

        Both ends of its links notice after the supervision timeout, not before.
        """
        if in_range:
            self._silent.discard(controller)
        else:
            self._silent.add(controller)
        for handle, contact in tuple(controller.contacts.items()):
            contact.set_audible((controller, handle), in_range)

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Carry an advert to whoever listens, or a connect request to whom it names."""
        sender = cast("RadioController", sender_controller)
        if sender in self._silent:
            return
        if isinstance(packet, ll.ConnectInd):
            self._connect(sender, packet)
        elif self._listeners:
            # Not at once: the sender arms its next timer only after this call.
            address = cast("ll.AdvExtInd", packet).advertiser_address
            asyncio.get_running_loop().call_soon(self._advertise, sender, address, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Carry a link control message to the other end, if that end can hear it."""
        receiver = self._owners.get(receiver_address)
        if receiver is None:
            return
        contact = receiver.contact_with(sender_address)
        if contact is None or not contact.is_up:
            return
        if isinstance(packet, ll.ConnectionUpdateInd):
            contact.timing = _timing(packet)
        asyncio.get_running_loop().call_soon(receiver.on_ll_control_pdu, sender_address, packet)

    def _advertise(
        self, sender: RadioController, address: hci.Address, packet: ll.AdvertisingPdu
    ) -> None:
        for listener in tuple(self._listeners):
            advertiser = sender.advertiser(address)
            if advertiser is None:  # somebody connected, or the host switched it off
                return
            if listener is not sender and listener not in self._silent:
                listener.on_advert(advertiser, address, packet)

    def _connect(self, central: RadioController, request: ll.ConnectInd) -> None:
        peripheral = self._owners.get(request.advertiser_address)
        if peripheral is None or peripheral in self._silent:
            return
        peripheral.on_ll_advertising_pdu(request)
        contact = Contact(self.weather, _timing(request), _time_out)
        ends = (
            (central, central.le_connections[request.advertiser_address].handle),
            (peripheral, peripheral.le_connections[request.initiator_address].handle),
        )
        for (here, handle), (there, far_handle) in (ends, ends[::-1]):
            here.contacts[handle] = contact
            contact.join(
                (here, handle),
                deliver=partial(there.deliver_acl, far_handle),
                left=partial(here.release_acl, handle),
            )


def host_on(radio: Radio, name: str) -> tuple[Host, RadioController]:
    """Put a chip on the air, with a host wired straight to it."""
    controller = RadioController(name, radio)
    return Host(controller, controller), controller


def _timing(request: ll.ConnectInd | ll.ConnectionUpdateInd) -> Timing:
    return Timing(request.interval * _INTERVAL_UNIT_S, request.timeout * _TIMEOUT_UNIT_S)


def _time_out(end: object) -> None:
    controller, handle = cast("End", end)
    connection = controller.find_le_connection_by_handle(handle)
    if connection is not None:
        controller.on_le_disconnected(connection, hci.HCI_CONNECTION_TIMEOUT_ERROR)
