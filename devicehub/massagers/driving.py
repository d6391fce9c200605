"""What moves and stops a model: its lines compiled to a codec, and held against each other."""

from collections.abc import Sequence
from itertools import chain

from devicehub.massagers import schema
from devicehub.massagers.codecs.catalogue import BY_NAME
from devicehub.massagers.compiling import Compiler
from devicehub.massagers.frame import Frame, FrameError, Tables
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Codec, Presses
from devicehub.massagers.moving import moves
from devicehub.massagers.template import DEFAULT_CHAR, for_actuator, wire_table
from devicehub.massagers.wire import Write


def codec_of(
    model: schema.ModelTable, compiler: Compiler, path: str, mistakes: Mistakes
) -> Codec | None:
    """Return the frames of the model at `path`, or None after a mistake."""
    tables = _tables(model, path, mistakes)
    if tables is None:
        return None
    if model.codec is not None:
        return _made(model.codec, compiler, tables, path, mistakes)
    stop = compiler.frames(f"{path}.stop", model.stop or ())
    presses = _presses(model, compiler, path) if model.up is not None else None
    frames = _levels(model, compiler, tables, path) if model.up is None else ()
    if stop is None or frames is None or (presses is None and model.up is not None):
        return None
    codec = Codec(frames, stop, model.zero == "stop", compiler.wake(), presses)
    return codec if _makes_sense(codec, len(tables), path, mistakes) else None


def _made(
    name: str, compiler: Compiler, tables: Tables, path: str, mistakes: Mistakes
) -> Codec | None:
    """Return the codec that is written in Python."""
    char = compiler.written(DEFAULT_CHAR)
    if char is None:
        mistakes.add(f"{path}.codec", f"needs a characteristic {DEFAULT_CHAR} with response", name)
        return None
    maker = BY_NAME[name]
    try:
        frames = maker.levels(char, tables)
    except FrameError as error:
        mistakes.add(f"{path}.actuators", str(error))
        return None
    return Codec(frames, (maker.stop(char),), zero_is_stop=True, wake=compiler.wake())


def _tables(
    model: schema.ModelTable, path: str, mistakes: Mistakes
) -> list[tuple[int, ...]] | None:
    tables: list[tuple[int, ...]] = []
    for number, alike in enumerate(model.actuators):
        try:
            tables += [wire_table(alike.steps, alike.wire)] * alike.count
        except FrameError as error:
            mistakes.add(f"{path}.actuators[{number}].wire", str(error), alike.wire)
            return None
    return tables


def _levels(
    model: schema.ModelTable, compiler: Compiler, tables: Tables, path: str
) -> tuple[Frame, ...] | None:
    if model.set_each is None:
        return compiler.frames(f"{path}.set", model.set or (), tables)
    lines = [for_actuator(model.set_each, i) for i in range(len(tables))]
    return compiler.frames(f"{path}.set_each", lines, tables)


def _presses(model: schema.ModelTable, compiler: Compiler, path: str) -> Presses | None:
    up = compiler.keys(f"{path}.up", model.up or ())
    down = compiler.keys(f"{path}.down", model.down or ())
    return None if up is None or down is None else Presses(up, down)


def _makes_sense(codec: Codec, actuators: int, path: str, mistakes: Mistakes) -> bool:
    """Say whether the frames carry the level of every actuator once, and stop moves none."""
    before = len(mistakes)
    if codec.presses is not None:
        _check_presses(codec.presses, actuators, path, mistakes)
    else:
        _check_levels(codec.frames, actuators, path, mistakes)
    stops = [Write(stop.char.uuid, stop.build((), 0), stop.char.response) for stop in codec.stop]
    if any(moves(codec, stop) for stop in stops):
        mistakes.add(f"{path}.stop", "must not be a frame that moves something")
    return len(mistakes) == before


def _check_levels(frames: Sequence[Frame], actuators: int, path: str, mistakes: Mistakes) -> None:
    spoken = sorted(chain.from_iterable(frame.actuators for frame in frames))
    silent = [str(i) for i in range(actuators) if i not in spoken]
    if silent:
        mistakes.add(f"{path}.set", f"must carry every level; missing: {', '.join(silent)}")
    elif len(spoken) > actuators or not all(frame.actuators for frame in frames):
        mistakes.add(f"{path}.set", "must carry every level once, and no frame without one")


def _check_presses(presses: Presses, actuators: int, path: str, mistakes: Mistakes) -> None:
    for key, writes in (("up", presses.up), ("down", presses.down)):
        if len(writes) != actuators:
            mistakes.add(f"{path}.{key}", f"must be one frame for each of {actuators} actuators")
    if len({*presses.up, *presses.down}) < len(presses.up) + len(presses.down):
        mistakes.add(f"{path}.up", "must not be a frame of another actuator, or of down")
