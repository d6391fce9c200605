"""Frames read backwards: which levels some bytes give, by a line of a massager file. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from firmware_sim.generic.checks import CHECKS

_WORD = re.compile(r"\{[^{}]*\}|[^\s{}]+")
_NIBBLE = 4
_BYTES_OF_A_LINE = 512  # the longest value of an attribute (Core Specification Vol 3 Part F 3.2.9)


class LineError(ValueError):
    """A line that this reader does not understand; the text says why."""


@dataclass(frozen=True, slots=True)
class Motor:
    """One actuator of the file: its strongest level, and what is sent for a level."""

    steps: int
    wire: str | None = None

    def level(self, sent: int) -> int | None:
        """Return the level that is meant by a number, or None if it is none."""
        level = sent
        if self.wire is not None:
            sign, by = self.wire[0], int(self.wire[1:])
            if sign == "*" and sent % by:
                return None
            level = sent - by if sign == "+" else sent // by
        return level if 0 <= level <= self.steps else None


@dataclass(slots=True)
class Reading:
    """What was read of one frame so far."""

    data: bytes
    at: int = 0
    levels: dict[int, int] = field(default_factory=dict[int, int])
    claims: list[tuple[int, Callable[[Mapping[int, int]], int]]] = field(
        default_factory=list[tuple[int, Callable[[Mapping[int, int]], int]]]
    )

    def take(self) -> int | None:
        """Return the next byte, or None at the end."""
        if self.at >= len(self.data):
            return None
        self.at += 1
        return self.data[self.at - 1]

    def note(self, motor: int, level: int | None) -> bool:
        """Note a level; say whether it is one, and the same as was said of this motor before."""
        return level is not None and self.levels.setdefault(motor, level) == level


Part = Callable[[Reading], bool]
Read = Callable[[bytes], dict[int, int] | None]
"""Bytes to the level of each motor that they speak of; None if they are another frame."""


def frame(line: str, motors: Sequence[Motor]) -> Read:
    """Return what reads the frames of one line of bytes.

    Raises:
        LineError: It does not understand the line.
    """
    parts = [part for word in _WORD.findall(line) for part in _parts(word, motors)]
    if not parts or len(parts) > _BYTES_OF_A_LINE:
        raise LineError(f"{line!r}: a frame must have 1 to {_BYTES_OF_A_LINE} words")

    def read(data: bytes) -> dict[int, int] | None:
        reading = Reading(data)
        if not all(part(reading) for part in parts) or reading.at != len(data):
            return None
        kept = all(data[at] == means(reading.levels) for at, means in reading.claims)
        return reading.levels if kept else None

    return read


def text(line: str, motors: Sequence[Motor]) -> Read:
    """Return what reads the frames of one line of text. Raises as `frame`."""
    said = re.split(r"\{([0-9]+)\}", line)
    named = [int(number) for number in said[1::2]]
    _known(named, motors)
    if "{" in "".join(said[::2]):
        raise LineError(f"{line!r}: only levels such as {{0}} go into text")
    shape = re.compile("(0|[1-9][0-9]*)".join(map(re.escape, said[::2])))

    def read(data: bytes) -> dict[int, int] | None:
        found = shape.fullmatch(data.decode("ascii", "replace"))
        if found is None:
            return None
        levels: dict[int, int] = {}
        for motor, digits in zip(named, found.groups(), strict=True):
            level = motors[motor].level(int(digits))
            if level is None:
                return None
            levels[motor] = level
        return levels

    return read


def _parts(word: str, motors: Sequence[Motor]) -> list[Part]:
    if word.startswith("{"):
        return _moving(word[1:-1].split(), motors)
    literal, _, times = word.partition("*")
    try:
        same = bytes.fromhex(literal) * int(times or 1)
    except ValueError:
        raise LineError(f"{word!r}: no byte in hex") from None
    return [partial(_constant, byte) for byte in same[: _BYTES_OF_A_LINE + 1]]


def _moving(words: list[str], motors: Sequence[Motor]) -> list[Part]:
    """Return the parts of what stands in braces."""
    name, rest = (words[0], words[1:]) if words else ("", [])
    try:
        if name.isdecimal():
            return _levels([int(name)], rest, motors)
        if name in CHECKS:
            return [partial(_sum, name, int(rest[0]) if rest else 0)]
        return _WORDS[name](rest, motors)
    except (IndexError, KeyError, ValueError) as error:
        said = f"{{{' '.join(words)}}}"
        raise LineError(
            str(error) if isinstance(error, LineError) else f"{said}: no word that is known here"
        ) from None


def _levels(which: Sequence[int], rest: list[str], motors: Sequence[Motor]) -> list[Part]:
    _known(which, motors)
    times = int(rest[0].removeprefix("x")) if rest else 1
    return [partial(_level, motor, motors[motor]) for motor in which for _ in range(times)]


def _all(rest: list[str], motors: Sequence[Motor]) -> list[Part]:
    return _levels(range(len(motors)), rest, motors)


def _counter(_rest: list[str], _motors: Sequence[Motor]) -> list[Part]:
    return [lambda reading: reading.take() is not None]


def _nibbles(rest: list[str], motors: Sequence[Motor]) -> list[Part]:
    which = [int(word) for word in rest] or range(len(motors))
    _known(which, motors)
    if len(which) % 2:
        raise LineError("{nibbles}: two motors to a byte, so their number must be even")
    pairs = zip(which[::2], which[1::2], strict=True)
    return [partial(_two_levels, upper, lower, motors) for upper, lower in pairs]


def _bits(rest: list[str], motors: Sequence[Motor]) -> list[Part]:
    which = [int(word) for word in rest]
    _known(which, motors)
    return [partial(_claim, partial(_row_of_bits, which))]


def _on(rest: list[str], motors: Sequence[Motor]) -> list[Part]:
    _known([int(rest[0])], motors)
    return [partial(_claim, partial(_switch, int(rest[0]), int(rest[1], 16)))]


_WORDS: Mapping[str, Callable[[list[str], Sequence[Motor]], list[Part]]] = MappingProxyType(
    {"all": _all, "counter": _counter, "nibbles": _nibbles, "bits": _bits, "on": _on}
)


def _known(which: Sequence[int], motors: Sequence[Motor]) -> None:
    for motor in which:
        if motor >= len(motors):
            raise LineError(f"motor {motor}: there are {len(motors)}, the first is 0")


def _constant(byte: int, reading: Reading) -> bool:
    return reading.take() == byte


def _level(motor: int, what: Motor, reading: Reading) -> bool:
    sent = reading.take()
    return sent is not None and reading.note(motor, what.level(sent))


def _two_levels(upper: int, lower: int, motors: Sequence[Motor], reading: Reading) -> bool:
    both = reading.take()
    if both is None:
        return False
    high, low = divmod(both, 1 << _NIBBLE)
    within = high <= motors[upper].steps and low <= motors[lower].steps
    return within and reading.note(upper, high) and reading.note(lower, low)


def _claim(means: Callable[[Mapping[int, int]], int], reading: Reading) -> bool:
    """Take a byte that has to agree with the levels, once they are all read."""
    reading.claims.append((reading.at, means))
    return reading.take() is not None


def _switch(motor: int, byte: int, levels: Mapping[int, int]) -> int:
    return byte if levels.get(motor) else 0


def _row_of_bits(motors: Sequence[int], levels: Mapping[int, int]) -> int:
    return int("".join("1" if levels.get(motor) else "0" for motor in motors), 2)


def _sum(name: str, start: int, reading: Reading) -> bool:
    due = CHECKS[name](reading.data[start : reading.at])
    said = [reading.take() for _ in due]
    return said == list(due)
