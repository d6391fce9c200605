"""Levels to writes and back through the last gate, for any massager."""

from collections.abc import Iterator, Sequence

from devicehub.massagers.encode import raw
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import admit
from devicehub.massagers.walking import step_towards
from devicehub.massagers.wire import Encoded, Write

MODES = (True, False)


def writes_of(subject: Massager, levels: Sequence[int], counter: int = 0) -> list[Write]:
    """Return the writes of raw levels; for one with keys, from a stop on."""
    return [Write(w.char, w.data, w.response) for w in raw(subject, levels, counter)]


def read_back(subject: Massager, levels: Sequence[int], counter: int = 0) -> tuple[int, ...] | None:
    """Return the steps that the last gate reads in the writes of `levels`."""
    if subject.codec.presses is not None:
        return _walked(subject, tuple(levels))
    passed = admit(subject, writes_of(subject, levels, counter), None, 1.0)
    return None if passed is None else passed.steps


def _walked(subject: Massager, levels: tuple[int, ...]) -> tuple[int, ...] | None:
    told: tuple[int, ...] | None = None
    while told != levels:
        presses, steps = step_towards(subject.codec, levels, told)
        writes = subject.stops[0].writes if presses is None else presses
        passed = admit(subject, writes, told, 1.0)
        if passed is None or passed.steps != steps:
            return None
        told = steps
    return told


def samples(subject: Massager) -> Iterator[tuple[int, ...]]:
    """Yield every level of every motor, the others at 0 and at a level of their own in turn."""
    others = [
        (0,) * len(subject.steps),
        tuple(min(1 + i % 7, n) for i, n in enumerate(subject.steps)),
    ]
    for motor, most in enumerate(subject.steps):
        for level in range(most + 1):
            around = others[level % 2]
            yield (*around[:motor], level, *around[motor + 1 :])


def legal(subject: Massager) -> list[tuple[Write, ...]]:
    """Return sets of writes that may pass: a stop, some levels, keys."""
    most = subject.steps
    some = tuple(min(3, n) for n in most)
    sets = [subject.stops[0].writes, *map(tuple, (writes_of(subject, x) for x in (some, most)))]
    presses = subject.codec.presses
    if presses is not None:
        return [subject.stops[0].writes, *((w,) for w in (*presses.up, *presses.down))]
    return [tuple(one) for one in sets]


def passes(subject: Massager, writes: Sequence[Write]) -> Encoded | None:
    """Return what the last gate makes of `writes` for a massager that is known to be at 0."""
    return admit(subject, writes, (0,) * len(subject.steps), 1.0)
