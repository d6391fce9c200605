"""A massager on a pseudo-terminal: a cable between two processes of one computer."""

import asyncio
import os
import select
import tty
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from firmware_sim.cabled import LINE
from firmware_sim.mount import Mount

# How often it is looked whether somebody has opened the line; the system tells no event.
_LOOK_S = 0.02
_MOST_BYTES = 4096


class Terminal:
    """The far end of one line: what comes in goes to the mount."""

    def __init__(self, mount: Mount, far: int) -> None:
        """Serve the open file `far`; needs a running event loop."""
        self._mount = mount
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
        self._mount.write(LINE, data, response=True)


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
