"""CappedFrame in, Encoded out: the only way from levels to bytes that the radio accepts.

Pure: what a codec remembers between frames (the counter, what each actuator was last told) is a
value that comes in and goes out. A caller whose write failed keeps the state it had before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from devicehub.errors import UsageError
from devicehub.massagers.frame import Frame
from devicehub.massagers.model import Codec, HeatChannel, Massager
from devicehub.massagers.walking import step_towards
from devicehub.massagers.wire import Encoded, RawWrite, Write, mint
from devicehub.safety.frame import CappedFrame

_COUNTER_MODULUS = 256


@dataclass(frozen=True, slots=True)
class CodecState:
    """What a codec remembers.

    Attributes:
        counter: The counter of the next frame, 0 to 255.
        told: Steps that every actuator was last told, or None when that is not known.
        heat: Target that the heat pad was last told and may still have; 0 for off.
        again: Whether the next frame tells every actuator, whatever `told` says.
    """

    counter: int
    told: tuple[int, ...] | None
    heat: int = 0
    again: bool = False


def initial() -> CodecState:
    """Return the state of a massager that was told nothing yet."""
    return CodecState(0, None)


def forget(state: CodecState) -> CodecState:
    """Return the state after which every actuator is told again.

    For the frame that follows a stop, a reconnect or a failed write. The counter goes on, so that
    the device never sees one twice in a row.
    """
    return replace(state, told=None)


def repeat(state: CodecState) -> CodecState:
    """Return the state after which every actuator is told again what it was told: the refresh."""
    return replace(state, again=True)


def encode(massager: Massager, frame: CappedFrame, state: CodecState) -> tuple[Encoded, CodecState]:
    """Return the writes that bring `massager` to the levels of `frame`, and the state after them.

    Switching the heat pad off comes before all levels and switching it on after them; while it is
    on, it is told again whenever the levels are.

    A massager whose frame carries the whole state gets it once; one with several frames gets those
    that changed, or all when the state does not know what it was told. One that knows only more and
    less gets the next step of the way: `steps` of what is returned are then not those of `frame`.

    Raises:
        ValueError: The frame was judged for another massager.
    """
    steps = frame.steps
    if frame.of != massager.steps:  # each step of a frame is within 0..of, or there is no frame
        raise ValueError(f"{massager.model}: this frame was judged for another massager")
    heat = 0 if massager.heat is None else massager.heat.target(frame.heat_c)
    cooler, warmer = _heat_writes(massager.heat, heat, state)
    told, steps = _told(massager.codec, steps, state)
    writes = (*cooler, *told, *warmer)
    counter = (state.counter + 1) % _COUNTER_MODULUS
    encoded = mint(writes, steps, frame.not_after_s, heat=heat)
    return encoded, CodecState(counter, steps, heat)


def raw(massager: Massager, levels: Sequence[int], counter: int = 0) -> tuple[RawWrite, ...]:
    """Return the writes for raw device levels that nobody judged. Radio does not accept them.

    Args:
        massager: The product.
        levels: Device steps, one for each actuator.
        counter: The counter of the frame, 0 to 255, where it has one.

    Raises:
        UsageError: Too many or too few levels, or one out of range.
    """
    if len(levels) != len(massager.steps):
        raise UsageError(
            f"{massager.model}: {len(massager.steps)} levels wanted, not {len(levels)}"
        )
    for index, (level, most) in enumerate(zip(levels, massager.steps, strict=True)):
        if not 0 <= level <= most:
            raise UsageError(
                f"{massager.model}: motor {index} is given level {level}; must be 0 to {most}"
            )
    writes = _all_the_way(massager.codec, tuple(levels), counter)
    return tuple(RawWrite(write.char, write.data, write.response) for write in writes)


def _all_the_way(codec: Codec, levels: tuple[int, ...], counter: int) -> list[Write]:
    """Return what brings a massager to `levels` from wherever it is."""
    writes, reached = _written(codec, levels, CodecState(counter, None))
    every = list(writes)
    while reached != levels:
        writes, reached = _written(codec, levels, CodecState(counter, reached))
        every += writes
    return every


def stops(codec: Codec, actuators: int) -> tuple[Encoded, ...]:
    """Return ready-made stops: two where a counter makes them differ."""
    counters = (0, 1) if any(frame.counts for frame in codec.stop) else (0,)
    zeros = (0,) * actuators
    return tuple(
        mint(_built(codec.stop, zeros, counter), zeros, is_stop=True) for counter in counters
    )


def _heat_writes(
    pad: HeatChannel | None, heat: int, state: CodecState
) -> tuple[tuple[Write, ...], tuple[Write, ...]]:
    """Return what goes before the levels, an off, and what goes after them, a target."""
    if pad is None:
        return (), ()
    if not heat:
        return (_built((pad.off,), (), 0) if state.heat else ()), ()
    known = state.told is not None and state.heat == heat and not state.again
    return (), (() if known else _built((pad.on,), (heat,), 0))


def _told(
    codec: Codec, wanted: tuple[int, ...], state: CodecState
) -> tuple[tuple[Write, ...], tuple[int, ...]]:
    """Return the writes of levels, woken first where none was told, and the steps after them."""
    writes, steps = _written(codec, wanted, state)
    asleep = any(steps) and not any(state.told or ())
    return (*(codec.wake if asleep else ()), *writes), steps


def _written(
    codec: Codec, wanted: tuple[int, ...], state: CodecState
) -> tuple[tuple[Write, ...], tuple[int, ...]]:
    """Return the writes of levels and the steps after them."""
    if codec.presses is not None:
        presses, steps = step_towards(codec, wanted, state.told)
        return (_built(codec.stop, steps, state.counter) if presses is None else presses), steps
    if codec.zero_is_stop and not any(wanted):
        return _built(codec.stop, wanted, state.counter), wanted
    frames: Iterable[Frame] = codec.frames
    told = state.told
    if told is not None and not state.again and not codec.whole:
        frames = [f for f in frames if any(wanted[i] != told[i] for i in f.actuators)]
    return _built(frames, wanted, state.counter), wanted


def _built(frames: Iterable[Frame], steps: tuple[int, ...], counter: int) -> tuple[Write, ...]:
    return tuple(
        [
            Write(frame.char.uuid, frame.build(steps, counter), frame.char.response)
            for frame in frames
        ]
    )
