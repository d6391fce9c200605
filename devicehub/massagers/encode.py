"""CappedFrame in, Encoded out: the only way from levels to bytes that the radio accepts.

Pure: what a codec remembers between frames (the counter, what each actuator was last told) is a
value that comes in and goes out. A caller whose write failed keeps the state it had before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from devicehub.errors import UsageError
from devicehub.massagers.frame import Frame
from devicehub.massagers.model import Codec, HeatChannel, Massager
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

    A massager whose frame carries the whole state gets it once; one with a frame for each actuator
    gets those that changed, or all when the state does not know what it was told.

    Raises:
        ValueError: The frame was judged for another massager.
    """
    steps = frame.steps
    if frame.of != massager.steps:  # each step of a frame is within 0..of, or there is no frame
        raise ValueError(f"{massager.model}: this frame was judged for another massager")
    heat = 0 if massager.heat is None else massager.heat.target(frame.heat_c)
    cooler, warmer = _heat_writes(massager.heat, heat, state)
    codec = massager.codec
    wake = codec.wake if any(steps) and not any(state.told or ()) else ()
    writes = (*cooler, *wake, *_writes(codec, steps, state), *warmer)
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
            raise UsageError(f"{massager.model}: level {index} is {level}; must be 0 to {most}")
    writes = _writes(massager.codec, tuple(levels), CodecState(counter, None))
    return tuple(RawWrite(write.char, write.data, write.response) for write in writes)


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


def _writes(codec: Codec, steps: tuple[int, ...], state: CodecState) -> tuple[Write, ...]:
    if codec.zero_is_stop and not any(steps):
        return _built(codec.stop, steps, state.counter)
    frames = codec.frames
    if state.told is None or state.again or codec.whole:
        return _built(frames, steps, state.counter)
    changed = (
        frame for frame, step, told in zip(frames, steps, state.told, strict=True) if step != told
    )
    return _built(changed, steps, state.counter)


def _built(frames: Iterable[Frame], steps: tuple[int, ...], counter: int) -> tuple[Write, ...]:
    return tuple(
        [
            Write(frame.char.uuid, frame.build(steps, counter), frame.char.response)
            for frame in frames
        ]
    )
