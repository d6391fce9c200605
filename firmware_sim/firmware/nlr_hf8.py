"""Next Level Racing HF8 seat pad: the device's side of its public protocol facts. A serial line.

`M`, the motor's digit, its level from 0 to 255 in decimal, and a carriage return; 115200 baud, 8N1.
Motors 0 to 7: right and left thigh, right and left buttock, right and left back, right and left
shoulder.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause); there is no test
of it upstream. Not documented, and assumed here: a line of another form, with a ninth motor or a
level above 255, changes nothing; leading zeros count as such a line; a line feed is such a byte
too; no answer is ever sent; a closed port leaves the motors running.
"""

import re

from firmware_sim.firmware.parts import Drive
from firmware_sim.gatt import Effect

MOTORS = 8
STEPS = 255

_LINE = re.compile(rb"M([0-7])(0|[1-9][0-9]{0,2})")
_END = b"\r"
_LONGEST = 64
"""How much of a line without an end is kept, in bytes. An assumption."""


class NlrHf8:
    """Eight motors in a seat pad that hold their last level for ever."""

    model = "nlr-hf8"
    actuators = MOTORS
    steps = STEPS

    def __init__(self) -> None:
        """Switch the pad on."""
        self._drive = Drive(MOTORS, STEPS)
        self._rest = b""

    def opened(self, now_s: float) -> list[Effect]:  # noqa: ARG002 - the shape of SerialFirmware
        """Handle that somebody opened the port: half a line of the last one is forgotten."""
        self._rest = b""
        return []

    def closed(self, now_s: float) -> list[Effect]:  # noqa: ARG002 - as above
        """Handle that the port was closed: the motors keep running."""
        return []

    def receive(self, data: bytes, now_s: float) -> list[Effect]:  # noqa: ARG002 - as above
        """Obey every line that is complete; keep the rest for what follows."""
        *lines, rest = (self._rest + data).split(_END)
        self._rest = rest[-_LONGEST:]
        return [effect for line in lines for effect in self._obey(line)]

    def next_poll_s(self) -> float | None:
        """Wait for nothing."""
        return None

    def poll(self, now_s: float) -> list[Effect]:  # noqa: ARG002 - the shape of SerialFirmware
        """Let time pass: nothing happens."""
        return []

    def _obey(self, line: bytes) -> list[Effect]:
        match = _LINE.fullmatch(line)
        if match is None or int(match[2]) > STEPS:
            return []
        return [*self._drive.put(int(match[1]), int(match[2]))]
