"""Bytes back to levels: the whitelist of the last gate before the radio.

A write passes only if it is, to the byte, a level frame or a stop of this very family; the words of
a connect script are the link's alone to say. The way back is the frame language's own: levels are
picked out, the frame is built again and has to be the same, so no other byte can carry anything.
"""

from collections.abc import Sequence

from devicehub.massagers.model import Massager
from devicehub.massagers.walking import follow
from devicehub.massagers.wire import Encoded, Write, mint
from devicehub.safety.frame import HEAT_MAX_C


def levels_of(massager: Massager, write: Write) -> tuple[int | None, ...] | None:
    """Return the step that `write` gives each actuator, or None when it is no legal level frame.

    An entry None means that the write does not speak of that actuator. A stop speaks of all.
    """
    levels: list[int | None] = [None] * len(massager.steps)
    known = False
    for frame in massager.codec.frames:
        found = frame.levels_in(write)
        if found is None:
            continue
        known = True
        for actuator in frame.actuators:
            levels[actuator] = found[actuator]
    if known:
        return tuple(levels)
    if is_stop(massager, write):
        alone = len(massager.codec.stop) == 1
        return (0 if alone else None,) * len(massager.steps)
    return None


def is_stop(massager: Massager, write: Write) -> bool:
    """Say whether `write` is a stop frame of `massager` (one of them, where a stop has several)."""
    return any(frame.levels_in(write) is not None for frame in massager.codec.stop)


def heat_of(massager: Massager, write: Write) -> int | None:
    """Return the target that `write` gives the heat pad, 0 for off, or None if it is no such write.

    A massager without a pad has no such writes, and a target above the limit has no frame.
    """
    pad = massager.heat
    if pad is None:
        return None
    if pad.off.levels_in(write) is not None:
        return 0
    target = pad.on.levels_in(write)
    return target[0] if target is not None and 0 < target[0] <= pad.target(HEAT_MAX_C) else None


def _after_wake(massager: Massager, writes: tuple[Write, ...]) -> tuple[Write, ...]:
    """Return `writes` without the words that may stand, once, right before a level frame.

    Anywhere else they stay, and are no level frame.
    """
    wake = massager.codec.wake
    for begin in range(len(writes) - len(wake) if wake else 0):
        rest = writes[begin + len(wake) :]
        if writes[begin:][: len(wake)] == wake and _is_level_frame(massager, rest[0]):
            return writes[:begin] + rest
    return writes


def _is_level_frame(massager: Massager, write: Write) -> bool:
    presses = massager.codec.presses
    return any(frame.levels_in(write) is not None for frame in massager.codec.frames) or (
        presses is not None and write in presses.up
    )


def admit(
    massager: Massager,
    writes: Sequence[Write],
    told: Sequence[int] | None,
    not_after_s: float,
    *,
    heat: int = 0,
) -> Encoded | None:
    """Return level frames that came from elsewhere as writes that the radio accepts, or None.

    Each actuator and the heat pad may be spoken of once: `steps` and `heat` of the answer are then
    all that happens, with no higher level in a frame before the last.

    Args:
        massager: The product that they are for.
        writes: What somebody wants to write: level frames and stops of this family, nothing else.
        told: Steps that every actuator was told before, for those that `writes` do not speak of, or
            None where that is not known: then only writes that speak of all are let through.
        not_after_s: Monotonic time in seconds after which they must not be written.
        heat: Target that the heat pad was told before.
    """
    targets = [target for write in writes if (target := heat_of(massager, write)) is not None]
    if len(targets) > 1 or (told is not None and len(told) != len(massager.steps)):
        return None
    of_levels = tuple(write for write in writes if heat_of(massager, write) is None)
    of_levels = _after_wake(massager, of_levels)
    if massager.codec.presses is not None:
        steps = follow(massager.codec, of_levels, told)
    else:
        steps = _said(massager, of_levels, told)
    if steps is None or any(step > most for step, most in zip(steps, massager.steps, strict=True)):
        return None
    return mint(writes, steps, not_after_s, heat=targets[0] if targets else heat)


def _said(
    massager: Massager, writes: Sequence[Write], told: Sequence[int] | None
) -> tuple[int, ...] | None:
    """Return the steps after level frames that speak of each actuator once, or None."""
    said: dict[int, int] = {}
    for write in writes:
        levels = levels_of(massager, write)
        if levels is None:
            return None
        spoken = {index: level for index, level in enumerate(levels) if level is not None}
        if said.keys() & spoken.keys():
            return None
        said |= spoken
    every = range(len(massager.steps))
    if told is None:
        return tuple(said[index] for index in every) if len(said) == len(every) else None
    return tuple(said.get(index, told[index]) for index in every)
