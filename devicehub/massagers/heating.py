"""The heat pad of a model: its table to frames, held against the level frames.

A target is the level of an actuator 0 whose table ends at the highest target, so what is above it
has no frame, neither to be written nor to be let through.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from devicehub.massagers import schema
from devicehub.massagers.compiling import Compiler
from devicehub.massagers.frame import Frame
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Codec, HeatChannel
from devicehub.massagers.report import ReportFrame
from devicehub.massagers.wire import Write

_TARGET = re.compile(r"\{(half_)?c\}")


def heat_channel(
    table: schema.HeatTable | None, compiler: Compiler, path: str, mistakes: Mistakes
) -> HeatChannel | None:
    """Return the heat pad that `table` describes; None where there is none, or after a mistake."""
    if table is None:
        return None
    targets = _TARGET.findall(table.on)
    if len(targets) != 1:
        mistakes.add(f"{path}.on", "must carry its target once: {c} or {half_c}", table.on)
        return None
    a_degree = 2 if targets[0] else 1
    units = tuple(range(table.max_c * a_degree + 1))
    alone = compiler.frame(f"{path}.on", _TARGET.sub("00", table.on), ())  # no level beside it
    on = compiler.frame(f"{path}.on", _TARGET.sub("{0}", table.on), (units,))
    off = compiler.frame(f"{path}.off", table.off, ())
    if alone is None or on is None or off is None:
        return None
    if on.counts or off.counts:
        mistakes.add(path, "may not carry {counter}")
        return None
    return HeatChannel(on, off, a_degree, table.max_c, table.sensor, table.stop_includes)


def with_heat(
    codec: Codec, pad: HeatChannel, reports: Sequence[ReportFrame], path: str, mistakes: Mistakes
) -> Codec:
    """Return the frames of a model with a heat pad: its stop switches the pad off too.

    A sensor that no report tells of, and frames that could be taken for others, are noted.
    """
    if pad.sensor and not any(report.tells_heat for report in reports):
        mistakes.add(f"{path}.sensor", "must go with a [[report]] that has {c} or {half_c}", "true")
    targets = range(pad.max_c * pad.a_degree + 1)
    if any(_says(pad.on, (n,), (*codec.frames, *codec.stop, pad.off)) for n in targets):
        mistakes.add(f"{path}.on", "must not be a level frame, a stop or off as well")
    if _says(pad.off, (), codec.frames):
        mistakes.add(f"{path}.off", "must not be a level frame as well")
    return codec if pad.in_stop else replace(codec, stop=(*codec.stop, pad.off))


def _says(frame: Frame, levels: Sequence[int], others: Sequence[Frame]) -> bool:
    """Say whether what `frame` writes could be taken for one of `others`."""
    write = Write(frame.char.uuid, frame.build(levels, 0), frame.char.response)
    return any(other.levels_in(write) is not None for other in others)
