"""The words of the frame language: each compiles to a part that appends its bytes to a frame."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devicehub.massagers.checksum import CHECKSUMS
from devicehub.massagers.frame import FrameError, Tables, require_actuator

Emit = Callable[[bytearray, Sequence[int], int], None]
"""Append to the frame so far; levels are within their steps."""

_BYTE_MAX = 0xFF
_NIBBLE_MAX = 0x0F
_LITERAL = re.compile(r"([0-9A-Fa-f]{2})(?:\*([1-9][0-9]{0,2}))?")
_REPEAT = re.compile(r"x([1-9][0-9]?)")
_WORDS = "a number, all, nibbles, on, bits, counter, xor, sum8, sumFF, not7, crc16"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a level can be read back: ``data[offset] >> shift & mask``."""

    actuator: int
    offset: int
    shift: int = 0
    mask: int = _BYTE_MAX


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled word: how to append it, its width in bytes, and what can be read back from it."""

    emit: Emit
    width: int
    slots: tuple[Slot, ...] = ()
    counter_at: int | None = None


def compile_part(word: str, literal: str, offset: int, tables: Tables) -> Part:
    """Compile ``{word}``, or `literal` bytes when `word` is empty, that begins at byte `offset`.

    Raises:
        FrameError: It makes no sense.
    """
    if literal:
        return _constant(literal)
    name, *arguments = word.split() or [""]
    if name.isdecimal():
        return _level(int(name), arguments, offset, tables)
    if name in CHECKSUMS:
        return _checksum(name, arguments, offset)
    compiler = _COMPILERS.get(name)
    if compiler is None:
        raise FrameError(f"{{{word}}} is no word of the language; known are {_WORDS}")
    return compiler(arguments, offset, tables)


def _constant(literal: str) -> Part:
    stated = _LITERAL.fullmatch(literal)
    if stated is None:
        raise FrameError(f"{literal!r} must be a byte in hex such as 0F, or 00*7")
    run = bytes.fromhex(stated[1]) * int(stated[2] or 1)

    def emit(out: bytearray, _levels: Sequence[int], _counter: int) -> None:
        out += run

    return Part(emit, len(run))


def _level(actuator: int, arguments: list[str], offset: int, tables: Tables) -> Part:
    require_actuator(actuator, tables)
    times = _times(arguments)
    table = _byte_tables(tables)[actuator]

    def emit(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        for _ in range(times):
            out.append(table[levels[actuator]])

    return Part(emit, times, (Slot(actuator, offset),))


def _all(arguments: list[str], offset: int, tables: Tables) -> Part:
    if not tables:
        raise FrameError("{all}: this frame may not carry levels")
    times = _times(arguments)
    byte_tables = _byte_tables(tables)
    slots = tuple(Slot(i, offset + i * times) for i in range(len(tables)))

    def emit_plain(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        out += bytes(levels)

    def emit(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        for table, level in zip(byte_tables, levels, strict=True):
            out += bytes((table[level],)) * times

    plain = times == 1 and _is_plain(tables)
    return Part(emit_plain if plain else emit, len(tables) * times, slots)


def _nibbles(arguments: list[str], offset: int, tables: Tables) -> Part:
    if not all(map(str.isdecimal, arguments)):
        raise FrameError("{nibbles} takes actuators or nothing, for example {nibbles 0 1}")
    named = tuple(map(int, arguments)) or tuple(range(len(tables)))
    for actuator in named:
        require_actuator(actuator, tables)
    if not named or len(named) % 2 or not _is_plain([tables[i] for i in named]):
        raise FrameError("{nibbles} needs an even number of actuators without wire")
    if max(tables[i][-1] for i in named) > _NIBBLE_MAX:
        raise FrameError(f"{{nibbles}} needs actuators of at most {_NIBBLE_MAX} steps")
    slots = tuple(
        Slot(actuator, offset + at // 2, 0 if at % 2 else 4, _NIBBLE_MAX)
        for at, actuator in enumerate(named)
    )

    width = len(named) // 2
    everybody = not arguments

    def emit(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        # All halves at once as two long numbers: a third of the time of a loop over bytes.
        said = levels if everybody else [levels[i] for i in named]
        upper = int.from_bytes(bytes(said[::2]), "big")
        lower = int.from_bytes(bytes(said[1::2]), "big")
        out += (upper << 4 | lower).to_bytes(width, "big")

    return Part(emit, width, slots)


def _on(arguments: list[str], _offset: int, tables: Tables) -> Part:
    stated = re.fullmatch(r"([0-9]{1,3}) ([0-9A-Fa-f]{2})", " ".join(arguments))
    if stated is None:
        raise FrameError("{on} must name an actuator and a byte in hex, for example {on 0 FF}")
    actuator, value = int(stated[1]), int(stated[2], 16)
    require_actuator(actuator, tables)

    def emit(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        out.append(value if levels[actuator] else 0)

    return Part(emit, 1)


def _bits(arguments: list[str], _offset: int, tables: Tables) -> Part:
    if not re.fullmatch(r"[0-9]{1,3}( [0-9]{1,3}){0,7}", " ".join(arguments)):
        raise FrameError("{bits} must name one to eight actuators, for example {bits 0 1}")
    actuators = tuple(map(int, arguments))
    for actuator in actuators:
        require_actuator(actuator, tables)

    def emit(out: bytearray, levels: Sequence[int], _counter: int) -> None:
        byte = 0
        for actuator in actuators:
            byte = byte << 1 | (levels[actuator] > 0)
        out.append(byte)

    return Part(emit, 1)


def _counter(arguments: list[str], offset: int, _tables: Tables) -> Part:
    _no_arguments("counter", arguments)

    def emit(out: bytearray, _levels: Sequence[int], counter: int) -> None:
        out.append(counter & _BYTE_MAX)

    return Part(emit, 1, counter_at=offset)


def _checksum(name: str, arguments: list[str], offset: int) -> Part:
    if len(arguments) > 1 or not all(map(str.isdecimal, arguments)):
        raise FrameError(
            f"{{{name}}} takes at most the byte to start from, for example {{{name} 2}}"
        )
    start = int(arguments[0]) if arguments else 0
    if start >= offset:
        raise FrameError(f"{{{name}}} must have bytes before it to sum up")
    function, width = CHECKSUMS[name]

    def emit(out: bytearray, _levels: Sequence[int], _counter: int) -> None:
        out += function(out[start:])

    return Part(emit, width)


_COMPILERS: dict[str, Callable[[list[str], int, Tables], Part]] = {
    "all": _all,
    "nibbles": _nibbles,
    "on": _on,
    "bits": _bits,
    "counter": _counter,
}


def _times(arguments: list[str]) -> int:
    if not arguments:
        return 1
    stated = _REPEAT.fullmatch(arguments[0]) if len(arguments) == 1 else None
    if stated is None:
        raise FrameError("a level may be followed by a repeat only, for example {0 x4}")
    return int(stated[1])


def _no_arguments(name: str, arguments: list[str]) -> None:
    if arguments:
        raise FrameError(f"{{{name}}} takes nothing after it")


def _byte_tables(tables: Tables) -> Tables:
    if max(table[-1] for table in tables) > _BYTE_MAX:
        raise FrameError(f"a level must fit into one byte: steps after wire at most {_BYTE_MAX}")
    return tables


def _is_plain(tables: Tables) -> bool:
    return all(table == tuple(range(len(table))) for table in tables)
