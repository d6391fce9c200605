"""Control sockets: how `devicehub stop` reaches every session of this user that is running.

A session listens on a Unix socket in a folder that only its user can enter. A line of JSON asks, a
line answers: `{"op": "stop", "device": null}` trips the latch at once and is answered when every
massager has confirmed or given up. Light imports: `stop` must start fast.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Self, cast

from devicehub.messages import Command, CommandKind, DeviceEnd
from devicehub.session import sockets

# A request is one short line; more is nobody's question.
REQUEST_LIMIT_BYTES = 4096
REQUEST_TIMEOUT_S = 1.0


class Control:
    """The control socket of one session."""

    def __init__(
        self,
        devices: Sequence[str],
        post: Callable[[Command], None],
        called: Callable[[], Iterable[str] | None] | None = None,
        looked_for: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """Make it.

        Args:
            devices: What the user calls the massagers of this session.
            post: Takes what is asked for.
            called: Everything else that they may be called; None as long as nobody knows.
            looked_for: Those that were lost, may be running, and are looked for to be stopped.
        """
        self._devices = tuple(devices)
        self._called = called
        self._looked_for = looked_for
        self._post = post
        self._ended: asyncio.Future[tuple[DeviceEnd, ...]] | None = None
        self._server: asyncio.Server | None = None
        self._alive: int | None = None
        self._path = sockets.folder() / f"{os.getpid()}.sock"
        self._asking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin to listen. Raises OSError when the folder is not this user's own."""
        home = self._path.parent
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not sockets.is_ours(home):
            raise PermissionError(f"{home} belongs to another user")
        home.chmod(0o700)
        self._path.unlink(missing_ok=True)
        self._ended = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_unix_server(
            self._serve, self._path, limit=REQUEST_LIMIT_BYTES
        )
        self._alive = sockets.announce(self._path)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer whoever still waits, and leave nothing behind."""
        self.finish(())
        sockets.remove(self._path)
        if self._server is not None:
            self._server.close()
        if self._asking:
            await asyncio.wait(self._asking)
        if self._server is not None:
            await self._server.wait_closed()
        if self._alive is not None:
            os.close(self._alive)

    def finish(self, ends: Sequence[DeviceEnd]) -> None:
        """Answer everyone who asked for stop with how the massagers were left."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(tuple(ends))

    def _answers_to(self, device: object) -> bool:
        """Say whether one of the massagers may be meant; before all are known, it may."""
        called = self._called() if self._called is not None else ()
        if called is None:
            return True
        names = {name.casefold() for name in (*self._devices, *called)}
        return isinstance(device, str) and device.casefold() in names

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        with contextlib.suppress(OSError, ValueError, RecursionError):
            try:
                answer = await self._answer(await self._request(reader))
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
            finally:
                writer.close()
                await writer.wait_closed()

    async def _request(self, reader: asyncio.StreamReader) -> dict[str, object]:
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                body: object = json.loads(await reader.readline())
        except TimeoutError:
            return {}
        return cast("dict[str, object]", body) if isinstance(body, dict) else {}

    async def _answer(self, request: dict[str, object]) -> dict[str, object]:
        device = request.get("device")
        if request.get("op") == "who":
            return {"devices": list(self._devices), "looked_for": list(self._looked_for())}
        if request.get("op") != "stop":
            return {"error": "ask for stop or who"}
        if device is not None and not self._answers_to(device):
            return {"devices": []}
        self._post(Command(CommandKind.STOP, "socket"))
        ends = await asyncio.shield(self._ended) if self._ended is not None else ()
        return {
            "devices": [
                {
                    "name": end.name,
                    "model": end.model,
                    "confirmed": end.stop_confirmed,
                    "ms": end.stop_ms,
                }
                for end in ends
            ]
        }
