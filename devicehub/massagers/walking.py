"""Walking: how a massager that knows only more and less is brought to a level, a step at a time.

What it was told is all that is known of it, so every walk begins where it is sure: at the stop,
which brings every level to 0 whatever it was. A rise is one press of each actuator at a time, so
that every step of it is judged; a fall is all its presses at once, or the stop where that is
sooner; an actuator that goes to 0 goes there by the stop, which sets the count right again.

The hub walks by `step_towards`, the keeper reads the same writes back by `follow`.
"""

from collections import Counter
from collections.abc import Sequence

from devicehub.massagers.model import Codec, Presses
from devicehub.massagers.wire import Write


def step_towards(
    codec: Codec, wanted: Sequence[int], told: Sequence[int] | None
) -> tuple[tuple[Write, ...] | None, tuple[int, ...]]:
    """Return the next presses on the way to `wanted` and the steps after them.

    None instead of presses is the stop: to 0, or because nobody knows where it is.

    Args:
        codec: One with presses.
        wanted: The step that each actuator shall have.
        told: The step that each was told last, or None where that is not known.
    """
    presses = _presses(codec)
    home = (0,) * len(wanted)
    if told is None:
        return None, home
    falls = [(i, before - to) for i, (before, to) in enumerate(zip(told, wanted, strict=True))]
    down = [presses.down[i] for i, by in falls for _ in range(by)]
    if any(by > 0 and not wanted[i] for i, by in falls) or len(down) > len(codec.stop):
        return None, home
    if down:
        return tuple(down), tuple(map(min, told, wanted))
    rising = [i for i, by in falls if by < 0]
    return tuple(presses.up[i] for i in rising), _pressed(told, Counter(rising))


def follow(
    codec: Codec, writes: Sequence[Write], told: Sequence[int] | None
) -> tuple[int, ...] | None:
    """Return the steps after `writes`, or None where they are no step of a walk.

    That is: a whole stop, or presses of one direction from levels that are known, up at most one
    for each actuator.
    """
    if len(writes) == len(codec.stop) and all(
        frame.levels_in(write) is not None for frame, write in zip(codec.stop, writes, strict=True)
    ):
        return (0,) * len(_presses(codec).up)
    if told is None:
        return None
    presses = _presses(codec)
    if all(write in presses.up for write in writes):
        ups = Counter(presses.up.index(write) for write in writes)
        return _pressed(told, ups) if ups.total() == len(ups) else None
    if all(write in presses.down for write in writes):
        return _pressed(told, Counter(presses.down.index(write) for write in writes), -1)
    return None


def _pressed(told: Sequence[int], presses: Counter[int], by: int = 1) -> tuple[int, ...]:
    """Return the steps after so many presses each; a level cannot go below 0."""
    return tuple(max(0, step + by * presses[i]) for i, step in enumerate(told))


def _presses(codec: Codec) -> Presses:
    if codec.presses is None:
        raise ValueError("only a massager with keys for more and less is walked")
    return codec.presses
