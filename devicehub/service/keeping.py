"""Keeping: what happens is written into the history by a thread of its own.

Nothing waits for it. A disk that is full or broken costs what is kept and nothing else: that is
said once, and what comes later is tried again.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from devicehub.errors import HubError
from devicehub.ledger.history import Bounds, History
from devicehub.ledger.history_rows import Past
from devicehub.outside import Happening

# What waits longer than a batch is written together; a session has some ten events a minute.
BATCH_S = 0.5
RETRY_S = 5.0
MOST_WAITING = 4096
CLOSING_S = 2.0
TRIM_EVERY = 500  # batches

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    happened: list[Happening] = field(default_factory=list[Happening])
    ended: list[Past] = field(default_factory=list[Past])

    @property
    def is_there(self) -> bool:
        """Whether anything waits."""
        return bool(self.happened or self.ended)


class Keeping:
    """Writes the history of one run."""

    def __init__(
        self,
        path: Path,
        boot: str,
        bounds: Bounds,
        wall_s: Callable[[], float],
        on_trouble: Callable[[str], None],
    ) -> None:
        """Make it and begin.

        Args:
            path: The file.
            boot: Which run it is.
            bounds: How much is kept.
            wall_s: Seconds since 1970.
            on_trouble: Told once what is wrong, from the thread.
        """
        self._path, self._boot, self._bounds = path, boot, bounds
        self._wall_s, self._on_trouble = wall_s, on_trouble
        self.trouble: str | None = None
        self._changed = threading.Condition()
        self._waiting = _Waiting()
        self._closing = False
        self._history: History | None = None
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    def happened(self, happening: Happening) -> None:
        """Keep an event; the oldest that wait make place when the disk does not take them."""
        with self._changed:
            self._waiting.happened.append(happening)
            del self._waiting.happened[:-MOST_WAITING]
            self._changed.notify()

    def ended(self, session: Past) -> None:
        """Keep a session."""
        with self._changed:
            self._waiting.ended.append(session)
            del self._waiting.ended[:-MOST_WAITING]
            self._changed.notify()

    def close(self) -> None:
        """Write what waits, as long as the disk takes it in a moment, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(CLOSING_S)

    # -- the thread's ---------------------------------------------------------------------------

    def _run(self) -> None:
        batches = 0
        while not self._closing:
            self._wait()
            if self._write():
                if batches % TRIM_EVERY == 0:
                    self._trim()
                batches += 1
        if self._history is not None:
            self._history.close()

    def _wait(self) -> None:
        """Wait for something to write, and for what comes right after it."""
        pause_s = BATCH_S if self.trouble is None else RETRY_S
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._waiting.is_there)
            self._changed.wait_for(lambda: self._closing, pause_s)

    def _write(self) -> bool:
        """Write what waits; what cannot be written waits on."""
        with self._changed:
            taken, self._waiting = self._waiting, _Waiting()
        if not taken.is_there:
            return False
        try:
            self._opened().keep(self._boot, taken.happened, taken.ended)
        except HubError as error:
            with self._changed:
                self._waiting.happened[:0] = taken.happened
                self._waiting.ended[:0] = taken.ended
                del self._waiting.happened[:-MOST_WAITING]
            self._tell(str(error))
            return False
        self.trouble = None
        return True

    def _opened(self) -> History:
        if self._history is None:
            self._history, aside = History.open(self._path)
            if aside is not None:
                self._tell(f"{self._path}: the history was damaged; it is now {aside.name}")
        return self._history

    def _trim(self) -> None:
        if self._history is not None:
            with suppress(HubError):  # told when something is to be written
                self._history.trim(self._bounds, self._wall_s())

    def _tell(self, trouble: str) -> None:
        """Say what is wrong, once for each kind of it."""
        if trouble != self.trouble:
            self.trouble = trouble
            with suppress(Exception):  # who is told may be gone
                self._on_trouble(trouble)
