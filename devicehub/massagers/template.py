"""The frame language: one line of a massager's file, compiled once into fast functions both ways.

A frame is a line of hex bytes in which only ``{..}`` moves:

===================  =============================================================================
``0F 03``            these bytes; ``00*7`` seven of them
``{0}`` ``{0 x4}``   the level of actuator 0 as one byte (after its ``wire``); four times
``{all}``            the levels of all actuators in order, one byte each; ``{all x4}`` four of each
``{nibbles}``        the levels of all actuators, two to a byte, the first in the upper half;
                     ``{nibbles 0 1}`` of those named
``{on 0 FF}``        FF while actuator 0 is above 0, else 00
``{bits 0 1}``       a byte whose lowest bits say who is above 0, the last one named lowest
``{counter}``        one byte that rises by one with each frame
``{xor}`` ...        a checksum over all bytes before it, ``{xor 2}`` from byte 2 on; the others are
                     ``{sum8}``, ``{sumFF}``, ``{not7}`` and ``{crc16}``
===================  =============================================================================

``@name`` before it sends it to that characteristic, else it goes to ``tx``. A frame that begins
with ``text`` is ASCII as it stands, in which ``{0}`` is a level in decimal.
"""

import re
from collections.abc import Mapping

from devicehub.massagers.frame import Char, Frame, FrameError, Tables
from devicehub.massagers.hexframe import compile_hex
from devicehub.massagers.textframe import compile_text

DEFAULT_CHAR = "tx"
"""Where a frame goes that says nothing else, in the words of the file."""

_ADDRESSED = re.compile(r"(?:@(\S+)\s+)?(text )?(.*)", re.DOTALL)
_WIRE = re.compile(r"([+*])([1-9][0-9]{0,2})")
_INDEX = re.compile(r"\{index\}")
_PIN = "{pin}"
_LEVEL = re.compile(r"(?<=[{ ])level(?=[ }])")


def compile_frame(line: str, chars: Mapping[str, Char], tables: Tables) -> Frame:
    """Compile one frame of a massager's file.

    Args:
        line: As in the file.
        chars: Characteristics by the name that the file gives them.
        tables: What goes over the wire for each level, per actuator; empty for frames that may
            not carry levels.

    Raises:
        FrameError: It makes no sense.
    """
    name, is_text, body = _split(line)
    if name not in chars:
        known = ", ".join(f"@{char}" for char in chars) or "no characteristic"
        raise FrameError(f"must begin with where it goes; {known} states response in [chars]")
    compiler = compile_text if is_text else compile_hex
    return compiler(body, chars[name], tables)


def for_actuator(line: str, index: int) -> str:
    """Return the frame of one actuator from a line for each: fills in {level} and {index}.

    ``{index}`` is a byte in frames of bytes and a decimal number in frames of text.
    """
    _, is_text, _ = _split(line)
    numbered = _INDEX.sub(str(index) if is_text else f"{index:02X}", line)
    return _LEVEL.sub(str(index), numbered)


def with_pin(line: str, pin: str | None) -> str:
    """Return a frame with the digits of the PIN filled in: bytes 0 to 9, or text as it stands.

    Raises:
        FrameError: The frame wants a PIN and the file states none.
    """
    if _PIN not in line:
        return line
    if pin is None:
        raise FrameError('{pin} needs its digits in the file, for example pin = "3060"')
    _, is_text, _ = _split(line)
    return line.replace(_PIN, pin if is_text else " ".join(f"0{digit}" for digit in pin))


def wire_table(steps: int, wire: str | None) -> tuple[int, ...]:
    """Return what goes over the wire for each level 0..steps: ``"+3"`` adds, ``"*2"`` multiplies.

    Raises:
        FrameError: `wire` is neither.
    """
    if wire is None:
        return tuple(range(steps + 1))
    stated = _WIRE.fullmatch(wire)
    if stated is None:
        raise FrameError('must be "+k" or "*k" with a whole k from 1 to 999')
    by = int(stated[2])
    return tuple(n + by if stated[1] == "+" else n * by for n in range(steps + 1))


def _split(line: str) -> tuple[str, bool, str]:
    """Return the characteristic's name, whether it is text, and the rest."""
    name, text, body = _ADDRESSED.findall(line)[0]
    return name or DEFAULT_CHAR, bool(text), body
