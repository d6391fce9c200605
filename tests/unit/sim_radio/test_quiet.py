"""Packets that nobody reads are not drawn."""

import pytest
from bumble import att, hci

from firmware_sim import quiet

RESET = 0x0C03  # Core Specification Vol 4 Part E 7.3.2
PACKETS: list[object] = [
    hci.HCI_Reset_Command(),
    hci.HCI_Command_Complete_Event(
        num_hci_command_packets=1,
        command_opcode=RESET,
        return_parameters=hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS),
    ),
    att.ATT_Handle_Value_Notification(attribute_handle=3, attribute_value=b"\x01"),
    att.ATT_Error_Response(
        request_opcode_in_error=att.Opcode.ATT_READ_REQUEST,
        attribute_handle_in_error=3,
        error_code=att.ErrorCode.ATTRIBUTE_NOT_FOUND,
    ),
]


@pytest.mark.parametrize("packet", PACKETS, ids=lambda packet: type(packet).__name__)
def test_a_packet_is_told_by_its_name_alone(packet: object) -> None:
    quiet.install()
    assert str(packet) == type(packet).__name__
