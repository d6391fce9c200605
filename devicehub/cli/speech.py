"""Speech: cues said aloud by a program of the system, one process a cue.

The session never waits for it: a thread of its own starts the program and waits for its end. A
newer cue takes the place of one that still waits, and nothing is left behind after `close`: the
program has a process group of its own, and what is cut off ends with all that it started.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import Self

from devicehub.errors import UsageError
from profiles.text import Language

# The last cues are said to their end; what takes longer in all is cut off.
LAST_WORDS_S = 4.0
# A program that is cut off may let go of the sound for so long.
LET_GO_S = 0.1
_LOOK_S = 0.05

Command = Callable[[str, str], Sequence[str]]

# macOS has one voice a language; the others take the language.
_MAC_VOICES = {"ru": ("-v", "Milena")}
PROGRAMS: dict[str, Command] = {
    "spd-say": lambda language, words: ("spd-say", "--wait", "--language", language, "--", words),
    "say": lambda language, words: ("say", *_MAC_VOICES.get(language, ()), "--", words),
    "espeak-ng": lambda language, words: ("espeak-ng", "-v", language, "--", words),
}
NO_PROGRAM = (
    "--speak: nothing here can speak\n"
    "install espeak-ng or speech-dispatcher (spd-say); on macOS say is there already"
)


def check_voice() -> Command:
    """Return the program that speaks. Raises UsageError: there is none."""
    found = next((name for name in PROGRAMS if shutil.which(name)), None)
    if found is None:
        raise UsageError(NO_PROGRAM)
    return PROGRAMS[found]


class Speaker:
    """Says cues in one language, as long as the block runs.

    Raises:
        UsageError: There is no program that speaks.
    """

    def __init__(self, language: Language) -> None:
        self._command, self._language = check_voice(), language
        self._changed = threading.Condition()
        self._waiting: str | None = None
        self._latest_s = float("inf")  # set as it closes: nothing is said later
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)

    def say(self, words: str) -> None:
        """Say `words` when what is being said is over; only the newest waits. Never blocks.

        Nothing more is taken as soon as it closes.
        """
        with self._changed:
            if self._closing:
                return
            self._waiting = words
            self._changed.notify_all()

    def close(self) -> None:
        """Let the last words be said for a short while, then be silent."""
        with self._changed:
            self._latest_s = min(self._latest_s, time.monotonic() + LAST_WORDS_S)
            self._changed.notify_all()
        self._thread.join(LAST_WORDS_S + LET_GO_S + 1.0)

    @property
    def _closing(self) -> bool:
        return self._latest_s < float("inf")

    @property
    def _is_over(self) -> bool:
        return time.monotonic() > self._latest_s

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, see `close`."""
        self.close()

    def _run(self) -> None:
        while (words := self._next()) is not None:
            self._speak(words)

    def _next(self) -> str | None:
        with self._changed:
            while self._waiting is None and not self._closing:
                self._changed.wait()
            words, self._waiting = self._waiting, None
            return None if self._is_over else words

    def _speak(self, words: str) -> None:
        try:
            speaking = subprocess.Popen(  # noqa: S603 - its words are one argument, after "--"
                self._command(self._language, words),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the session's alone
            )
        except OSError:  # it was there a moment ago; the words are shown anyway
            return
        while speaking.poll() is None:
            if self._is_over:
                _cut_off(speaking)
                return
            time.sleep(_LOOK_S)


def _cut_off(speaking: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started, also what takes no notice of a polite word."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        # Its end is not waited for in between: as long as it is not, no other group has its number.
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing in it runs
            os.killpg(speaking.pid, number)
        time.sleep(LET_GO_S if number == signal.SIGTERM else 0)
    speaking.wait()
