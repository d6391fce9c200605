"""Ground: the way to the massagers of a session, and who lies under them.

The composition root of every session, of `play` and of the service alike: here airs, connectors,
persons and the hub meet.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from devicehub.cli.accounts import account_of, always_there, bench_account
from devicehub.cli.air import check_proxies, simulated_air
from devicehub.cli.request import NOBODY, SIMULATED, Request
from devicehub.errors import SafetyRefusal
from devicehub.hub import Hub, Wanted
from devicehub.keeper.connector import KeeperConnector
from devicehub.keeper.process import start
from devicehub.ledger import clock
from devicehub.messages import Command, CommandKind, Event
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Connector
from devicehub.radio.saved import saved
from devicehub.session.account import Account
from devicehub.session.assembling import refuse_early
from devicehub.session.plan import Plan

Ring = Callable[[Command], None]
Called = Callable[[str], str]


class Proof:
    """Hears which massagers proved to be simulated."""

    def __init__(self, person: str | None, *, simulated: bool) -> None:
        """Make it; `simulated`: all of them are, in this process."""
        self._person, self._simulated = person, simulated
        self._account: Account | None = None

    def known_to(self, account: Account) -> None:
        """Tell `account` from here on."""
        self._account = account
        account.simulated = self._simulated

    def take(self, name: str, simulated: bool) -> None:
        """Take note of a massager. Raises SafetyRefusal for a real one under the mannequin."""
        if not simulated and self._person is None:
            raise SafetyRefusal(NOBODY.format(name))
        if simulated and self._account is not None:
            self._account.simulated = True


@asynccontextmanager
async def hub_of(
    request: Request,
    plan: Plan,
    tell: Callable[[Event], None],
    ring: Ring,
    called: Called = str,
) -> AsyncGenerator[Hub]:
    """Yield the hub of a session, ready to run.

    Args:
        request: What was asked for.
        plan: Its plan.
        tell: Hears what happens.
        ring: Takes what the ground itself asks for: a stop when a tape cannot be written, and the
            presence of the mannequin.
        called: What a massager of the request is called in the session.

    Raises:
        SafetyRefusal: The person may not have this session.
        UsageError: The settings of proxies are wrong.
        RadioError: The air cannot be used.
    """
    async with AsyncExitStack() as stack:
        proof = Proof(request.person, simulated=bool(request.models))
        connector, wanted = await stack.enter_async_context(_connector(request, ring, proof))
        seconds = asyncio.get_running_loop().time if request.virtual else clock.boot_s
        account = await stack.enter_async_context(_account(request, seconds))
        proof.known_to(account)
        refuse_early(plan, account)
        if request.person is None:
            tell = always_there(ring, tell)
        named = [Wanted(called(one.name), one.heard_as, one.model) for one in wanted]
        yield Hub(plan, named, connector, account, tell, boot_clock=seconds)


def _account(
    request: Request, seconds: Callable[[], float]
) -> AbstractAsyncContextManager[Account]:
    if request.on_bench and request.person is not None:
        return bench_account(request.person)
    return account_of(request.person, seconds)


@asynccontextmanager
async def _connector(
    request: Request, ring: Ring, proof: Proof
) -> AsyncGenerator[tuple[Connector, list[Wanted]]]:
    """Yield the way to the massagers, and what they are called on it."""
    library = request.library
    if not request.models:
        if request.address is None:
            check_proxies(request.settings)
        command = keeper_command(request.address, request.settings)
        connector = KeeperConnector(
            partial(start, command),
            library,
            proven=proof.take,
            spare=partial(start, [*command, "--spare"]),
        )
        yield connector, [_wanted(name) for name in request.devices]
        return

    def tape_failed(_error: OSError) -> None:
        ring(Command(CommandKind.STOP, "tape"))

    local = simulated_air(request.firmwares, request.tapes(), tape_failed)
    async with local as (air, addresses):
        wanted = [Wanted(name, addresses[name.removeprefix(SIMULATED)]) for name in request.devices]
        yield LocalConnector(air, library), wanted


def _wanted(name: str) -> Wanted:
    """Return what `name` means: a massager that this user saved, or one on the air."""
    mine = saved(name)
    return Wanted(name, name) if mine is None else Wanted(name, mine.address, mine.model)


def keeper_command(address: str | None, settings: Path | None = None) -> list[str]:
    """Return the command that starts a keeper on the air behind `address`.

    `settings` is the file with the proxies, None for the usual one. The keeper reads their keys by
    itself: what stands in a command can be seen by everybody on this computer.
    """
    words = [] if settings is None else ["--config", str(settings.absolute())]
    return own_command("keeper", address, *words)


def own_command(name: str, address: str | None, *words: str) -> list[str]:
    """Return a command of ours, to be started as a process of its own, on the air of `address`."""
    # -P: what lies in the folder where somebody plays is no part of it.
    command = [sys.executable, "-P", "-m", "devicehub", name, *words]
    return command if address is None else [*command, "--air", from_anywhere(address)]


def from_anywhere(address: str) -> str:
    """Return the same address for a process in any folder: what is kept on disk outlives this."""
    kind, _, path = address.partition(":")
    return f"{kind}:{Path(path).absolute()}" if kind == "unix" else address
