"""How a simulated controller proves that it is one: a vendor command of the HCI.

A host asks for the device at a place in the radio's list. A simulated controller answers with a
word no chip would say, the number of devices and that device; a real one does not know the command.
"""

import dataclasses
from typing import ClassVar

from bumble import hci

MAGIC = b"air sim\x01"
"""The proof: eight bytes, the last one is the version of this command."""

_OCF = 0x2D5  # free in the public command lists of Nordic, Zephyr, Android, Broadcom, Intel, Realtek


@dataclasses.dataclass
class ReadSimulatedAirReturn(hci.HCI_StatusReturnParameters):
    """The answer; `address` and `model` are empty when there is no device at that place."""

    magic: bytes = dataclasses.field(metadata=hci.metadata(len(MAGIC)))
    count: int = dataclasses.field(metadata=hci.metadata(1))
    listing: bytes = dataclasses.field(metadata=hci.metadata("*"))


@hci.HCI_SyncCommand.sync_command(ReadSimulatedAirReturn)
@dataclasses.dataclass
class ReadSimulatedAir(hci.HCI_SyncCommand[ReadSimulatedAirReturn]):
    """Ask whether this is a simulated air, and for the device at `place`."""

    name: ClassVar[str] = "HCI_READ_SIMULATED_AIR_COMMAND"
    op_code: ClassVar[int] = hci.hci_vendor_command_op_code(_OCF)

    place: int = dataclasses.field(metadata=hci.metadata(1))
