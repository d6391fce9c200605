"""Speech: cues said aloud by a program of the system, one process a cue.

The session never waits for it: a thread of its own starts the program and waits for its end. A
newer cue takes the place of one that still waits, and nothing is left behind after `close`.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import Self

from devicehub.errors import UsageError
from profiles.text import Language

# The last cue is said to its end; what takes longer is cut off.
LAST_WORDS_S = 4.0
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


class Speaker:
    """Says cues in one language, as long as the block runs.

    Raises:
        UsageError: There is no program that speaks.
    """

    def __init__(self, language: Language) -> None:
        found = next((name for name in PROGRAMS if shutil.which(name)), None)
        if found is None:
            raise UsageError(NO_PROGRAM)
        self._command, self._language = PROGRAMS[found], language
        self._changed = threading.Condition()
        self._waiting: str | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)

    def say(self, words: str) -> None:
        """Say `words` when what is being said is over; only the newest waits. Never blocks."""
        with self._changed:
            self._waiting = words
            self._changed.notify_all()

    def close(self) -> None:
        """Let the last words be said for a short while, then be silent."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(LAST_WORDS_S + 1.0)

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
            return words

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
        latest_s = float("inf")
        while speaking.poll() is None:
            if self._closing:
                latest_s = min(latest_s, time.monotonic() + LAST_WORDS_S)
            if time.monotonic() > latest_s:
                speaking.kill()
            time.sleep(_LOOK_S)
