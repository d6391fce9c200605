"""A hub or a keeper dies while vest, wand and cape move; how soon every motor is at 0.

    python -m tests.integration.kills [--times N]

Three massagers in a process of their own, one session that plays all three through its keeper, one
kill a session. Judged by the tapes: the device's own clock, from the instant of the signal. See
`reel` for how that instant is found on the device's clock. One session at a time, since two would
share the processor that a stop needs.
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S
from tests.integration.processes import CAPE, VEST, WAND, Home, Play, alive, home, until
from tests.integration.reel import Reel, follow

MODELS = (VEST, WAND, CAPE)
LATCHING = (VEST, WAND)
INTERVALS_MS = (15.0, 50.0)
# Kills are spread over the heartbeat (0.25 s) and the beats of the session, not at one place of it.
SPREAD_S = 0.5
KNOWN_S = 0.2  # of following, so that the clocks are known to the millisecond
WATCHED_S = 6.0  # longer than any bound
TRIES = 5


class NothingSeenError(AssertionError):
    """The session was over before it could be struck, as on a machine with too much to do."""


T = TypeVar("T")


def seen(strike: Callable[[], T]) -> T:
    """Return what `strike` saw; a session that has ended by itself before is no evidence.

    Raises:
        NothingSeenError: So it was every time.
    """
    for _ in range(TRIES - 1):
        with suppress(NothingSeenError):
            return strike()
    return strike()


@dataclass(frozen=True, slots=True)
class Case:
    """What is done to a session, and within how many seconds which massagers must rest.

    Attributes:
        name: For people.
        strike: Sends the signals.
        bound_s: From the signal to the last motor's 0.
        models: Whom the bound is for; the others are stopped by `devicehub stop` afterwards.
    """

    name: str
    strike: Callable[[Play], None]
    bound_s: float
    models: tuple[str, ...] = MODELS


def kill_hub(play: Play) -> None:
    play.hub.kill()


def hang_hub(play: Play) -> None:
    play.hub.send_signal(signal.SIGSTOP)


def kill_keeper(play: Play) -> None:
    os.kill(play.keeper, signal.SIGKILL)


def hang_keeper(play: Play) -> None:
    os.kill(play.keeper, signal.SIGSTOP)


def kill_both(play: Play) -> None:
    os.kill(play.keeper, signal.SIGSTOP)  # so that it cannot see the hub go
    play.hub.kill()
    os.kill(play.keeper, signal.SIGKILL)


LEASE_S = 2.0  # the reference cape's; docs/reference-cape.md
STOP_COMMAND_S = 10.0  # how long `devicehub stop` looks for a massager
STOP_COMMAND = "devicehub stop after it"
# The last frame may have been on its way when the signal came: two connection events.
BOTH_KILLED = Case("hub and keeper killed", kill_both, LEASE_S + 0.1, (CAPE,))
HUB_KILLED = Case("hub killed", kill_hub, 0.3)
HUB_HUNG = Case("hub hung", hang_hub, 1.0)
KEEPER_KILLED = Case("keeper killed", kill_keeper, 3.0)
# Silence is noticed after a second; then everything is as if it had been killed.
KEEPER_HUNG = Case("keeper hung", hang_keeper, HEARTBEAT_LIMIT_S + KEEPER_KILLED.bound_s)
CASES = (HUB_KILLED, HUB_HUNG, KEEPER_KILLED, KEEPER_HUNG, BOTH_KILLED)


@dataclass
class Bench:
    """Three massagers on one air, and their tapes."""

    home: Home
    reels: Mapping[str, Reel]

    def read(self) -> None:
        for reel in self.reels.values():
            reel.read()

    def strike(self, case: Case, turn: int = 0, watched_s: float = WATCHED_S) -> dict[str, float]:
        """Play, strike, and return how long each massager moved on, in seconds.

        Watches for at most `watched_s` after the strike; what moves then has moved on for ever.
        Massagers that the case leaves moving are stopped by `devicehub stop`, counted from its
        start.
        """
        with self.home.playing(MODELS) as play:
            follow(self.reels.values(), KNOWN_S + turn * 0.07 % SPREAD_S)
            self._all_move()
            struck_s = time.monotonic()
            case.strike(play)
            self._wait_for(case.models, watched_s)
            if play.hub.poll() is None and case is HUB_HUNG:
                play.hub.kill()
            if play.hub.poll() is None and case in (KEEPER_KILLED, KEEPER_HUNG):
                play.hub.terminate()  # it has paused, and waits for the person
            until(lambda: play.hub.poll() is not None, "the hub is still there")
            until(lambda: not alive(play.keeper), "the keeper is still there")
        self.read()
        took_s = {model: self.reels[model].after(struck_s) for model in case.models}
        return took_s | self._stopped_by_command(case)

    def _all_move(self) -> None:
        still = [model for model, reel in self.reels.items() if not reel.moving]
        if still:
            raise NothingSeenError(f"{still[0]} does not move, so nothing can be seen")

    def _wait_for(self, models: tuple[str, ...], watched_s: float) -> None:
        end_s = time.monotonic() + watched_s
        while any(self.reels[m].moving for m in models) and time.monotonic() < end_s:
            follow(self.reels.values(), 0.02)

    def _stopped_by_command(self, case: Case) -> dict[str, float]:
        moving = [m for m in MODELS if m not in case.models]
        if not moving and not any(reel.moving for reel in self.reels.values()):
            return {}
        for model in moving:
            if not self.reels[model].moving:
                raise AssertionError(f"{model} latches, and nobody was left to stop it")
        asked_s = time.monotonic()
        stop = self.home.run("stop")
        self.read()
        if stop.returncode != 0:
            raise AssertionError(f"devicehub stop: {stop.stdout} {stop.stderr}")
        return {model: self.reels[model].after(asked_s) for model in moving}


@contextmanager
def bench(interval_ms: float) -> Generator[Bench]:
    """Switch the three massagers on, at one connection interval."""
    with home() as here, here.simulator(*MODELS, interval_ms=interval_ms), ExitStack() as stack:
        reels: dict[str, Reel] = {}
        for model in MODELS:
            reels[model] = Reel(here.folder / f"tape.{model}.jsonl")
            stack.callback(reels[model].close)
        yield Bench(here, reels)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the slowest motor of each time."""

    interval_ms: float
    name: str
    bound_s: float
    took_s: tuple[float, ...]

    @property
    def held(self) -> int:
        return sum(took <= self.bound_s for took in self.took_s)

    def __str__(self) -> str:
        return (
            f"{self.interval_ms:>5g} ms  {self.name:<32}{statistics.median(self.took_s):>8.3f}"
            f"{max(self.took_s):>8.3f}{self.bound_s:>8.1f}{self.held:>6} of {len(self.took_s)}"
        )


HEAD = f"{'interval':<10}{'':<32}{'median':>8}{'worst':>8}{'bound':>8}{'held':>6}   seconds to 0"


def rows(here: Bench, interval_ms: float, case: Case, times: int) -> Iterator[Row]:
    """Strike so many times; yield the row of the case, and that of `devicehub stop` if it ran."""
    each = [here.strike(case, turn) for turn in range(times)]
    slowest = tuple(max(took[model] for model in case.models) for took in each)
    yield Row(interval_ms, case.name, case.bound_s, slowest)
    others = [model for model in MODELS if model not in case.models]
    if others:
        slowest = tuple(max(took[model] for model in others) for took in each)
        yield Row(interval_ms, f"  {STOP_COMMAND}", STOP_COMMAND_S, slowest)


def main() -> int:
    """Print the table; return 1 when a bound was not held."""
    parser = argparse.ArgumentParser(description="How soon everything rests after a kill.")
    parser.add_argument("--times", type=int, default=20)
    times: int = parser.parse_args().times
    print(HEAD)  # noqa: T201 - the table
    held = True
    for interval_ms in INTERVALS_MS:
        with bench(interval_ms) as here:
            for case in CASES:
                for row in rows(here, interval_ms, case, times):
                    print(row, flush=True)  # noqa: T201 - the table
                    held = held and row.held == times
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
