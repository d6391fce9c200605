"""How full a massager's battery is: it is connected, which stops it first, and let go again."""

import asyncio

from devicehub.massagers.decode import Report
from devicehub.massagers.library import Library
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector

CONNECT_TIMEOUT_S = 10.0
# One that answers says it while it is connected, or to the question that its opening words end in.
ANSWER_S = 1.0


async def battery_of(air: Air, library: Library, address: str) -> int | None:
    """Return the battery of a massager in percent; None where it does not say.

    Raises:
        RadioError: It would not connect, or did not confirm its first stop.
    """
    link = await LocalConnector(air, library).connect(address, CONNECT_TIMEOUT_S)
    said: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def hear(report: Report) -> None:
        if report.battery_percent is not None and not said.done():
            said.set_result(report.battery_percent)

    try:
        link.listen(hear)
        if link.massager.tells_battery:
            await asyncio.wait((said,), timeout=ANSWER_S)
        return said.result() if said.done() else None
    finally:
        said.cancel()
        await link.close()
