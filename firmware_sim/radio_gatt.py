"""Bumble's GATT server, made to take writes in order.

Bumble hands every write to a task of its own, and tasks that wait may overtake each other. A
firmware takes its writes synchronously, one after the other, as a microcontroller does.
"""

from typing import Protocol

from bumble import att, gatt, gatt_server
from bumble.device import Device

_NOTIFY = 1  # of a client characteristic configuration, Core Specification Vol 3 Part G 3.3.3.3


class WriteSink(Protocol):
    """Takes what a central wrote; raises `att.ATT_Error` to refuse."""

    def __call__(self, value: bytes, *, response: bool) -> None:
        """Take one value; `response` says whether the central waits for an answer."""
        ...


class PeripheralServer(gatt_server.Server):
    """A GATT server that takes writes synchronously, in the order in which they came."""

    def __init__(self, device: Device) -> None:
        """Make a server without services."""
        super().__init__(device)
        self._sinks: dict[int, tuple[gatt.Characteristic[bytes], WriteSink]] = {}
        self._waiting: list[tuple[att.Bearer, att.ATT_PDU]] | None = None

    def hang(self) -> None:
        """Stop answering; what comes in waits."""
        self._waiting = []

    def recover(self) -> None:
        """Answer again, beginning with what waits."""
        waiting, self._waiting = self._waiting, None
        for bearer, packet in waiting or ():
            super().on_gatt_pdu(bearer, packet)

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Take a packet of a central."""
        if self._waiting is None:
            super().on_gatt_pdu(bearer, att_pdu)
        else:
            self._waiting.append((bearer, att_pdu))

    def take_writes(self, characteristic: gatt.Characteristic[bytes], sink: WriteSink) -> None:
        """Send every write of a registered characteristic to a sink."""
        self._sinks[characteristic.handle] = (characteristic, sink)

    def notify_now(self, characteristic: gatt.Characteristic[bytes], value: bytes) -> None:
        """Notify everyone who subscribed, before this call returns."""
        for bearer, subscriptions in self.subscribers.items():
            if subscriptions.get(characteristic.handle, b"\0")[0] & _NOTIFY:
                packet = att.ATT_Handle_Value_Notification(
                    attribute_handle=characteristic.handle,
                    attribute_value=value[: bearer.att_mtu - 3],
                )
                self.send_gatt_pdu(bearer, bytes(packet))

    def on_att_write_request(self, bearer: att.Bearer, request: att.ATT_Write_Request) -> None:
        """Take a write with response."""
        entry = self._sinks.get(request.attribute_handle)
        if entry is None:  # a descriptor: Bumble's own business
            super().on_att_write_request(bearer, request)
            return
        characteristic, sink = entry
        try:
            if not characteristic.properties & gatt.Characteristic.Properties.WRITE:
                raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
            sink(request.attribute_value, response=True)
        except att.ATT_Error as error:
            answer: att.ATT_PDU = att.ATT_Error_Response(
                request_opcode_in_error=request.op_code,
                attribute_handle_in_error=request.attribute_handle,
                error_code=error.error_code,
            )
        else:
            answer = att.ATT_Write_Response()
        self.send_response(bearer, answer)

    def on_att_write_command(self, bearer: att.Bearer, request: att.ATT_Write_Command) -> None:
        """Take a write without response; a refusal stays unheard, as on the air."""
        entry = self._sinks.get(request.attribute_handle)
        if entry is None:
            super().on_att_write_command(bearer, request)
            return
        characteristic, sink = entry
        if characteristic.properties & gatt.Characteristic.Properties.WRITE_WITHOUT_RESPONSE:
            try:
                sink(request.attribute_value, response=False)
            except att.ATT_Error:
                return
