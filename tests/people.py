"""Sessions of tests lie on the mannequin, like all simulated ones."""

import asyncio
from collections.abc import Callable, Sequence

from devicehub.cli.accounts import always_there, mannequin
from devicehub.hub import Hub, Wanted
from devicehub.messages import Command, Event
from devicehub.radio.port import Connector
from devicehub.safety.limits import Limits, load
from devicehub.session.account import Account
from devicehub.session.plan import Plan


async def hub_of(  # noqa: PLR0913 - what a hub needs
    plan: Plan,
    wanted: Sequence[Wanted],
    connector: Connector,
    tell: Callable[[Event], None],
    *,
    limits: Limits | None = None,
    account: Account | None = None,
    alone: bool = False,
) -> Hub:
    """Return a hub, without an `account` on a mannequin, which is there unless it is `alone`."""
    hubs: list[Hub] = []

    def post(command: Command) -> None:
        hubs[0].post(command)

    if account is None:
        account = await mannequin(limits or load(), asyncio.get_running_loop().time)
    if not alone:
        tell = always_there(post, tell)
    hubs.append(Hub(plan, wanted, connector, account, tell))
    return hubs[0]
