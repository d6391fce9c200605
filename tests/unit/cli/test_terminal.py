"""A session on a real terminal: the panel, the keys, and the terminal afterwards."""

import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tests.patience import PATIENCE_S
from tests.unmeasured import environment as unmeasured

pytestmark = pytest.mark.wallclock

# The child makes the terminal its own, as a shell would, and becomes the command.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, '-m', 'devicehub', *sys.argv[1:]])"
)


class Terminal:
    """What a person sees of one running command, and the keys to press."""

    def __init__(self, fd: int, child: "subprocess.Popen[bytes]") -> None:
        self.fd = fd
        self.child = child
        self.seen = ""

    def until(self, words: str) -> None:
        """Read until `words` have been seen."""
        while words not in self.seen:
            gone = self.child.poll() is not None
            ready, _, _ = select.select([self.fd], [], [], 0 if gone else PATIENCE_S)
            if not ready:
                pytest.fail(f"never seen: {words!r} in {self.seen[-2000:]!r}")
            self.seen += os.read(self.fd, 65536).decode(errors="replace")

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())

    def ended(self) -> int:
        """Read on until the command has ended, for it may wait to be read; return its exit code."""
        while self.child.poll() is None:
            if select.select([self.fd], [], [], 0.02)[0]:
                self.seen += os.read(self.fd, 65536).decode(errors="replace")
        return self.child.returncode


@contextmanager
def terminal(*words: str, **environment: str) -> Generator[Terminal]:
    """Yield a command on a terminal; the terminal has to be as before when it has ended."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    before = termios.tcgetattr(theirs)
    child = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**unmeasured(), "TERM": "xterm-256color", **environment},
    )
    try:
        shown = Terminal(ours, child)
        yield shown
        shown.ended()
        assert termios.tcgetattr(theirs) == before
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait(PATIENCE_S)
        os.close(ours)
        os.close(theirs)


# Long enough that its first phase lasts, however slow the machine is.
PLAY = ("play", "taster", "--minutes", "10", "--device", "sim:reference-cape")
PANEL_IS_GONE = "\x1b[?1049l"


def test_q_stops_where_a_terminal_has_no_cursor_and_gets_lines() -> None:
    with terminal(*PLAY, TERM="dumb") as shown:
        shown.until("phase  1 of 3")
        shown.press("q")
        shown.until("stopped, confirmed in")
        assert shown.ended() == 0
        assert "\x1b" not in shown.seen


def test_space_pauses_and_goes_on_and_escape_twice_in_one_read_stops() -> None:
    with terminal(*PLAY) as shown:
        shown.until("Phase 1 of 3")
        assert "Before you begin" in shown.seen  # nobody lies under it: shown and not asked for
        shown.press(" ")
        shown.until("PAUSED")
        shown.seen = ""
        shown.press(" ")
        shown.until("Phase 1 of 3")
        shown.press("\x1b\x1b")
        shown.until("stopped, confirmed in")
        assert shown.ended() == 0
        assert PANEL_IS_GONE in shown.seen


def test_a_key_is_answered_on_the_panel_and_pain_ends_the_session_as_safety() -> None:
    with terminal(*PLAY) as shown:
        shown.until("Phase 1 of 3")
        shown.press("s")
        shown.until("softer from here on: ceiling")
        shown.press("d")
        shown.until("noted, weaker from here on")
        shown.press("p")
        shown.until("good, you are there")
        shown.press("h")
        shown.until("stopped, confirmed in")
        shown.until("Stopped because it hurt")
        assert shown.ended() == 4


def test_colour_and_unicode_are_left_out_where_they_are_not_wanted_and_ctrl_c_stops() -> None:
    with terminal(*PLAY, NO_COLOR="1", PYTHONIOENCODING="ascii") as shown:
        shown.until("Phase 1 of 3")
        shown.press("\x03")
        shown.until("stopped, confirmed in")
        assert shown.ended() == 0
        assert PANEL_IS_GONE in shown.seen
        assert shown.seen.isascii()
        assert "\x1b[3" not in shown.seen


def test_a_handheld_asks_for_its_place_and_waits_for_n_and_ctrl_backslash_stops() -> None:
    play = ("play", "desk-break", "--device", "sim:lovense-domi", "--language", "ru")
    with terminal(*play) as shown:
        shown.until("Сюда, затем n")
        shown.until("Переставьте массажёр")
        shown.press("n")
        shown.until("Phase 1 of 3")
        shown.press("\x1c")
        shown.until("stopped, confirmed in")
        assert shown.ended() == 0


def test_a_guide_is_steered_by_keys_and_gives_the_terminal_back() -> None:
    with terminal("play", "taster", "--device", "guide", "--language", "ru") as shown:
        shown.until("Всё готово?")
        shown.press("да\r")
        shown.until("поглаживание")
        shown.press("n")
        shown.until("Часть 1 из 3")
        shown.press("p")
        shown.until("хорошо, вы здесь")
        shown.press("q")
        shown.until("остановлено")
        assert shown.ended() == 0
        assert PANEL_IS_GONE in shown.seen
