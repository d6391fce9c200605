"""Reserving: what the next seconds may bring is written down before it may be used.

The governor lets nothing through beyond what was granted, and grants come from here: a few seconds
are reserved, and half of them before they are used up the next, so that a disk has that long to
answer. A ledger that refuses ends the session, and so does one that does not answer; the governor
is silent by then.
"""

import asyncio

from devicehub.errors import SafetyRefusal
from devicehub.safety.governor import Governor
from devicehub.session.account import Account

# The next reservation is asked for when this part of the last one is left.
RENEW_SHARE = 0.5


class Reserving:
    """Keeps a session's exposure reserved ahead of its use.

    Attributes:
        account: The person's.
        trouble: Why nothing is reserved any more, for a person; None while all is well.
    """

    def __init__(self, account: Account, governor: Governor) -> None:
        self.account, self._governor = account, governor
        self._lasts_s = account.limits.daily.reservation_s
        self._until_s = self._asked_at_s = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._begun = False
        self.trouble: str | None = None

    async def begin(self) -> None:
        """Open the session in the ledger, with its first reservation.

        Raises:
            SafetyRefusal: The ledger did not take it.
        """
        await self.account.begin()
        self._begun = True
        await self._reserve(_now_s())

    def keep_ahead(self, now_s: float) -> None:
        """Ask for more when it is time; called at every beat that is played."""
        if self._asking is not None:
            if now_s - self._asked_at_s > self._lasts_s:
                self.trouble = f"the ledger has not answered for {self._lasts_s:.0f} s"
        elif self.trouble is None and self._until_s - now_s < self._lasts_s * RENEW_SHARE:
            self._asked_at_s = now_s
            self._asking = asyncio.create_task(self._ask(now_s), name="reservation")

    def ready(self, now_s: float) -> bool:
        """Say whether playing may go on at `now_s`; what is missing for it is asked for."""
        self.keep_ahead(now_s)
        return self._until_s - now_s >= self._lasts_s * RENEW_SHARE

    async def end(self, *, confirmed: bool) -> None:
        """Close the account; without a confirmed stop the reservation stands, and counts in full.

        Raises:
            SafetyRefusal: The ledger did not take it; what was reserved counts as used.
        """
        asking = self._asking
        try:
            if asking is not None:
                await asyncio.wait((asking,))
            if confirmed and self._begun:
                await self.account.end(self._governor.exposure(_now_s()))
        finally:
            if asking is not None:
                asking.cancel()  # whoever waits has given up

    async def _ask(self, now_s: float) -> None:
        try:
            await self._reserve(now_s)
        except SafetyRefusal as error:
            self.trouble = str(error)
        finally:
            self._asking = None

    async def _reserve(self, now_s: float) -> None:
        used = self._governor.exposure(now_s)
        await self.account.reserve(used, self._governor.most_within(self._lasts_s))
        self._until_s = now_s + self._lasts_s
        self._governor.grant(self._until_s)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
