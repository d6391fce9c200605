"""Searching: one massager that was lost is looked for at its address, until its time is up.

Whoever connects stops it first, and has that stop confirmed: what is found stands still.
"""

import asyncio

from devicehub.radio.port import Connector, Port

# So long a massager that was lost is looked for. One that is at hand advertises within seconds; a
# person has found its switch within a minute (engineering choice).
LOOKED_FOR_S = 60.0
PAUSE_S = 0.5


class Search:
    """The search for one massager.

    Attributes:
        until_s: Until when it is looked for, on the loop's clock.
        refusal: Why what was found is not it; "" where nothing else was found.
    """

    def __init__(self, connector: Connector, lost: Port, until_s: float) -> None:
        """Make it; `lost` is the link that has ended."""
        self.until_s = until_s
        self.refusal = ""
        self._connector = connector
        self._address, self._model = lost.address, lost.massager.model
        self._looking: asyncio.Task[Port | None] | None = None

    async def found(self) -> Port | None:
        """Return the massager, connected and stopped; None when the time is up.

        Who is cancelled leaves the search at work.
        """
        task = self._looking = self._looking or asyncio.create_task(self._look())
        await asyncio.wait((task,))
        return None if task.cancelled() else task.result()

    @property
    def over(self) -> bool:
        """Whether it was looked for until its time was up, and was not found."""
        return self._looking is not None and self._looking.done() and _port(self._looking) is None

    async def again(self) -> Port | None:
        """Return it once more: the link that was found was lost in turn."""
        self._looking = None
        return await self.found()

    async def given_up(self) -> Port | None:
        """End the search, and return what it has found, which is the caller's to close."""
        task, self._looking = self._looking, None
        if task is None:
            return None
        task.cancel()
        await asyncio.wait((task,))
        return _port(task)

    async def _look(self) -> Port | None:
        clock = asyncio.get_running_loop().time
        while (left_s := self.until_s - clock()) > 0.0:
            try:
                port = await self._connector.connect(self._address, left_s)
            except Exception:  # noqa: BLE001 - whatever one try fails with, another follows
                await asyncio.sleep(min(PAUSE_S, max(0.0, self.until_s - clock())))
                continue
            if port.massager.model == self._model:
                return port
            self.refusal = (
                f"what answers at {self._address} is {port.massager.model}, not {self._model}"
            )
            await port.close(lambda: False)
            return None
        return None


def _port(looking: "asyncio.Task[Port | None]") -> Port | None:
    failed = looking.cancelled() or looking.exception() is not None
    return None if failed else looking.result()
