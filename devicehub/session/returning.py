"""Returning: a massager that a session has lost is brought back, stopped; nothing begins by itself.

The session is paused meanwhile. Its last gate is agreed anew, its ramps begin at 0, and the person
says when to go on. Where the session ends before, whoever leaves takes the search over.
"""

import asyncio
from collections.abc import Callable

from devicehub.errors import RadioError
from devicehub.radio.port import Connector, Port
from devicehub.session.deck import Deck
from devicehub.session.searching import LOOKED_FOR_S, Search

COUNT_S = 10.0  # the countdown is told so often to those who only hear events


class Returning:
    """The massagers of one session that are away."""

    def __init__(
        self,
        connector: Connector,
        back: Callable[[str, Port], None],
        event: Callable[[str, str, str], None],
    ) -> None:
        """Make it.

        Args:
            connector: The way to the massagers.
            back: Told the name and the new link of one that is there again.
            event: Takes a name, a massager and details; must not raise.
        """
        self._connector = connector
        self._back = back
        self.event = event
        self._searches: dict[str, Search] = {}
        self._said_s: dict[str, float] = {}
        self._work: dict[str, asyncio.Task[str | None]] = {}

    def begin(self, deck: Deck, now_s: float) -> None:
        """Begin to look for the massager of `deck`, whose link has ended."""
        search = Search(self._connector, deck.port, now_s + LOOKED_FOR_S)
        self._searches[deck.name] = search
        self._work[deck.name] = asyncio.create_task(
            self._bring_back(deck, search), name=f"return of {deck.name}"
        )

        self._say_left(deck.name, LOOKED_FOR_S)

    def look(self, name: str, now_s: float) -> None:
        """Count down; called at every beat for one that is away."""
        left_s = self.left_s(name, now_s)
        if left_s is not None and left_s <= self._said_s[name] - COUNT_S:
            self._say_left(name, self._said_s[name] - COUNT_S)

    def _say_left(self, name: str, left_s: float) -> None:
        self._said_s[name] = left_s
        self.event("returning", name, f"looked for, {left_s:.0f} s left")

    @property
    def away(self) -> tuple[str, ...]:
        """The massagers that are looked for."""
        return tuple(self._searches)

    def left_s(self, name: str, now_s: float) -> float | None:
        """Return for how many seconds more it is looked for; None for one that is there."""
        search = self._searches.get(name)
        return None if search is None else max(0.0, search.until_s - now_s)

    def given_up(self, name: str) -> str | None:
        """Return why one that is away will not come back, a sentence, or None."""
        work = self._work[name]
        if not work.done() or work.cancelled():
            return None
        error = work.exception()
        return f"{name}: {error or type(error).__name__}" if error else work.result()

    async def handed_over(self) -> dict[str, Search]:
        """Bring nothing back any more; return the searches, which go on, by massager."""
        for task in self._work.values():
            task.cancel()
        if self._work:
            await asyncio.wait(self._work.values())
        self._work.clear()
        searches, self._searches = self._searches, {}
        return searches

    async def _bring_back(self, deck: Deck, search: Search) -> str | None:
        """Give the massager back to its deck; return why that cannot be, or None."""
        await deck.let_go()
        port = await search.found()
        while port is not None:
            try:
                await deck.agree_on(port)
            except RadioError:  # lost once more
                await port.close(lambda: False)
                port = await search.again()
                continue
            deck.adopt(port)
            del self._searches[deck.name]
            self._back(deck.name, port)
            self.event("returned", deck.name, "it is back and stands still; resume to go on")
            self._connector.stand_by()
            return None
        why = search.refusal or f"not found again within {LOOKED_FOR_S:.0f} s"
        return f"{deck.name}: {why}"
