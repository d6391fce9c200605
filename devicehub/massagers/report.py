"""What a massager says: frames of the same language, read instead of written.

``01`` is that byte, ``??`` any byte, ``...`` at the end any rest, ``{all}`` the level of every
actuator, one byte each, ``{battery}`` percent. A frame that begins with ``text`` is ASCII, in which
``{battery}`` is a decimal number.
"""

import re
from dataclasses import dataclass

from devicehub.massagers.frame import FrameError

_TOKEN = re.compile(r"\{([^{}]*)\}|([^\s{}]+)")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HEX_BYTE = re.compile(r"[0-9A-Fa-f]{2}")
_BATTERY_MAX_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What the device said. Both None: it answered, without a number in it.

    Attributes:
        battery_percent: 0 to 100, or None.
        levels: The step that each actuator is driven with, or None.
    """

    battery_percent: int | None = None
    levels: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReportFrame:
    """One thing that the device can say on one characteristic."""

    char: str
    pattern: re.Pattern[bytes]
    steps: tuple[int, ...]
    is_text: bool

    def read(self, data: bytes) -> Report | None:
        """Return what `data` says, or None when it is something else or makes no sense."""
        said = self.pattern.fullmatch(data)
        if said is None:
            return None
        groups = said.groupdict()
        battery = self._battery(groups.get("battery"))
        if battery is not None and battery > _BATTERY_MAX_PERCENT:
            return None
        driven = groups.get("all")
        if driven is None:
            return Report(battery)
        if any(level > most for level, most in zip(driven, self.steps, strict=True)):
            return None
        return Report(battery, tuple(driven))

    def _battery(self, field: bytes | None) -> int | None:
        if field is None:
            return None
        return int(field) if self.is_text else field[0]


def compile_report(text: str, char: str, steps: tuple[int, ...]) -> ReportFrame:
    """Compile one line of ``[[report]]``.

    Args:
        text: The line.
        char: UUID of the characteristic that says it.
        steps: Steps of every actuator.

    Raises:
        FrameError: It makes no sense.
    """
    is_text = text.startswith("text ")
    body = text.removeprefix("text ")
    source = _text_pattern(body) if is_text else _hex_pattern(body, len(steps))
    try:
        return ReportFrame(char, re.compile(source, re.DOTALL), steps, is_text)
    except re.error:
        raise FrameError("each of {all} and {battery} may stand in a frame once") from None


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
    if word == "battery":
        return b"(?P<battery>.)"
    if word == "all":
        return b"(?P<all>.{%d})" % actuators
    if literal == "??":
        return b"."
    if not _HEX_BYTE.fullmatch(literal):
        raise FrameError(
            f"{literal or '{' + word + '}'} must be a hex byte, ??, {{all}}, {{battery}}"
        )
    return re.escape(bytes.fromhex(literal))
