"""Control: how `devicehub stop` reaches the session of a `play`, through its control socket.

`{"op": "stop", "device": null}` trips the latch at once and is answered when every massager has
confirmed or given up; those that were not connected yet are `unreached`. A `device` that its user
saved comes with its `address`. Light imports: `stop` must start fast.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from devicehub.messages import Command, CommandKind, DeviceEnd, Snapshot
from devicehub.session.listening import Listening, Request, ended, plays


class Control:
    """The control socket of one session."""

    def __init__(
        self,
        devices: Sequence[str],
        post: Callable[[Command], None],
        called: Callable[[], Iterable[str] | None] | None = None,
        looked_for: Callable[[], Iterable[str]] = tuple,
        snapshot: Callable[[], Snapshot | None] = lambda: None,
    ) -> None:
        """Make it.

        Args:
            devices: What the user calls the massagers of this session.
            post: Takes what is asked for.
            called: Everything else that they may be called; None as long as nobody knows.
            looked_for: Those that were lost, may be running, and are looked for to be stopped.
            snapshot: The session now; None as long as massagers are looked for.
        """
        self._snapshot = snapshot
        self._devices = tuple(devices)
        self._called = called
        self._looked_for = looked_for
        self._post = post
        self._ended: asyncio.Future[tuple[DeviceEnd, ...]] | None = None
        self._listening = Listening(self._answer)

    async def __aenter__(self) -> Self:
        """Begin to listen. Raises OSError when the folder is not this user's own."""
        self._ended = asyncio.get_running_loop().create_future()
        await self._listening.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer whoever still waits, and leave nothing behind."""
        self.finish(())
        await self._listening.__aexit__()

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

    async def _answer(self, request: Request) -> Request:
        device, address = request.get("device"), request.get("address")
        if request.get("op") == "who":
            return {
                "devices": list(self._devices),
                "looked_for": list(self._looked_for()),
                "plays": plays([self._snapshot()]),
            }
        if request.get("op") != "stop":
            return {"error": "ask for stop or who"}
        if device is not None and not (self._answers_to(device) or self._answers_to(address)):
            return {"devices": []}
        self._post(Command(CommandKind.STOP, "socket"))
        ends = await asyncio.shield(self._ended) if self._ended is not None else ()
        return ended(ends, self._devices)
