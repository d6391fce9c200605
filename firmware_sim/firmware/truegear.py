"""True Gear ME02 vest: the device's side of its public protocol facts.

A packet is `68 68 N`, N tracks of 16 bytes and `16`. A track is a mode (1 constant, 2 fading, 3 and
4 the same but kept), 00, its start and end in milliseconds, its intensity at both, and the dots of
front left, back left, back right and front right as four masks whose highest bit is the first dot.
Tracks end by themselves: a natural dead-man. Modes 10 to 12 (hexadecimal) are electric stimulation
on the same characteristic; there are no electrodes here, and their tracks are taped as asked for.

Facts: notes of TrueGearCLI (facts only). Not documented, and assumed here: an intensity above 100
is 100; a dot plays the newest track that has named it, so zero stops the dots that it names, and
those alone; keep changes nothing; a packet of another form is nothing; a lost link lets the tracks
end by themselves. The vest tells its battery when a central comes and every ten seconds.
"""

from dataclasses import dataclass

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, AskedFor, Effect, Notify, ServiceSpec

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
TX = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
RX = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

FULL_MV, EMPTY_MV = 4134, 3319

_HEAD, _TAIL, _TRACK = b"\x68\x68", b"\x16", 16
_FADING = (2, 4)
_PLAYED = (1, 2, 3, 4)
_ELECTRIC = (0x10, 0x11, 0x12)
_GROUP, _GROUPS = 10, range(8, 16, 2)
_FADE_STEP_S = 0.05
_TELL_S = 10.0


@dataclass(frozen=True, slots=True)
class _Track:
    """What one dot plays: a level that goes from one value to another between two times."""

    starts_s: float
    ends_s: float
    first: int
    last: int

    def level(self, now_s: float) -> int:
        if now_s < self.starts_s or now_s >= self.ends_s:
            return 0
        part = (now_s - self.starts_s) / (self.ends_s - self.starts_s)
        return round(self.first + (self.last - self.first) * part)

    def next_s(self, now_s: float) -> float:
        """Return when its level may be another, before its end."""
        if now_s < self.starts_s:
            return self.starts_s
        fades = self.first != self.last
        return min(now_s + _FADE_STEP_S, self.ends_s) if fades else self.ends_s


class TruegearMe02(Massager):
    """Forty dots, front and back, under tracks that end by themselves."""

    model = "truegear-me02"
    actuators = 40
    steps = 100
    full_drive_s = 4 * 3600.0
    advertisement = Advertisement("Truegear_C01", (SERVICE,))
    services = (
        ServiceSpec(
            SERVICE, (characteristic(TX, "write-without-response"), characteristic(RX, "notify"))
        ),
    )

    def __init__(self) -> None:
        """Switch the vest on."""
        super().__init__()
        self._tracks: dict[int, _Track] = {}
        self._tell_s: float | None = None

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it is told the battery."""
        self._tell_s = now_s
        return self.poll(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link: tracks that run go on to their end."""
        self._tell_s = None
        return self.poll(now_s)

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        body = data[len(_HEAD) + 1 : -1]
        framed = data[:2] == _HEAD and data[-1:] == _TAIL
        if not framed or len(data) != len(_HEAD) + 2 + len(body) or len(body) != data[2] * _TRACK:
            return ignored
        tracks = [body[at : at + _TRACK] for at in range(0, len(body), _TRACK)]
        return lambda now_s: self._play(tracks, now_s)

    def _play(self, tracks: list[bytes], now_s: float) -> list[Effect]:
        effects: list[Effect] = []
        for track in tracks:
            if track[0] in _ELECTRIC:
                effects.append(AskedFor("electric stimulation"))
            elif track[0] in _PLAYED:
                self._start(track, now_s)
        return [*effects, *self._levels(now_s)]

    def _start(self, track: bytes, now_s: float) -> None:
        first = min(track[6], self.steps)
        last = min(track[7], self.steps) if track[0] in _FADING else first
        starts_s = now_s + int.from_bytes(track[2:4], "big") / 1000.0
        ends_s = now_s + int.from_bytes(track[4:6], "big") / 1000.0
        for dot in _dots(track):
            self._tracks[dot] = _Track(starts_s, ends_s, first, last)

    def _levels(self, now_s: float) -> list[Effect]:
        self._tracks = {d: t for d, t in self._tracks.items() if now_s < t.ends_s}
        levels = [0] * self.actuators
        for dot, track in self._tracks.items():
            levels[dot] = track.level(now_s)
        return [*self._drive.set(levels)]

    def _due_s(self) -> float | None:
        now_s = self._polled_s
        times = [track.next_s(now_s) for track in self._tracks.values()]
        return min((at_s for at_s in (*times, self._tell_s) if at_s is not None), default=None)

    def _pass_time(self, now_s: float) -> list[Effect]:
        effects = self._levels(now_s)
        if self._tell_s is None or now_s < self._tell_s:
            return effects
        self._tell_s = now_s + _TELL_S
        return [*effects, Notify(RX, self._batteries())]

    def _batteries(self) -> bytes:
        """Return main, left and right battery, each behind its part's number."""
        millivolts = EMPTY_MV + (FULL_MV - EMPTY_MV) * self._battery.percent // 100
        charge = millivolts.to_bytes(2, "big")
        parts = ((0x0204, charge), (0x0105, bytes(2)), (0x0105, bytes(2)))
        shown = b"".join(number.to_bytes(2, "big") + level for number, level in parts)
        return _HEAD + b"\x01\x81\x02\x03\x04" + shown + _TAIL


def _dots(track: bytes) -> list[int]:
    """Return the dots that a track names."""
    masks = [int.from_bytes(track[at : at + 2], "big") for at in _GROUPS]
    return [
        group * _GROUP + dot
        for group, mask in enumerate(masks)
        for dot in range(_GROUP)
        if mask >> (15 - dot) & 1
    ]
