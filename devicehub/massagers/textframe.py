"""Frames of text: ASCII as it stands, in which ``{0}`` is a level in decimal."""

import re
from collections.abc import Sequence

from devicehub.massagers.frame import (
    Build,
    Char,
    Find,
    Frame,
    FrameError,
    Tables,
    levels_by_wire,
    require_actuator,
)

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# No leading zeros, no sign; a file may not state more than 65535 steps.
_DECIMAL = rb"(0|[1-9][0-9]{0,7})"


def compile_text(body: str, char: Char, tables: Tables) -> Frame:
    """Compile a line such as ``Vibrate:{0};``.

    Raises:
        FrameError: It makes no sense.
    """
    literals = _PLACEHOLDER.split(body)[::2]
    words = _PLACEHOLDER.findall(body)
    if not body.isascii() or not body:
        raise FrameError("a text frame must be ASCII")
    if re.search(r"[{}]", "".join(literals)):
        raise FrameError("a text frame must close each { with a }")
    for word, after in zip(words, literals[1:], strict=True):
        _check_word(word, after, tables)
    if "" in literals[1:-1]:
        raise FrameError("two levels must have something between them that is no digit")
    actuators = tuple(map(int, words))
    return Frame(
        char=char,
        actuators=frozenset(actuators),
        counts=False,
        build=_builder(literals, actuators, tables),
        find=_finder(literals, actuators, tables),
    )


def _check_word(word: str, after: str, tables: Tables) -> None:
    if not word.isdecimal():
        raise FrameError(
            f"{{{word}}} does not go into a text frame: only a level such as {{0}} does"
        )
    require_actuator(int(word), tables)
    if after[:1].isdecimal():
        raise FrameError(f"{{{word}}} must be followed by something that is no digit")


def _builder(literals: Sequence[str], actuators: tuple[int, ...], tables: Tables) -> Build:
    layout = "%d".join(literal.replace("%", "%%") for literal in literals)

    def build(levels: Sequence[int], _counter: int) -> bytes:
        return (layout % tuple([tables[i][levels[i]] for i in actuators])).encode("ascii")

    return build


def _finder(literals: Sequence[str], actuators: tuple[int, ...], tables: Tables) -> Find:
    pattern = re.compile(_DECIMAL.join(re.escape(literal.encode()) for literal in literals))
    back = levels_by_wire(tables)

    def find(data: bytes) -> tuple[list[int], int] | None:
        stated = pattern.fullmatch(data)
        if stated is None:
            return None
        levels = [0] * len(back)
        for actuator, digits in zip(actuators, stated.groups(), strict=True):
            level = back[actuator].get(int(digits))
            if level is None:
                return None
            levels[actuator] = level
        return levels, 0

    return find
