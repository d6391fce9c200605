"""TrueGear ME02: a packet of tracks, each of which says for how long which dots vibrate how much.

    packet = 68 68 N, N tracks, 16
    track  = mode 00, start and end in ms (two bytes each, the high one first), intensity at its
             start and its end, a mask (two bytes) for front left, back left, back right, front
             right; bit 15 is the first dot of a group of ten

Source: xuan25/TrueGearCLI@10b15553 doc/ble_protocol.md, whose facts these are. The modes 10, 11
and 12 of the same packet are electric stimulation: no byte here can become one, because a track is
always made with mode 01 (constant, not kept) and read back only as that.

A level is told as long as its track lasts, one second, which is the lease. There is a packet for
each group of ten, so that no more than ten levels can differ in one and it fits into one write.
"""

import struct
from collections.abc import Sequence

from devicehub.massagers.frame import Build, Char, Find, Frame, FrameError, Tables, levels_by_wire

DOTS = 40
GROUP = 10
TRACK_MS = 1000

_HEAD, _TAIL = b"\x68\x68", b"\x16"
_CONSTANT = 0x01
_BYTE_MAX = 0xFF
_TRACK = struct.Struct(">BBHHBB4H")
_FIRST_DOT = 0x8000
_ALL_DOTS = 0xFFC0
_GROUPS = range(DOTS // GROUP)


def levels(char: Char, tables: Tables) -> tuple[Frame, ...]:
    """Return the level frames: one packet for each group of ten dots.

    Raises:
        FrameError: There are not forty actuators of at most 255 steps.
    """
    if len(tables) != DOTS or max(table[-1] for table in tables) > _BYTE_MAX:
        raise FrameError(f'codec = "truegear" must have {DOTS} actuators of at most 255 steps')
    return tuple(_group(char, tables, group) for group in _GROUPS)


def stop(char: Char) -> Frame:
    """Return the packet that silences every dot."""
    packet = _packet([_track(0, [_ALL_DOTS] * len(_GROUPS))])

    def build(_levels: Sequence[int], _counter: int) -> bytes:
        return packet

    def find(_data: bytes) -> tuple[list[int], int]:
        return [], 0

    return Frame(char, frozenset(), counts=False, build=build, find=find)


def _group(char: Char, tables: Tables, group: int) -> Frame:
    dots = range(group * GROUP, (group + 1) * GROUP)
    return Frame(
        char=char,
        actuators=frozenset(dots),
        counts=False,
        build=_builder(tables, dots, group),
        find=_finder(tables, dots, group),
    )


def _builder(tables: Tables, dots: range, group: int) -> Build:
    def build(levels: Sequence[int], _counter: int) -> bytes:
        alike: dict[int, int] = {}
        for at, dot in enumerate(dots):
            intensity = tables[dot][levels[dot]]
            alike[intensity] = alike.get(intensity, 0) | _FIRST_DOT >> at
        return _packet(
            [
                _track(intensity, [mask if one == group else 0 for one in _GROUPS])
                for intensity, mask in sorted(alike.items())
            ]
        )

    return build


def _finder(tables: Tables, dots: range, group: int) -> Find:
    back = levels_by_wire(tables)

    def find(data: bytes) -> tuple[list[int], int] | None:
        levels = [0] * len(back)
        tracks = data[len(_HEAD) + 1 : -len(_TAIL)]
        if len(tracks) % _TRACK.size:
            return None
        for _, _, _, _, intensity, _, *masks in _TRACK.iter_unpack(tracks):
            if not masks[group]:
                return None  # of another group
            for at, dot in enumerate(dots):
                if masks[group] & _FIRST_DOT >> at:
                    level = back[dot].get(intensity)
                    if level is None:
                        return None
                    levels[dot] = level
        return levels, 0

    return find


def _track(intensity: int, masks: Sequence[int]) -> bytes:
    return _TRACK.pack(_CONSTANT, 0, 0, TRACK_MS, intensity, intensity, *masks)


def _packet(tracks: Sequence[bytes]) -> bytes:
    return _HEAD + bytes((len(tracks),)) + b"".join(tracks) + _TAIL
