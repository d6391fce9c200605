"""Every way out ends in a stop that was written to the end."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from devicehub.cli import named
from devicehub.cli.main import run
from devicehub.hub import Hub, Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Event
from devicehub.radio.air import Air
from devicehub.radio.link import LocalConnector
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from firmware_sim.clock import VirtualLoop
from firmware_sim.memory import simulate_in_memory
from tests.tapes import Tape, read_tape

RUNS = 50
# Where a session of twelve seconds is in its life, by turns of the event loop.
EVERY_TURN_OF_CONNECTING = range(120)
TURNS_OF_PLAYING = range(120, 900, 29)


def _left_running(tape: Tape) -> dict[int, int]:
    levels: dict[int, int] = {}
    for move in tape.moves:
        levels[move.actuator] = move.level
    return {motor: level for motor, level in levels.items() if level}


@pytest.fixture
def alarm() -> Iterator[random.Random]:
    before = signal.getsignal(signal.SIGALRM)
    yield random.Random(7)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("model", ["reference-cape", "bhaptics-x40"])
def test_a_signal_at_any_moment_leaves_every_motor_at_0(
    model: str, alarm: random.Random, tmp_path: Path
) -> None:
    tape = tmp_path / "tape.jsonl"
    words = ["play", "taster", "--device", f"sim:{model}", "--speed", "max", "--minutes", "0.4"]
    moved = 0
    for _ in range(RUNS // 2):
        tape.unlink(missing_ok=True)
        number = alarm.choice([signal.SIGINT, signal.SIGTERM])
        times = alarm.choice([1, 2])

        def ring(_number: int, _frame: object, number: int = number, times: int = times) -> None:
            if getattr(signal.getsignal(number), "__name__", "") != "_sighandler_noop":
                return  # the session has not begun, or has ended: the signal is the shell's
            for _ in range(times):
                os.kill(os.getpid(), number)

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, alarm.uniform(0.12, 0.6))
        code = run([*words, "--tape", str(tape)])
        signal.setitimer(signal.ITIMER_REAL, 0)
        read = read_tape(tape)
        moved += bool(read.moves)
        assert code == 0
        assert _left_running(read) == {}
    assert moved > RUNS // 8


class _CountingLoop(VirtualLoop):
    """Cancels a task at chosen turns of the loop."""

    def __init__(self, turns: set[int]) -> None:
        super().__init__()
        self._turns = turns
        self._turn = 0
        self.victim: asyncio.Task[object] | None = None

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc] - the one place where every turn passes
        if self.victim is not None:
            if self._turn in self._turns:
                self.victim.cancel()
            self._turn += 1


def _cancelled_at(turns: set[int], tape: Path) -> Tape:
    def hear(_event: Event) -> None:
        return

    async def session() -> None:
        loop = asyncio.get_running_loop()
        async with simulate_in_memory(["bhaptics-x40"], {"bhaptics-x40": tape}) as near:
            air = Air("memory", near.scanner, near.client, near.options, simulated=True)
            plan = Plan(named.profile("taster"), minutes=0.2)
            wanted = [Wanted("vest", near.addresses["bhaptics-x40"])]
            hub = Hub(plan, wanted, LocalConnector(air, load_library()), load(), hear)
            task = asyncio.create_task(hub.run())
            if isinstance(loop, _CountingLoop):
                loop.victim = task
            await asyncio.wait((task,))
            assert task.cancelled() or task.exception() is None

    with asyncio.Runner(loop_factory=lambda: _CountingLoop(turns)) as runner:
        runner.run(session())
    return read_tape(tape)


@pytest.mark.parametrize("again", [(), (1,), (1, 2, 5)], ids=["once", "twice", "four times"])
def test_cancelled_at_any_await_the_motors_stop(again: tuple[int, ...], tmp_path: Path) -> None:
    moved = 0
    for turn in [*EVERY_TURN_OF_CONNECTING[:: 1 + 2 * len(again)], *TURNS_OF_PLAYING]:
        tape = _cancelled_at({turn, *(turn + later for later in again)}, tmp_path / "tape.jsonl")
        moved += bool(tape.moves)
        assert _left_running(tape) == {}, f"cancelled at turn {turn}"
    assert moved >= len(TURNS_OF_PLAYING) // 2
