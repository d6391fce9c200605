"""Listening: the control socket of this process. A line of JSON asks, a line answers.

The socket lies in a folder that only its user can enter. Nothing that comes in hurts: what is no
question is answered or left, and never reaches whoever listens.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Self, cast

from devicehub.messages import DeviceEnd, Snapshot
from devicehub.session import sockets
from devicehub.session.moving import asked_of

# A request is one short line; more is nobody's question.
REQUEST_LIMIT_BYTES = 4096
REQUEST_TIMEOUT_S = 1.0

Request = dict[str, object]
Answer = Callable[[Request], Coroutine[Any, Any, Request]]


class Listening:
    """The control socket; `answer` is asked for the answer to each request."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
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
        self._server = await asyncio.start_unix_server(
            self._serve, self._path, limit=REQUEST_LIMIT_BYTES
        )
        self._alive = sockets.announce(self._path)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let those who are being answered have their answer, and leave nothing behind."""
        sockets.remove(self._path)
        if self._server is not None:
            self._server.close()
        if self._asking:
            await asyncio.wait(self._asking)
        if self._server is not None:
            await self._server.wait_closed()
        if self._alive is not None:
            os.close(self._alive)

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

    async def _request(self, reader: asyncio.StreamReader) -> Request:
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                body: object = json.loads(await reader.readline())
        except TimeoutError:
            return {}
        return cast("Request", body) if isinstance(body, dict) else {}


def plays(nows: Iterable[Snapshot | None]) -> list[Request]:
    """Return for each session that has begun what it plays: title, state, seconds left.

    One that waits for a handheld to be moved says where to: `asks` in words, `places` as ids.
    """
    return [_plays(now) for now in nows if now is not None]


def _plays(now: Snapshot) -> Request:
    places = {asked.device: asked.zones for asked in now.places}
    said: Request = {
        "title": now.title,
        "state": now.state.value,
        "left_s": round(now.remaining_s, 1),
    }
    return said | ({"asks": asked_of(places), "places": places} if places else {})


def ended(ends: Iterable[DeviceEnd], asked_for: Iterable[str] = ()) -> Request:
    """Return the answer to a stop: how each massager was left.

    Those of `asked_for` that were not connected yet when their session ended are `unreached`.
    """
    ends = tuple(ends)
    reached = {end.name for end in ends}
    unreached = [name for name in asked_for if name not in reached]
    also: Request = {"unreached": unreached} if unreached else {}
    return also | {
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
