"""Notes: what a person reported is written down, from the moment the massagers are looked for on.

Nothing that moves or stops waits for it.
"""

import asyncio
from collections.abc import Callable

from devicehub.errors import SafetyRefusal
from devicehub.session.account import Account

# Every massager was left by then; a disk that takes longer has its reservation instead.
ACCOUNT_TIMEOUT_S = 10.0
NOTE_PAUSE_S = 0.2
REST = "let an hour pass before the next session"


class Notes:
    """The reports of discomfort of one session."""

    def __init__(self, account: Account) -> None:
        """Make it; `account` is the person's."""
        self._account = account
        self._writing: list[asyncio.Task[None]] = []
        self._hurt = False

    def mild(self) -> None:
        """Have it written down that something was uncomfortable."""
        self._write(severe=False)

    def severe(self) -> None:
        """Have it written down that it hurt; an impatient second press is no second report."""
        if not self._hurt:
            self._hurt = True
            self._write(severe=True)

    async def written(self, warn: Callable[[str], None]) -> None:
        """Wait until all of it is written down; `warn` is told when it could not be in time."""
        if not self._writing:
            return
        _, late = await asyncio.wait(self._writing, timeout=ACCOUNT_TIMEOUT_S)
        if late:
            for note in late:
                note.cancel()
            await asyncio.wait(late)
            warn("what you reported could not be written down: " + REST)

    def _write(self, *, severe: bool) -> None:
        self._writing.append(asyncio.create_task(self._written(severe=severe), name="note"))

    async def _written(self, *, severe: bool) -> None:
        """Write it down, again and again while the ledger does not take it."""
        while True:
            try:
                return await self._account.discomfort(severe=severe)
            except SafetyRefusal:
                await asyncio.sleep(NOTE_PAUSE_S)
