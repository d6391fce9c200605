"""What a massager says: frames of the same language, read instead of written.

``01`` is that byte, ``??`` any byte, ``...`` at the end any rest, ``{all}`` the level of every
actuator, one byte each, ``{battery}`` percent, ``{c}`` and ``{half_c}`` the temperature of the heat
pad in degrees and half degrees Celsius, where ``FF`` is no reading. A frame that begins with
``text`` is ASCII, in which ``{battery}`` is a decimal number.
"""

import math
import re
from dataclasses import dataclass

from devicehub.massagers.frame import FrameError

_TOKEN = re.compile(r"\{([^{}]*)\}|([^\s{}]+)")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HEX_BYTE = re.compile(r"[0-9A-Fa-f]{2}")
_BATTERY_MAX_PERCENT = 100
_NO_READING = 0xFF


@dataclass(frozen=True, slots=True)
class Report:
    """What the device said. All None: it answered, without a number in it.

    Attributes:
        battery_percent: 0 to 100, or None.
        levels: The step that each actuator is driven with, or None.
        heat_c: How warm the heat pad is, in degrees Celsius; NaN if its sensor has no reading.
    """

    battery_percent: int | None = None
    levels: tuple[int, ...] | None = None
    heat_c: float | None = None


@dataclass(frozen=True, slots=True)
class ReportFrame:
    """One thing that the device can say on one characteristic.

    `every_s` is how often it says so unasked, None if that is not known.
    """

    char: str
    pattern: re.Pattern[bytes]
    steps: tuple[int, ...]
    is_text: bool
    every_s: float | None

    @property
    def tells_heat(self) -> bool:
        """Whether it says how warm the heat pad is."""
        return not {"c", "half_c"}.isdisjoint(self.pattern.groupindex)

    @property
    def tells_battery(self) -> bool:
        """Whether it says how full the battery is."""
        return "battery" in self.pattern.groupindex

    def read(self, data: bytes) -> Report | None:
        """Return what `data` says, or None when it is something else or makes no sense."""
        said = self.pattern.fullmatch(data)
        if said is None:
            return None
        groups = said.groupdict()
        battery = self._battery(groups.get("battery"))
        if battery is not None and battery > _BATTERY_MAX_PERCENT:
            return None
        heat_c = _heat_c(groups)
        driven = groups.get("all")
        if driven is None:
            return Report(battery, None, heat_c)
        if any(level > most for level, most in zip(driven, self.steps, strict=True)):
            return None
        return Report(battery, tuple(driven), heat_c)

    def _battery(self, field: bytes | None) -> int | None:
        if field is None:
            return None
        return int(field) if self.is_text else field[0]


def _heat_c(groups: dict[str, bytes]) -> float | None:
    """Return the temperature among the fields of a report; NaN where there is no reading."""
    for word, a_degree in (("c", 1), ("half_c", 2)):
        field = groups.get(word)
        if field is not None:
            return math.nan if field[0] == _NO_READING else field[0] / a_degree
    return None


def compile_report(
    text: str, char: str, steps: tuple[int, ...], every_s: float | None = None
) -> ReportFrame:
    """Compile one line of ``[[report]]``.

    Args:
        text: The line.
        char: UUID of the characteristic that says it.
        steps: Steps of every actuator.
        every_s: How often the device says so unasked, in seconds.

    Raises:
        FrameError: It makes no sense.
    """
    is_text = text.startswith("text ")
    body = text.removeprefix("text ")
    source = _text_pattern(body) if is_text else _hex_pattern(body, len(steps))
    try:
        return ReportFrame(char, re.compile(source, re.DOTALL), steps, is_text, every_s)
    except re.error:
        raise FrameError(
            "each of {all}, {battery} and {half_c} may stand in a frame once"
        ) from None


def _text_pattern(body: str) -> bytes:
    literals = _PLACEHOLDER.split(body)[::2]
    words = _PLACEHOLDER.findall(body)
    if not body.isascii() or any(word != "battery" for word in words):
        raise FrameError("must be ASCII in which only {battery} moves")
    return rb"(?P<battery>[0-9]{1,3})".join(re.escape(literal.encode()) for literal in literals)


def _hex_pattern(body: str, actuators: int) -> bytes:
    rest = b""
    stated = body.strip()
    if stated.endswith("..."):
        stated, rest = stated.removesuffix("..."), b".*"
    if not stated or _TOKEN.sub("", stated).strip():
        raise FrameError('must be hex bytes, ?? and {..}, for example "01 ?? {all} {battery} ..."')
    tokens = _TOKEN.finditer(stated)
    pieces = [_piece(token[1] or "", token[2] or "", actuators) for token in tokens]
    return b"".join(pieces) + rest


def _piece(word: str, literal: str, actuators: int) -> bytes:
    if word in {"battery", "c", "half_c"}:
        return b"(?P<%b>.)" % word.encode()
    if word == "all":
        return b"(?P<all>.{%d})" % actuators
    if literal == "??":
        return b"."
    if not _HEX_BYTE.fullmatch(literal):
        raise FrameError(
            f"{literal or '{' + word + '}'} must be a hex byte, ??, {{all}}, {{battery}}, "
            "{{c}}, {{half_c}}"
        )
    return re.escape(bytes.fromhex(literal))
