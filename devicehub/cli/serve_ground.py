"""The ground of a service: each session is made as `play` makes it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import replace
from pathlib import Path

from devicehub.cli.air import open_air
from devicehub.cli.ground import hub_of
from devicehub.cli.request import Request
from devicehub.errors import RadioError, SafetyRefusal, UsageError
from devicehub.hub import Hub
from devicehub.ledger.ledger import Ledger
from devicehub.massagers.own import known_with
from devicehub.messages import Command, Event
from devicehub.opaque import opaque
from devicehub.radio import wired
from devicehub.radio.saved import saved
from devicehub.radio.scanner import Sighting, scan
from devicehub.service.ground import Order, Place
from devicehub.session.plan import Plan
from profiles import catalogue
from profiles.text import Language

# A massager that is on advertises a few times in so long.
LOOK_S = 4.0


class ServeGround:
    """Requests like those of the command line, from orders."""

    def __init__(
        self,
        air: str | None,
        files: Mapping[str, Path],
        secret: bytes,
        settings: Path | None = None,
        language: Language = "en",
    ) -> None:
        """Make it.

        Args:
            air: Where massagers are that are not simulated here; None for Bluetooth.
            files: The massager files that were named, by model.
            secret: From which the ids of people are made.
            settings: Where proxies are set; None for the usual file.
            language: In which titles and cues are told.
        """
        self._language: Language = language
        self._air, self._files, self._secret, self._settings = air, files, secret, settings

    def check(self, order: Order) -> Plan:
        """Return the plan of an order. Raises as `Request.checked_plan`."""
        plan = self._request(order).checked_plan()
        zones = {one.id: one.zone for one in order.places if one.zone}
        return replace(plan, profile=plan.profile.told_in(self._language), zones=zones)

    def open(
        self,
        order: Order,
        plan: Plan,
        tell: Callable[[Event], None],
        ring: Callable[[Command], None],
    ) -> AbstractAsyncContextManager[Hub]:
        """Yield the hub of a session. Raises as `hub_of`."""
        ids = {place.device: place.id for place in order.places}
        return hub_of(self._request(order), plan, tell, ring, ids.__getitem__)

    def _request(self, order: Order) -> Request:
        held = [f"{one.device}={one.zone}" for one in order.places if one.zone is not None]
        return Request(
            profile=order.profile,
            devices=tuple(place.device for place in order.places),
            zones=tuple(held),
            person=order.person,
            ceiling=order.ceiling,
            minutes=order.minutes,
            speed=None,
            virtual=False,
            address=None if any(place.near for place in order.places) else self._air,
            tape=None,
            as_json=True,
            led=True,
            files=self._files,
            settings=self._settings,
            language=self._language,
        )

    async def look(self, places: Sequence[Place]) -> Mapping[str, Place]:
        """Listen for a moment and return those that were heard, by id. Raises RadioError."""
        cabled = {one.id: one for one in places if wired.model_of(one.device) is not None}
        try:
            async with open_air(self._air, self._settings) as air:
                heard = await scan(air, known_with(self._files.values()), LOOK_S)
        except UsageError as error:  # somebody has changed the settings of proxies meanwhile
            raise RadioError(str(error)) from error
        found = {one.id: _met(one, heard) for one in places if one.id not in cabled}
        return cabled | {id_: one for id_, one in found.items() if one is not None}

    def profiles(self) -> Sequence[str]:
        """Return the names of the bundled profiles."""
        return catalogue.names()

    def named(self, person: str) -> str | None:
        """Return the name of the person with this id; None if nobody has it, or nobody can tell."""
        try:
            with closing(Ledger.copied()) as ledger:
                names = [one.name for one in ledger.people()]
        except SafetyRefusal:
            return None
        return next((name for name in names if person_id(self._secret, name) == person), None)


def person_id(secret: bytes, name: str) -> str:
    """Return what others call a person of the ledger."""
    return opaque(secret, "person", name)


def _met(place: Place, heard: Sequence[Sighting]) -> Place | None:
    """Return a place with what was heard of its massager, or None if it was not heard."""
    mine = saved(place.device)
    wanted = (place.device if mine is None else mine.address).casefold()
    for sighting in heard:
        if wanted in (sighting.address.casefold(), sighting.name.casefold()):
            massager = sighting.massager
            return replace(place, model=massager.model, actuators=len(massager.steps))
    return None
