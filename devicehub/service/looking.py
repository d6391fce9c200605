"""Looking: which of the massagers that nobody plays are in range.

The radio is listened to now and then, and only while nothing plays: a session has it for itself.
"""

import asyncio
from contextlib import suppress

from devicehub.errors import RadioError
from devicehub.service.service import Service

NOT_HEARD = "not heard: is it on, in range, and free of other apps?"


class Looking:
    """Looks every `every_s` seconds for what is not simulated in this process; 0 is never."""

    def __init__(self, service: Service, every_s: float) -> None:
        self._service, self._every_s = service, every_s
        self._look: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        far = [place for place in self._service.places.values() if not place.near]
        if not far or not self._every_s:
            return
        try:
            while True:
                if not self._service.running:
                    self._look = asyncio.create_task(self._once(), name="look")
                    await asyncio.wait((self._look,))
                await asyncio.sleep(self._every_s)
        finally:
            await self.give_way()

    async def give_way(self) -> None:
        """End a look that is under way: a session wants the radio."""
        if self._look is not None and not self._look.done():
            self._look.cancel()
            await asyncio.wait((self._look,))

    async def _once(self) -> None:
        service = self._service
        far = [place for place in service.places.values() if not place.near]
        try:
            heard = await service.ground.look(far)
        except Exception as error:  # noqa: BLE001 - a radio may fail in any way; the next look may not
            why = str(error) if isinstance(error, RadioError) else type(error).__name__
            for place in far:
                self._absent(place.id, why)
            return
        for place in far:
            if place.id in heard:
                service.places[place.id] = heard[place.id]
                if service.absent.pop(place.id, None) is not None:
                    service.happened("heard", place.id)
            else:
                self._absent(place.id, NOT_HEARD)

    def _absent(self, device: str, why: str) -> None:
        """Take note that a massager cannot be reached; told once."""
        with suppress(KeyError):
            if self._service.absent[device] == why:
                return
        self._service.absent[device] = why
        self._service.happened("absent", device, why)
