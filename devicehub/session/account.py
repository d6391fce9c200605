"""Account: where what a body receives is written down, before it receives it.

The account of one person for one session, on top of the ledger. A call returns when the ledger has
it safely.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from devicehub.errors import HubError, SafetyRefusal
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.moment import Moment
from devicehub.safety.admission import after_the_end, refusals
from devicehub.safety.limits import Limits
from devicehub.safety.past import Exposure, Past
from devicehub.safety.restrictions import Restrictions
from devicehub.safety.screening import judge
from devicehub.session.clerk import LAST_WORK_S, Clerk
from devicehub.session.firsts import Firsts

T = TypeVar("T")


@dataclass(slots=True)
class Account:
    """The account of one person for one session.

    Attributes:
        person: As the ledger knows them.
        limits: The table of limits, tightened as they wish.
        restrictions: What their answers take away.
        ceiling: The most that they ever want, 0..1.
        past: What they had received when the account was opened.
        vouched: Whether a person answered, so that a massager that is not simulated may move.
        firsts: Where their first sessions are counted; None for somebody who has none.
        first_left: How many sessions are still among those, this one included.
        simulated: Whether a massager of this session is: nobody's first session is played on that.
    """

    person: str
    limits: Limits
    restrictions: Restrictions
    ceiling: float
    past: Past
    _ledger: Ledger
    _clerk: Clerk
    _now: Callable[[], Moment]
    vouched: bool = False
    firsts: Firsts | None = None
    first_left: int = 0
    simulated: bool = False
    _session: int = 0

    @classmethod
    async def open(
        cls, ledger: Ledger, person: str, limits: Limits, clerk: Clerk, now: Callable[[], Moment]
    ) -> Self:
        """Return the account of `person`.

        Raises:
            SafetyRefusal: They are unknown, have not answered, or should not be massaged today.
            LedgerLocked: Nobody plays yet on a ledger that replaces a lost one.
        """
        at = now()
        await clerk.do(lambda: ledger.refuse_lost(at))
        answered = await clerk.do(lambda: ledger.answers(person))
        if answered is None:
            raise SafetyRefusal(
                f"{person}: the questions are not answered; devicehub person screen {person}"
            )
        answers, when = answered
        restrictions = judge(limits, answers, at.perhaps_since(when))
        ceiling = await clerk.do(lambda: ledger.ceiling(person))
        past = await clerk.do(lambda: ledger.past(person, at))
        return cls(person, limits, restrictions, ceiling, past, ledger, clerk, now)

    def refusals(self, classes: frozenset[str]) -> tuple[str, ...]:
        """Say why no session with massagers of these classes may begin; empty if one may."""
        return refusals(self.limits, self.past, self.restrictions, classes, self.person)

    async def begin(self) -> None:
        """Write down that a session begins."""
        self._session = await self._done(lambda: self._ledger.begin(self.person, self._now()))

    async def reserve(self, used: Exposure, ahead: Exposure) -> None:
        """Write down what this session has used until now, and what it may use next.

        Raises:
            SafetyRefusal: The ledger did not take it; nothing may be used.
        """
        await self._done(lambda: self._ledger.reserve(self._session, used, ahead, self._now()))

    async def end(self, used: Exposure) -> None:
        """Write down what was used in all; what was reserved beyond it is free again."""
        await self._done(lambda: self._ledger.end(self._session, used, self._now()))

    async def discomfort(self, *, severe: bool) -> None:
        """Write down that the person reported discomfort."""
        await self._done(lambda: self._ledger.discomfort(self.person, severe, self._now()))

    async def completed(self, played_s: float, moved_s: float) -> None:
        """Write down that a session came to its own end.

        Args:
            played_s: Seconds that it lasted.
            moved_s: Seconds of them in which a motor moved.

        Raises:
            SafetyRefusal: It could not be written down, and does not count.
        """
        firsts = self.firsts
        if firsts is not None and self.first_left and not self.simulated:
            try:
                await self._clerk.do(lambda: firsts.completed(played_s, moved_s))
            except HubError as error:
                raise SafetyRefusal(str(error)) from error

    async def wait(self, *, normal: bool = False) -> tuple[str, ...]:
        """Say what is worth saying, after an end that was `normal` or not, of when to go on."""
        at = self._now()
        try:
            async with asyncio.timeout(LAST_WORK_S):
                past = await self._done(lambda: self._ledger.past(self.person, at))
        except SafetyRefusal as error:
            return (str(error),)
        except TimeoutError:
            return ("the ledger does not answer",)
        return after_the_end(self.limits, past, self.person, normal=normal)

    async def _done(self, work: Callable[[], T]) -> T:
        """Have the clerk do it; whatever the ledger fails with, nothing may be used."""
        try:
            return await self._clerk.do(work)
        except SafetyRefusal:
            raise
        except Exception as error:
            raise SafetyRefusal(f"the ledger failed: {error or type(error).__name__}") from error
