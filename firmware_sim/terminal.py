"""A massager on a pseudo-terminal: a cable between two processes of one computer."""

import asyncio
import os
import select
import tty
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from firmware_sim.catalogue import CABLED, build, is_cabled, known_as, pieces_of
from firmware_sim.faults import Fault
from firmware_sim.mount import Mount
from firmware_sim.tape import OnFailure, Tape

LINE_AT = "line:"
"""What `--attach` begins with for a massager on a cable; a path follows."""

# How often it is looked whether somebody has opened the line; the system tells no event.
_LOOK_S = 0.02
_MOST_BYTES = 4096


class Terminal:
    """The far end of one line: what comes in goes to the mount."""

    def __init__(self, mount: Mount, far: int, pieces: Callable[[bytes], Sequence[bytes]]) -> None:
        """Serve the open file `far`; needs a running event loop.

        `pieces` cuts what the system hands over at once into what was written in turn.
        """
        self._mount = mount
        self._pieces = pieces
        self._far = far
        self._loop = asyncio.get_running_loop()
        self._open = False
        self._timer: asyncio.TimerHandle | None = None
        self._look()

    def close(self) -> None:
        """Stop serving; the file stays open."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._far)

    def _look(self) -> None:
        """Listen as soon as somebody has opened the near end."""
        if _hung_up(self._far):
            self._timer = self._loop.call_later(_LOOK_S, self._look)
            return
        self._timer = None
        self._open = True
        self._mount.connected()
        self._loop.add_reader(self._far, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._far, _MOST_BYTES)
        except OSError:  # EIO: the near end was closed
            self._loop.remove_reader(self._far)
            self._mount.disconnected("closed")
            self._look()
            return
        line = self._mount.firmware.services[0].characteristics[0].uuid
        for piece in self._pieces(data):
            self._mount.write(line, piece, response=True)


@contextmanager
def terminal(path: Path) -> Generator[int]:
    """Make a pseudo-terminal that is found at `path`; yield its far end.

    Raises:
        OSError: something is there already, or it cannot be made.
    """
    far, near = os.openpty()
    try:
        tty.setraw(near)
        path.symlink_to(os.ttyname(near))
    except BaseException:
        os.close(far)
        os.close(near)
        raise
    os.close(near)
    try:
        yield far
    finally:
        path.unlink(missing_ok=True)
        os.close(far)


def _hung_up(far: int) -> bool:
    watch = select.poll()
    watch.register(far, 0)
    return any(event & select.POLLHUP for _, event in watch.poll(0))


@asynccontextmanager
async def plug_in(
    models: Sequence[str],
    place: str,
    tapes: Mapping[str, Path] | None = None,
    faults: Sequence[Fault] = (),
    *,
    on_failure: OnFailure | None = None,
) -> AsyncGenerator[str]:
    """Switch one massager on at the end of a line that is found at `place`, `line:PATH`.

    Yields:
        The path, for a hub to open.

    Raises:
        ValueError: it is not one massager on a cable, or a fault is asked for, which no line has.
        OSError: the line cannot be made, or a tape cannot be written.
    """
    path = Path(place.removeprefix(LINE_AT))
    model = models[0]
    if len(models) > 1 or not is_cabled(model):
        there = ", ".join(CABLED)
        raise ValueError(
            f"--attach {place}: a line has one massager on a cable, of {there}, or a file with baud"
        )
    if faults:
        raise ValueError(f"--fault {faults[0].kind}: only on a simulated radio, not on a line")
    clock = asyncio.get_running_loop().time
    with ExitStack() as stack:
        tape, name = None, known_as(model)
        if tapes and name in tapes:
            actuators = build(model).actuators
            opened = Tape.at(tapes[name], clock, name, actuators, on_failure)
            tape = stack.enter_context(opened)
        far = stack.enter_context(terminal(path))
        mount = Mount(partial(build, model), _says_nothing, tape)
        stack.callback(mount.close)
        stack.callback(Terminal(mount, far, pieces_of(model)).close)
        yield str(path)


def _says_nothing(uuid: str, value: bytes) -> None:
    """Drop a notification: a line has none."""
