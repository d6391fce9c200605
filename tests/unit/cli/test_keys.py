"""Keys: what they ask for, and the terminal afterwards."""

import asyncio
import os
import pty
import termios
from collections.abc import Iterator

import pytest

from devicehub.cli.keys import commands_of, listen, meaningless
from devicehub.messages import Command, CommandKind


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("s", CommandKind.SOFTER),
        ("d", CommandKind.DISCOMFORT),
        ("h", CommandKind.HURTS),
        ("p", CommandKind.PRESENT),
        ("q", CommandKind.STOP),
        ("Q", CommandKind.STOP),
        ("\x1b", CommandKind.STOP),
        (" ", CommandKind.PAUSE),
    ],
)
def test_a_key_asks_for_one_thing(typed: str, kind: CommandKind) -> None:
    assert commands_of(typed, paused=False) == (Command(kind, "key"),)


def test_plus_with_or_without_shift_asks_for_more() -> None:
    assert {command.kind for key in "+=" for command in commands_of(key, paused=False)} == {
        CommandKind.STRONGER
    }


@pytest.mark.parametrize(
    ("typed", "stops"),
    [("\x1b\x1b", 2), ("\x1b\x1b\x1b", 3), ("\x1b\x1b[A", 1), ("\x1b[A\x1b", 1), ("\x1bx", 1)],
)
def test_every_escape_that_is_no_cursor_key_stops(typed: str, stops: int) -> None:
    stop = Command(CommandKind.STOP, "key")
    assert commands_of(typed, paused=False) == (stop,) * stops


def test_keys_behind_a_cursor_key_in_one_read_are_heard() -> None:
    kinds = [command.kind for command in commands_of("\x1b[As\x1b[15~q", paused=False)]
    assert kinds == [CommandKind.SOFTER, CommandKind.STOP]


def test_space_goes_on_when_paused() -> None:
    assert commands_of(" ", paused=True) == (Command(CommandKind.RESUME, "key"),)


def test_two_spaces_at_once_pause_and_go_on() -> None:
    kinds = [command.kind for command in commands_of("  ", paused=False)]
    assert kinds == [CommandKind.PAUSE, CommandKind.RESUME]


@pytest.mark.parametrize("typed", ["\x1b[A", "\x1bOP", "x", "1", "\n", ""])
def test_other_keys_ask_for_nothing(typed: str) -> None:
    assert commands_of(typed, paused=False) == ()


@pytest.mark.parametrize(
    ("typed", "key"), [("x", "x"), ("sx", "x"), ("xs", "x"), ("s", ""), (" ", ""), ("\x1b[A", "")]
)
def test_a_key_that_does_nothing_is_told(typed: str, key: str) -> None:
    assert meaningless(typed) == key


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def this_job(_fd: int) -> int:
    """Answer for the terminal: it belongs to the job that asks."""
    return os.getpgrp()


class Trouble(Exception):
    """Something that goes wrong in the block."""


def trouble_unless(untouched: bool) -> None:
    if not untouched:
        raise Trouble


@pytest.mark.wallclock
async def test_a_terminal_of_another_job_is_left_alone(terminal: tuple[int, int]) -> None:
    before = termios.tcgetattr(terminal[1])
    with listen(lambda _: None, lambda: False, terminal[1]) as reading:
        assert not reading
        assert termios.tcgetattr(terminal[1]) == before


async def test_without_a_terminal_nothing_is_read() -> None:
    reader, writer = os.pipe()
    try:
        with listen(lambda _: None, lambda: False, reader) as reading:
            assert not reading
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.wallclock
async def test_keys_arrive_in_the_loop(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", this_job)
    got: asyncio.Queue[Command] = asyncio.Queue()
    with listen(got.put_nowait, lambda: False, terminal[1]) as reading:
        assert reading
        os.write(terminal[0], b"s")
        assert (await got.get()).kind is CommandKind.SOFTER


@pytest.mark.wallclock
async def test_ctrl_s_does_not_stop_the_picture(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", this_job)
    before = termios.tcgetattr(terminal[1])
    with listen(lambda _: None, lambda: False, terminal[1]):
        assert not termios.tcgetattr(terminal[1])[0] & termios.IXON
    assert termios.tcgetattr(terminal[1]) == before


@pytest.mark.wallclock
async def test_the_terminal_is_restored_when_something_goes_wrong(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", this_job)
    before = termios.tcgetattr(terminal[1])
    with pytest.raises(Trouble), listen(lambda _: None, lambda: False, terminal[1]):
        trouble_unless(termios.tcgetattr(terminal[1]) == before)
    assert termios.tcgetattr(terminal[1]) == before
