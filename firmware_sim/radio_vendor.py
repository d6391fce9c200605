"""How a simulated controller proves that it is one: a vendor command of the HCI.

A host asks for the device at a place in the radio's list. A simulated controller answers with a
word that no chip would say, the number of devices and that device; a real one does not know the
command.
"""

import dataclasses
from typing import Any, ClassVar, cast

from bumble import hci

MAGIC = b"air sim\x01"
"""The proof: eight bytes, the last one is the version of this command."""

_VENDOR_GROUP = 0x3F  # Core Specification Vol 4 Part E 5.4.1
_OCF = 0x2D5  # free in the command lists that Nordic, Zephyr, Android and Linux publish
_NAME = "HCI_READ_SIMULATED_AIR_COMMAND"


@dataclasses.dataclass
class ReadSimulatedAirReturn(hci.HCI_StatusReturnParameters):
    """The answer; `listing` is "ADDRESS NAME", or empty when there is nothing at that place."""

    magic: bytes = dataclasses.field(metadata=hci.metadata(len(MAGIC)))
    count: int = dataclasses.field(metadata=hci.metadata(1))
    listing: bytes = dataclasses.field(metadata=hci.metadata("*"))


@dataclasses.dataclass
class ReadSimulatedAir(hci.HCI_SyncCommand[ReadSimulatedAirReturn]):
    """Ask whether this is a simulated air, and for the device at `place`."""

    name: ClassVar[str] = _NAME

    place: int = dataclasses.field(metadata=hci.metadata(1))


# Bumble's decorator loses the type of the class, so it is called like a function.
hci.HCI_Command.register_commands({_NAME: _VENDOR_GROUP << 10 | _OCF})
cast("Any", hci.HCI_SyncCommand).sync_command(ReadSimulatedAirReturn)(ReadSimulatedAir)
