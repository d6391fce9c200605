"""Bumble's GATT server, made to take writes in order.

Bumble hands every write to a task of its own, and tasks that wait may overtake each other. A
firmware takes its writes synchronously, one after the other, as a microcontroller does.
"""

from typing import Any, Protocol, cast

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
        self._held: list[tuple[att.Bearer, att.ATT_PDU]] | None = None

    def hang(self) -> None:
        """Stop answering; what comes in waits."""
        self._held = []

    def recover(self) -> None:
        """Answer again, beginning with what waits."""
        waiting, self._held = self._held, None
        for bearer, packet in waiting or ():
            super().on_gatt_pdu(bearer, packet)

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Take a packet of a central."""
        if self._held is None:
            super().on_gatt_pdu(bearer, att_pdu)
        else:
            self._held.append((bearer, att_pdu))

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

    # Bumble's decorator makes these return None while their type says coroutine.

    def on_att_write_request(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, bearer: att.Bearer, request: att.ATT_Write_Request
    ) -> None:
        """Take a write with response."""
        entry = self._sinks.get(request.attribute_handle)
        if entry is None:  # a descriptor: Bumble's own business
            cast("Any", super()).on_att_write_request(bearer, request)
            return
        characteristic, sink = entry
        refusal = self._refusal(characteristic, sink, request.attribute_value)
        answer: att.ATT_PDU = att.ATT_Write_Response()
        if refusal is not None:
            answer = att.ATT_Error_Response(
                request_opcode_in_error=request.op_code,
                attribute_handle_in_error=request.attribute_handle,
                error_code=refusal,
            )
        self.send_response(bearer, answer)

    @staticmethod
    def _refusal(
        characteristic: gatt.Characteristic[bytes], sink: WriteSink, value: bytes
    ) -> att.ErrorCode | None:
        if not characteristic.properties & gatt.Characteristic.Properties.WRITE:
            return att.ErrorCode.WRITE_NOT_PERMITTED
        try:
            sink(value, response=True)
        except att.ATT_Error as error:
            return att.ErrorCode(error.error_code)
        return None

    def on_att_write_command(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, bearer: att.Bearer, request: att.ATT_Write_Command
    ) -> None:
        """Take a write without response; a refusal stays unheard, as on the air."""
        entry = self._sinks.get(request.attribute_handle)
        if entry is None:
            cast("Any", super()).on_att_write_command(bearer, request)
            return
        characteristic, sink = entry
        if characteristic.properties & gatt.Characteristic.Properties.WRITE_WITHOUT_RESPONSE:
            try:
                sink(request.attribute_value, response=False)
            except att.ATT_Error:
                return
