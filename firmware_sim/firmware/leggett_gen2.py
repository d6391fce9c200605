"""Leggett & Platt Gen2 bed: the device's side of its public protocol facts.

ASCII text. `MVI c:n` sets the massage of channel 0 (head) or 1 (foot), or of all named, at 0 to 3;
`VII :c` and `VII c::` are a step up and down. `STOP` stops the bed's motors and no massage. `M`,
`MEM`, `SMEM` and `SNR` are for those motors, `MMODE` and `WVE` choose a program, `UBL` and `RGB..`
are the light.

Facts: ha-adjustable-bed and smartbed-mqtt (MIT), which disagree: the strongest level is 3 or 10.
Here it is 3, and a level above it drives at 3, which a bed of ten steps would do at another
strength. Not documented, and assumed here: nothing is answered; `MMODE 0:2`, always on, is how it
is from the start; text of another form changes nothing; a lost link leaves the massage running;
services and maker's bytes stand in the advert together (one kind of box shows the second alone). A
real box grants about one link per power cycle; this one grants any number.
"""

import re
from collections.abc import Callable

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, Effect, ServiceSpec

SERVICE = "45e25100-3171-4cfc-ae89-1d83cf8d8071"
TX = "45e25101-3171-4cfc-ae89-1d83cf8d8071"
RX = "45e25103-3171-4cfc-ae89-1d83cf8d8071"

_SET = re.compile(r"MVI ([0-3]{1,4}):([0-9]{1,2})")
_UP = re.compile(r"VII :([0-3]{1,4})")
_DOWN = re.compile(r"VII ([0-3]{1,4})::")
_MOTORS_STOP = re.compile(r"M ::[0-3]*")
_FOREIGN = {
    re.compile(r"(M|MEM|SMEM) .*|SNR"): MOTOR,
    re.compile(r"MMODE 0:[01]|WVE .*"): PROGRAM,
    re.compile(r"(UBL|RGBSET|RGBBRT|RGD) .*"): LIGHT,
}
_CHANNELS = {"0": HEAD, "1": FOOT}


class LeggettGen2(Bed):
    """Two massage motors of three steps under commands that can be read."""

    model = "leggett-gen2"
    steps = 3
    advertisement = Advertisement("LP BED 2", (SERVICE,), {2349: b"XP\x05\x00\x00\x00"})
    services = (
        ServiceSpec(
            SERVICE,
            (
                characteristic(TX, "write", "write-without-response"),
                characteristic(RX, "read", "notify"),
            ),
        ),
    )

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        text = data.decode("ascii", "replace")
        if match := _SET.fullmatch(text):
            level = min(int(match[2]), self.steps)
            return self._each(match[1], lambda place: self._level(place, level))
        if match := _UP.fullmatch(text):
            return self._each(match[1], lambda place: self._step(place, 1))
        if match := _DOWN.fullmatch(text):
            return self._each(match[1], lambda place: self._step(place, -1))
        return ignored if _MOTORS_STOP.fullmatch(text) else _foreign(text)

    def _each(self, channels: str, act_on: Callable[[int], Act]) -> Act:
        """Do the same at every place that is named; channels 2 and 3 are not there."""
        acts = [act_on(_CHANNELS[channel]) for channel in channels if channel in _CHANNELS]

        def obey(now_s: float) -> list[Effect]:
            return [effect for act in acts for effect in act(now_s)]

        return obey


def _foreign(text: str) -> Act:
    asked = [what for form, what in _FOREIGN.items() if form.fullmatch(text)]
    return asks_for(asked[0]) if asked else ignored
