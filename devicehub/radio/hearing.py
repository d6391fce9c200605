"""Hearing: what one massager says, and who listens to it."""

from collections import deque
from collections.abc import Callable

from devicehub.massagers.decode import Report, decode
from devicehub.massagers.model import Massager

# Heard before anybody listened; a device says a handful of things while it is connected.
FIRST_WORDS = 16


class Hearing:
    """Hands every word of a massager to whoever listens; the first ones wait for a listener."""

    def __init__(self, massager: Massager) -> None:
        self._massager = massager
        self._listeners: list[Callable[[str, bytes], None]] = []
        self._first_words: deque[tuple[str, bytes]] = deque(maxlen=FIRST_WORDS)

    def hear(self, char: str, value: bytes) -> None:
        """Take what a characteristic said."""
        if not self._listeners:
            self._first_words.append((char, value))
        for listener in self._listeners:
            listener(char, value)

    def listen(self, on_report: Callable[[Report], None]) -> None:
        """Call `on_report` with everything that the massager's file can read."""

        def decoded(char: str, value: bytes) -> None:
            report = decode(self._massager, char, value)
            if report is not None:
                on_report(report)

        self.overhear(decoded)

    def overhear(self, on_value: Callable[[str, bytes], None]) -> None:
        """Call `on_value` with characteristic and bytes of every word, undecoded."""
        self._listeners.append(on_value)
        for char, value in self._first_words:
            on_value(char, value)
