"""A hub that lies to its keeper on purpose, over a real pipe: nothing of it reaches a massager.

This process is the hub. Judged by the tapes: every write that a massager got is a stop or a level
frame of its family under the ceiling, and no motor ever went above it.
"""

import math
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from devicehub.cli.ground import keeper_command
from devicehub.keeper.gate import FRAME_TTL_S
from devicehub.keeper.highest import highest_steps
from devicehub.keeper.protocol import (
    Agree,
    Alive,
    Close,
    Connect,
    Connected,
    Done,
    Failed,
    Frame,
    Message,
    Resume,
    Said,
    Stop,
    Stopped,
    from_line,
    to_line,
)
from devicehub.massagers.encode import raw
from devicehub.massagers.identity import uuid_matches
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import levels_of
from devicehub.massagers.wire import Encoded, Write
from devicehub.safety.limits import load
from tests.integration.processes import CAPE, VEST, Home, home
from tests.patience import PATIENCE_S
from tests.unit.radio.bench import WAND, WAND_ZONE

pytestmark = pytest.mark.wallclock

NAMES = {CAPE: "DH-CAPE", VEST: "TactSuitX40", WAND: "LVS-Domi37"}
BYTE, A_FEW = range(256), range(0, 256, 17)
STRANGERS = (
    "00002a19-0000-1000-8000-00805f9b34fb",  # battery
    "00001531-1212-efde-1523-785feabcd123",  # firmware update of many chips
    "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101",  # heat
    "",
)
TIMES_S = (-1.0, 0.0, math.nan, math.inf, -math.inf, 1e308, -1e308, FRAME_TTL_S + 1.0)
"""From now on, in seconds; a frame may claim half a second."""
EPOCHS = (-1, 1, 2**63, 10**30)


@dataclass
class Liar:
    """A hub, and the pipe to its keeper."""

    keeper: subprocess.Popen[bytes]
    seq: int = 0
    epoch: int = 0

    def ask(self, message: Message) -> Message:
        """Say something that has `self.seq`, and return the answer."""
        self.tell(message)
        if self.keeper.stdout is None:
            raise AssertionError("the keeper has no voice")
        for line in self.keeper.stdout:
            said = from_line(line)
            if not isinstance(said, Alive | Said) and getattr(said, "seq", None) == self.seq:
                return said
        raise AssertionError("the keeper is gone")

    def tell(self, message: Message) -> None:
        if self.keeper.stdin is not None:
            self.keeper.stdin.write(to_line(message))
            self.keeper.stdin.flush()

    def next(self) -> int:
        self.seq += 1
        return self.seq

    def lie(
        self, model: str, writes: list[tuple[str, str, bool]], life_s: float = 0.4, epoch: int = 0
    ) -> Done:
        """Ask for a frame, and for stillness after it if it passed."""
        said = self._frame(model, writes, life_s, self.epoch + epoch)
        if said.written:
            self._frame(model, frame(load_library()[model], 0), 0.4, self.epoch)
        return said

    def fresh(self, model: str, writes: list[tuple[str, str, bool]]) -> Done:
        """Ask for a frame that does not grow old on its way, however busy the machine is."""
        while (said := self.lie(model, writes)).why == "stale":
            pass
        return said

    def _frame(
        self, model: str, writes: list[tuple[str, str, bool]], life_s: float, epoch: int
    ) -> Done:
        until_s = time.monotonic() + life_s
        said = self.ask(Frame(self.next(), NAMES[model], writes, [], until_s, epoch))
        return said if isinstance(said, Done) else Done(0, False, f"{said} after {writes}")


def frame(massager: Massager, level: int) -> list[tuple[str, str, bool]]:
    levels = [level] * len(massager.steps)
    return [(w.char, w.data.hex(), w.response) for w in raw(massager, levels)]


@contextmanager
def liar(air: Home) -> Generator[Liar]:
    with subprocess.Popen(
        keeper_command(air.air),
        env=air.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as keeper:
        try:
            yield Liar(keeper)
        finally:
            if keeper.stdin is not None:
                keeper.stdin.close()


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(CAPE, VEST, WAND):
        yield here


def spam(massager: Massager, opcodes: range) -> Iterator[list[tuple[str, str, bool]]]:
    """Yield opcode bytes at every place, every level of a byte, and strangers."""
    ((char, sound, response),) = frame(massager, 0)
    data = bytes.fromhex(sound)
    for byte in opcodes:
        yield [(char, bytes([byte, *data[1:]]).hex(), response)]
        yield [(char, bytes([data[0], *[byte] * (len(data) - 1)]).hex(), response)]
        yield [(char, bytes([*data[:-1], byte]).hex(), response)]
        yield [(char, bytes([byte]).hex(), response)]
    for level in range(max(massager.steps) + 1):
        for write in frame(massager, level):
            yield [write]
            yield [(write[0], write[1], not response)]
            yield [write, write]
            yield [(stranger, write[1], response) for stranger in STRANGERS]
    for stranger in STRANGERS:
        yield [(stranger, sound, response)]
        yield [(stranger, "00", not response)]
    yield []
    yield [(char, "", response)]
    yield [(char, "ff" * 512, response)]


def judged(air: Home, massager: Massager, ceiling: tuple[int, ...]) -> None:
    """Hold the tape of a massager against what may have reached it."""
    tape = air.tape(massager.model)
    modes = {write[0]: write[2] for write in frame(massager, 0)}
    for _, char, data in tape.writes:
        asked = [
            word
            for word in _own_words(massager)
            if uuid_matches(word.char, char) and word.data.hex() == data
        ]
        if not asked:
            (stated,) = [each for each in modes if uuid_matches(each, char)]
            levels = levels_of(massager, Write(stated, bytes.fromhex(data), modes[stated]))
            assert levels is not None, (char, data)
            assert all((got or 0) <= most for got, most in zip(levels, ceiling, strict=True))
    assert all(move.level <= ceiling[move.actuator] for move in tape.moves)


def _own_words(massager: Massager) -> list[Write]:
    """Return what the link itself says: it moves nothing."""
    asks = [massager.battery_ask] if massager.battery_ask is not None else []
    steps = [step.does for step in massager.connect if isinstance(step.does, Encoded)]
    said = [*steps, *asks, *massager.stops]
    return [write for encoded in said for write in encoded.writes]


@pytest.mark.parametrize(
    ("model", "opcodes"),
    [
        pytest.param(CAPE, A_FEW, id="a few"),
        *(pytest.param(one, BYTE, id=one, marks=pytest.mark.thorough) for one in NAMES),
    ],
)
def test_nothing_but_listed_frames_under_the_ceiling_reaches_a_massager(
    model: str, opcodes: range, air: Home
) -> None:
    massager = load_library()[model]
    zone = WAND_ZONE if massager.needs_zone else None
    ceiling = highest_steps(massager, zone, load())
    with liar(air) as hub:
        assert isinstance(hub.ask(Connect(hub.next(), NAMES[model], PATIENCE_S)), Connected)
        assert hub.fresh(model, frame(massager, 1)).why == "not agreed"
        most, count = max(massager.steps), len(ceiling)
        for lie in ([-1] * count, [most + 1] * count, [1] * (count + 1), [1] * (count - 1)):
            assert isinstance(hub.ask(Agree(hub.next(), NAMES[model], lie, zone)), Failed)
        agree = Agree(hub.next(), NAMES[model], list(massager.steps), zone)
        assert isinstance(hub.ask(agree), Done)

        passed = sum(hub.lie(model, writes).written for writes in spam(massager, opcodes))
        assert passed > 1  # a gate that lets nothing through would pass this test
        legal = frame(massager, 0)
        for life_s in TIMES_S:
            assert hub.lie(model, legal, life_s) == Done(hub.seq, False, "stale")
        for epoch in EPOCHS:
            assert hub.lie(model, legal, epoch=epoch) == Done(hub.seq, False, "stale")

        assert isinstance(hub.ask(Stop(hub.next(), NAMES[model])), Stopped)
        for epoch in (0, 1):
            assert not hub.lie(model, legal, epoch=epoch).written
        hub.epoch = 1
        hub.tell(Resume(NAMES[model], 0))
        assert hub.fresh(model, legal).why == "stopped"
        hub.tell(Resume(NAMES[model], 1))
        assert hub.fresh(model, legal).written
        assert isinstance(hub.ask(Close(hub.next(), NAMES[model])), Stopped)
    judged(air, massager, ceiling)
    assert not air.moving(model)
    assert air.standing() == []
