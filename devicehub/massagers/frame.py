"""A compiled frame: levels to bytes and exactly back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devicehub.massagers.wire import Write

Tables = Sequence[tuple[int, ...]]
"""What goes over the wire for each level 0..steps, per actuator; empty where no level may go."""

Build = Callable[[Sequence[int], int], bytes]
"""Levels of all actuators and the counter to bytes. Levels must be within their steps."""

Find = Callable[[bytes], tuple[list[int], int] | None]
"""Bytes to levels (0 for actuators that the frame does not speak of) and counter, unproven."""


class FrameError(ValueError):
    """A frame that makes no sense; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Char:
    """A characteristic that frames go to: its UUID and whether writes ask for a response."""

    uuid: str
    response: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One compiled frame.

    Attributes:
        char: Where it goes.
        actuators: Whose levels can be read back from it.
        counts: Whether it carries the counter.
        build: Levels and counter to bytes.
        find: The way back, unproven; use `read`.
    """

    char: Char
    actuators: frozenset[int]
    counts: bool
    build: Build
    find: Find

    def read(self, data: bytes) -> list[int] | None:
        """Return the levels that give exactly `data`, or None; 0 where it does not speak.

        Exact by construction: levels are picked out at their places, then the frame is built again
        from them and has to be the same to the byte, checksum included.
        """
        found = self.find(data)
        if found is None or self.build(*found) != data:
            return None
        return found[0]

    def levels_in(self, write: Write) -> list[int] | None:
        """Return the levels of a write that is exactly this frame, to this characteristic."""
        if Char(write.char, write.response) != self.char:
            return None
        return self.read(write.data)


def require_actuator(actuator: int, tables: Tables) -> None:
    """Check that a frame may speak of an actuator.

    Raises:
        FrameError: There is no such actuator, or the frame may not carry levels at all.
    """
    if not tables:
        raise FrameError(f"{{{actuator}}}: this frame may not carry levels")
    if actuator >= len(tables):
        raise FrameError(f"{{{actuator}}}: no such actuator, they are 0 to {len(tables) - 1}")


def levels_by_wire(tables: Tables) -> list[dict[int, int]]:
    """Return, per actuator, the level that each value on the wire stands for."""
    return [{value: level for level, value in enumerate(table)} for table in tables]
