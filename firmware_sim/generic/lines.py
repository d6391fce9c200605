"""A line of a massager file: where it goes, whether it is text, and what it may fill in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware_sim.generic.pattern import LineError, Motor, Read, frame, text

_DEFAULT = "tx"
_TEXT = "text "


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with what reads it.

    Attributes:
        char: UUID of the characteristic that it goes to.
        response: Whether it asks for a response there.
        read: What its bytes mean.
    """

    char: str
    response: bool
    read: Read

    def levels(self, char: str, data: bytes, *, response: bool) -> dict[int, int] | None:
        """Return the levels in a write, or None if it is not of this line."""
        if (char, response) != (self.char, self.response):
            return None
        return self.read(data)


def line_of(
    said: str, chars: Mapping[str, tuple[str, bool]], motors: Sequence[Motor], pin: str = ""
) -> Line:
    """Return a line of a file.

    Args:
        said: As it stands there.
        chars: UUID, and whether a response is asked for, by the name that the file gives.
        motors: The actuators; none for lines that carry no level.
        pin: The digits of the file's PIN.

    Raises:
        LineError: It is not understood.
    """
    name, body = _addressed(said)
    if name not in chars:
        raise LineError(f"{said!r}: @{name} is no characteristic that frames go to")
    uuid, response = chars[name]
    if body.startswith(_TEXT):
        words = body.removeprefix(_TEXT).replace("{pin}", pin)
        return Line(uuid, response, text(words, motors))
    digits = " ".join(f"{int(digit):02X}" for digit in pin)
    return Line(uuid, response, frame(body.replace("{pin}", digits), motors))


def for_motor(said: str, motor: int) -> str:
    """Return the line of one motor from a line for each, with {index} and {level} filled in."""
    _, body = _addressed(said)
    index = str(motor) if body.startswith(_TEXT) else f"{motor:02X}"
    level = said.replace("{level}", f"{{{motor}}}").replace("{level ", f"{{{motor} ")
    return level.replace("{index}", index)


def constant(said: str, pin: str = "") -> bytes:
    """Return the bytes of a line in which nothing moves. Raises LineError: something does."""
    _, body = _addressed(said)
    if body.startswith(_TEXT):
        return body.removeprefix(_TEXT).replace("{pin}", pin).encode()
    digits = " ".join(f"{int(digit):02X}" for digit in pin)
    try:
        return b"".join(
            bytes.fromhex(byte) * int(times or 1)
            for byte, _, times in (
                word.partition("*") for word in body.replace("{pin}", digits).split()
            )
        )
    except ValueError:
        raise LineError(f"{said!r}: something moves in it") from None


def _addressed(said: str) -> tuple[str, str]:
    if not said.startswith("@"):
        return _DEFAULT, said
    name, _, body = said.removeprefix("@").partition(" ")
    return name, body.lstrip()
