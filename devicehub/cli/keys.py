"""Keys: single key presses on a terminal become commands."""

import asyncio
import os
import re
import sys
import termios
import tty
from collections.abc import Callable, Generator
from contextlib import contextmanager

from devicehub.messages import Command, CommandKind

_ESCAPE = "\x1b"
# What cursor and function keys send: an escape with something behind it.
_SEQUENCE = re.compile("\x1b(\\[[0-?]*[ -/]*[@-~]|O[ -~])")
_READ_BYTES = 64  # a burst of key presses; a longer one is read in several turns

_KEYS = {
    "s": CommandKind.SOFTER,
    "+": CommandKind.STRONGER,
    "=": CommandKind.STRONGER,  # plus without shift
    "d": CommandKind.DISCOMFORT,
    "h": CommandKind.HURTS,
    "p": CommandKind.PRESENT,
    "n": CommandKind.MOVED,
    "q": CommandKind.STOP,
    _ESCAPE: CommandKind.STOP,
}


def commands_of(typed: str, *, paused: bool) -> tuple[Command, ...]:
    """Return what the keys ask for, in order; keys without a meaning ask for nothing.

    Args:
        typed: What the terminal gave in one read. Cursor and function keys are ignored; any other
            escape means stop, and so do two.
        paused: Whether the session is paused now: the space bar toggles.
    """
    found: list[Command] = []
    for key in _SEQUENCE.sub("", typed):
        if key == " ":
            kind = CommandKind.RESUME if paused else CommandKind.PAUSE
            paused = not paused
        elif key.lower() in _KEYS:
            kind = _KEYS[key.lower()]
        else:
            continue
        found.append(Command(kind, "key"))
    return tuple(found)


def meaningless(typed: str) -> str:
    """Return the last printable key that asks for nothing; "" where there is none."""
    unknown = [key for key in _SEQUENCE.sub("", typed) if key.isprintable() and key != " "]
    return next((key for key in reversed(unknown) if key.lower() not in _KEYS), "")


def _to_nobody(_key: str) -> None:
    """Take a key without a meaning."""


@contextmanager
def listen(
    inbox: Callable[[Command], None],
    is_paused: Callable[[], bool],
    fd: int | None = None,
    unknown: Callable[[str], None] = _to_nobody,
) -> Generator[bool]:
    """Send key presses to `inbox` while the block runs; the terminal is restored on every way out.

    Must be entered inside a running event loop; `inbox` is called from it. Ctrl-C stays a signal.
    Where there is no terminal, or it belongs to another job, nothing is read and nothing changed.

    Args:
        inbox: Takes each command.
        is_paused: Tells whether the session is paused now.
        fd: The terminal's file descriptor; None for standard input.
        unknown: Takes a key that asks for nothing.

    Yields:
        Whether keys are being read.
    """
    terminal = _stdin() if fd is None else fd
    if terminal is None or not _is_ours(terminal):
        yield False
        return
    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(terminal)

    def read() -> None:
        typed = os.read(terminal, _READ_BYTES)
        if not typed:  # the terminal is gone: a reader left behind would spin
            loop.remove_reader(terminal)
            return
        keys = typed.decode(errors="ignore")
        for command in commands_of(keys, paused=is_paused()):
            inbox(command)
        if key := meaningless(keys):
            unknown(key)

    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        _never_stop_output(terminal)
        loop.add_reader(terminal, read)
        yield True
    finally:
        loop.remove_reader(terminal)
        # Now, not when all is written: a terminal that nobody reads never gets there.
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _never_stop_output(terminal: int) -> None:
    """Let Ctrl-S be a key like others: a picture that stands still would look like a session."""
    modes = termios.tcgetattr(terminal)
    modes[0] &= ~termios.IXON
    termios.tcsetattr(terminal, termios.TCSANOW, modes)


def _stdin() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # None, replaced or closed
        return None


def _is_ours(terminal: int) -> bool:
    """Changing the terminal of another job would suspend this process, with motors running."""
    try:
        return os.isatty(terminal) and os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
