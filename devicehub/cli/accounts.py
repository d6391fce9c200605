"""Accounts: who is under the massagers, and the ledger that remembers it.

Under massagers that are simulated lies the mannequin: a person whose ledger is in memory and begins
anew with each run, who has answered every question with no, and who is always there. It goes the
same way as any other person; nothing below the command line knows one from the other.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager, closing, suppress

from devicehub.cli import identity
from devicehub.errors import SafetyRefusal
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import person_lock
from devicehub.ledger.moment import Moment
from devicehub.messages import Command, CommandKind, Event
from devicehub.safety.limits import Limits, load_user
from devicehub.safety.screening import questions
from devicehub.session.account import Account
from devicehub.session.clerk import LAST_WORK_S, AtOnce, Clerk, InThread
from devicehub.session.firsts import Firsts

MANNEQUIN = "mannequin"


@asynccontextmanager
async def account_of(person: str | None, seconds: Callable[[], float]) -> AsyncGenerator[Account]:
    """Yield the account of `person`, or of the mannequin for None.

    Raises:
        SafetyRefusal: The person is unknown, has not answered, plays already, or the ledger is
            locked.
    """
    limits = load_user()
    if person is None:
        yield await mannequin(limits, seconds)
        return
    with ExitStack() as held, InThread() as clerk:
        try:
            held.enter_context(person_lock(person))
            ledger = await clerk.do(Ledger.open)
        except OSError as error:
            raise SafetyRefusal(f"the ledger cannot be kept: {error}") from error
        try:
            account = await _opened(ledger, person, limits, clerk)
            account.vouched = True
            yield account
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORK_S):
                    await clerk.do(ledger.close)


@asynccontextmanager
async def bench_account(person: str) -> AsyncGenerator[Account]:
    """Yield the account of `person` for a bench, where a massager moves off the body.

    They answer for it, by all that they may have today, and receive nothing: it is a copy, so
    nothing is written down, and what lies on a table is no first session.

    Raises:
        SafetyRefusal: The person is unknown or has not answered, or the ledger is damaged.
    """
    with closing(Ledger.copied()) as ledger:
        account = await _opened(ledger, person, load_user(), AtOnce())
        account.firsts, account.first_left = None, 0
        account.vouched = True
        yield account


async def glanced_at(person: str | None) -> Account:
    """Return the account of `person`, or of the mannequin for None, as it is now.

    It is a copy: it holds and locks nothing, and nothing that is done to it is written down.

    Raises:
        SafetyRefusal: The person is unknown or has not answered, or the ledger is damaged.
    """
    limits = load_user()
    if person is None:
        return await mannequin(limits, clock.boot_s)
    with closing(Ledger.copied()) as ledger:
        return await _opened(ledger, person, limits, AtOnce())


async def _opened(ledger: Ledger, person: str, limits: Limits, clerk: Clerk) -> Account:
    table = await clerk.do(lambda: ledger.table(person))
    own = limits if table is None else limits.tightened(table, f"table of {person}")
    account = await Account.open(ledger, person, own, clerk, clock.now)
    account.firsts = firsts = firsts_of(person)
    account.first_left = await clerk.do(firsts.left)
    return account


def firsts_of(person: str) -> Firsts:
    """Return where the first sessions of a person are counted."""
    return Firsts(identity.state() / "first-sessions", identity.secret, person)


async def mannequin(limits: Limits, seconds: Callable[[], float]) -> Account:
    """Return the account of a mannequin that has received nothing yet; `seconds` is its clock."""

    def now() -> Moment:
        return Moment(seconds(), seconds(), MANNEQUIN)

    ledger = Ledger.in_memory()
    ledger.add(MANNEQUIN)
    ledger.screen(MANNEQUIN, {question.id: "no" for question in questions(limits)}, now())
    return await Account.open(ledger, MANNEQUIN, limits, AtOnce(), now)


def always_there(
    post: Callable[[Command], None], tell: Callable[[Event], None]
) -> Callable[[Event], None]:
    """Return an observer that says for the mannequin that it is there, and tells `tell`."""

    def hear(event: Event) -> None:
        if event.name == "presence_asked":
            post(Command(CommandKind.PRESENT, MANNEQUIN))
        tell(event)

    return hear
