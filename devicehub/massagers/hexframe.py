"""Frames of bytes: a line of words, each compiled by `parts`, put together."""

import re
from collections.abc import Iterable, Sequence

from devicehub.massagers.frame import (
    Build,
    Char,
    Find,
    Frame,
    FrameError,
    Tables,
    levels_by_wire,
)
from devicehub.massagers.parts import Part, Slot, compile_part

_TOKEN = re.compile(r"\{([^{}]*)\}|([^\s{}]+)")


def compile_hex(body: str, char: Char, tables: Tables) -> Frame:
    """Compile a line such as ``0F 03 00 {0} {0} {bits 0 0} 00 00``.

    Raises:
        FrameError: It makes no sense.
    """
    parts = _parts(body, tables)
    width = sum(part.width for part in parts)
    slots = tuple(slot for part in parts for slot in part.slots)
    counters = [part.counter_at for part in parts if part.counter_at is not None]
    return Frame(
        char=char,
        actuators=frozenset(slot.actuator for slot in slots),
        counts=bool(counters),
        build=_builder(parts),
        find=_finder(slots, tables, width, counters[0] if counters else None),
    )


def _parts(body: str, tables: Tables) -> list[Part]:
    if not body.strip() or _TOKEN.sub("", body).strip():
        raise FrameError('must be hex bytes and {..}, for example "01 {0} FF"')
    parts: list[Part] = []
    width = 0
    for word, literal in _TOKEN.findall(body):
        part = compile_part(word, literal, width, tables)
        parts.append(part)
        width += part.width
    return parts


def _builder(parts: Iterable[Part]) -> Build:
    emits = tuple(part.emit for part in parts)

    def build(levels: Sequence[int], counter: int) -> bytes:
        out = bytearray()
        for emit in emits:
            emit(out, levels, counter)
        return bytes(out)

    return build


def _finder(slots: tuple[Slot, ...], tables: Tables, width: int, counter_at: int | None) -> Find:
    back = levels_by_wire(tables)

    def find(data: bytes) -> tuple[list[int], int] | None:
        if len(data) != width:
            return None
        levels = [0] * len(back)
        for slot in slots:
            level = back[slot.actuator].get(data[slot.offset] >> slot.shift & slot.mask)
            if level is None:
                return None
            levels[slot.actuator] = level
        return levels, 0 if counter_at is None else data[counter_at]

    return find
