"""The chip that Linux finds behind `/dev/vhci`: a virtual dongle on the virtual radio.

The kernel commands it as any USB dongle, with bluetoothd above it. It is an older chip than the one
that Bumble's hosts see: the kernel waits for events of extended advertising and of link layer
privacy that Bumble's controller never sends.
"""

from typing import Any, cast

from bumble import hci
from bumble.transport.common import Transport

from firmware_sim.radio import Radio
from firmware_sim.radio_controller import RadioController

ADDRESS = "00:AA:01:00:00:01"
"""The public address of the dongle; without one, Linux calls a chip unconfigured."""

_TOO_NEW = hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
_RSSI_DBM = -50


class KernelController(RadioController):
    """A chip that a kernel's host owns."""

    def __init__(self, radio: Radio, transport: Transport) -> None:
        """Put the chip on the air; the host at the end of `transport` commands it."""
        super().__init__("vhci", radio, transport.source, transport.sink)
        self.public_address = hci.Address(ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS)
        self.le_features &= ~_TOO_NEW
        self._reported: set[tuple[hci.Address, bool, bytes]] = set()
        radio.claim(self.public_address, self)

    def _report(self, address: hci.Address, event_type: int, data: bytes) -> None:
        """Report an advert, as legacy chips do; a filter of duplicates lets each pass once."""
        kinds = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
        is_response = bool(event_type & kinds.SCAN_RESPONSE)
        if self.filter_duplicates:
            seen = (address, is_response, data)
            if seen in self._reported:
                return
            self._reported.add(seen)
        legacy = hci.HCI_LE_Advertising_Report_Event
        report = legacy.Report(
            event_type=legacy.EventType.SCAN_RSP if is_response else legacy.EventType.ADV_IND,
            address_type=address.address_type,
            address=address,
            data=data,
            rssi=_RSSI_DBM,
        )
        self.send_hci_packet(legacy([report]))

    def on_hci_le_set_scan_enable_command(self, command: Any) -> hci.HCI_StatusReturnParameters:
        """Start or stop scanning; every scan reports everything anew."""
        self._reported.clear()
        return cast("Any", super()).on_hci_le_set_scan_enable_command(command)
