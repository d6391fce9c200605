"""What strikes a session: faults of the massager and its radio, and its own faults."""

import asyncio
from dataclasses import dataclass, replace

from devicehub.ledger.moment import Moment
from devicehub.messages import CommandKind
from firmware_sim.faults import parse
from profiles.score import Demand, Passage, Score
from tests.integration.fault_scene import Scene, StandingLoop, Strike

STANDS_S = 3.0  # longer than the gap after which a session pauses
HANGS_S = 1.0
HOUR_S = 3600.0
CRAWLS_S = 0.35
CRAWLING_SHARE = 0.9

RADIO_FAULTS = {
    "refuses a write": "refuse@0",
    "refuses three": "refuse@0*3",
    "refuses all": "refuse@0*999",
    "hangs for 1 s": "hang@0+1",
    "hangs": "hang@0",
    "away for 0.4 s": "drop@0+0.4",  # the link lives through these two
    "away for 0.6 s": "drop@0+0.6",
    "away for 5 s": "drop@0+5",
    "away": "drop@0",
    "reboots": "reboot@0",
}
"""In the words of `firmware_sim.faults`, counted from the moment that they strike at."""


async def two_signals(scene: Scene) -> None:
    scene.post(CommandKind.STOP, "SIGINT")
    await asyncio.sleep(0.03)
    scene.post(CommandKind.STOP, "SIGTERM")


async def cancelled_twice(scene: Scene) -> None:
    scene.playing.cancel()
    await asyncio.sleep(0.03)
    scene.playing.cancel()


async def cancelled_twice_in_a_hang(scene: Scene) -> None:
    scene.device.hang()
    asyncio.get_running_loop().call_later(HANGS_S, scene.device.recover)
    await cancelled_twice(scene)


async def observer_raises(scene: Scene) -> None:
    scene.deaf = True


@dataclass(frozen=True, slots=True)
class NotANumber:
    """A score that asks for what is no level."""

    whole: Score

    @property
    def title(self) -> str:
        return self.whole.title

    @property
    def duration_s(self) -> float:
        return self.whole.duration_s

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.whole.passages

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.whole.warnings

    def at(self, t_s: float) -> Demand:
        demand = self.whole.at(t_s)
        return Demand((float("nan"), *demand.levels[1:]), demand.passage)


class Raising(NotANumber):
    """A score that fails."""

    def at(self, t_s: float) -> Demand:
        raise ZeroDivisionError(f"at {t_s} s")


async def _rescore(scene: Scene, broken: type[NotANumber]) -> None:
    session = await scene.session()
    for deck in session.decks if session is not None else ():
        deck.score = broken(deck.score)


async def not_a_number(scene: Scene) -> None:
    await _rescore(scene, NotANumber)


async def score_raises(scene: Scene) -> None:
    await _rescore(scene, Raising)


async def score_raises_in_a_hang(scene: Scene) -> None:
    scene.device.hang()
    await _rescore(scene, Raising)


async def outbox_ends(scene: Scene) -> None:
    await scene.session()
    for task in asyncio.all_tasks():
        if task.get_name().startswith("outbox"):
            task.cancel()


async def outbox_raises(scene: Scene) -> None:
    async def send(_encoded: object) -> bool:
        raise ZeroDivisionError

    session = await scene.session()
    for deck in session.decks if session is not None else ():
        setattr(deck.port, "send", send)  # noqa: B010 - a port has no place for another way


async def stands_still(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    if isinstance(loop, StandingLoop):
        loop.stood_s += STANDS_S


async def link_crawls(scene: Scene) -> None:
    """Let every word take up to a third of a second, for a while."""
    loop = asyncio.get_running_loop()
    for turn in range(round(STANDS_S / CRAWLS_S)):
        loop.call_later(turn * CRAWLS_S, scene.device.hang)
        loop.call_later((turn + CRAWLING_SHARE) * CRAWLS_S, scene.device.recover)


def clock_jumps(by_s: float) -> Strike:
    """Return what sets the clock of the wall, that a person sets, by so much."""

    async def strike(scene: Scene) -> None:
        now = scene.account._now  # pyright: ignore[reportPrivateUsage] - nobody sets it but us

        def jumped() -> Moment:
            told = now()
            return replace(told, wall_s=told.wall_s + by_s)

        scene.account._now = jumped  # pyright: ignore[reportPrivateUsage]

    return strike


def wakes_up(after_s: float) -> Strike:
    """Return what moves the clock that counts a suspended computer's seconds."""

    async def strike(scene: Scene) -> None:
        scene.slept_s += after_s

    return strike


async def disk_full(scene: Scene) -> None:
    """Let nothing be written to the ledger any more, as on a disk that is full."""
    store = scene.account._ledger._store  # pyright: ignore[reportPrivateUsage] - its file
    store._db.execute("PRAGMA query_only = 1")  # pyright: ignore[reportPrivateUsage]


SESSION_FAULTS: dict[str, Strike] = {
    "two signals": two_signals,
    "cancelled twice": cancelled_twice,
    "cancelled twice in a hang": cancelled_twice_in_a_hang,
    "observer raises": observer_raises,
    "not a number": not_a_number,
    "score raises": score_raises,
    "score raises in a hang": score_raises_in_a_hang,
    "outbox ends": outbox_ends,
    "outbox raises": outbox_raises,
    "stands still for 3 s": stands_still,
    "link crawls": link_crawls,
    "wall clock +1 h": clock_jumps(HOUR_S),
    "wall clock -1 h": clock_jumps(-HOUR_S),
    "asleep for 1 h": wakes_up(HOUR_S),
    "boot clock -1 h": wakes_up(-HOUR_S),
    "disk full": disk_full,
}
HOLDS_UP_S: dict[Strike, float] = {
    stands_still: STANDS_S,
    cancelled_twice_in_a_hang: HANGS_S,
    link_crawls: STANDS_S,
}


def lasts_s(fault: str | Strike) -> float:
    """Return how long a fault lets nothing through, 0 for one that is over at once or never."""
    return parse(fault).for_s or 0.0 if isinstance(fault, str) else HOLDS_UP_S.get(fault, 0.0)
