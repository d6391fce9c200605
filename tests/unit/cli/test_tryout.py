"""`devicehub tryout`: only `devices new` starts it, and it forgets no stop but its own."""

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli.new_burst import LATE_S, SILENT_S, Watch
from devicehub.cli.new_order import Order, taken
from devicehub.cli.new_pace import PAUSE_S, left_s, turn
from devicehub.cli.tryout import _alone, kept_burst  # pyright: ignore[reportPrivateUsage]
from devicehub.errors import DeviceNotFound, HubError, SafetyRefusal, StopUnconfirmed
from devicehub.keeper.standing import StandingStop, forget, remember, standing
from devicehub.ledger.locks import device_lock
from devicehub.ledger.moment import Moment
from devicehub.massagers.library import load_file
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.session.trial import BURST_S, Asker, Stage
from firmware_sim.faults import parse
from firmware_sim.memory import simulate_in_memory
from tests.unit.cli.shell import here
from tests.unit.massagers.test_whitelist import INVENTED

FILE = INVENTED / "flag-wand.toml"
WAND = load_file(FILE).massagers["flag-wand"]
WHERE = "C0:00:00:00:00:01"
TOKEN = "11" * 16
ORDER = Order(token=TOKEN, model="flag-wand", where=WHERE, motor=0, level=1, air=None)
LINE = f"{ORDER.model_dump_json()}\n".encode()


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("s")))


@contextmanager
def standard_input(file: int) -> Generator[None]:
    before = os.dup(0)
    os.dup2(file, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)


def _nothing(path: Path) -> int:
    return os.open(os.devnull, os.O_RDWR)


def _file(path: Path) -> int:
    path.write_bytes(LINE)
    return os.open(path, os.O_RDONLY)


def _terminal(path: Path) -> int:
    ours, theirs = os.openpty()
    os.close(ours)
    return theirs


def _pipe(path: Path) -> int:
    reads, writes = os.pipe()
    os.write(writes, LINE)  # an order that was written before it was asked for
    os.close(writes)
    return reads


@pytest.mark.parametrize("kind", [_nothing, _file, _terminal, _pipe])
def test_nobody_but_devices_new_starts_it(
    kind: Callable[[Path], int], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = kind(tmp_path / "order")
    with standard_input(file):
        said = here(capfd, "tryout")
    os.close(file)
    assert said.code == 2
    assert said.err.startswith("devicehub: tryout is a part of devicehub devices new, which alone")
    assert said.err.count("\n") == 1


def test_its_command_line_orders_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert here(capsys, "tryout", "flag-wand", WHERE, "0", "1").code == 2


def test_an_order_brings_the_token_back() -> None:
    assert taken(LINE, TOKEN) == ORDER


@pytest.mark.parametrize(
    "line",
    [
        b"",
        LINE[:-1],
        b"{}\n",
        LINE.replace(b"11", b"22"),
        LINE.replace(WHERE.encode(), b"Flag wand"),
        LINE.replace(b'"motor":0', b'"motor":-1'),
        LINE.replace(b'"level":1', b'"level":"1"'),
    ],
    ids=["nothing", "torn", "empty", "another token", "a name", "no motor", "no number"],
)
def test_anything_else_is_no_order(line: bytes) -> None:
    assert taken(line, TOKEN) is None


def kept(where: str = WHERE) -> StandingStop:
    return StandingStop(WAND.title, where, WAND.model, "memory", (), WAND.on_lost_link)


async def burst_of(where: str, level: int = 1, fault: str | None = None) -> int | HubError:
    """Return the level that a burst reached, or what went wrong."""
    wrong = [] if fault is None else [parse(fault)]
    async with simulate_in_memory([str(FILE)], faults=wrong) as near:
        assert near.addresses["flag-wand"] == WHERE
        air = Air("memory", near.scanner, near.client, near.options, simulated=True)
        connector = LocalConnector(air, {WAND.model: WAND})
        asker = Asker(asyncio.Event(), lambda _: None)
        try:
            return await kept_burst(connector, kept(where), WAND, 0, level, asker)
        except HubError as error:
            return error


@pytest.mark.parametrize(
    ("where", "level", "fault", "error", "stands"),
    [
        (WHERE, 1, None, None, False),
        (WHERE, 11, None, SafetyRefusal, False),
        ("C0:00:00:00:00:09", 1, None, DeviceNotFound, False),
        (WHERE, 1, "drop@1.0", StopUnconfirmed, True),
    ],
    ids=["stopped", "refused", "not found", "lost"],
)
async def test_its_stop_stands_until_it_is_confirmed(
    where: str, level: int, fault: str | None, error: type[HubError] | None, stands: bool
) -> None:
    reached = await burst_of(where, level, fault)
    assert isinstance(reached, int if error is None else error)
    assert standing() == [kept(where)] * stands


@pytest.mark.parametrize("where", [WHERE, WHERE.lower()])
async def test_a_stop_that_stood_before_is_not_touched_and_nothing_moves(where: str) -> None:
    before = replace(kept(where), model="another", advice="Hold its button.")
    remember(before)
    try:
        reached = await burst_of(WHERE)
        assert isinstance(reached, SafetyRefusal)
        assert "devicehub stop" in str(reached)
        assert standing() == [before]
    finally:
        forget(before)


def test_a_massager_in_a_session_is_not_tried() -> None:
    with (
        device_lock(WHERE, "memory"),
        pytest.raises(SafetyRefusal, match="driven by another session"),
        _alone(kept()),
    ):
        pytest.fail("it was let in")


def test_one_burst_at_a_time_and_a_pause_after_it() -> None:
    with turn() as wait_s:
        assert wait_s == 0.0
        with pytest.raises(SafetyRefusal, match="another burst"), turn():
            pytest.fail("it was let in")
    with turn() as wait_s:
        assert wait_s <= PAUSE_S


@pytest.mark.parametrize(
    ("noted", "left"),
    [
        ("this 99.75", 0.75),
        ("this 90.0", 0.0),
        ("this 101.0", 0.0),
        ("last 99.75", 0.0),
        ("this nan", 0.0),
        ("", 0.0),
    ],
)
def test_the_pause_counts_from_the_last_end_in_this_boot(noted: str, left: float) -> None:
    assert left_s(noted, Moment(wall_s=0.0, boot_s=100.0, boot_id="this")) == left


def watched(stage: Stage | None, seconds: float, *, beats: bool, ended: bool = False) -> bool:
    """Say whether a process hangs that said `stage`, and again now and then where it `beats`."""
    watch = Watch()
    watch.ended = ended
    row: dict[str, str] = {} if stage is None else {"stage": str(stage)}
    watch.heard(row)
    for _ in range(int(seconds / 0.25)):
        watch.pass_time(0.25)
        if beats:
            watch.heard(row)
    return watch.hangs


@pytest.mark.parametrize(
    ("stage", "after_s", "beats", "ended"),
    [
        (Stage.MOVING, BURST_S + LATE_S, True, False),
        (Stage.MOVING, BURST_S + LATE_S, False, False),
        (Stage.STOPPING, LATE_S, False, False),
        (Stage.CONNECTING, SILENT_S, False, False),
        (Stage.CONNECTING, LATE_S, True, True),
        (None, LATE_S, False, True),
    ],
)
def test_a_process_that_is_late_hangs(
    stage: Stage | None, after_s: float, beats: bool, ended: bool
) -> None:
    assert not watched(stage, after_s - 0.25, beats=beats, ended=ended)
    assert watched(stage, after_s + 0.5, beats=beats, ended=ended)


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("stage", [Stage.STOPPING, Stage.UNANSWERED])
def test_one_that_says_that_it_writes_stops_is_left_to_it(stage: Stage, ended: bool) -> None:
    assert not watched(stage, 60.0, beats=True, ended=ended)


def test_a_computer_that_stood_still_makes_nobody_late() -> None:
    watch = Watch()
    watch.heard({"stage": "moving"})
    watch.pass_time(60.0)
    assert not watch.hangs
