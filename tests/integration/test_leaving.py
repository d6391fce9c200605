"""Every way out ends in a stop that was written to the end."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from devicehub.cli import named, playing
from devicehub.cli.main import run
from devicehub.hub import Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Event
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.session.plan import Plan
from firmware_sim.clock import VirtualLoop
from firmware_sim.memory import simulate_in_memory
from tests.people import hub_of
from tests.tapes import Tape, read_tape

pytestmark = [pytest.mark.exhaustive, pytest.mark.thorough]

RUNS = 50
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP]
# Where a session of twelve seconds is in its life, by turns of the event loop: some 120 until it
# plays, and the last 20 from the last beat to the closed link.
CONNECTING, LEAVING = 120, 20


def _left_running(tape: Tape) -> dict[int, int]:
    levels: dict[int, int] = {}
    for move in tape.moves:
        levels[move.actuator] = move.level
    return {motor: level for motor, level in levels.items() if level}


class _RingingLoop(VirtualLoop):
    """Sends this process real signals at one moment of virtual time."""

    def __init__(self, at_s: float, signals: Sequence[int]) -> None:
        super().__init__()
        for number in signals:
            self.call_at(at_s, os.kill, os.getpid(), number)


def _ringing(at_s: float, signals: Sequence[int]) -> Callable[[object], Callable[[], VirtualLoop]]:
    return lambda _request: lambda: _RingingLoop(at_s, signals)


@pytest.mark.parametrize("model", ["reference-cape", "bhaptics-x40"])
def test_a_signal_at_any_moment_leaves_every_motor_at_0(
    model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tape = tmp_path / "tape.jsonl"
    words = ["play", "taster", "--device", f"sim:{model}", "--speed", "max", "--minutes", "0.2"]
    chance = random.Random(7)
    moved = 0
    for _ in range(RUNS // 2):
        at_s = chance.uniform(0.01, 13.5)
        signals = chance.choices(SIGNALS, k=chance.choice([1, 2, 3]))

        monkeypatch.setattr(playing, "_loop_factory", _ringing(at_s, signals))
        code = run([*words, "--tape", str(tape)])
        read = read_tape(tape)
        moved += bool(read.moves)
        assert code == 0
        assert _left_running(read) == {}, f"signals {signals} at {at_s} s"
    assert moved > RUNS // 4


class _CountingLoop(VirtualLoop):
    """Cancels a task at chosen turns of the loop; counts the turns until it is done."""

    def __init__(self, turns: set[int]) -> None:
        super().__init__()
        self._turns = turns
        self.turn = 0
        self.victim: asyncio.Task[object] | None = None

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc] - the one place where every turn passes
        if self.victim is not None and not self.victim.done():
            if self.turn in self._turns:
                self.victim.cancel()
            self.turn += 1


def _cancelled_at(turns: set[int], tape: Path) -> tuple[Tape, int]:
    """Return the tape of a session that is cancelled at `turns`, and how many turns it took."""

    def hear(_event: Event) -> None:
        return

    async def session() -> None:
        loop = asyncio.get_running_loop()
        async with simulate_in_memory(["bhaptics-x40"], {"bhaptics-x40": tape}) as near:
            air = Air("memory", near.scanner, near.client, near.options, simulated=True)
            plan = Plan(named.profile("taster"), minutes=0.2)
            wanted = [Wanted("vest", near.addresses["bhaptics-x40"])]
            hub = await hub_of(plan, wanted, LocalConnector(air, load_library()), hear)
            task = asyncio.create_task(hub.run())
            if isinstance(loop, _CountingLoop):
                loop.victim = task
            await asyncio.wait((task,))
            assert task.cancelled() or task.exception() is None

    counting = _CountingLoop(turns)
    with asyncio.Runner(loop_factory=lambda: counting) as runner:
        runner.run(session())
    return read_tape(tape), counting.turn


@pytest.mark.parametrize("again", [(), (1,), (1, 2, 5)], ids=["once", "twice", "four times"])
def test_cancelled_at_any_await_the_motors_stop(again: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "tape.jsonl"
    _, last = _cancelled_at(set(), path)
    connecting = range(0, CONNECTING, 2 + 2 * len(again))
    playing, leaving = range(CONNECTING, last, 29), range(last - LEAVING, last)
    moved = 0
    for turn in [*connecting, *playing, *leaving]:
        tape, _ = _cancelled_at({turn, *(turn + later for later in again)}, path)
        moved += bool(tape.moves)
        assert _left_running(tape) == {}, f"cancelled at turn {turn} of {last}"
    assert moved >= len(playing) // 2 + len(leaving)
