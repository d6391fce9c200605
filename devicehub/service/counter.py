"""Counter: where this user's other programs ask the service, over its control socket.

Stop is taken before anything is looked at; who asks is answered when every massager has confirmed.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from devicehub.outside import Answer
from devicehub.service.answers import no
from devicehub.service.ground import Order, Place
from devicehub.service.requests import CeilingRequest, StartRequest, TellRequest, read
from devicehub.service.running import Running
from devicehub.service.service import Service
from devicehub.service.telling import tell
from devicehub.session.listening import Request, ended, plays

SOURCE = "socket"


class Counter:
    """Answers requests; names are this user's own, and may be heard here."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Request:
        """Return the answer to one request."""
        if request.get("op") == "stop":
            return await self._stop(request.get("device"))
        if request.get("op") == "who":
            return self._who()
        answer = await self._ask(request)
        return {
            "ok": answer.ok,
            "code": answer.code,
            "detail": answer.detail,
            "session": answer.session,
        }

    async def _stop(self, device: object) -> Request:
        meant = self._meant(device)
        self._service.stop_these(meant, SOURCE)
        ends = [end for one in meant for end in await asyncio.shield(one.left)]
        return ended(ends, [id_ for one in meant for id_ in one.devices])

    def _who(self) -> Request:
        running = tuple(self._service.running.values())
        return {
            "devices": [id_ for one in running for id_ in one.devices],
            "names": [name for one in running for name in _names(one)],
            "looked_for": [name for one in running for name in one.looked_for],
            "serves": list(self._service.places),
            "sessions": [one.id for one in running],
            "plays": plays(one.snapshot for one in running),
        }

    def _meant(self, device: object) -> list[Running]:
        """Return the sessions that are meant; before its massagers are known, one may be."""
        every = self._service.running.values()
        if device is None:
            return list(every)
        if not isinstance(device, str):
            return []
        return [one for one in every if one.called is None or device.casefold() in _names(one)]

    async def _ask(self, request: Request) -> Answer:
        wish = read(request)
        if isinstance(wish, Answer):
            return wish
        if isinstance(wish, StartRequest):
            return await self._start(wish)
        return self._tell(wish)

    async def _start(self, wish: StartRequest) -> Answer:
        wanted = wish.devices or (
            list(self._service.places) if len(self._service.places) == 1 else []
        )
        if not wanted:
            return no("bad_request", f"which one? {', '.join(self._service.places)}")
        places = [self._place(name) for name in wanted]
        unknown = [name for name, place in zip(wanted, places, strict=True) if place is None]
        if unknown:
            served = ", ".join(self._service.places)
            return no("unknown_device", f"{unknown[0]}: is not served; those are: {served}")
        found = tuple(replace(one, zone=wish.zone or one.zone) for one in places if one is not None)
        profile = wish.profile or self._service.chosen.get(found[0].id)
        if profile is None:
            return no("bad_request", f"say which profile; {found[0].id} has none of its own")
        return await self._service.start(
            Order(found, profile, wish.person, wish.minutes, wish.ceiling)
        )

    def _place(self, name: str) -> Place | None:
        """Return the massager that is called so: by its id, or as it is on a command line."""
        folded = name.casefold()
        every = self._service.places.values()
        return next((one for one in every if folded in (one.id, one.device.casefold())), None)

    def _tell(self, wish: TellRequest | CeilingRequest) -> Answer:
        return tell(self._meant(wish.device), wish, SOURCE)


def _names(one: Running) -> Iterable[str]:
    """Return everything that the massagers of a session may be called, in small letters."""
    own = [name for place in one.order.places for name in (place.id, place.device, place.model)]
    return [name.casefold() for name in (*own, *(one.called or ())) if name]
