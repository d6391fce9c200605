"""The keeper as a process: where the hub starts one, and what its end of the pipe needs of it."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Protocol, cast


class FarEnd(Protocol):
    """A keeper at the far end of a pipe."""

    def write(self, line: bytes) -> None:
        """Have it hear a line, without waiting; who is gone hears nothing."""
        ...

    async def readline(self) -> bytes:
        """Return the next line that it says, or what there is of one; nothing when it is gone.

        Raises:
            ConnectionError: It is gone.
            ValueError: The line has no end.
        """
        ...

    def close(self) -> None:
        """Close the pipe to it: it stops whatever it has, and ends."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    async def wait(self) -> None:
        """Wait until it has ended."""
        ...


class Process:
    """A far end that is a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._hears = cast("asyncio.StreamWriter", process.stdin)
        self._says = cast("asyncio.StreamReader", process.stdout)

    def write(self, line: bytes) -> None:
        """As `FarEnd.write`."""
        if not self._hears.is_closing():
            with contextlib.suppress(Exception):  # it may log, and a logger may raise: it is gone
                self._hears.write(line)

    async def readline(self) -> bytes:
        """As `FarEnd.readline`."""
        return await self._says.readline()

    def close(self) -> None:
        """As `FarEnd.close`."""
        self._hears.close()

    def kill(self) -> None:
        """As `FarEnd.kill`."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self) -> None:
        """As `FarEnd.wait`."""
        await self._process.wait()


async def start(command: Sequence[str]) -> FarEnd:
    """Start a process that speaks over standard input and output. Raises OSError if it cannot."""
    return Process(
        await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is the hub's, not the keeper's
        )
    )
